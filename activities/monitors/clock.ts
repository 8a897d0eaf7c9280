/** The clock that watches use; tests pass one that runs ahead. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds, or at once when called off; never rejects. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Longer waits overflow the timer. */
const longestTimer = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: Date.now,
  wait: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(0, Math.min(longestTimer, milliseconds)));
      signal.addEventListener('abort', done);
    }),
};
