/** Which releases a year's own upgrade goes to, and what becomes of it where one of them is withdrawn. */
import type { Text } from '../basics/text';
import { addMonths, later } from '../calendar/dates';
import type { Contract, LocalDate } from '../contract/contract';
import { checksBefore } from '../releases/checks-before';
import type { Release } from '../releases/release';
import { findRelease, isWithdrawn, releaseFor, replacementOf } from '../releases/release-for';
import { compareVersions } from '../releases/versions';
import { phaseOfUpgrade } from '../upgrade/phases';
import type { Goal, PlannedWindow, UpgradePlan, WithdrawnTarget } from './plan';
import type { PlanContext } from './plan-context';

/** Whether something of the year's own upgrade is done. */
export const isBegun = ({ progress }: PlanContext): boolean =>
  progress?.upgrades?.upgrade?.begun === true ||
  Object.keys(progress?.closed ?? {}).some((id) => phaseOfUpgrade(id)?.upgrade === 'upgrade');

/**
 * The targets of the plan before that are withdrawn now: all of them if the upgrade is under way, which keeps its target;
 * those that no other release takes the place of if it is not. Nothing if there is none.
 */
export function withdrawnOf(context: PlanContext): Record<string, WithdrawnTarget> | undefined {
  const { releases = [], today, previous } = context;
  const { targets = {}, withdrawn: known = {} } = previous?.upgrade ?? {};
  const isOn = isBegun(context);
  const now = isOn ? {} : releasesFor(context).targets;
  const stopped = stoppedGoal(context);
  const gone = isOn ? targetsKept(context) : { ...targets, ...(stopped && asTargets(stopped)) };
  const all = Object.entries({ ...(isOn ? {} : known), ...withdrawnTargets(gone ?? {}, releases, today) });
  const left = all.filter(([system]) => now[system] === undefined);
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

/** Those of some targets of an upgrade that are withdrawn on a day, by system. */
export function withdrawnTargets(
  targets: Readonly<Record<string, string>>,
  releases: readonly Release[],
  on: LocalDate,
): Record<string, WithdrawnTarget> {
  const found = Object.entries(targets).flatMap(([system, version]): [string, WithdrawnTarget][] => {
    const release = findRelease(releases, system, version);
    if (!release?.withdrawn || !isWithdrawn(release, on)) return [];
    const { on: since, reason, replacedBy } = release.withdrawn;
    return [[system, { version, on: since, reason, ...(replacedBy !== undefined && { replacedBy }) }]];
  });
  return Object.fromEntries(found);
}

const asTargets = ({ system, version }: Goal): Record<string, string> => ({ [system]: version });

/**
 * The release that was decided for an upgrade of which nothing is done, where it is withdrawn: by its campaign, or because an
 * attempt to go there was under way. What replaces it is where the upgrade goes; it is kept until a campaign says otherwise.
 */
export function stoppedGoal(context: PlanContext): Goal | undefined {
  if (isBegun(context)) return undefined;
  const { window, previous, releases = [], today } = context;
  const { stopped, window: before, withdrawn = {}, targets = {} } = previous?.upgrade ?? {};
  const tried = Object.entries(withdrawn).find(([system, { version }]) => targets[system] === version);
  const known = [stopped, before?.goesTo, tried && { system: tried[0], version: tried[1].version }];
  return (window?.goesTo ? [window.goesTo] : known).find(
    (goal) => goal && Object.keys(withdrawnTargets(asTargets(goal), releases, today)).length > 0,
  );
}

/** The window that its campaign gives the upgrade: none to a release that is withdrawn, unless it is under way. */
export function windowLeft(context: PlanContext): PlannedWindow | undefined {
  const { window } = context;
  return window?.goesTo && stoppedGoal(context) ? undefined : window;
}

/**
 * Where an upgrade that is under way goes: as it began, or the other release that a system was upgraded to. One that had been begun
 * anew, and is not after all, goes where it went.
 */
export function targetsKept({ previous, progress, releases = [] }: PlanContext): UpgradePlan['targets'] {
  const { targets, stopped, progress: before } = previous?.upgrade ?? {};
  const isAnew = before?.upgrade?.from !== undefined && progress?.upgrades?.upgrade?.from === undefined;
  const kept = stopped && isAnew ? { ...targets, ...asTargets(stopped) } : targets;
  const elsewhere = Object.entries(progress?.upgrades?.upgrade?.elsewhere ?? {}).flatMap(
    ([system, version]) => findRelease(releases, system, version) ?? [],
  );
  return (
    kept &&
    Object.assign(
      {},
      kept,
      ...elsewhere.map(({ product, version }) => asTargets({ system: product, version })),
    )
  );
}

/** The day on which the releases are looked at: the first of the upgrade's window, or today. */
function lookedAtOn({ contract, terms, yearNumber, today }: PlanContext): LocalDate {
  const { fromMonth } = terms.upgrade.window;
  return later(addMonths(contract.startsOn, 12 * (yearNumber - 1) + fromMonth - 1), today);
}

/** The release that each system goes to, by system. */
function chosenFor(context: PlanContext): Record<string, Release> {
  const { contract, releases = [], today, window, installation } = context;
  return targetsOf(contract, releases, {
    ...{ on: lookedAtOn(context), today },
    campaign: stoppedGoal(context) ?? window?.goesTo,
    shared: installation?.goesTo,
  });
}

/** The release that each system goes to, as far as is known when the year is planned, and what those ask to be checked before. */
export function releasesFor(context: PlanContext): { targets: Record<string, string>; checks: Text[] } {
  const chosen = chosenFor(context);
  return {
    targets: Object.fromEntries(Object.entries(chosen).map(([system, { version }]) => [system, version])),
    checks: Object.values(chosen).flatMap((release) =>
      checksBefore(release, undefined).map(({ check: { sv, en } }) => ({ sv, en })),
    ),
  };
}

/** The day before which an upgrade of which nothing is done cannot begin: what replaces a withdrawn release may be used later. */
export function usableFrom(context: PlanContext): LocalDate | undefined {
  if (isBegun(context) || windowLeft(context)) return undefined;
  const on = lookedAtOn(context);
  const days = Object.values(chosenFor(context)).flatMap((release) => release.usableFrom);
  return days
    .filter((day) => day > on)
    .sort()
    .at(-1);
}

/**
 * The next day on which a release may be used that an upgrade waits for whose own is withdrawn.
 * @param upgrade as it is planned
 */
export function nextUsable(
  { releases = [], today }: PlanContext,
  { withdrawn = {}, targets = {}, systems }: Pick<UpgradePlan, 'withdrawn' | 'targets' | 'systems'>,
): LocalDate | undefined {
  const waiting = Object.keys(withdrawn).filter((system) => targets[system] === undefined);
  const coming = releases.filter(
    (one) =>
      waiting.includes(one.product) &&
      one.usableFrom > today &&
      isNewer(one.version, systems[one.product] ?? '') &&
      !isWithdrawn(one, one.usableFrom),
  );
  return coming.map((one) => one.usableFrom).sort()[0];
}

const isNewer = (version: string, than: string): boolean => (compareVersions(version, than) ?? 0) > 0;

/** When the targets of a contract are chosen, and what others have decided about that. */
export interface Choosing {
  /** The day for which the newest release is looked up. */
  on: LocalDate;
  today: LocalDate;
  /** The release of its campaign. One that is withdrawn gives way to what replaces it, or to a newer one, and to no older one. */
  campaign?: Goal | undefined;
  /** Without a campaign: that of the installation that it shares. */
  shared?: Goal | undefined;
}

/**
 * The release that each system of a contract is upgraded to: the one that was decided for it, else the newest; none for one that
 * has no newer.
 */
export function targetsOf(
  { systems }: Pick<Contract, 'systems'>,
  releases: readonly Release[],
  { on, today, campaign, shared }: Choosing,
): Record<string, Release> {
  const goal = campaign ?? shared;
  return Object.fromEntries(
    Object.entries(systems).flatMap(([system, { version }]) => {
      const decided = goal?.system === system ? findRelease(releases, system, goal.version) : undefined;
      const instead = decided && isNewer(decided.version, version) && replacementOf(releases, decided, today);
      const newest = releaseFor(releases, system, version, on).release;
      const isOlder =
        campaign &&
        decided &&
        isWithdrawn(decided, today) &&
        newest &&
        !isNewer(newest.version, decided.version);
      const release = instead ?? (isOlder ? undefined : newest);
      return release ? [[system, release]] : [];
    }),
  );
}
