/**
 * Gives a version of the worker its place: it becomes current where none is, or where no process is of the current one any
 * more. Whoever is current takes over the runs of versions that are gone, each once its history has replayed.
 */
import type { WorkflowBundleOption } from '@temporalio/worker';
import type { Db } from '../../activities/db';
import { recordSick } from '../../activities/health/health';
import { counted } from '../../rules/engine/basics/counted';
import { inWords } from '../basics/spoken';
import { takeTurns } from '../basics/take-turns';
import { replayRuns } from '../health/replay';
import { agreementOf } from '../health/workflows';
import type { Deployed, Routing, Run } from '../temporal/deployment';
import { listRuns, makeCurrent, moveRun, readRouting, servedVersions } from '../temporal/deployment';

export interface TakeOverOptions extends Deployed {
  db: Db;
  /** The version of this process. */
  build: string;
  /** The code that it runs. */
  workflowBundle: WorkflowBundleOption;
  log: (line: string) => void;
  /** Milliseconds between looks, by default twenty seconds. */
  lookEvery?: number;
}

/** `current`: new runs begin here; `beside`: another version is current; `unknown`: Temporal has not heard of it yet. */
export type Place = 'current' | 'beside' | 'unknown';

/** What was found out and done so far. */
interface Memory {
  /** Versions that nobody was of at the last look; undefined before the first. */
  absent: Set<string> | undefined;
  /** Versions that are gone. */
  gone: Set<string>;
  /** Gone versions whose runs were all tried, and `''` once those of no version were. */
  tried: Set<string>;
}

export interface TakeOver {
  /** Sees to it that a version is current. @returns the place of this one */
  findPlace(): Promise<Place>;
  /** Takes over the runs of versions that were gone when the place was found. Only for who is current. */
  takeOver(stop?: AbortSignal): Promise<void>;
}

/**
 * Creates what finds the place. The first time it takes a version that nobody is of for gone: a start stands for a person
 * who has replaced it. Later only what was so the time before too, as a process may lose the database for a moment.
 */
export function createTakeOver(options: TakeOverOptions): TakeOver {
  const { db, build } = options;
  const memory: Memory = { absent: undefined, gone: new Set(), tried: new Set() };
  return {
    findPlace: async () => {
      const found = await db.withLock('worker-place', async () => {
        const routing = await readRouting(options);
        if (!routing?.versions.some((version) => version.build === build)) return 'unknown' as const;
        await findGone(options, routing, memory);
        return takePlace(options, routing, memory.gone);
      });
      return found?.value ?? 'unknown';
    },
    takeOver: async (stop = new AbortController().signal) => {
      await db.withLock('take-over', () => takeOver(options, memory, stop));
    },
  };
}

/** Finds the versions that no process is of any more. */
async function findGone(
  { db, taskQueue, build: own }: TakeOverOptions,
  { versions }: Routing,
  memory: Memory,
): Promise<void> {
  const others = versions.map(({ build }) => build).filter((build) => build !== own);
  const served = await servedVersions(db, taskQueue, others);
  const absent = new Set(others.filter((build) => !served.has(build)));
  const before = memory.absent ?? absent;
  memory.gone = new Set([...absent].filter((build) => before.has(build)));
  memory.absent = absent;
  for (const build of served) memory.tried.delete(build);
}

/** Makes this version current where the current one is gone, and this one is the newest of those that live. */
async function takePlace(
  options: TakeOverOptions,
  { current, versions }: Routing,
  gone: ReadonlySet<string>,
): Promise<Place> {
  const { build, log } = options;
  if (current === build) return 'current';
  const isLost = current === undefined || gone.has(current);
  const heir = versions.find((version) => version.build === build || !gone.has(version.build));
  if (!isLost || heir?.build !== build) return 'beside';
  await makeCurrent(options, build);
  if (current !== undefined)
    log(
      inWords({
        sv: `Version ${build} gäller: ingen process kör ${current} längre`,
        en: `Version ${build} is current: no process runs ${current} any more`,
      }),
    );
  return 'current';
}

