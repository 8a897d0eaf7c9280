/** Which phases an upgrade has: as the terms say while nothing of it is done, then as they were when it began. */
import { begunFrom } from './begun-from';
import { placingTerms } from '../campaign/placing-terms';
import { contactId } from '../contract/change-contract';
import type { ContactRole, Contract, Integration } from '../contract/contract';
import type { Text } from '../basics/text';
import { goesWithOf, idsToFit } from '../releases/goes-with';
import type { Release } from '../releases/release';
import { findRelease } from '../releases/release-for';
import type { UpgradeTerms } from '../ruleset/terms';
import { declaredChecks } from '../terms/declared-checks';
import { freezeOf, othersOf } from '../upgrade/freeze';
import { inPhaseOrder } from '../upgrade/in-phase-order';
import { monitorsOfIntegrations } from '../upgrade/monitored';
import type { Phase, PlannedPhase } from '../upgrade/phases';
import { phaseOfUpgrade, phasesOf, plannedPhase, precheckOf } from '../upgrade/phases';
import type { TestCase } from '../upgrade/test-cases';
import { plannedCases, testCasesOf } from '../upgrade/test-cases';
import { withTargets } from './carried-targets';
import { movedPhases } from './move-upgrade';
import { isBegun, releasesFor, stoppedGoal, targetsKept, windowLeft, withdrawnOf } from './targets';
import type { CarriedUpgrade, Recalled, UpgradePlan, YearPlan } from './plan';
import { partnerDaysOf } from './partner-days';
import type { PlanContext } from './plan-context';
import { remindsAgain } from './remind-again';

/** An upgrade whose phases are to be planned one after the other. */
export interface ToPlan {
  /** `upgrade`, or `upgrade-1` for the one that year 1 left unfinished. */
  upgrade: string;
  phases: Phase[];
  /** Phases that an earlier year has asked for. */
  asked?: readonly string[];
  /** What has to be closed before it begins. */
  after?: string | undefined;
}

/** What the plan keeps of the upgrade; nothing for one that began before plans told it. */
export function upgradePlanOf(given: PlanContext): Pick<YearPlan, 'upgrade'> {
  const context = asRestored(given);
  if (isBegun(context) && context.previous?.upgrade === undefined) return {};
  const { systems, contacts, integrations } = context.contract;
  const carried = carriedBy(context);
  const all = contacts.customer.map((contact, index) => ({ ...contact, id: contactId(contact, index) }));
  const may = all.filter(({ roles }) => roles.some((role) => approverRoles.includes(role)));
  const approvers = (may.length > 0 ? may : all).map(({ id }) => id);
  const released = releasesFor(context);
  const targets = isBegun(context) ? targetsKept(context) : released.targets;
  const [withdrawn, stopped, window] = [withdrawnOf(context), stoppedGoal(context), windowLeft(context)];
  const goesWith = goesWithOf(idsToFit(context.contract), targetReleases(context, targets));
  const cases = casesToPlan(context, targets);
  const recalled = recalledFor(context);
  const { tellFailedTests } = context.terms.upgrade;
  const partners = integrations.filter(({ contact }) => contact).map(({ id }) => id);
  const phases = phasesToPlan(context).map(plannedPhase);
  const areNew = !isBegun(context) || ownMoved(context) !== undefined;
  return {
    upgrade: {
      phases: areNew ? withChecks(phases, released.checks, closedPhases(context, 'upgrade')) : phases,
      ...(cases && { cases }),
      ...(tellFailedTests && { tellFailedTests }),
      ...(targets && { targets }),
      ...(goesWith.length > 0 && { goesWith }),
      systems: Object.fromEntries(Object.entries(systems).map(([id, { version }]) => [id, version])),
      integrations: Object.fromEntries(
        integrations.flatMap(({ id, version }) => (version === undefined ? [] : [[id, version]])),
      ),
      approvers,
      ...(may.length === 0 && { noApprover: true as const }),
      acceptors: [...all.map(({ id }) => id), 'consultant', 'manager'],
      asksAboutDays: true,
      reopens: true,
      ...weekendWindows(context),
      roles: [...context.terms.notices.recipients.upgrade],
      reports: true,
      remindsAgain: remindsAgain(context),
      ...(partners.length > 0 && { partners, partnerDays: partnerDaysOf(context.terms.upgrade) }),
      ...freezeAndOthers(context),
      ...monitorsPlanned(context),
      ...(carried && { carried }),
      ...progressKept(context),
      ...(window && { window }),
      ...(stopped && { stopped }),
      ...(context.installation && { installation: context.installation }),
      ...(context.noConsent !== undefined && { noConsent: context.noConsent }),
      ...(withdrawn && { withdrawn }),
      ...(recalled.length > 0 && { recalled }),
    },
  };
}

