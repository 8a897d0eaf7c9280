/** The phases of the upgrade as the rules give them, and as a year's plan keeps them. */
import type { Text } from '../basics/text';
import type { LocalDate, Party } from '../contract/contract';
import type { PhaseKind } from '../ruleset/phases';
import { knownPhases } from '../ruleset/phases';
import type { UpgradePhaseTerms, UpgradeTerms } from '../ruleset/terms';

/** A phase with the terms it is planned by. */
export type Phase = UpgradePhaseTerms & { id: string };

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
  /** `again`, `roll-back`, or the phase to go back to; again if absent. */
  onFailure?: string;
}

/** How an upgrade stands that does not simply go on. */
export interface UpgradeStands {
  /** Number of the attempt; 1 if absent. */
  attempt?: number;
  state?: 'postponed' | 'rolledBack' | 'declined' | 'noRelease';
  /** Its open phases are planned from this day on. */
  from?: LocalDate;
  reason?: string;
  /** The contact who postponed or declined it, or who of us said so. */
  by?: string;
}

/** The order of phases whose plan does not tell it. */
const lastPlace = 1_000;
const orderOf = (id: string, { order }: Pick<Phase, 'order'>): number =>
  order ?? knownPhases[id]?.order ?? lastPlace;

/** The phases that the terms ask for, in their order. */
export function phasesOf({ phases }: UpgradeTerms): Phase[] {
  return Object.entries(phases)
    .filter(([, { omitted }]) => omitted !== true)
    .map(([id, phase]) => ({ ...phase, id }))
    .sort((a, b) => orderOf(a.id, a) - orderOf(b.id, b) || (a.id < b.id ? -1 : 1));
}

/** What the plan keeps of a phase. */
export function plannedPhase({ id, name, kind, owner, checks = [], opens, onFailure }: Phase): PlannedPhase {
  return {
    id,
    ...(name && { name }),
    kind: kind ?? knownPhases[id]?.kind ?? 'checks',
    owner,
    checks,
    ...(opens === 'monthEnd' && { opens }),
    ...(onFailure !== undefined && { onFailure }),
  };
}

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
