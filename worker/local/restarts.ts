/** Parts that end unasked are started again, after waits that grow; what else runs goes on meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import { growWait } from '../basics/growing-wait';
import type { Part } from './parts';
import type { ProgressReporter } from './progress';
import { formatElapsed } from './progress';

/** What can be kept running: a part, or the watchdog. */
export type Restartable = Pick<Part, 'name' | 'assertRunning'>;

export interface Restarts {
  /**
   * From now on the part is started again whenever it ends. How it is started again is its own: on the same port, with
   * the same settings.
   *
   * @throws if it has ended already
   */
  keep(part: Restartable, start: () => Promise<Restartable>): void;
  /** Of a part that ended unasked. One that is not kept yet is told by whoever waits for its start. */
  died(part: string, reason: string): void;
}

interface Kept {
  start: () => Promise<Restartable>;
  since: number;
  lastWait: number | undefined;
  away: boolean;
}

/** @param signal ends every wait and starts nothing more */
export function createRestarts(log: Pick<ProgressReporter, 'info' | 'warn'>, signal: AbortSignal): Restarts {
  const all = new Map<string, Kept>();

  const bringBack = async (name: string, kept: Kept, reason: string): Promise<void> => {
    const diedAt = performance.now();
    kept.lastWait = growWait(kept.lastWait, diedAt - kept.since);
    log.warn(withNote(`${name} ${reason}`, `it is started again in ${formatElapsed(kept.lastWait)}`));
    const told = new Set<string>();
    for (;;) {
      await pause(kept.lastWait, undefined, { signal });
      try {
        (await kept.start()).assertRunning();
        break;
      } catch (error) {
        if (signal.aborted) return;
        const { message } = error as Error;
        kept.lastWait = growWait(kept.lastWait, 0);
        if (told.has(keyOf(message))) continue;
        told.add(keyOf(message));
        log.warn(
          withNote(message, `it is tried again until it comes back, next in ${formatElapsed(kept.lastWait)}`),
        );
      }
    }
    // From here to the end nothing can happen in between: a death that comes next is heard of.
    kept.away = false;
    kept.since = performance.now();
    log.info(`  ✓ ${name} runs again, after ${formatElapsed(kept.since - diedAt)}`);
  };

  return {
    keep: (part, start) => {
      part.assertRunning();
      all.set(part.name, { start, since: performance.now(), lastWait: undefined, away: false });
    },
    died: (name, reason) => {
      const kept = all.get(name);
      if (kept === undefined || kept.away || signal.aborted) return;
      kept.away = true;
      // It only ever rejects when the wait was called off.
      bringBack(name, kept, reason).catch(() => undefined);
    },
  };
}

/** The note stands at the end of the first line: what follows is the end of a log. */
function withNote(message: string, note: string): string {
  const [first = '', ...rest] = message.split('\n');
  return [`${first.replace(/\.$/, '')}; ${note}`, ...rest].join('\n');
}

/** Two tries failed for the same reason when they differ in times and process ids only: how it ended and its last word. */
function keyOf(message: string): string {
  const lines = message.split('\n').filter((line) => !line.startsWith('  The full log'));
  return [lines[0], lines.at(-1)].join('\n').replace(/[0-9]+/g, '#');
}
