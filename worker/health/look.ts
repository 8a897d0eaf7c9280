/**
 * The look at Temporal: every minute one process finds the workflows that are not well, brings back those that it may,
 * and mails a person. To keep a look cheap however many agreements there are, it asks visibility for workflows that
 * fail or ended and describes a fixed number in turn; it compares all with what should run every ten minutes only.
 */
import { inWords } from '../basics/spoken';
import { takeTurns } from '../basics/take-turns';
import { forgetStatements } from '../../activities/mail/kept-statements';
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
import type { OperatorMailDeps } from '../../activities/health/operator-mails';
import { tellOperator } from '../../activities/health/tell-operator';
import { sickWords } from '../../templates/words/sick-words';
import { monitoringIdOf, workflowIdOf } from '../temporal/start-agreement';
import { heirOf, lastingTypes } from '../temporal/deployment';
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
  listFailing,
  listIds,
  reasonOfFailing,
} from './workflows';

export interface HealthLookOptions extends CureOptions {
  /** For mails to the operator; without it none are sent. */
  mail?: OperatorMailDeps;
  /** Milliseconds that a task may wait for a worker, by default two minutes: restarting a worker takes less. */
  takenWithin?: number;
}

export interface HealthLook {
  /** Looks once. @returns whether it tried to bring something back @throws if PostgreSQL or Temporal does not answer */
  look(): Promise<boolean>;
}

const minute = 60_000;
/** Milliseconds before the last look from which ended runs are asked for: visibility learns of them with a delay. */
const overlap = 2 * minute;
/** Seconds between comparisons of all workflows with what should run. */
const comparesEvery = 600;
/** Workflows that one look describes in turn, besides the suspects. */
const describedInTurn = 300;
/** Most suspects of each kind in one look: more than a person can take in; the rest waits for the next looks. */
const mostSuspects = 1_000;
const mostRunning = 1_000_000;
const atOnce = 10;
const takenWithin = 2 * minute;
/** Milliseconds for Temporal to answer a list and a description: a server that hangs makes the look fail. */
const [listsWithin, describesWithin] = [30_000, 10_000];

/** Creates a look that runs when it is called; it remembers how long histories were at the look before. */
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
    ...(await listFailing(client, mostSuspects)),
    ...(compares ? await listAbsent(options, growth) : []),
    ...growth.next(),
  ]);
  const ours = await findOurs(options, suspects, sickIds);
  let broughtBack = false;
  await inParallel([...ours], atOnce, async ([id, lives]) => {
    const suspect = { workflowId: id, lives, sick: sick.filter(({ workflowId }) => workflowId === id) };
    if (await examine(options, growth, suspect)) broughtBack = true;
  });
  if (compares) {
    await forgetHealed(db);
    await forgetStatements(db);
  }
  await recordLook(db, begunAt.toISOString(), compares);
  // A mail that fails does not fail the look: it is sent after the next one.
  if (options.mail)
    await tellOperator(db, options.mail).catch((error: Error) =>
      log(
        inWords({
          sv: `mejl om workflow väntar: «${error.message}»`,
          en: `mails about workflows wait: ${error.message}`,
        }),
      ),
    );
  return broughtBack;
}

const types = lastingTypes.map((type) => `"${type}"`).join(', ');

/** Workflows that ended since the last look, other than by continuing as a new run. */
function listEnded({ client }: HealthLookOptions, lookedAt: string | null): Promise<string[]> {
  const since = new Date((lookedAt === null ? Date.now() : Date.parse(lookedAt)) - overlap).toISOString();
  return listIds(
    client,
    `CloseTime > "${since}" AND ExecutionStatus != "ContinuedAsNew" AND WorkflowType IN (${types})`,
    mostSuspects,
  );
}

