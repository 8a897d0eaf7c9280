/** The upgrades of the running year: their phases and parts, how far they have come, and what the next year goes on with. */
import { begunFrom } from '../../rules/engine/plan/begun-from';
import { upgradeOfKey } from '../../rules/engine/plan/goes-to';
import type { JournalEntry } from '../../activities/years/progress';
import type { LocalDate } from '../../rules/engine/contract/contract';
import type { CarriedUpgrade, UpgradeProgress } from '../../rules/engine/plan/plan';
import { inPhaseOrder } from '../../rules/engine/upgrade/in-phase-order';
import { bookingOf, lapsedOf, supportOf } from '../../rules/engine/upgrade/parts';
import type { PlannedPhase } from '../../rules/engine/upgrade/phases';
import { lineOf } from '../../rules/engine/releases/versions';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import type { PlannedParts } from '../../rules/engine/plan/phase-in-plan';
import { phaseInPlan } from '../../rules/engine/plan/phase-in-plan';
import { shortId } from '../../rules/engine/basics/short-id';
import type { Part, PartKind } from '../../rules/engine/upgrade/parts';
import type { Year } from './year';
import type { ClosedObligation, HandedUpgrade, UpgradeState } from './year-state';

type Upgraded = NonNullable<JournalEntry['upgraded']>;

/** A phase of an upgrade that the year carries, with all it owes. */
export interface RunningPhase extends PlannedParts {
  /** Id of its obligation. */
  id: string;
}

/** The phase behind an obligation; nothing where the plan does not tell its parts. */
export function runningPhase(year: Year, id: string): RunningPhase | undefined {
  const found = phaseInPlan(year.plan, id);
  return found && { ...found, id };
}

/** What partners say of their integrations before the upgrade, told beside what the phase of the integrations owes. */
export const supportsOf = (year: Year, upgrade: string, { kind }: Pick<PlannedPhase, 'kind'>): Part[] =>
  kind === 'integrations' ? (year.plan.upgrade?.partners ?? []).map((id) => supportOf(upgrade, id)) : [];

/**
 * What is told beside the parts of a phase, and owed by none: what partners say, when the session of a test is, and an approval that
 * stands for other results.
 */
export const toldBeside = (year: Year, { upgrade, phase, planned }: RunningPhase): Part[] => [
  ...supportsOf(year, upgrade, planned),
  ...(planned.kind === 'test' ? [bookingOf(upgrade, phase)] : []),
  ...(planned.kind === 'approval' ? [lapsedOf(upgrade)] : []),
];

/** Integrations that we do not answer for, and of which nobody has said how they are. */
export function silentIntegrations(year: Year, id: string): string[] {
  const others = year.plan.upgrade?.others ?? [];
  const parts = runningPhase(year, id)?.parts ?? [];
  return parts.flatMap((part) =>
    part.kind === 'integration' && others.includes(part.id) && year.state.checks[part.key] === undefined
      ? [part.id]
      : [],
  );
}

/** Obligations of one upgrade, in the order of its phases. */
export function phasesOfUpgrade(year: Year, upgrade: string): string[] {
  const all = year.obligations('upgrade').filter(({ id }) => phaseOfUpgrade(id)?.upgrade === upgrade);
  return inPhaseOrder(all).map(({ id }) => id);
}

/** What an alarm about a part is about: checks have their number within a phase alone. */
export const subjectOf = (obligation: string, { kind, id }: Part): string =>
  kind === 'integration' || kind === 'module' ? id : `${shortId(obligation)} ${id}`;

export const alarmOf = (kind: PartKind): string =>
  kind === 'integration' ? 'integration-failed' : kind === 'module' ? 'test-failed' : 'check-failed';

/**
 * Whether an upgrade is approved and, where it was tested on a copy, has gone live: then what is wrong is mended, and nothing is
 * rolled back.
 */
export function isFinished(year: Year, upgrade: string): boolean {
  const last = phasesOfUpgrade(year, upgrade).filter((id) =>
    /^(approval|production)$/.test(runningPhase(year, id)?.planned.kind ?? ''),
  );
  return last.length > 0 && last.every((id) => year.state.closed[id]?.state === 'done');
}

/** The phase in which the upgrade went live: from its go on nothing of it is rolled back. Nothing before that. */
export function phaseWithGo(year: Year, upgrade: string): string | undefined {
  const isGo = ({ kind, key }: Part): boolean => kind === 'go' && year.state.checks[key]?.ok === true;
  return phasesOfUpgrade(year, upgrade).find((id) => runningPhase(year, id)?.parts.some(isGo));
}

