/** Watches our own place: one long activity with the database, which stores changes and goes on. */
import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { RunCheck } from '../../rules/engine/monitoring/watched';
import type { Db } from '../db';
import type { Clock } from './clock';
import { systemClock } from './clock';
import type { Watch } from './places';
import { monitorsChannel } from './places';
import type { WatchBatch, WatchLoop } from './watch-loop';
import { createWatchLoop } from './watch-loop';
import { beatWatch, loadWatched, recordHeld, seenOf, Superseded, takeWatch, versionOf } from './watches';

/** Milliseconds. */
const usual = {
  /** Between looks at the list of checks, where no notification came. */
  poll: 15_000,
  /** Least time between two looks that notifications cause: many changes at once cause one look. */
  calm: 1_000,
  beat: 60_000,
  /** A watch without checks ends after this; it is started anew when it gets some. */
  idle: 5 * 60_000,
  /** The activity ends after this, so that none runs for ever. */
  renew: 24 * 3_600_000,
  /** For storing what is left when the activity has to end. */
  end: 5_000,
};
export type WatchTimes = typeof usual;

/** Milliseconds between an activity's signs of life to Temporal. */
export const heartbeatEvery = 5_000;

export interface WatchDeps {
  db: Db;
  runCheck: RunCheck;
  /** Name of the worker, shown as who watches. */
  workerName: string;
  clock?: Clock;
  times?: Partial<WatchTimes>;
  /** Most checks that run at once. */
  concurrency?: number;
}

export type EndOfWatch = 'idle' | 'renewed' | 'calledOff';

/**
 * Watches a place's checks until there are none, its time is up, or it is called off.
 *
 * It does not use Temporal. Two watchers of the same place cannot both write: see `takeWatch`.
 *
 * @param log receives failures
 * @throws Superseded if another watcher has taken over
 */
export async function watchPlace(
  deps: WatchDeps,
  watch: Watch,
  signal: AbortSignal,
  log: (line: string) => void = () => undefined,
): Promise<EndOfWatch> {
  const { db, runCheck, clock = systemClock, concurrency } = deps;
  const times = { ...usual, ...deps.times };
  const watcher = `${deps.workerName} ${randomUUID().slice(0, 8)}`;
  const iso = (): string => new Date(clock.now()).toISOString();
  await takeWatch(db, watch, watcher, iso());

  const ending = new AbortController();
  let end: EndOfWatch | Superseded | undefined;
  const finish = (how: EndOfWatch | Superseded): void => {
    end ??= how;
    ending.abort();
  };
  const calledOff = (): void => finish('calledOff');
  if (signal.aborted) calledOff();
  signal.addEventListener('abort', calledOff);

  /** Does work that needs the database; where it fails, watching goes on with what is known. */
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (error instanceof Superseded) finish(error);
      else log(`${what} waits for the database: ${(error as Error).message}`);
    }
  };
  const loop = createWatchLoop({
    clock,
    runCheck,
    ...(concurrency !== undefined && { concurrency }),
    sink: async (batch: WatchBatch) => {
      try {
        await recordHeld(db, watch, watcher, batch);
      } catch (error) {
        if (error instanceof Superseded) finish(error);
        throw error;
      }
    },
    onSinkFailure: ({ message }) => log(`what was found waits for the database: ${message}`),
  });
  const beat = () =>
    attempt('the sign of life', () =>
      beatWatch(db, watch, watcher, { at: iso(), seen: seenOf(loop.states()), ...loop.tally() }),
    );
  const beating = async (): Promise<void> => {
    for (;;) {
      await clock.wait(times.beat, ending.signal);
      if (ending.signal.aborted) return;
      await beat();
    }
  };
  const watching = Promise.all([
    loop.run(ending.signal),
    keepConfigured({ db, watch, clock, times, loop, iso, attempt }, ending.signal, finish),
    beating(),
  ]);
  await new Promise<void>((resolve) => {
    if (ending.signal.aborted) resolve();
    else ending.signal.addEventListener('abort', () => resolve());
  });
  const late = new AbortController();
  await Promise.race([watching, clock.wait(times.end, late.signal)]);
  late.abort();
  signal.removeEventListener('abort', calledOff);
  if (end instanceof Superseded) throw end;
  await beat();
  return end ?? 'calledOff';
}

interface Configuring {
  db: Db;
  watch: Watch;
  clock: Clock;
  times: WatchTimes;
  loop: WatchLoop;
  iso: () => string;
  attempt: (what: string, work: () => Promise<void>) => Promise<void>;
}

/** Keeps the loop's checks as the database has them: at once after a NOTIFY, and by looking regularly. */
async function keepConfigured(
  { db, watch, clock, times, loop, iso, attempt }: Configuring,
  signal: AbortSignal,
  finish: (how: EndOfWatch) => void,
): Promise<void> {
  const begun = clock.now();
  let emptySince: number | undefined;
  let version: string | undefined;
  let unlisten: (() => void) | undefined;
  let bell = new AbortController();
  const ring = (): void => bell.abort();
  signal.addEventListener('abort', ring);
  while (!signal.aborted) {
    if (bell.signal.aborted) bell = new AbortController();
    let looked = false;
    await attempt('what to watch', async () => {
      unlisten ??= await db.listen(monitorsChannel, ring, () => {
        unlisten = undefined;
      });
      const found = await versionOf(db, watch);
      looked = true;
      if (found === version) return;
      const { checks, states, wishes } = await loadWatched(db, watch, iso());
      if (signal.aborted) return;
      loop.configure(checks, states);
      loop.recheck(wishes);
      version = found;
    });
    const now = clock.now();
    // A list that could not be read is not empty.
    emptySince = loop.size > 0 || !looked ? undefined : (emptySince ?? now);
    if (emptySince !== undefined && now - emptySince >= times.idle) finish('idle');
    else if (now - begun >= times.renew) finish('renewed');
    await clock.wait(times.calm, signal);
    await clock.wait(Math.max(0, times.poll - times.calm), bell.signal);
  }
  unlisten?.();
}

export function createWatchActivities(deps: WatchDeps) {
  return {
    /**
     * Watches our own place until it is called off. Healthy checks add nothing to the workflow's history.
     * @throws when the worker stops or another watcher takes over: Temporal sends it out again
     */
    async watchCentral(watch: Watch): Promise<'idle' | 'renewed'> {
      const context = Context.current();
      const alive = setInterval(() => context.heartbeat(), heartbeatEvery);
      context.heartbeat();
      try {
        const end = await watchPlace(deps, watch, context.cancellationSignal, (line) =>
          context.log.warn(line),
        );
        if (end !== 'calledOff') return end;
        if (context.cancellationDetails?.cancelRequested) throw context.cancellationSignal.reason as Error;
        throw ApplicationFailure.create({
          message: 'the worker stops; another one goes on',
          type: 'WorkerStops',
          category: 'BENIGN',
        });
      } finally {
        clearInterval(alive);
      }
    },
  };
}

export type WatchActivities = ReturnType<typeof createWatchActivities>;
