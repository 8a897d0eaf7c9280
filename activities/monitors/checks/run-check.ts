/** Runs a check of any kind: within its time, never throwing, and with no secret in its result. */
import { setMaxListeners } from 'node:events';
import { kindProperties } from '../../../rules/engine/contract/monitor-schema';
import type { Check, CheckKind } from '../../../rules/engine/contract/monitor';
import type { CheckResult, RunCheck, WatchedCheck } from '../../../rules/engine/monitoring/watched';
import type { Text } from '../../../rules/engine/basics/text';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import type { CheckDeps, Checker, Found } from './checker';
import { NotMade, NotWell } from './checker';
import { hiding } from './redact';

/** Seconds a check may take that sets no time limit itself. */
const usualTimeout: Record<CheckKind, number> = {
  http: 10,
  tcp: 10,
  tls: 10,
  sql: 30,
  files: 30,
  heartbeat: 10,
  process: 10,
};

/** Milliseconds a check has, once its time is up, to report how far it came. */
const lastWord = 500;

/** Milliseconds a timer may be late; beyond that this process stood still, and the result proves nothing. */
const stoodStill = 2_000;

/** How a run ended. */
type Ended = { found: Found } | { error: unknown } | 'silent';

const outcomeOf = (attempt: Promise<Found>): Promise<Ended> =>
  attempt.then(
    (found) => ({ found }),
    (error: unknown) => ({ error }),
  );

/** Waits until a run ends; once it was called off, only half a second more. */
function endOf(attempt: Promise<Found>, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const hurry = (): void => {
      timer = setTimeout(resolve, lastWord, 'silent');
    };
    signal.addEventListener('abort', hurry, { once: true });
    void outcomeOf(attempt).then((ended) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', hurry);
      resolve(ended);
    });
  });
}

const inSeconds = (seconds: number): Text =>
  seconds === 1
    ? { sv: '1 sekund', en: '1 second' }
    : { sv: `${seconds} sekunder`, en: `${seconds} seconds` };

const firstLine = (text: string): string => (text.trim().split('\n')[0] ?? '').slice(0, 300);

/** The result for something that was thrown. */
function toldOf(error: unknown, used: ReadonlySet<string>): Found {
  if (error instanceof NotMade) return { outcome: 'unknown', message: error.text };
  if (error instanceof NotWell)
    return {
      outcome: 'down',
      message: error.text,
      ...(error.answer !== undefined && { answer: error.answer }),
    };
  const text = error instanceof Error ? error.message || error.name : String(error);
  // Hidden before it is cut: half a secret would not be found again.
  const line = firstLine(hiding(used)(text));
  return { outcome: 'down', message: { sv: line, en: line } };
}

/** The result of a run whose time was up, with what the check itself reported of how far it came. */
function toldLate(ended: Ended, seconds: number, used: ReadonlySet<string>): Found {
  if (typeof ended === 'object' && 'error' in ended) {
    const { error } = ended;
    const told = toldOf(error, used);
    if (error instanceof NotMade) return told;
    if (error instanceof NotWell) {
      return { ...told, message: joined(told.message, { sv: ' efter ', en: ' after ' }, inSeconds(seconds)) };
    }
  }
  const message = joined({ sv: 'inget svar inom ', en: 'no answer within ' }, inSeconds(seconds));
  return { outcome: 'down', message };
}

const stalled: Found = {
  outcome: 'unknown',
  message: {
    sv: 'kontrollens egen process stod stilla medan den väntade på svar',
    en: "the check's own process stood still while it waited for an answer",
  },
};

const calledOff: Found = { outcome: 'unknown', message: { sv: 'avbruten', en: 'called off' } };

