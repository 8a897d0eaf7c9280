/** Work that comes again and again in a process. */
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Takes turns one after the other, the first at once, until they are stopped.
 *
 * @param turn its signal says that it is the last; gives the milliseconds until the next, and must not fail
 * @returns a function that waits for the turn under way
 */
export function takeTurns(turn: (stopping: AbortSignal) => Promise<number>): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      const wait = await turn(signal);
      await pause(Math.max(0, wait), undefined, { signal }).catch(() => undefined);
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
