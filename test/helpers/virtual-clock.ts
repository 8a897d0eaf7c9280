/** A clock for accelerated tests: it stands still while work goes on, and otherwise jumps to the next due wait. */
import type { Clock } from '../../activities/monitors/clock';
import { dueQueue } from '../../activities/monitors/due-queue';

export interface VirtualClock extends Clock {
  /** Lets so many milliseconds pass, and ends the waits that fall due in them. */
  pass(milliseconds: number): Promise<void>;
  /** Stops the clock until `work` is done: for work that takes real time, such as a database's. */
  during<T>(work: Promise<T>): Promise<T>;
}

/**
 * Makes a clock that moves only during `pass`. Waits end one at a time, in order of their time, each after everything
 * that the one before set off is done.
 *
 * @param start milliseconds since 1970
 */
export function virtualClock(start: number): VirtualClock {
  let now = start;
  let busy = 0;
  let freed: () => void = () => undefined;
  const waits = dueQueue<() => void>();
  /** Resolves when all work that takes no time is done: promises before the next turn of the event loop. */
  const idle = async (): Promise<void> => {
    do {
      if (busy > 0) await new Promise<void>((resolve) => (freed = resolve));
      await new Promise((resolve) => setImmediate(resolve));
    } while (busy > 0);
  };
  return {
    now: () => now,
    wait: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const done = (): void => {
          signal.removeEventListener('abort', done);
          resolve();
        };
        signal.addEventListener('abort', done);
        waits.push(now + Math.max(0, milliseconds), done);
      }),
    async pass(milliseconds) {
      const until = now + milliseconds;
      for (;;) {
        await idle();
        const next = waits.peek();
        if (!next || next.due > until) break;
        waits.pop();
        now = Math.max(now, next.due);
        next.item();
      }
      now = until;
    },
    async during(work) {
      busy += 1;
      try {
        return await work;
      } finally {
        busy -= 1;
        if (busy === 0) freed();
      }
    },
  };
}
