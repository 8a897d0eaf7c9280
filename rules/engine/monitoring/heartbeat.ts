/**
 * Judges a customer's job by its reports: it starts, succeeds or fails, and is late after a deadline. The deadline is
 * kept as an instant, so that a restart of ours gives the job no more time.
 */
import type { LocalDate } from '../contract/contract';
import type { Text } from '../basics/text';
import { joined } from '../basics/text';
import type { JobTimes } from '../contract/job-plan';
import type { Check } from '../contract/monitor';
import { afterMinutesWithin, isWithinHours, localTimeOf } from './expected-hours';
import { daysLater, hasTimes, nextRun, runAfter } from './job-times';
import type { Outcome } from './watched';

/** The state of a job, from its reports. Instants are milliseconds since 1970. */
export interface ReportedHeartbeat {
  /** After this the next success is late. */
  deadlineAt?: number;
  /** The last report, of any kind. */
  lastAt?: number;
  /** The last success. */
  succeededAt?: number;
  /** The last report that counts. A start after a failure does not replace it: only a success does. */
  lastKind?: 'start' | 'success' | 'fail';
  /** When the run started that has not ended; of several the oldest, of those without a name the newest. */
  startedAt?: number;
  /** When the runs started that have a name and have not ended. */
  runs?: Record<string, number>;
  /** Exit code of the last run that ended, if it reported one. */
  exitCode?: number;
  /** The end of the last report's body. */
  body?: string;
}

/** One report as it came in. */
export interface HeartbeatReport {
  kind: 'start' | 'success' | 'fail';
  /** When we received it, milliseconds since 1970. */
  at: number;
  /** Name of the run, by which its end finds its start while others go on. */
  run?: string;
  exitCode?: number;
  body?: string;
}

export type HeartbeatCheck = Pick<Check, 'everyMinutes' | 'lateMinutes' | 'maxRunMinutes' | 'expectedHours'> &
  JobTimes;

/** The kind of a report that gives an exit code: 0 is a success. */
export const kindOfExitCode = (exitCode: number): 'success' | 'fail' => (exitCode === 0 ? 'success' : 'fail');

/** The state of a job that has not reported yet: it owes the next run, or a success a period after it was agreed on. */
export function awaitedHeartbeat(
  createdAt: number,
  check: HeartbeatCheck,
  closed: ReadonlySet<LocalDate>,
): ReportedHeartbeat {
  return withDeadline({}, deadlineAfter(createdAt, check, closed, nextRun));
}

/**
 * The state after a report. A report older than the last one changes nothing, except that a success may move the
 * deadline on. A report that comes twice changes nothing either.
 *
 * A start does not move the deadline: the job owes a success a period, not an attempt. Only a job that runs at times of day has
 * until the end of the run that it started.
 */
export function afterReport(
  state: ReportedHeartbeat | undefined,
  report: HeartbeatReport,
  check: HeartbeatCheck,
  closed: ReadonlySet<LocalDate>,
): ReportedHeartbeat {
  const { kind, at, exitCode, body } = report;
  const before = state ?? {};
  const deadline = deadlineAfter(at, check, closed);
  if (before.lastAt !== undefined && at < before.lastAt)
    return kind === 'success' ? withDeadline(before, latest(before.deadlineAt, deadline)) : before;
  if (kind === 'start') {
    const { runs: _, ...known } = before;
    return withDeadline(
      {
        ...known,
        lastAt: at,
        lastKind: before.lastKind === 'fail' ? 'fail' : 'start',
        ...runningAfter(before, report, check),
      },
      deadlineOfStart(before.deadlineAt ?? deadline, at, check),
    );
  }
  return withDeadline(
    {
      lastAt: at,
      lastKind: kind,
      ...runningAfter(before, report, check),
      ...(exitCode !== undefined && { exitCode }),
      ...(body !== undefined && { body }),
    },
    // Moved after a failure too: the job did report in time.
    deadline,
  );
}

/** Most runs at a time that are kept. */
const mostRuns = 20;

/**
 * The runs that go on after a report. A start or an end without a name is of all runs. A success ends those too that have
 * gone on for too long: they were told, and the job works again.
 */
function runningAfter(
  { runs = {} }: ReportedHeartbeat,
  { kind, at, run }: HeartbeatReport,
  { maxRunMinutes = Infinity }: HeartbeatCheck,
): Pick<ReportedHeartbeat, 'runs' | 'startedAt'> {
  if (run === undefined) return kind === 'start' ? { startedAt: at } : {};
  const others = Object.entries(runs).filter(
    ([name, startedAt]) =>
      name !== run && !(kind === 'success' && at > startedAt + maxRunMinutes * minuteInMs),
  );
  // The same start a second time: the first answer was lost.
  const started: [string, number][] =
    kind === 'start' ? [[run, Object.hasOwn(runs, run) ? (runs[run] as number) : at]] : [];
  const going = [...others, ...started].slice(-mostRuns);
  return going.length === 0
    ? {}
    : { runs: Object.fromEntries(going), startedAt: Math.min(...going.map(([, startedAt]) => startedAt)) };
}

const latest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b);

function withDeadline(
  { deadlineAt: _, ...rest }: ReportedHeartbeat,
  deadlineAt: number | undefined,
): ReportedHeartbeat {
  return deadlineAt === undefined ? rest : { ...rest, deadlineAt };
}

