/** Ctrl-C, `kill` and a closed terminal: each asks for an orderly stop, once. */

/** npm forwards a Ctrl-C that the terminal has already sent to us: a second one within this time is the same one. */
const SAME_KEYPRESS_MS = 1_000;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `stop` at the first stop signal, and `force` at another one that comes more than a second later.
 * Returns a function that removes the handlers.
 */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void, force: () => void): () => void {
  let firstAt: number | undefined;
  const handle = (signal: NodeJS.Signals): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      stop(signal);
    } else if (performance.now() - firstAt > SAME_KEYPRESS_MS) {
      force();
    }
  };
  for (const signal of STOP_SIGNALS) process.on(signal, handle);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, handle);
  };
}
