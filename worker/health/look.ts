/**
 * The look at Temporal: every minute, by one process at a time, it finds the workflows that are not well, brings back
 * what it may, and has a person told. What it costs does not grow with the number of agreements: visibility is asked for
 * what fails and what ended, some workflows are described in turn, and all are compared every ten minutes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  beginLooking,
  findSick,
  forgetHealed,
  listSick,
  readLooking,
  readStanding,
  recordFailedLook,
  recordHealed,
  recordLook,
  recordSick,
} from '../../activities/health/health';
import { wasCured } from '../../activities/agreements/cures';
import type { SickKind, SickWorkflow, Standing } from '../../activities/health/health';
import { watchIdOf } from '../../activities/monitors/places';
import type { OperatorMailDeps } from '../../activities/health/tell-operator';
import { tellOperator } from '../../activities/health/tell-operator';
import { sickWords } from '../../templates/words/sick-words';
import { monitoringIdOf, workflowIdOf } from '../temporal/start-agreement';
import { digestClockIdOf } from '../temporal/start-digest-clock';
import { bringBack, isDue, isStartable } from './bring-back';
import type { Growth } from './growth';
import { createGrowth } from './growth';
import type { CureOptions } from './plan-cure';
import type { Reason } from './workflows';
import {
  agreementOf,
  describe,
  endingOf,
  inParallel,
  isFailing,
  isUntaken,
  listIds,
  lookedAtTypes,
  reasonOfFailing,
} from './workflows';

export interface HealthLookOptions extends CureOptions {
  /** How whoever operates this is mailed; without it nobody is. */
  mail?: OperatorMailDeps;
  /** Milliseconds that a task may wait for a worker, two minutes unless told: one that is started again takes less. */
  takenWithin?: number;
}

export interface HealthLook {
  /** Looks once, now. @returns whether something was brought back @throws what keeps it from looking */
  look(): Promise<boolean>;
}

const minute = 60_000;
/** Ended runs are asked for from so long before the last look: visibility is told of them a little later. */
const overlap = 2 * minute;
/** Seconds between comparisons of everything. */
const comparesEvery = 600;
/** Workflows that are described in one look beside those that are suspect. */
const describedInTurn = 300;
/** More that fail or ended than a person can take in are looked at in the next looks. */
const mostSuspects = 1_000;
const mostRunning = 1_000_000;
const atOnce = 10;
const takenWithin = 2 * minute;
/** Milliseconds in which Temporal has to answer: one that hangs is not well. */
const [listsWithin, describesWithin] = [30_000, 10_000];

/** @returns looks when asked to; remembers how long histories were at the look before */
export function createHealthLook(options: HealthLookOptions): HealthLook {
  const growth = createGrowth(describedInTurn);
  return { look: () => lookOnce(options, growth) };
}

async function lookOnce(options: HealthLookOptions, growth: Growth): Promise<boolean> {
  const { client, db, log } = options;
  const begunAt = new Date();
  const before = await readLooking(db);
  const compares = (before?.comparedAge ?? Infinity) >= comparesEvery || !growth.knowsWhatRuns();
  const sick = await listSick(db);
  const sickIds = sick.map(({ workflowId }) => workflowId);
  const suspects = await client.withDeadline(Date.now() + listsWithin, async () => [
    ...(await listEnded(options, before?.lookedAt ?? null)),
    ...(await listFailing(options)),
    ...(compares ? await listAbsent(options, growth) : []),
    ...growth.next(),
  ]);
  const ours = await findOurs(options, suspects, sickIds);
  let broughtBack = false;
  await inParallel([...ours], atOnce, async ([id, lives]) => {
    const suspect = { workflowId: id, lives, sick: sick.filter(({ workflowId }) => workflowId === id) };
    if (await examine(options, growth, suspect)) broughtBack = true;
  });
  if (compares) await forgetHealed(db);
  await recordLook(db, begunAt.toISOString(), compares);
  // Whoever cannot be mailed now is mailed after the next look: this one was made.
  if (options.mail)
    await tellOperator(db, options.mail).catch((error: Error) =>
      log(`mails about workflows wait: ${error.message}`),
    );
  return broughtBack;
}

const types = lookedAtTypes.map((type) => `"${type}"`).join(', ');

/** What ended since the last look, or for no other reason than that a year goes on in a new run. */
function listEnded({ client }: HealthLookOptions, lookedAt: string | null): Promise<string[]> {
  const since = new Date((lookedAt === null ? Date.now() : Date.parse(lookedAt)) - overlap).toISOString();
  return listIds(
    client,
    `CloseTime > "${since}" AND ExecutionStatus != "ContinuedAsNew" AND WorkflowType IN (${types})`,
    mostSuspects,
  );
}

