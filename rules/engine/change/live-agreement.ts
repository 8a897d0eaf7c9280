/** What a change of the rules is previewed on: a live agreement and its running year, by two rulesets. */
import type { Contract, Instant, LocalDate } from '../contract/contract';
import type { PlannedWindow, YearPlan } from '../plan/plan';
import type { Ruleset } from '../ruleset/read-ruleset';
import type { Terms } from '../ruleset/terms';
import type { Decide } from '../terms/terms-for';

/** A live agreement as PostgreSQL holds it. */
export interface LiveAgreement {
  contract: Contract;
  yearNumber: number;
  /** The terms its running year goes by. */
  terms: Terms;
  /** The terms it was signed with. */
  signed: Terms;
  /** Ordinary price per hour that was decided for the running year, in minor units; none in plans of long ago. */
  decidedRateMinor?: number;
  /** The price of the year after it, if an amendment fixes it. */
  signedNextRateMinor?: number;
}

/** The plan of the running year and what is done of it; read only for agreements that a change concerns. */
export interface RunningYear {
  plan: YearPlan;
  /** Closed obligations: id → when. */
  closed: Record<string, Instant>;
  /** Meetings that were held since: id → the day. */
  held?: Record<string, LocalDate>;
  /** Something of the year's own upgrade was reported since it was planned. */
  begun?: true;
}

/** Two rulesets side by side, with their answers remembered. */
export interface Comparison {
  asOf: Instant;
  inForce: { ruleset: Ruleset; decide: Decide };
  proposed: { ruleset: Ruleset; decide: Decide };
  /** Upgrades under way take the phases of the proposed ruleset, where what is done fits them. */
  moveUpgrades?: boolean;
  /** The windows of agreements to which campaigns give others than they have, earliest first, by number. */
  windows?: WindowsToCome;
}

/** By agreement all windows that it will have, earliest first; none where it loses its last. */
export type WindowsToCome = ReadonlyMap<string, readonly PlannedWindow[]>;
