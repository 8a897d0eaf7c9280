/** The phases of the upgrade as the rules give them, and as a year's plan keeps them. */
import type { Text } from '../basics/text';
import type { Instant, LocalDate, Party } from '../contract/contract';
import type { Environment, PhaseKind } from '../ruleset/phases';
import { knownPhases } from '../ruleset/phases';
import type { UpgradePhaseTerms, UpgradeTerms } from '../ruleset/terms';

/** A phase with the terms it is planned by. */
export type Phase = UpgradePhaseTerms & { id: string } & Pick<PlannedPhase, 'installs'>;

/** What a running upgrade keeps of a phase: another rule changes the next upgrade. */
export interface PlannedPhase {
  id: string;
  /** What it is called, where the rules say it. */
  name?: Text;
  kind: PhaseKind;
  owner: Party;
  /** Ticked one by one, by their number. */
  checks: Text[];
  /** Opens when the month has ended. */
  opens?: 'monthEnd';
  /** Where it installs the new version, if it does; in plans made before not told: then it owes nothing for that. */
  installs?: Environment;
  /** `again`, `roll-back`, or the phase to go back to; again if absent. */
  onFailure?: string;
}

/** How an upgrade stands that does not simply go on. */
export interface UpgradeStands {
  /** Number of the attempt; 1 if absent. */
  attempt?: number;
  state?: 'postponed' | 'rolledBack' | 'restored' | 'declined' | 'noRelease';
  /** Its open phases are planned from this day on. */
  from?: LocalDate;
  reason?: string;
  /** The contact who postponed or declined it or had it restored, or who of us said so. */
  by?: string;
  /** What was done in the restored system since then is lost. */
  lostSince?: Instant;
}

/** The order of phases whose plan does not tell it. */
const lastPlace = 1_000;
const orderOf = (id: string, { order }: Pick<Phase, 'order'>): number =>
  order ?? knownPhases[id]?.order ?? lastPlace;

const kindOf = (id: string, { kind }: Pick<Phase, 'kind'>): PhaseKind =>
  kind ?? knownPhases[id]?.kind ?? 'checks';

/** Where a phase installs the new version; nothing if it does not. */
function installsIn(kind: PhaseKind, environment: Environment): Pick<Phase, 'installs'> {
  if (kind === 'production') return { installs: 'production' };
  return kind === 'technical' ? { installs: environment } : {};
}

/** The phases that the terms ask for where the upgrade is tested, in their order. */
export function phasesOf({ phases, environment = 'production' }: UpgradeTerms): Phase[] {
  return Object.entries(phases)
    .filter(([, phase]) => phase.omitted !== true && (phase.environment ?? environment) === environment)
    .map(([id, phase]) => ({ ...phase, id, ...installsIn(kindOf(id, phase), environment) }))
    .sort((a, b) => orderOf(a.id, a) - orderOf(b.id, b) || (a.id < b.id ? -1 : 1));
}

/** What the plan keeps of a phase. */
export function plannedPhase(phase: Phase): PlannedPhase {
  const { id, name, owner, checks = [], opens, installs, onFailure } = phase;
  return {
    id,
    ...(name && { name }),
    kind: kindOf(id, phase),
    owner,
    checks,
    ...(opens === 'monthEnd' && { opens }),
    ...(installs && { installs }),
    ...(onFailure !== undefined && { onFailure }),
  };
}

/** Whether a phase takes the system down and changes what people work in. */
export const changesProduction = ({ installs }: Pick<PlannedPhase, 'installs'>): boolean =>
  installs === 'production';

/** The phase for which the day is agreed: it takes the system down. In plans made before it is the technical one. */
export const takesSystemDown = (phase: PlannedPhase): boolean =>
  phase.installs === undefined ? phase.kind === 'technical' : changesProduction(phase);

/** Whether what comes after a phase follows it at once, however early it is closed: the system, or its copy, is upgraded then. */
export const followsAtOnce = (phases: readonly PlannedPhase[], at: number): boolean =>
  at >= phases.findIndex(({ kind }) => kind === 'technical' || kind === 'production');

/**
 * The phase that checks whether the upgrade can be carried out: the first of checks that comes before the system, or its copy, is
 * upgraded, also where the rules call it something else than `precheck`.
 */
export function precheckOf<P extends Pick<PlannedPhase, 'id' | 'kind'>>(phases: readonly P[]): P | undefined {
  const installs = phases.findIndex(({ kind }) => kind === 'technical' || kind === 'production');
  const before = installs < 0 ? phases : phases.slice(0, installs);
  const isOfChecks = ({ kind }: P): boolean => kind === 'checks';
  return phases.find(({ id }) => id === 'precheck') ?? before.find(isOfChecks);
}

/** Whether a phase is carried out on a copy: what is tested and approved after the copy was upgraded, before it goes live. */
export function isOnCopy(phases: readonly PlannedPhase[], { id, installs }: PlannedPhase): boolean {
  if (installs !== undefined) return installs === 'copy';
  const [at, copied, live] = [
    phases.findIndex((phase) => phase.id === id),
    phases.findIndex((phase) => phase.installs === 'copy'),
    phases.findIndex(changesProduction),
  ];
  return copied >= 0 && at > copied && (live < 0 || at < live);
}

/** The name, among the notices of its phase, of the question who takes the risk of integrations that we do not answer for. */
export const riskStep = 'ask-risk';

/** The name, among the notices of a test, of the reminder to the consultant that no session is booked. */
export const sessionStep = 'book-session';

/** An obligation of an upgrade by its id: `upgrade/test` of the year's own, `upgrade-1/test` of the one that year 1 left. */
export interface PhaseOfUpgrade {
  /** `upgrade`, or `upgrade-1` for the one that another year left unfinished. */
  upgrade: string;
  phase: string;
  /** The year it was left by. */
  leftBy?: number;
}

/** Reads the id of an obligation of an upgrade; nothing if it is of something else. */
export function phaseOfUpgrade(obligation: string): PhaseOfUpgrade | undefined {
  const [, upgrade, year, phase] = /^(upgrade(?:-(\d+))?)\/(.+)$/.exec(obligation) ?? [];
  if (upgrade === undefined || phase === undefined) return undefined;
  return { upgrade, phase, ...(year !== undefined && { leftBy: Number(year) }) };
}