/**
 * What the customer tests: as the upgrade began or, once its system was upgraded to another release than the one it was to go to,
 * that of the other, until the test is closed.
 */
function casesToPlan(context: PlanContext, targets: UpgradePlan['targets']): UpgradePlan['cases'] {
  const { phases = [], cases, targets: before = {} } = context.previous?.upgrade ?? {};
  const test = phases.find(({ kind }) => kind === 'test');
  const isElsewhere = Object.entries(targets ?? {}).some(([system, version]) => before[system] !== version);
  const isTested = test !== undefined && closedPhases(context, 'upgrade').includes(test.id);
  const stays = isBegun(context) && (!cases || !isElsewhere || isTested);
  return stays ? cases : plannedCases(casesFor(context, targets));
}

/** The releases of the contract's systems that are withdrawn, or will be. */
function recalledFor({ contract, releases = [] }: PlanContext): Recalled[] {
  return releases.flatMap(({ product: system, version, withdrawn }) =>
    withdrawn && Object.hasOwn(contract.systems, system) ? [{ system, version, on: withdrawn.on }] : [],
  );
}

/** Days of the weekend on which a system may go down by the terms. */
function weekendWindows({ terms }: PlanContext): Pick<UpgradePlan, 'weekendWindows'> {
  const days = placingTerms(terms.upgrade).windows.flatMap(({ weekdays }) => weekdays);
  const weekend = [...(days.includes('sat') ? [6] : []), ...(days.includes('sun') ? [0] : [])];
  return weekend.length > 0 ? { weekendWindows: weekend } : {};
}

/** The releases that systems are upgraded to, as they are in force. */
const targetReleases = (
  { releases = [] }: Pick<PlanContext, 'releases'>,
  targets: Readonly<Record<string, string>> = {},
): Release[] =>
  Object.entries(targets).flatMap(([system, version]) => findRelease(releases, system, version) ?? []);

/** What the customer tests once systems are upgraded to these versions. */
export function casesFor(
  {
    contract,
    terms,
    releases = [],
    findings,
  }: Pick<PlanContext, 'contract' | 'terms' | 'releases' | 'findings'>,
  targets: Readonly<Record<string, string>> = {},
): TestCase[] {
  const to = targetReleases({ releases }, targets);
  return testCasesOf({ contract, terms: terms.upgrade, releases: to, ...(findings && { findings }) });
}

/**
 * A contract whose systems were restored, or whose own upgrade has begun, is told with the versions that the upgrade began from: an
 * approval gives it the new ones, also where it is asked for again.
 */
export function asRestored(context: PlanContext): PlanContext {
  const { contract, progress, previous } = context;
  const restored = Object.entries(progress?.upgrades ?? {}).find(([, one]) => one.restored)?.[0];
  const of = isBegun(context) ? 'upgrade' : restored;
  if (of === undefined) return context;
  const began = begunFrom(previous?.upgrade, of);
  const systems = Object.entries(contract.systems).map(([id, { version, ...system }]) => [
    id,
    { ...system, version: began.systems[id] ?? version },
  ]);
  const { integrations: before } = began;
  const wereThere = previous?.ids.integrations ?? [];
  const integrations = contract.integrations.map((integration): Integration => {
    if (!before || !wereThere.includes(integration.id)) return integration;
    const { version: _, ...rest } = integration;
    const version = before[integration.id];
    return { ...rest, ...(version !== undefined && { version }) };
  });
  return {
    ...context,
    contract: { ...contract, integrations, systems: Object.fromEntries(systems) as Contract['systems'] },
  };
}

function freezeAndOthers({ terms, contract }: PlanContext): Pick<UpgradePlan, 'freeze' | 'others'> {
  const freeze = freezeOf(terms.upgrade, contract);
  const others = othersOf(contract.integrations);
  return { ...(freeze.length > 0 && { freeze }), ...(others.length > 0 && { others }) };
}

/** Checks of the monitoring that are asked for an integration. */
function monitorsPlanned({ terms, contract }: PlanContext): Pick<UpgradePlan, 'monitors'> {
  const monitors = monitorsOfIntegrations(contract.integrations, declaredChecks(contract, terms));
  return Object.keys(monitors).length > 0 ? { monitors } : {};
}