/** Workflows that should run and do not. */
async function listAbsent({ db, client }: HealthLookOptions, growth: Growth): Promise<string[]> {
  const ids = [...livesById(await readStanding(db))].filter(([, lives]) => lives).map(([id]) => id);
  growth.watch(ids);
  const running = new Set(
    await listIds(client, `ExecutionStatus = "Running" AND WorkflowType IN (${types})`, mostRunning),
  );
  return ids.filter((id) => !running.has(id)).slice(0, mostSuspects);
}

/** The suspects that are ours and all sick workflows, each with whether it should run. */
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
  /** Whether it should run. */
  lives: boolean;
  /** What earlier looks found wrong with it. */
  sick: readonly SickWorkflow[];
}

/**
 * Records what is wrong with a workflow and what is well again, and brings it back if that is allowed.
 * @returns whether it tried to bring it back
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
  // A new message resets the count of attempts, so a workflow with a pending task cannot be called well yet.
  else if (run?.running && run.taskAttempt !== undefined) found.set('failing', 'unsure');
  // Nobody of its version does its tasks, so nothing shows whether it could: whoever takes it over says that.
  else if (run?.running && (await heirOf(options, run))) found.set('failing', 'unsure');
  const growing = run?.running ? growth.measure(workflowId, run, Date.now()) : growth.forget(workflowId);
  if (growing !== 'well')
    found.set('growing', isFast(growing) && (await wasCured(db, workflowId)) ? 'unsure' : growing);

  for (const [kind, reason] of found)
    if (reason !== 'unsure' && (await recordSick(db, { ...about, kind, ...reason })))
      log(
        inWords({
          sv: `${workflowId} mår inte bra (${kind}): ${sickWords(reason.code, reason.detail).sv}. Gör så här: `,
          en: `${workflowId} is not well (${kind}): ${sickWords(reason.code, reason.detail).en}. What to do: `,
        }) + `npx serviceavtal agreements cure ${workflowId}`,
      );
  for (const { kind } of sick.filter((one) => !found.has(one.kind))) {
    await recordHealed(db, { workflowId, kind });
    log(
      inWords({
        sv: `${workflowId} mår bra igen (inte längre ${kind})`,
        en: `${workflowId} is well again (${kind} no more)`,
      }),
    );
  }
  const startable = found.has('missing') && isStartable(workflowId);
  if (!startable && (!ending || ending.byPerson)) return false;
  const noted = await findSick(db, { workflowId, kind: startable ? 'missing' : 'ended' });
  if (!noted || !isDue(noted, Date.now())) return false;
  log(`${workflowId} ${await bringBack(options, noted)}`);
  return true;
}

const isFast = (growing: Reason | 'unsure'): boolean => growing !== 'unsure' && growing.code === 'fast';

/** Milliseconds until the next look; the shorter time follows a look that failed or brought something back. */
const lookEvery = minute;
const lookAgainAfter = 5_000;
const lock = 'health-look';

/** Starts looking every minute; of several processes, one looks at a time. */
export function startHealthLook(options: HealthLookOptions): { stop(): Promise<void> } {
  const { db, log } = options;
  const { look } = createHealthLook(options);
  let failed = false;
  const turn = async (): Promise<number> => {
    try {
      const looked = await db.withLock(lock, look);
      if (failed)
        log(inWords({ sv: 'titten på Temporal fungerar igen', en: 'the look at Temporal works again' }));
      failed = false;
      // Look again soon, to record what is well again.
      return looked?.value ? lookAgainAfter : lookEvery;
    } catch (error) {
      const { message } = error as Error;
      if (!failed)
        log(
          inWords({
            sv: `titten på Temporal misslyckas: ${message}`,
            en: `the look at Temporal fails: ${message}`,
          }),
        );
      failed = true;
      // If PostgreSQL itself fails this cannot be recorded; its other users notice.
      await recordFailedLook(db, message).catch(() => undefined);
      return lookAgainAfter;
    }
  };
  const begun = beginLooking(db).catch(() => undefined);
  return takeTurns(async (stopping) => {
    await begun;
    return stopping.aborted ? 0 : turn();
  });
}