function deadlineOfStart(
  deadline: number | undefined,
  at: number,
  check: HeartbeatCheck,
): number | undefined {
  return check.maxRunMinutes !== undefined && hasTimes(check)
    ? latest(deadline, at + check.maxRunMinutes * minuteInMs)
    : deadline;
}

const minuteInMs = 60_000;

/**
 * When the success that follows `at` becomes late; minutes outside the expected hours do not count, nor do runs
 * outside them. Whole days last as long as the calendar has them: 25 hours when summer time ends.
 *
 * @param runFrom the run that is owed from `at` on: `runAfter` where a report came at `at`
 * @returns `undefined` where the hours never open
 */
export function deadlineAfter(
  at: number,
  check: HeartbeatCheck,
  closed: ReadonlySet<LocalDate>,
  runFrom = runAfter,
): number | undefined {
  const { everyMinutes, lateMinutes = 0, expectedHours } = check;
  if (hasTimes(check)) {
    const run = runFrom(at, check, ({ from }) =>
      isWithinHours(new Date(from).toISOString(), expectedHours, closed),
    );
    return run && run.due + lateMinutes * minuteInMs;
  }
  if (everyMinutes === undefined) return undefined;
  const instant = new Date(at).toISOString();
  const late = afterMinutesWithin(instant, everyMinutes + lateMinutes, expectedHours, closed);
  if (late === undefined) return undefined;
  const days = everyMinutes / 1440;
  if (expectedHours !== undefined || !Number.isInteger(days)) return Date.parse(late);
  return Math.max(Date.parse(late), daysLater(at, days) + lateMinutes * minuteInMs);
}

/** The outcome of a job's check, from what the job has reported. */
export function heartbeatOutcome(
  state: ReportedHeartbeat | undefined,
  now: number,
  { maxRunMinutes }: Pick<HeartbeatCheck, 'maxRunMinutes'>,
): { outcome: Outcome; message: Text; answer?: string } {
  const { deadlineAt, lastAt, lastKind, startedAt, exitCode, body } = state ?? {};
  const answer = body === undefined || body === '' ? {} : { answer: body };
  if (lastKind === 'fail')
    return { outcome: 'down', message: joined(failed(exitCode), ended(state, now)), ...answer };
  const overdueAt =
    startedAt === undefined || maxRunMinutes === undefined
      ? undefined
      : startedAt + maxRunMinutes * minuteInMs;
  if (startedAt !== undefined && overdueAt !== undefined && now > overdueAt)
    return {
      outcome: 'down',
      message: {
        sv: `jobbet startade ${local(startedAt)} och har inte rapporterat slut inom ${maxRunMinutes} ${maxRunMinutes === 1 ? 'minut' : 'minuter'}`,
        en: `the job started ${local(startedAt)} and has not reported its end within ${maxRunMinutes} ${maxRunMinutes === 1 ? 'minute' : 'minutes'}`,
      },
      ...answer,
    };
  if (deadlineAt !== undefined && now > deadlineAt)
    return {
      outcome: 'down',
      message: joined(
        { sv: `försenad sedan ${local(deadlineAt)}: `, en: `late since ${local(deadlineAt)}: ` },
        lastReport(lastAt, startedAt),
      ),
      ...answer,
    };
  return { outcome: 'ok', message: lastReport(lastAt, startedAt), ...answer };
}

const local = (at: number): string => localTimeOf(new Date(at).toISOString());

function failed(exitCode: number | undefined): Text {
  return exitCode === undefined
    ? { sv: 'jobbet rapporterade att det misslyckades', en: 'the job reported that it failed' }
    : {
        sv: `jobbet slutade med felkod ${exitCodeText(exitCode)}`,
        en: `the job ended with exit code ${exitCodeText(exitCode)}`,
      };
}

/** An exit code; a negative one as Windows' documents write it too: `-1073741819 (0xC0000005)`. */
export const exitCodeText = (exitCode: number): string =>
  exitCode < 0 ? `${exitCode} (0x${(exitCode >>> 0).toString(16).toUpperCase()})` : `${exitCode}`;

function ended({ lastAt, startedAt, runs, deadlineAt }: ReportedHeartbeat = {}, now: number): Text {
  if (startedAt !== undefined && lastAt !== undefined && startedAt < lastAt && runs !== undefined)
    return {
      sv: `; en annan körning startade ${local(startedAt)}`,
      en: `; another run started ${local(startedAt)}`,
    };
  if (startedAt !== undefined)
    return { sv: `; det startade igen ${local(startedAt)}`, en: `; it started again ${local(startedAt)}` };
  const at = lastAt === undefined ? '' : ` ${local(lastAt)}`;
  return deadlineAt !== undefined && now > deadlineAt
    ? { sv: `${at} och har inte rapporterat sedan dess`, en: `${at} and has not reported since` }
    : { sv: at, en: at };
}

function lastReport(lastAt: number | undefined, startedAt: number | undefined): Text {
  if (startedAt !== undefined)
    return { sv: `jobbet startade ${local(startedAt)}`, en: `the job started ${local(startedAt)}` };
  return lastAt === undefined
    ? { sv: 'jobbet har inte rapporterat ännu', en: 'the job has not reported yet' }
    : { sv: `jobbet rapporterade ${local(lastAt)}`, en: `the job reported ${local(lastAt)}` };
}