/** The first phase of checks asks for those of the releases too, unless it is closed. */
function withChecks(
  phases: readonly PlannedPhase[],
  checks: readonly Text[],
  closed: readonly string[],
): PlannedPhase[] {
  const before = precheckOf(phases) ?? phases.find(({ kind }) => kind === 'checks');
  return phases.map((phase) =>
    phase === before && !closed.includes(phase.id)
      ? { ...phase, checks: [...phase.checks, ...checks] }
      : phase,
  );
}

/** How far upgrades had come; that they were to move is said once. */
function progressKept({ progress }: PlanContext): Pick<UpgradePlan, 'progress'> {
  if (!progress?.upgrades) return {};
  const all = Object.entries(progress.upgrades).map(([name, { move: _, ...kept }]) => [name, kept] as const);
  return { progress: Object.fromEntries(all) };
}

/** Roles of the customer's contacts that may approve an upgrade; where nobody has one of them, anybody may. */
export const approverRoles: readonly ContactRole[] = ['management', 'system-owner'];

/** The upgrade that an earlier year left unfinished. */
export function carriedBy(context: PlanContext): CarriedUpgrade | undefined {
  const carried = context.previous?.upgrade?.carried ?? context.carried;
  if (!carried) return undefined;
  const upgrade = `upgrade-${carried.year}`;
  const before = context.progress?.upgrades?.[upgrade]?.again ? [] : carried.closed;
  const closed = [...before, ...closedPhases(context, upgrade)];
  const moved = movedTo(context, upgrade, carried.phases, closed)?.map(plannedPhase);
  const going = withTargets(context, carried);
  return moved ? { ...going, phases: withChecks(moved, releasesFor(context).checks, closed) } : going;
}

/** The phases that an upgrade under way takes, if that was asked for and what is done of it fits them. */
function movedTo(
  { terms, progress }: PlanContext,
  upgrade: string,
  kept: readonly PlannedPhase[],
  closed: readonly string[],
): Phase[] | undefined {
  if (progress?.upgrades?.[upgrade]?.move !== true) return undefined;
  const moved = movedPhases(kept, closed, terms.upgrade);
  return 'phases' in moved ? moved.phases : undefined;
}

/** Phases of an upgrade that this year has closed. */
const closedPhases = ({ progress }: PlanContext, upgrade: string): string[] =>
  Object.keys(progress?.closed ?? {}).flatMap((id) => {
    const of = phaseOfUpgrade(id);
    return of?.upgrade === upgrade ? [of.phase] : [];
  });

/** The phases that the year's own upgrade, which has begun, moves to. */
const ownMoved = (context: PlanContext): Phase[] | undefined =>
  movedTo(context, 'upgrade', context.previous?.upgrade?.phases ?? [], closedPhases(context, 'upgrade'));

/** Working days of a phase that the terms do not know any more. */
const unknownLength = 5;

/** The phases of the year's own upgrade: as the terms say, or as they were when it began. */
export function phasesToPlan(context: PlanContext): Phase[] {
  const { terms, previous } = context;
  if (!isBegun(context) || previous === undefined) return phasesOf(terms.upgrade);
  if (previous.upgrade)
    return ownMoved(context) ?? previous.upgrade.phases.map((phase) => withLength(phase, terms.upgrade));
  const known = phasesOf(terms.upgrade);
  return inPhaseOrder(previous.obligations.filter(({ strand }) => strand === 'upgrade')).flatMap(
    (owed) => known.find(({ id }) => owed.id === `upgrade/${id}`) ?? [],
  );
}

const withLength = (phase: PlannedPhase, { phases }: UpgradeTerms): Phase => ({
  openDays: unknownLength,
  ...phases[phase.id],
  ...phase,
});

/** What is left of an upgrade that an earlier year left: it begins at once. */
export function remainderOf(
  { terms, progress }: PlanContext,
  { year, phases, closed, asked = [] }: CarriedUpgrade,
): ToPlan {
  const upgrade = `upgrade-${year}`;
  const isAgain = progress?.upgrades?.[upgrade]?.again === true;
  const open = phases.filter(({ id }) => isAgain || !closed.includes(id));
  return {
    upgrade,
    phases: open.map((phase) => withLength(phase, terms.upgrade)),
    asked: isAgain ? [] : asked,
  };
}