/** The version of a system or an integration that the upgrade began from, as far as it is known. */
export function versionBefore(
  { plan }: Year,
  { kind, id, key }: Pick<Part, 'kind' | 'id' | 'key'>,
): string | undefined {
  const { systems, integrations } = begunFrom(plan.upgrade, upgradeOfKey(key));
  if (kind === 'system') return systems[id];
  return kind === 'integration' ? integrations?.[id] : undefined;
}

/** All versions that an upgrade began from: those that hold again where it is restored, or not live after all. */
export function versionsBefore({ plan }: Year, upgrade: string): Omit<Upgraded, 'upgrade'> {
  const { systems, integrations } = begunFrom(plan.upgrade, upgrade);
  if (!integrations) return { restored: systems };
  const all = plan.ids.integrations.map((id) => [id, integrations[id] ?? null] as const);
  return { restored: systems, integrations: Object.fromEntries(all) };
}

/** Versions of systems that the year's own upgrade went to, though it was planned for another line. */
export function versionsElsewhere(year: Year): Record<string, string> {
  const { cases, targets = {}, systems = {}, installation: { product = '' } = {} } = year.plan.upgrade ?? {};
  const had = systems[product];
  // A shared system that waits for a release of its own may be upgraded with the others all the same.
  const goals = { ...(had !== undefined && { [product]: had }), ...targets };
  const all = cases ? Object.entries(goals) : [];
  return Object.fromEntries(
    all.flatMap(([system, target]) => {
      const version = year.state.checks[`system/${system}`]?.version;
      return version === undefined || lineOf(version) === lineOf(target) ? [] : [[system, version]];
    }),
  );
}

/** Whether a result belongs to an upgrade. */
const belongs = (key: string, upgrade: string): boolean =>
  upgrade === 'upgrade' ? !/^upgrade-\d+:/.test(key) : key.startsWith(`${upgrade}:`);

/**
 * What a re-plan has to know of upgrades under way.
 * @param move whether they take the phases of the rules
 */
export function upgradeProgress(year: Year, move = false): { upgrades?: Record<string, UpgradeProgress> } {
  const { checks, upgrades } = year.state;
  const begun = Object.keys(checks).some((key) => belongs(key, 'upgrade'));
  const { carried } = year.plan.upgrade ?? {};
  const all = move ? ['upgrade', ...(carried ? [`upgrade-${carried.year}`] : [])] : [];
  const names = new Set([...Object.keys(upgrades), ...(begun ? ['upgrade'] : []), ...all]);
  if (names.size === 0 || !year.plan.upgrade) return {};
  const elsewhere = versionsElsewhere(year);
  const progress = Object.fromEntries(
    [...names].map((name) => [
      name,
      {
        ...(Object.keys(checks).some((key) => belongs(key, name)) && { begun: true as const }),
        ...(upgrades[name]?.from !== undefined && { from: upgrades[name].from }),
        ...(upgrades[name]?.again && { again: true as const }),
        ...(upgrades[name]?.state === 'restored' && { restored: true as const }),
        ...(move && { move: true as const }),
        ...agreedDay(year, name),
        ...(name === 'upgrade' && Object.keys(elsewhere).length > 0 && { elsewhere }),
      },
    ]),
  );
  return { upgrades: progress };
}

/** The day that the customer has agreed to. */
function agreedDay(year: Year, upgrade: string): { agreed?: LocalDate } {
  const plan = phasesOfUpgrade(year, upgrade)
    .flatMap((id) => runningPhase(year, id)?.parts ?? [])
    .find(({ kind }) => kind === 'date');
  const on = plan && year.state.checks[plan.key]?.on;
  return on === undefined ? {} : { agreed: on };
}

/** Whether anything of an upgrade was reported or closed, also by an earlier year, since it was last begun anew. */
export function isTouched(year: Year, upgrade: string): boolean {
  const { carried, cases } = year.plan.upgrade ?? {};
  const isLeftBegun = cases !== undefined && upgrade === `upgrade-${carried?.year}` && carried?.closed.length;
  if (isLeftBegun && !year.state.upgrades[upgrade]?.again) return true;
  return phasesOfUpgrade(year, upgrade).some(
    (id) => year.isClosed(id) || runningPhase(year, id)?.parts.some(({ key }) => year.state.checks[key]),
  );
}

