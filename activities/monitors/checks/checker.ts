/** What all kinds of checks share: their input, their results, and the limits of measured values. */
import type { Limit, Measure, SecretRef } from '../../../rules/engine/contract/monitor';
import type { ReportedHeartbeat } from '../../../rules/engine/monitoring/heartbeat';
import type { CheckResult, Outcome, WatchedCheck } from '../../../rules/engine/monitoring/watched';
import type { Text, Wording } from '../../../rules/engine/basics/text';
import { expectedFound, inBoth } from '../../../rules/engine/basics/text';
import { printedText } from './decode-text';

export type { ReportedHeartbeat } from '../../../rules/engine/monitoring/heartbeat';

/** What checks depend on; the worker composes it. */
export interface CheckDeps {
  /** Milliseconds since 1970; tests bring their own. */
  now: () => number;
  /** The value of a customer's secret, if this worker has it. */
  secret: (customer: string, name: string) => string | undefined;
  /** Whether a resolved address may be connected to. */
  addressAllowed: (address: string) => boolean;
  /** Folders below which files may be looked at; absolute. */
  fileRoots: readonly string[];
  /** Reads what a customer's job has reported; absent in a worker without the database. */
  heartbeat?: (agreement: string, monitor: string) => Promise<ReportedHeartbeat | undefined>;
}

/** What a check found. */
export interface Found {
  outcome: Outcome;
  message: Text;
  answer?: string;
  lastWell?: NonNullable<CheckResult['lastWell']>;
  measured?: CheckResult['measured'];
  version?: NonNullable<CheckResult['version']>;
}

/** Runs one kind of check. What it throws, `run-check.ts` reports as down, or as unknown if it is `NotMade`. */
export type Checker = (watched: WatchedCheck, deps: CheckDeps, signal: AbortSignal) => Promise<Found>;

/** The check could not be made: nothing is known of what it checks (a missing secret, our own network, a forbidden address). */
export class NotMade extends Error {
  override readonly name = 'NotMade';
  readonly text: Text;
  constructor(why: Wording, options?: ErrorOptions) {
    const text = inBoth(why);
    super(text.en, options);
    this.text = text;
  }
}

/** What is checked is not well, with a reason in both languages. */
export class NotWell extends Error {
  override readonly name = 'NotWell';
  readonly text: Text;
  readonly answer: string | undefined;
  constructor(why: Wording, answer?: string, options?: ErrorOptions) {
    const text = inBoth(why);
    super(text.en, options);
    this.text = text;
    this.answer = answer;
  }
}

/** A secret's value. @throws NotMade if this worker does not have it; its name is told, its value never */
export function secretOf(deps: Pick<CheckDeps, 'secret'>, customer: string, { secret }: SecretRef): string {
  const value = deps.secret(customer, secret);
  if (value !== undefined && value !== '') return value;
  const name = secretSetting(customer, secret);
  throw new NotMade({
    sv: `hemligheten ${name} saknas där kontrollen körs`,
    en: `the secret ${name} is missing where the check runs`,
  });
}

/** Name of the setting with a customer's secret. No id contains `__`, so two customers never share a setting. */
export const secretSetting = (customer: string, name: string): string =>
  `SERVICEAVTAL_SECRET_${customer.toUpperCase().replaceAll('-', '_')}__${name}`;

const severity: Record<Outcome, number> = { ok: 0, warning: 1, unknown: 2, down: 3 };

/** The worst of several findings; of equals the first. */
export function worst(found: readonly Found[]): Found {
  const [first, ...rest] = found;
  if (!first) throw new Error('expected something that was found, found nothing');
  return rest.reduce((a, b) => (severity[b.outcome] > severity[a.outcome] ? b : a), first);
}

/**
 * Holds a measured value to its limits.
 *
 * @param what what is measured and its unit, as a message says it: `filens ålder i minuter`
 */
export function withinLimits(measure: Measure, value: number, limit: Limit | undefined, what: Text): Found {
  const rounded = String(Math.round(value * 100) / 100);
  const measured = { [measure]: Math.round(value * 100) / 100 };
  const crossed = (above: number | undefined, below: number | undefined): Text | undefined => {
    if (above !== undefined && value > above) return { sv: `högst ${above}`, en: `at most ${above}` };
    if (below !== undefined && value < below) return { sv: `minst ${below}`, en: `at least ${below}` };
    return undefined;
  };
  const error = crossed(limit?.errorAbove, limit?.errorBelow);
  const warn = error ?? crossed(limit?.warnAbove, limit?.warnBelow);
  if (!warn)
    return {
      outcome: 'ok',
      message: { sv: `${what.sv}: ${rounded}`, en: `${what.en}: ${rounded}` },
      measured,
    };
  const wrong = expectedFound(warn, rounded);
  return {
    outcome: error ? 'down' : 'warning',
    message: { sv: `${what.sv}: ${wrong.sv}`, en: `${what.en}: ${wrong.en}` },
    measured,
  };
}

/** Most characters of an answer that are kept. */
export const longestAnswer = 2000;

/** The end of what a job prints, as `answerText`: that tells more of how it went than the beginning. */
export function lastText(bytes: Buffer, contentType = ''): string {
  const text = printedText(bytes, contentType);
  return answerText(text.length > longestAnswer ? endOf(text.trimEnd()) : text);
}

/** The last characters of a text, no half one among them. */
const endOf = (text: string): string =>
  Array.from(text.slice(-2 * longestAnswer))
    .slice(-longestAnswer)
    .join('');

/** The beginning of an answer, as text that PostgreSQL, JSON and mail can hold. @param contentType what bytes are said to be */
export function answerText(bytes: Buffer | string, contentType = ''): string {
  const text = typeof bytes === 'string' ? bytes : printedText(bytes, contentType);
  return Array.from(text.slice(0, 2 * longestAnswer))
    .slice(0, longestAnswer)
    .join('')
    .replaceAll(/[^\P{Cc}\n\t]/gu, ' ')
    .replaceAll(/[\ud800-\udfff]/gu, ' ');
}
