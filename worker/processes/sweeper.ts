/** Takes work that waits in the database: at once on NOTIFY, and by a sweep for missed notifications. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../activities/db';

/** Milliseconds between sweeps: the longest that a missed notification delays work. */
const usualSweepEvery = 5_000;
/** How much longer it takes when idle. */
const idleFactor = 4;
/** Milliseconds without a notification after which a sweeper is idle. */
const idleAfter = 60_000;
/** Milliseconds to wait after a notification for others that follow it. */
const gatherFor = 30;

export interface SweeperOptions {
  db: Db;
  /** Channel on which new work is announced. */
  channel: string;
  /**
   * Kinds of work, each in a loop of its own, so that none holds up another. A sweep takes what is due until nothing is
   * left, or it is told to stop.
   */
  sweeps: ((stop: AbortSignal) => Promise<void>)[];
  /** Milliseconds between sweeps. */
  sweepEvery?: number | undefined;
  /** Gets the message of a sweep that failed, mostly because the database is away. */
  log: (line: string) => void;
}

export interface Sweeper {
  /** Resolves once the work under way is done. */
  stop(): Promise<void>;
}

/** Starts sweeping in this process. */
export function startSweeper({
  db,
  channel,
  sweeps,
  sweepEvery = usualSweepEvery,
  log,
}: SweeperOptions): Sweeper {
  const stop = new AbortController();
  const lanes = sweeps.map((sweep) => ({ sweep, rung: false, wake: (): void => undefined }));
  let heard = performance.now();
  const ring = (): void => {
    heard = performance.now();
    for (const lane of lanes) {
      lane.rung = true;
      lane.wake();
    }
  };
  let listening: Promise<void> | undefined;
  let unlisten: (() => void) | undefined;
  const listen = async (): Promise<void> => {
    if (unlisten) return;
    const lost = (): void => {
      unlisten = undefined;
      heard = performance.now();
    };
    listening ??= db
      .listen(channel, ring, lost)
      .then((end) => {
        unlisten = end;
      })
      .finally(() => {
        listening = undefined;
      });
    await listening;
  };
  /** Waits for a notification or the time of the next sweep. */
  const rest = (lane: (typeof lanes)[number]): Promise<void> =>
    new Promise((resolve) => {
      const isIdle = performance.now() - heard > idleAfter;
      const timer = setTimeout(resolve, isIdle ? sweepEvery * idleFactor : sweepEvery);
      lane.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (lane: (typeof lanes)[number]): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        await listen();
        lane.rung = false;
        await lane.sweep(stop.signal);
      } catch (error) {
        lane.rung = false;
        log(error instanceof Error ? error.message : String(error));
      }
      if (!stop.signal.aborted && !lane.rung) await rest(lane);
      // Work that arrives together is taken in one transaction: one for each would cost more than the wait.
      if (!stop.signal.aborted && lane.rung) await pause(gatherFor);
    }
  };
  const finished = Promise.all(lanes.map(run));
  return {
    stop: async () => {
      stop.abort();
      ring();
      await finished;
      unlisten?.();
    },
  };
}
