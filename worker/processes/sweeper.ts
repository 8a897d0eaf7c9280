/** Work that waits in the database: taken at once by NOTIFY, and by a sweep for what was missed. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../activities/db';

/** Milliseconds between sweeps, and where nothing was announced for a while: how late a missed notification can be. */
const [sweepEvery, sweepIdleEvery] = [5_000, 20_000];
/** Milliseconds after which nothing counts as announced for a while. */
const idleAfter = 60_000;
/** Milliseconds that are waited for more of what was announced. */
const gatherFor = 30;

export interface SweeperOptions {
  db: Db;
  /** Channel on which new work is announced. */
  channel: string;
  /**
   * What is done, each for itself: one that waits for something holds up none of the others. A sweep takes what is due
   * until nothing is left, or it is told to stop.
   */
  sweeps: ((stop: AbortSignal) => Promise<void>)[];
  /** Hears that the database is not there. */
  log: (line: string) => void;
}

export interface Sweeper {
  /** Ends once what is under way is done. */
  stop(): Promise<void>;
}

/** Starts sweeping in this process. */
export function startSweeper({ db, channel, sweeps, log }: SweeperOptions): Sweeper {
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
  /** Until it is rung for, or the time of a sweep has come. */
  const rest = (lane: (typeof lanes)[number]): Promise<void> =>
    new Promise((resolve) => {
      const isIdle = performance.now() - heard > idleAfter;
      const timer = setTimeout(resolve, isIdle ? sweepIdleEvery : sweepEvery);
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
      // What comes together is taken together: a transaction for each would cost more than the wait.
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
