/**
 * The look at Temporal: every minute, by one process at a time, it finds the workflows that are not well, brings back
 * what it may, and has a person told. What it costs does not grow with the number of agreements: visibility is asked for
 * what fails and what ended, some workflows are described in turn, and all are compared once an hour.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  beginLooking,
  findSick,
  forgetHealed,
  listSick,
  readExpected,
  readLooking,
  recordFailedLook,
  recordHealed,
  recordLook,
  recordSick,
} from '../../activities/health';
import type { Expected, Finding, SickWorkflow } from '../../activities/health';
import { watchIdOf } from '../../activities/monitors/places';
import type { OperatorMailDeps } from '../../activities/tell-operator';
import { tellOperator } from '../../activities/tell-operator';
import { sickWords } from '../../templates/sick-words';
import { monitoringIdOf, workflowIdOf } from '../start-agreement';
import type { BringBackOptions } from './bring-back';
import { bringBack, isDue, startMonitoringAgain } from './bring-back';
import type { Growth } from './growth';
import { createGrowth } from './growth';
import type { Described } from './workflows';
import {
  describe,
  endingOf,
  inParallel,
  isFailing,
  listIds,
  lookedAtTypes,
  readWorkflowId,
  reasonOfFailing,
} from './workflows';

export interface HealthLookOptions extends BringBackOptions {
  /** How whoever operates this is mailed; without it nobody is. */
  mail?: OperatorMailDeps;
  log: (line: string) => void;
}

export interface HealthLook {
  /** Looks once, now. @throws what keeps it from looking */
  look(): Promise<void>;
}

const minute = 60_000;
/** Ended runs are asked for from so long before the last look: visibility is told of them a little later. */
const overlap = 2 * minute;
const hour = 60 * minute;
/** Workflows that are described in one look beside the sick ones. */
const describedInTurn = 300;
/** More that fail or ended than a person can take in are looked at in the next looks. */
const mostSuspects = 1_000;
const mostRunning = 1_000_000;
const atOnce = 10;

const types = lookedAtTypes.map((type) => `"${type}"`).join(', ');

/** @returns looks when asked to; remembers how long histories were at the look before */
export function createHealthLook(options: HealthLookOptions): HealthLook {
  const growth = createGrowth(describedInTurn);
  return { look: () => lookOnce(options, growth) };
}

async function lookOnce(options: HealthLookOptions, growth: Growth): Promise<void> {
  const { db } = options;
  const begunAt = new Date();
  const before = await readLooking(db);
  const compares =
    before === undefined ||
    before.comparedAge === null ||
    before.comparedAge * 1_000 >= hour ||
    !growth.knowsWhatRuns();
  await lookAtEnded(options, before?.lookedAt ?? null);
  if (compares) await compareAll(options, growth);
  await lookAtFailing(options);
  await lookAtSickAgain(options, growth);
  await lookInTurn(options, growth);
  if (compares) await forgetHealed(db);
  await recordLook(db, begunAt.toISOString(), compares);
  // Whoever cannot be mailed now is mailed after the next look: this one was made.
  if (options.mail)
    await tellOperator(db, options.mail).catch((error: Error) =>
      options.log(`mails about workflows wait: ${error.message}`),
    );
}

/** Notes what was found, and says so where it is new. */
async function found({ db, log }: HealthLookOptions, finding: Finding): Promise<void> {
  if (!(await recordSick(db, finding))) return;
  const { workflowId, kind, code, detail } = finding;
  log(
    `${workflowId} is not well (${kind}): ${sickWords(code, detail).en}. What to do: npx serviceavtal agreements cure ${workflowId}`,
  );
}

async function healed({ db, log }: HealthLookOptions, sick: SickWorkflow): Promise<void> {
  await recordHealed(db, sick);
  log(`${sick.workflowId} is well again (it was ${sick.kind})`);
}

const agreementOf = (workflowId: string): string | null => {
  const named = readWorkflowId(workflowId);
  return named !== undefined && 'agreement' in named ? named.agreement : null;
};

/** Of these ids, those that should run by what PostgreSQL knows. */
async function shouldRun({ db }: HealthLookOptions, ids: readonly string[]): Promise<string[]> {
  const numbers = ids.flatMap((id) => agreementOf(id) ?? []);
  const expected = new Set(idsOf(await readExpected(db, numbers)));
  return [...new Set(ids)].filter((id) => expected.has(id));
}

const idsOf = ({ agreements, monitored, watches }: Expected): string[] => [
  ...agreements.map(workflowIdOf),
  ...monitored.map(monitoringIdOf),
  ...watches.map(watchIdOf),
];

async function lookAtEnded(options: HealthLookOptions, lookedAt: string | null): Promise<void> {
  const since = new Date((lookedAt === null ? Date.now() : Date.parse(lookedAt)) - overlap).toISOString();
  const ids = await listIds(
    options.client,
    `CloseTime > "${since}" AND ExecutionStatus != "ContinuedAsNew" AND WorkflowType IN (${types})`,
    mostSuspects,
  );
  await inParallel(await shouldRun(options, ids), atOnce, (id) => lookAtAbsent(options, id));
}

/** Everything that should run against everything that does. */
async function compareAll(options: HealthLookOptions, growth: Growth): Promise<void> {
  const ids = idsOf(await readExpected(options.db));
  growth.watch(ids);
  const running = new Set(
    await listIds(options.client, `ExecutionStatus = "Running" AND WorkflowType IN (${types})`, mostRunning),
  );
  const absent = ids.filter((id) => !running.has(id));
  await inParallel(absent.slice(0, mostSuspects), atOnce, (id) => lookAtAbsent(options, id));
}

