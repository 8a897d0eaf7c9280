/** Where an upgrade that an earlier year left unfinished goes: as it began or, while nothing of it is done, where it may. */
import { later } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import { goesWithOf, idsToFit } from '../releases/goes-with';
import type { Release } from '../releases/release';
import { findRelease } from '../releases/release-for';
import { phaseOfUpgrade } from '../upgrade/phases';
import type { CarriedUpgrade, UpgradeProgress } from './plan';
import type { PlanContext } from './plan-context';
import { targetsOf, withdrawnTargets } from './targets';

const progressOf = ({ progress }: PlanContext, { year }: CarriedUpgrade): UpgradeProgress =>
  progress?.upgrades?.[`upgrade-${year}`] ?? {};

/** Whether something of it is done, since it was last begun anew. */
function isCarriedBegun(context: PlanContext, carried: CarriedUpgrade): boolean {
  const { again, begun } = progressOf(context, carried);
  const closed = Object.keys(context.progress?.closed ?? {});
  const isClosed = closed.some((id) => phaseOfUpgrade(id)?.upgrade === `upgrade-${carried.year}`);
  return (carried.begun === true && !again) || begun === true || isClosed;
}

/**
 * A carried upgrade with where it goes. One under way keeps that. While nothing of it is done, what is withdrawn gives way to what
 * replaces it or to a newer release, and is waited for where there is none. One from before that was told stays as it is.
 */
export function withTargets(context: PlanContext, carried: CarriedUpgrade): CarriedUpgrade {
  const { systems, targets: known, withdrawn: before = {}, goesWith: _, ...kept } = carried;
  if (!known || !systems) return carried;
  const { releases = [], today } = context;
  if (isCarriedBegun(context, carried)) return goingTo(context, { ...kept, systems, targets: known }, known);
  const waited = Object.entries(before).map(([system, { version }]) => [system, version] as const);
  const wanted: Record<string, string> = { ...Object.fromEntries(waited), ...known };
  const gone = withdrawnTargets(wanted, releases, today);
  const chosen = Object.entries(wanted).flatMap(([system, version]): [string, string][] => {
    if (!gone[system]) return [[system, version]];
    const instead = insteadOf(context, carried, system, version);
    return instead ? [[system, instead.version]] : [];
  });
  const targets = Object.fromEntries(chosen);
  const left = Object.entries(wanted).filter(([system]) => targets[system] === undefined);
  return goingTo(context, { ...kept, systems, targets }, Object.fromEntries(left));
}

/** What takes the place of a release that is withdrawn. */
function insteadOf(
  context: PlanContext,
  carried: CarriedUpgrade,
  system: string,
  version: string,
): Release | undefined {
  const { releases = [], today } = context;
  const from = progressOf(context, carried).from ?? carried.from ?? today;
  const systems = { [system]: { version: carried.systems?.[system] ?? '' } };
  const choosing = { on: later(from, today), today, campaign: { system, version } };
  return targetsOf({ systems }, releases, choosing)[system];
}

/** With what its releases say of other systems, and which of some are withdrawn. */
function goingTo(
  { contract, releases = [], today }: PlanContext,
  carried: CarriedUpgrade,
  some: Readonly<Record<string, string>>,
): CarriedUpgrade {
  const goesWith = goesWithOf(idsToFit(contract), releasesOf(releases, carried));
  const withdrawn = withdrawnTargets(some, releases, today);
  return {
    ...carried,
    ...(goesWith.length > 0 && { goesWith }),
    ...(Object.keys(withdrawn).length > 0 && { withdrawn }),
  };
}

const releasesOf = (releases: readonly Release[], { targets = {} }: CarriedUpgrade): Release[] =>
  Object.entries(targets).flatMap(([system, version]) => findRelease(releases, system, version) ?? []);

/** Whether nothing of it is done, its release is withdrawn, and no other is there. @param carried with where it goes */
export const carriedWaits = (context: PlanContext, carried: CarriedUpgrade): boolean =>
  carried.withdrawn !== undefined && !isCarriedBegun(context, carried);

/** The day before which one of which nothing is done cannot begin. @param carried with where it goes */
export function carriedUsableFrom(context: PlanContext, carried: CarriedUpgrade): LocalDate | undefined {
  const { releases = [], today } = context;
  if (isCarriedBegun(context, carried)) return undefined;
  const days = releasesOf(releases, carried).map(({ usableFrom }) => usableFrom);
  return days
    .filter((day) => day > today)
    .sort()
    .at(-1);
}
