/** Errors that nobody caught, in a process that is to go on. */

/**
 * Tells of every exception and rejection that nobody caught, and lets the process go on: such an error ended one piece of
 * work, a connection or a request, and whatever is owed stands in PostgreSQL and Temporal, from where it is taken up
 * again. Ended, the process would keep every customer from being served. What really is broken by it shows as silence,
 * which `/readyz`, the metrics and the sign of life to others are there to notice.
 *
 * @returns what lets such errors end the process again
 */
export function surviveStrayErrors(log: (line: string) => void): () => void {
  const told = (reason: unknown): void => {
    const error = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    log(`an error that nobody caught; all goes on: ${error}`);
  };
  process.on('uncaughtException', told);
  process.on('unhandledRejection', told);
  return () => {
    process.off('uncaughtException', told);
    process.off('unhandledRejection', told);
  };
}