/** Whether an upgrade is under way: something of it is done and something is left, or the customer has postponed it. */
export function isUnderWay(year: Year, upgrade: string): boolean {
  const { closed, checks, upgrades } = year.state;
  const phases = phasesOfUpgrade(year, upgrade);
  if (!phases.some((id) => !year.isClosed(id))) return false;
  return (
    upgrade !== 'upgrade' ||
    upgrades[upgrade]?.state !== undefined ||
    phases.some((id) => closed[id]?.state === 'done') ||
    Object.keys(checks).some((key) => belongs(key, upgrade))
  );
}

/** The upgrade that the next year goes on with, if one is under way: the oldest. Plans that do not tell parts leave none. */
export function unfinishedUpgrade(year: Year): string | undefined {
  const { upgrade: plan } = year.plan;
  if (!plan) return undefined;
  const names = [...(plan.carried ? [`upgrade-${plan.carried.year}`] : []), 'upgrade'];
  return names.find((name) => isUnderWay(year, name));
}

/** The upgrade that the close left to the next year, with its results under its own name there. */
export function handedUpgrade(year: Year): HandedUpgrade | undefined {
  const { upgrade: plan } = year.plan;
  const { closed, checks, upgrades } = year.state;
  const left = Object.keys(closed).find((id) => closed[id]?.state === 'carried');
  const upgrade = left === undefined ? undefined : phaseOfUpgrade(left)?.upgrade;
  if (!plan || upgrade === undefined) return undefined;
  const of = upgrade === 'upgrade' ? undefined : plan.carried;
  const { phases, cases } = plan;
  const own = { phases, ...(cases && { cases }), ...begunFrom(plan, 'upgrade'), ...goalsOf(plan) };
  const carried = of ? { ...withoutGoals(of), ...goalsOf(of) } : { year: year.number, ...own, closed: [] };
  const name = `upgrade-${carried.year}`;
  const isDone = (how: ClosedObligation | undefined): boolean => how !== undefined && how.state !== 'carried';
  const done = phasesOfUpgrade(year, upgrade).flatMap((id) => {
    const phase = phaseOfUpgrade(id)?.phase;
    return phase !== undefined && isDone(closed[id]) ? [phase] : [];
  });
  const stands = upgrades[upgrade];
  const isAnew = stands?.from !== undefined || stands?.again === true;
  const asked = isAnew ? [] : [...new Set([...(carried.asked ?? []), ...askedIn(year, upgrade)])];
  const results = Object.entries(checks).filter(([key]) => belongs(key, upgrade));
  const isDoneOf = [...(stands?.again ? [] : carried.closed), ...done];
  return {
    carried: {
      ...carried,
      closed: isDoneOf,
      ...(carried.targets && isDoneOf.length + results.length > 0 && { begun: true as const }),
      ...(stands?.from !== undefined && { from: stands.from }),
      ...((asked.length > 0 || carried.asked) && { asked }),
    },
    checks: Object.fromEntries(
      results.map(([key, result]) => [upgrade === 'upgrade' ? `${name}:${key}` : key, result]),
    ),
    upgrades: stands ? { [name]: withoutAgain(stands) } : {},
  };
}

/** Where an upgrade is to go, also to a release that is withdrawn and has none in its place yet. */
function goalsOf({
  targets,
  goesWith,
  withdrawn = {},
}: Pick<CarriedUpgrade, 'targets' | 'goesWith' | 'withdrawn'>): Pick<CarriedUpgrade, 'targets' | 'goesWith'> {
  const waited = Object.entries(withdrawn).map(([system, { version }]) => [system, version] as const);
  return {
    ...(targets && { targets: { ...Object.fromEntries(waited), ...targets } }),
    ...(goesWith && { goesWith }),
  };
}

function withoutGoals(carried: CarriedUpgrade): CarriedUpgrade {
  const { withdrawn: _, begun: __, targets: ___, goesWith: ____, ...kept } = carried;
  return kept;
}

/** Phases that were asked for, and are left. */
const askedIn = (year: Year, upgrade: string): string[] =>
  phasesOfUpgrade(year, upgrade).flatMap((id) => {
    const asked = `${id}#${year.obligation(id)?.revision ?? 1}/start`;
    const phase = phaseOfUpgrade(id)?.phase;
    const isLeft = year.state.closed[id]?.state === 'carried';
    return phase !== undefined && isLeft && year.state.sent.includes(asked) ? [phase] : [];
  });

const withoutAgain = ({ again: _, ...stands }: UpgradeState): UpgradeState => stands;
