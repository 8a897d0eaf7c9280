/** The windows that campaigns gave agreements: kept when a ruleset is applied, read when a year is planned. */
import { isDeepStrictEqual } from 'node:util';
import { compare } from '../../rules/engine/basics/compare';
import { instantAt } from '../../rules/engine/calendar/calendar';
import { later } from '../../rules/engine/calendar/dates';
import type { WindowsToCome } from '../../rules/engine/change/live-agreement';
import type { CampaignCalendar, UpgradeWindow } from '../../rules/engine/campaign/campaign-calendar';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { PlannedWindow, SharedInstallation } from '../../rules/engine/plan/plan';
import type { Installation } from '../../rules/engine/rollout/installation';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Queryable } from '../db';

/** A window with the agreement that has it. */
export interface WindowOfAgreement extends UpgradeWindow {
  agreement: string;
}

const columns = `agreement, campaign, release, installation, round, from_at as "from", to_at as "to", consultant,
                 on_call as "onCall", present`;

/** All windows of campaigns, or those of some agreements. */
export async function readWindows(
  db: Queryable,
  agreements?: readonly string[],
): Promise<WindowOfAgreement[]> {
  return db.query<WindowOfAgreement>(
    `select ${columns} from upgrade_windows where $1::text[] is null or agreement = any ($1) order by from_at, agreement`,
    [agreements ?? null],
  );
}

/** The window within an agreement year: the last, where campaigns gave it two. @param to the first day after it */
export async function windowInYear(
  db: Queryable,
  agreement: string,
  { from, to }: { from: LocalDate; to: LocalDate },
): Promise<(PlannedWindow & { release: string }) | undefined> {
  const [window] = await db.query<PlannedWindow & { release: string }>(
    `select campaign, release, from_at as "from", to_at as "to" from upgrade_windows
      where agreement = $1 and from_at >= $2 and from_at < $3 order by from_at desc limit 1`,
    [agreement, instantAt(from, '00:00'), instantAt(to, '00:00')],
  );
  return window;
}

/** What an agreement shares with others; nothing where it has an installation of its own. */
export function sharedInstallation(
  installations: readonly Installation[],
  agreement: string,
): SharedInstallation | undefined {
  const found = installations.find(({ agreements }) => Object.hasOwn(agreements, agreement));
  const others = Object.keys(found?.agreements ?? {}).filter((number) => number !== agreement);
  return found && others.length > 0
    ? { id: found.id, product: found.product, with: others.sort() }
    : undefined;
}

/** The host of an agreement's installation, by name, where it has not said yes to the upgrade. */
export function hostWithoutConsent(
  installations: readonly Installation[],
  agreement: string,
): string | undefined {
  const { host } = installations.find(({ agreements }) => Object.hasOwn(agreements, agreement)) ?? {};
  return host && !host.consent ? host.name : undefined;
}

/**
 * Keeps what campaigns decided. A window that has begun stays as it was, unless the upgrade gets another that is to come, and so
 * does that of an agreement that the campaign passes over: its upgrade is under way or done.
 * @returns the agreements whose window is another now, or gone
 */
export async function keepWindows(
  tx: Queryable,
  calendars: readonly CampaignCalendar[],
  asOf: Instant,
): Promise<string[]> {
  const { changed, gone } = changedWindows(await readWindows(tx), calendars, asOf);
  for (const { agreement, campaign } of gone)
    await tx.query('delete from upgrade_windows where agreement = $1 and campaign = $2', [
      agreement,
      campaign,
    ]);
  for (const one of changed)
    await tx.query(
      `insert into upgrade_windows (agreement, campaign, release, installation, round, from_at, to_at, consultant, on_call, present)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (agreement, campaign) do update set release = excluded.release, installation = excluded.installation,
              round = excluded.round, from_at = excluded.from_at, to_at = excluded.to_at, consultant = excluded.consultant,
              on_call = excluded.on_call, present = excluded.present, decided_at = excluded.decided_at`,
      [
        ...[one.agreement, one.campaign, one.release, one.installation, one.round, one.from, one.to],
        ...[one.consultant, one.onCall, one.present],
      ],
    );
  return [...new Set([...gone, ...changed].map(({ agreement }) => agreement))].sort();
}

/** The windows that agreements would have, earliest first, of those for whom campaigns decide others than they have. */
export async function windowsToCome(
  db: Queryable,
  calendars: readonly CampaignCalendar[],
  asOf: Instant,
): Promise<Map<string, WindowOfAgreement[]>> {
  const kept = await readWindows(db);
  const { changed, gone } = changedWindows(kept, calendars, asOf);
  const others = new Set([...changed, ...gone].map(keyOf));
  const after = [...kept.filter((one) => !others.has(keyOf(one))), ...changed].sort((a, b) =>
    compare(a.from, b.from),
  );
  const concerned = [...new Set([...changed, ...gone].map(({ agreement }) => agreement))].sort();
  return new Map(
    concerned.map((agreement) => [agreement, after.filter((one) => one.agreement === agreement)]),
  );
}

/** The same, as the years of these agreements plan them. @param ruleset the one that they will be planned by */
export async function plannedWindows(
  db: Queryable,
  ruleset: Ruleset,
  calendars: readonly CampaignCalendar[],
  asOf: Instant,
): Promise<WindowsToCome> {
  const all = [...(await windowsToCome(db, calendars, asOf))];
  return new Map(
    all.map(([agreement, windows]) => [agreement, windows.map((one) => plannedWindow(one, ruleset))]),
  );
}

/** A window with the release that its campaign takes a system to; without it where the rules have that campaign no more. */
export function plannedWindow(
  { campaign, release: version, from, to }: PlannedWindow & { release: string },
  { campaigns }: Pick<Ruleset, 'campaigns'>,
): PlannedWindow {
  const system = campaigns.find(({ id }) => id === campaign)?.product;
  return { campaign, from, to, ...(system !== undefined && { goesTo: { system, version } }) };
}

/** How the windows of campaigns differ from those that are kept. */
function changedWindows(
  kept: readonly WindowOfAgreement[],
  calendars: readonly CampaignCalendar[],
  asOf: Instant,
): { changed: WindowOfAgreement[]; gone: WindowOfAgreement[] } {
  const wanted = calendars.flatMap(({ placed }) =>
    placed.flatMap(({ window, agreements }) => agreements.map((agreement) => ({ agreement, ...window }))),
  );
  const passed = new Set(
    calendars.flatMap((one) => one.passed.map(({ agreement }) => keyOf({ ...one, agreement }))),
  );
  const [had, has] = [kept, wanted].map((all) => new Map(all.map((one) => [keyOf(one), one])));
  return {
    changed: wanted.filter((one) => {
      const before = had?.get(keyOf(one));
      const isToCome = before === undefined || later(before.from, one.from) > asOf;
      return isToCome && !isDeepStrictEqual(before, one);
    }),
    gone: kept.filter((one) => one.from > asOf && !has?.has(keyOf(one)) && !passed.has(keyOf(one))),
  };
}

const keyOf = ({ campaign, agreement }: { campaign: string; agreement: string }): string =>
  `${campaign} ${agreement}`;
