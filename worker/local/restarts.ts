/** Restarts parts that end unasked, after growing waits; everything else goes on meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import { growWait } from '../basics/growing-wait';
import { inWords, spoken } from '../basics/spoken';
import type { Language } from '../../rules/engine/basics/text';
import { fullLog } from './parts';
import type { Part } from './parts';
import type { ProgressReporter } from './progress';
import { formatElapsed } from './progress';

/** A part, or the watchdog. */
export type Restartable = Pick<Part, 'name' | 'assertRunning'>;

export interface Restarts {
  /**
   * From now on the part is started again whenever it ends, by `start`, which uses the same port and settings.
   *
   * @throws if it has ended already
   */
  keep(part: Restartable, start: () => Promise<Restartable>): void;
  /** To be called when a part has ended unasked. One not kept yet is ignored: whoever awaits its start reports it. */
  died(part: string, reason: string): void;
}

interface Kept {
  start: () => Promise<Restartable>;
  since: number;
  lastWait: number | undefined;
  away: boolean;
}

const said = {
  sv: {
    again: (wait: string) => `startas igen om ${wait}`,
    tried: (wait: string) => `prövas igen tills det går, nästa gång om ${wait}`,
    back: (name: string, time: string) => `${name} kör igen, efter ${time}`,
  },
  en: {
    again: (wait: string) => `it is started again in ${wait}`,
    tried: (wait: string) => `it is tried again until it comes back, next in ${wait}`,
    back: (name: string, time: string) => `${name} runs again, after ${time}`,
  },
} as const;
const words = (): (typeof said)[Language] => said[spoken()];

/** Creates the restarts. @param signal ends every wait; nothing is started after it */
export function createRestarts(log: Pick<ProgressReporter, 'info' | 'warn'>, signal: AbortSignal): Restarts {
  const all = new Map<string, Kept>();

  const bringBack = async (name: string, kept: Kept, reason: string): Promise<void> => {
    const diedAt = performance.now();
    kept.lastWait = growWait(kept.lastWait, diedAt - kept.since);
    log.warn(withNote(`${name} ${reason}`, words().again(formatElapsed(kept.lastWait))));
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
        log.warn(withNote(message, words().tried(formatElapsed(kept.lastWait))));
      }
    }
    // No await from here on: a part that dies next is noticed, as it is no longer marked as away.
    kept.away = false;
    kept.since = performance.now();
    log.info(`  ✓ ${words().back(name, formatElapsed(kept.since - diedAt))}`);
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
      // It rejects only if the wait is aborted.
      bringBack(name, kept, reason).catch(() => undefined);
    },
  };
}

/** Puts the note at the end of the message's first line, before the end of a log that may follow. */
function withNote(message: string, note: string): string {
  const [first = '', ...rest] = message.split('\n');
  return [`${first.replace(/\.$/, '')}; ${note}`, ...rest].join('\n');
}

/** A key for the reason of a failure: the first and last line of its message, without times and process ids. */
function keyOf(message: string): string {
  const lines = message.split('\n').filter((line) => !line.startsWith(`  ${inWords(fullLog)}`));
  return [lines[0], lines.at(-1)].join('\n').replace(/[0-9]+/g, '#');
}
