import type { Language } from '../../rules/engine/basics/text';
import type { Contract, LocalDate } from '../../rules/engine/contract/contract';
import { newsFor } from '../../rules/engine/releases/news-for';
import { releaseFor, releasesUpTo } from '../../rules/engine/releases/release-for';
import type { AgendaReleaseNews } from '../../templates/agenda/data';
import { releasesInForce } from '../agreements/releases';
import type { Queryable } from '../db';

/**
 * The news that the next upgrade of a customer's systems would bring and that concern its modules and industry, oldest release first.
 *
 * @param on the day for which the newest release that may be used is looked up
 */
export async function releaseNews(
  db: Queryable,
  { systems, customer }: Contract,
  on: LocalDate,
  language: Language,
): Promise<AgendaReleaseNews[]> {
  const releases = await releasesInForce(db);
  return Object.entries(systems).flatMap(([system, { version: declared, modules }]) => {
    const { release } = releaseFor(releases, system, declared, on);
    if (!release) return [];
    return releasesUpTo(releases, release, declared).flatMap((each) =>
      newsFor(each, modules, customer.industry).map((news) => ({
        system,
        version: each.version,
        text: news[language],
      })),
    );
  });
}