function listFailing({ client }: HealthLookOptions): Promise<string[]> {
  const problems = ['WorkflowTaskFailed', 'WorkflowTaskTimedOut'].map((what) => `"category=${what}"`);
  return listIds(
    client,
    `ExecutionStatus = "Running" AND TemporalReportedProblems IN (${problems.join(', ')})`,
    mostSuspects,
  );
}

/** Everything that should run against everything that does. */
async function listAbsent({ db, client }: HealthLookOptions, growth: Growth): Promise<string[]> {
  const ids = [...livesById(await readStanding(db))].filter(([, lives]) => lives).map(([id]) => id);
  growth.watch(ids);
  const running = new Set(
    await listIds(client, `ExecutionStatus = "Running" AND WorkflowType IN (${types})`, mostRunning),
  );
  return ids.filter((id) => !running.has(id)).slice(0, mostSuspects);
}

/** Of these suspects those that are ours, and all that are sick, with whether they should run. */
async function findOurs(
  { db }: HealthLookOptions,
  suspects: readonly string[],
  sick: readonly string[],
): Promise<Map<string, boolean>> {
  const numbers = [...suspects, ...sick].flatMap((id) => agreementOf(id) ?? []);
  const known = livesById(await readStanding(db, numbers));
  return new Map(
    [...suspects.filter((id) => known.has(id)), ...sick].map((id) => [id, known.get(id) ?? false]),
  );
}

const livesById = ({ agreements, watches, readers }: Standing): Map<string, boolean> =>
  new Map([
    ...agreements.map(({ number, lives }) => [workflowIdOf(number), lives] as const),
    ...agreements.map(({ number, monitored }) => [monitoringIdOf(number), monitored] as const),
    ...watches.map((watch) => [watchIdOf(watch), true] as const),
    ...readers.map((reader) => [digestClockIdOf(reader), true] as const),
  ]);

interface Suspect {
  workflowId: string;
  /** It should run. */
  lives: boolean;
  /** What was found before. */
  sick: readonly SickWorkflow[];
}

/**
 * Notes what is wrong with a workflow and what is well again, and brings it back where that may be done.
 * @returns whether that was tried
 */
async function examine(options: HealthLookOptions, growth: Growth, suspect: Suspect): Promise<boolean> {
  const { db, client, log } = options;
  const { workflowId, lives, sick } = suspect;
  const run = await client.withDeadline(Date.now() + describesWithin, () => describe(client, workflowId));
  const about = { workflowId, agreement: agreementOf(workflowId), runId: run?.runId ?? null };
  const found = new Map<SickKind, Reason | 'unsure'>();
  if (!run && lives) found.set('missing', { code: 'unknownRun', detail: '' });
  const ending = run && !run.running && lives ? await endingOf(client, workflowId, run) : undefined;
  if (ending) found.set('ended', ending);
  if (run && isFailing(run)) found.set('failing', await reasonOfFailing(client, workflowId, run.runId));
  else if (run && isUntaken(run, options.takenWithin ?? takenWithin))
    found.set('failing', { code: 'untaken', detail: `since ${new Date(run.untakenSince!).toISOString()}` });
  // A message that comes begins the count of tries anew: only one that waits for nothing is well.
  else if (run?.running && run.taskAttempt !== undefined) found.set('failing', 'unsure');
  const growing = run?.running ? growth.measure(workflowId, run, Date.now()) : growth.forget(workflowId);
  if (growing !== 'well')
    found.set('growing', isFast(growing) && (await wasCured(db, workflowId)) ? 'unsure' : growing);

  for (const [kind, reason] of found)
    if (reason !== 'unsure' && (await recordSick(db, { ...about, kind, ...reason })))
      log(
        `${workflowId} is not well (${kind}): ${sickWords(reason.code, reason.detail).en}. ` +
          `What to do: npx serviceavtal agreements cure ${workflowId}`,
      );
  for (const { kind } of sick.filter((one) => !found.has(one.kind))) {
    await recordHealed(db, { workflowId, kind });
    log(`${workflowId} is well again (${kind} no more)`);
  }
  const startable = found.has('missing') && isStartable(workflowId);
  if (!startable && (!ending || ending.byPerson)) return false;
  const noted = await findSick(db, { workflowId, kind: startable ? 'missing' : 'ended' });
  if (!noted || !isDue(noted, Date.now())) return false;
  log(`${workflowId} ${await bringBack(options, noted)}`);
  return true;
}

const isFast = (growing: Reason | 'unsure'): boolean => growing !== 'unsure' && growing.code === 'fast';

/** Milliseconds until the next look, and after one that failed or brought something back. */
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
      const looked = await db.withLock(lock, look);
      if (failed) log('the look at Temporal works again');
      failed = false;
      // What is well again is told soon.
      return looked?.value ? lookAgainAfter : lookEvery;
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
