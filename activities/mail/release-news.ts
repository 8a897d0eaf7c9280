import type { Language } from '../../rules/engine/basics/text';
import type { Contract, LocalDate } from '../../rules/engine/contract/contract';
import { newsFor } from '../../rules/engine/releases/news-for';
import { releaseFor, releasesUpTo } from '../../rules/engine/releases/release-for';
import type { Release } from '../../rules/engine/releases/release';
import type { AgendaReleaseNews, AgendaUpgraded } from '../../templates/agenda/data';
import { releasesInForce } from '../agreements/releases';
import type { Queryable } from '../db';

/**
 * The news that the next upgrade of a customer's systems would bring and that concern its modules and industry, oldest release first.
 *
 * @param on the day for which the newest release that may be used is looked up
 */
export async function releaseNews(
  db: Queryable,
  contract: Contract,
  on: LocalDate,
  language: Language,
): Promise<AgendaReleaseNews[]> {
  const releases = await releasesInForce(db);
  return Object.entries(contract.systems).flatMap(([system, { version: declared }]) => {
    const { release } = releaseFor(releases, system, declared, on);
    return release
      ? newsBetween(releases, contract, { system, from: declared, to: release.version }, language)
      : [];
  });
}

/** The news of a system's releases after one version, up to another, that concern the customer. */
const newsBetween = (
  releases: readonly Release[],
  { systems, customer }: Contract,
  { system, from, to }: { system: string; from: string; to: string },
  language: Language,
): AgendaReleaseNews[] =>
  releasesUpTo(releases, { product: system, version: to }, from).flatMap((each) =>
    newsFor(each, systems[system]?.modules, customer.industry).map((news) => ({
      ...{ system, version: each.version, text: news[language] },
    })),
  );

/**
 * What people work in a new version of, and the news that this brought.
 *
 * @param upgrade the year that the upgrade belongs to, and the day on which people were let into the new version
 * @returns undefined where no version was reported
 */
export async function upgradedSystems(
  db: Queryable,
  contract: Contract,
  { ofYear, on }: { ofYear: number; on: LocalDate },
  language: Language,
): Promise<AgendaUpgraded | undefined> {
  const rows = await db.query<{ id: string; from: string | null; to: string }>(
    `select distinct on (part) part as id, version_from as from, version as to from upgrade_parts
      where agreement = $1 and of_year = $2 and kind = 'system' and ok and version is not null order by part, year desc`,
    [contract.agreement, ofYear],
  );
  if (rows.length === 0) return undefined;
  const releases = await releasesInForce(db);
  const systems = rows.map(({ id, from, to }) => ({ id, ...(from !== null && { from }), to }));
  const news = systems.flatMap(({ id, from, to }) =>
    from === undefined ? [] : newsBetween(releases, contract, { system: id, from, to }, language),
  );
  return { on, systems, news };
}