/** Something should run and may not: it is noted, and brought back where that may be done. */
async function lookAtAbsent(options: HealthLookOptions, workflowId: string): Promise<void> {
  const { db, client } = options;
  const run = await describe(client, workflowId);
  if (run?.running) return;
  const about = { workflowId, agreement: agreementOf(workflowId) };
  if (!run) {
    const startable = about.agreement === null || workflowId !== workflowIdOf(about.agreement);
    // What it has to know stands in PostgreSQL: it only has to be begun.
    if (startable && (await startMonitoringAgain(options, workflowId))) return;
    return found(options, { ...about, kind: 'missing', code: 'unknownRun', detail: '', runId: null });
  }
  const ending = await endingOf(client, workflowId, run);
  const { code, detail } = ending;
  await found(options, { ...about, kind: 'ended', code, detail, runId: run.runId });
  const sick = await findSick(db, { workflowId, kind: 'ended' });
  if (!sick || ending.byPerson || !isDue(sick, Date.now())) return;
  const back = await bringBack(options, sick, run, ending);
  options.log(
    back
      ? `${workflowId} is brought back (try ${sick.tries + 1})`
      : `${workflowId} cannot be brought back by itself`,
  );
}

async function lookAtFailing(options: HealthLookOptions): Promise<void> {
  const problems = ['WorkflowTaskFailed', 'WorkflowTaskTimedOut'].map((what) => `"category=${what}"`);
  const ids = await listIds(
    options.client,
    `ExecutionStatus = "Running" AND TemporalReportedProblems IN (${problems.join(', ')})`,
    mostSuspects,
  );
  await inParallel(await known(options, ids), atOnce, async (id) => {
    const run = await describe(options.client, id);
    if (run) await noteFailing(options, id, run);
  });
}

/** Of these ids, those of our agreements and watches, whether they should still run or not. */
async function known({ db }: HealthLookOptions, ids: readonly string[]): Promise<string[]> {
  const numbers = ids.flatMap((id) => agreementOf(id) ?? []);
  const rows = await db.query<{ number: string }>('select number from agreements where number = any ($1)', [
    numbers,
  ]);
  const ours = new Set(rows.map(({ number }) => number));
  const watches = new Set((await readExpected(db, [])).watches.map(watchIdOf));
  return ids.filter((id) => watches.has(id) || ours.has(agreementOf(id) ?? ''));
}

async function noteFailing(options: HealthLookOptions, workflowId: string, run: Described): Promise<void> {
  if (!isFailing(run)) return;
  const reason = await reasonOfFailing(options.client, workflowId, run.runId);
  const agreement = agreementOf(workflowId);
  await found(options, { workflowId, kind: 'failing', agreement, ...reason, runId: run.runId });
}

/** What was sick is looked at every time: it may be well, or due to be brought back. */
async function lookAtSickAgain(options: HealthLookOptions, growth: Growth): Promise<void> {
  const sick = await listSick(options.db);
  const expected = new Set(
    await shouldRun(
      options,
      sick.map(({ workflowId }) => workflowId),
    ),
  );
  await inParallel(sick, atOnce, async (each) => {
    const { workflowId, kind } = each;
    const run = await describe(options.client, workflowId);
    if (kind === 'growing') {
      if (!run?.running || !growth.isGrowing(workflowId, run)) await healed(options, each);
      return;
    }
    if (kind === 'failing') {
      if (!run || !isFailing(run)) await healed(options, each);
      return;
    }
    if (run?.running || !expected.has(workflowId)) return healed(options, each);
    await lookAtAbsent(options, workflowId);
  });
}

/** Histories that grow, and tasks that fail before visibility says so, among some of all workflows. */
async function lookInTurn(options: HealthLookOptions, growth: Growth): Promise<void> {
  await inParallel(growth.next(), atOnce, async (workflowId) => {
    const run = await describe(options.client, workflowId);
    if (!run?.running) return growth.forget(workflowId);
    await noteFailing(options, workflowId, run);
    const finding = growth.measure(workflowId, run, Date.now());
    const agreement = agreementOf(workflowId);
    if (finding)
      await found(options, { workflowId, kind: 'growing', agreement, ...finding, runId: run.runId });
  });
}

/** Milliseconds until the next look, and after one that failed. */
const lookEvery = minute;
const lookAgainAfter = 5_000;
const lock = 'health-look';

/** Looks every minute in this process; of several processes one at a time does. */
export function startHealthLook(options: HealthLookOptions): { stop(): Promise<void> } {
  const { db, log } = options;
  const stopping = new AbortController();
  const { look } = createHealthLook(options);
  let failed = false;
  const turn = async (): Promise<number> => {
    try {
      await db.withLock(lock, look);
      if (failed) log('the look at Temporal works again');
      failed = false;
      return lookEvery;
    } catch (error) {
      const { message } = error as Error;
      if (!failed) log(`the look at Temporal fails: ${message}`);
      failed = true;
      // Where PostgreSQL is what fails, it cannot be told; whoever asks it notices.
      await recordFailedLook(db, message).catch(() => undefined);
      return lookAgainAfter;
    }
  };
  const loop = async (): Promise<void> => {
    await beginLooking(db).catch(() => undefined);
    while (!stopping.signal.aborted) {
      const wait = await turn();
      await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const finished = loop();
  return {
    stop: () => {
      stopping.abort();
      return finished;
    },
  };
}