/** Takes over the runs of versions that are gone, and of workers before there were versions. */
async function takeOver(options: TakeOverOptions, memory: Memory, stop: AbortSignal): Promise<void> {
  const { client, workflowBundle, build, log } = options;
  const from = new Set(['', ...memory.gone].filter((version) => !memory.tried.has(version)));
  if (from.size === 0) return;
  const runs = (await listRuns(options)).filter((run) => from.has(run.build ?? ''));
  let moved = 0;
  for await (const { run, because } of replayRuns(client, workflowBundle, runs)) {
    if (stop.aborted) return;
    if (because !== undefined) await tellLeft(options, run, because);
    else if (await isMoved(options, run)) moved += 1;
  }
  for (const version of from) memory.tried.add(version);
  if (moved > 0)
    log(
      inWords({
        sv: `Version ${build} har tagit över ${counted(moved, ['arbetsflöde', 'arbetsflöden'])}`,
        en: `Version ${build} has taken over ${counted(moved, ['workflow', 'workflows'])}`,
      }),
    );
}

const GRPC_NOT_FOUND = 5;

/** Moves a run. @returns whether it was there to be moved */
async function isMoved(options: TakeOverOptions, run: Run): Promise<boolean> {
  try {
    await moveRun(options, run, options.build);
    return true;
  } catch (error) {
    if ((error as { code?: number }).code === GRPC_NOT_FOUND) return false;
    throw error;
  }
}

/** Tells of a run that today's code cannot go on with: it stays where it is, and loses nothing. */
async function tellLeft({ db, build, log }: TakeOverOptions, run: Run, because: string): Promise<void> {
  const { workflowId, runId } = run;
  const cure = `npx serviceavtal agreements cure ${workflowId}`;
  if (run.build === undefined)
    return log(
      inWords({
        sv: `${workflowId} kan inte gå vidare med version ${build}: «${because}». När det inte gör sitt nästa steg: ${cure}`,
        en: `${workflowId} cannot go on with version ${build}: ${because}. When it fails its next task: ${cure}`,
      }),
    );
  await recordSick(db, {
    workflowId,
    runId,
    agreement: agreementOf(workflowId),
    kind: 'failing',
    code: 'leftBehind',
    detail: `${run.build}: ${because}`,
  });
  log(
    inWords({
      sv: `${workflowId} kan inte gå vidare med version ${build}, och väntar på ${run.build}: «${because}». Starta den bredvid, eller: ${cure}`,
      en: `${workflowId} cannot go on with version ${build}, and waits for ${run.build}: ${because}. Start that one beside, or: ${cure}`,
    }),
  );
}

/** Milliseconds between looks, until Temporal has heard of the version, and how long a start waits for that. */
const [usualLookEvery, lookAgainAfter, heardWithin] = [20_000, 100, 20_000];

/**
 * Gives the version its place, and keeps looking until it is stopped.
 * @returns the place once it is known; what there is to take over is taken in the background
 */
export async function startTakingOver(
  options: TakeOverOptions,
): Promise<{ place: Place; stop(): Promise<void> }> {
  const { findPlace, takeOver } = createTakeOver(options);
  const tellOnce = createTeller(options.log);
  const giveUpAt = Date.now() + heardWithin;
  let know: (place: Place) => void = () => undefined;
  const known = new Promise<Place>((resolve) => (know = resolve));
  const { stop } = takeTurns(async (stopping) => {
    const place = await tellOnce(findPlace);
    if (place === 'unknown' && Date.now() < giveUpAt) return lookAgainAfter;
    know(place ?? 'unknown');
    if (place === 'current') await tellOnce(() => takeOver(stopping));
    return options.lookEvery ?? usualLookEvery;
  });
  return { place: await known, stop };
}

/** Runs work; a failure is told, and told again once the work has succeeded in between. */
function createTeller(log: (line: string) => void): <T>(work: () => Promise<T>) => Promise<T | undefined> {
  let failed = false;
  return async (work) => {
    try {
      const value = await work();
      failed = false;
      return value;
    } catch (error) {
      const { message } = error as Error;
      if (!failed)
        log(
          inWords({
            sv: `programmets version kan inte ställas in i Temporal: «${message}»`,
            en: `the version of the program cannot be set in Temporal: ${message}`,
          }),
        );
      failed = true;
      return undefined;
    }
  };
}