/** A good answer that took too long is a warning. */
function judgeSlow(found: Found, check: Check, milliseconds: number): Found {
  if (!kindProperties[check.kind].takes.includes('slowSeconds')) return found;
  const seconds = milliseconds / 1000;
  const timed = { ...found, measured: { ...found.measured, seconds } };
  const { slowSeconds } = check;
  const good = found.outcome === 'ok' || found.outcome === 'warning';
  if (!good || slowSeconds === undefined || seconds <= slowSeconds) return timed;
  const slow = joined(
    { sv: 'svarstid: ', en: 'time to answer: ' },
    expectedFound(joined({ sv: 'högst ', en: 'at most ' }, inSeconds(slowSeconds)), String(seconds)),
  );
  const message = found.outcome === 'ok' ? slow : joined(found.message, '\n', slow);
  return { ...timed, outcome: 'warning', message };
}

function withoutSecrets(found: Found, secrets: ReadonlySet<string>): Found {
  if (secrets.size === 0) return found;
  const hide = hiding(secrets);
  const message: Text = { sv: hide(found.message.sv), en: hide(found.message.en) };
  const { answer, version } = found;
  return {
    ...found,
    message,
    ...(answer !== undefined && { answer: hide(answer) }),
    ...(version?.version !== undefined && { version: { ...version, version: hide(version.version) } }),
  };
}

/**
 * Makes of checkers what runs any check. It never throws and ends within the check's time (`timeoutSeconds`, or 30
 * seconds for sql and files and 10 for the others) and half a second:
 *
 * - what was found is told, a slow answer as a warning;
 * - `NotMade` is unknown, so is a kind that has no checker here;
 * - `NotWell`, anything else thrown, and no answer in time are down;
 * - called off from outside it is unknown, "called off": a result to ignore.
 *
 * Secrets that were used are hidden in message and answer. `at` is when the try began: what it found may be as old.
 */
export function createRunCheck(checkers: Partial<Record<CheckKind, Checker>>, deps: CheckDeps): RunCheck {
  const attempt = async (
    watched: WatchedCheck,
    checker: Checker,
    used: Set<string>,
    signal: AbortSignal,
  ): Promise<Found> => {
    const secret: CheckDeps['secret'] = (customer, name) => {
      const value = deps.secret(customer, name);
      if (value !== undefined) used.add(value);
      return value;
    };
    return checker(watched, { ...deps, secret }, signal);
  };

  const inTime = async (watched: WatchedCheck, used: Set<string>, signal: AbortSignal): Promise<Found> => {
    const { check } = watched;
    const checker = checkers[check.kind];
    if (!checker)
      return {
        outcome: 'unknown',
        message: {
          sv: `kontroller av slaget ${check.kind} körs inte här`,
          en: `checks of kind ${check.kind} are not run here`,
        },
      };
    if (signal.aborted) return calledOff;
    const seconds = check.timeoutSeconds ?? usualTimeout[check.kind];
    const due = performance.now() + seconds * 1000;
    // Not AbortSignal.any: the signal from outside lives as long as the process, and would keep every one made of it.
    const ending = new AbortController();
    // Thousands of checks listen to it at a time, and each leaves again.
    setMaxListeners(0, signal);
    const stop = (): void => ending.abort(signal.reason);
    let lateBy: number | undefined;
    const timer = setTimeout(() => {
      lateBy = performance.now() - due;
      ending.abort(new DOMException(`no answer within ${inSeconds(seconds).en}`, 'TimeoutError'));
    }, seconds * 1000);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const ended = await endOf(attempt(watched, checker, used, ending.signal), ending.signal);
      if (signal.aborted) return calledOff;
      if (typeof ended === 'object' && 'found' in ended) return ended.found;
      if (lateBy !== undefined) return lateBy > stoodStill ? stalled : toldLate(ended, seconds, used);
      return toldOf((ended as { error: unknown }).error, used);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  };

  return async (watched, signal): Promise<CheckResult> => {
    const at = new Date(deps.now()).toISOString();
    const began = performance.now();
    const used = new Set<string>();
    const found = await inTime(watched, used, signal);
    const milliseconds = Math.round(performance.now() - began);
    const { measured, ...told } = withoutSecrets(judgeSlow(found, watched.check, milliseconds), used);
    return { ...told, at, milliseconds, ...(measured && { measured }) };
  };
}
