/** A check on its way: what is watched, and how one try went. */
import type { Instant, LocalDate } from '../contract/contract';
import type { Text } from '../basics/text';
import type { Check, CheckSettings, Measure } from '../contract/monitor';

/** A check with all that watching it takes. */
export interface WatchedCheck {
  agreement: string;
  customer: string;
  /** Days closed besides weekends and holidays, for expected hours. */
  closedDays: LocalDate[];
  check: Check;
  settings: CheckSettings;
}

/** How one try went. `unknown`: it could not be made, which says nothing about what is checked. */
export type Outcome = 'ok' | 'warning' | 'down' | 'unknown';

export interface CheckResult {
  outcome: Outcome;
  at: Instant;
  milliseconds: number;
  /** What was expected and what came, in a line each; for a good one what was found. */
  message: Text;
  /** The beginning of what was answered, as text, at most 2000 characters. Never holds a secret. */
  answer?: string;
  /** What was measured, by name, for suggested thresholds. */
  measured?: Partial<Record<Measure | 'seconds' | 'certificateDays', number>>;
}

/** What a check does: never throws, ends within its time or when it is called off. */
export type RunCheck = (watched: WatchedCheck, signal: AbortSignal) => Promise<CheckResult>;
