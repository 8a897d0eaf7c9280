/** The input of a check, its result, and the type of the function that makes it. */
import type { Instant, LocalDate } from '../contract/contract';
import type { Text } from '../basics/text';
import type { Check, CheckSettings, Measure } from '../contract/monitor';

/** A check with all that is needed to run it. */
export interface WatchedCheck {
  agreement: string;
  customer: string;
  /** Days closed besides weekends and holidays, for expected hours. */
  closedDays: LocalDate[];
  check: Check;
  settings: CheckSettings;
}

/** The outcome of one try. `unknown`: the try could not be made, which says nothing about what is checked. */
export type Outcome = 'ok' | 'warning' | 'down' | 'unknown';

/** The version that a check found of something, or why it found none. */
export type FoundVersion = { of: string } & (
  { version: string; problem?: undefined } | { version?: undefined; problem: Text }
);

export interface CheckResult {
  outcome: Outcome;
  at: Instant;
  milliseconds: number;
  /** What was expected and what was found; for a good result only what was found. */
  message: Text;
  /** The beginning of what was answered, as text, at most 2000 characters. Never holds a secret. */
  answer?: string;
  /** When it was last well, if that is not told by the outcomes: `never`, or the last success of a job that reports. */
  lastWell?: Instant | 'never';
  /** Measured values by name, for proposing limits. */
  measured?: Partial<Record<Measure | 'seconds' | 'certificateDays', number>>;
  /** Of a check that reports one, where it got so far as to look. */
  version?: FoundVersion;
}

/** Makes one try of a check. Never throws, and ends within its timeout or when `signal` aborts it. */
export type RunCheck = (watched: WatchedCheck, signal: AbortSignal) => Promise<CheckResult>;
