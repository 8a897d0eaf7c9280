/** Errors that nobody caught, in a process that is to go on. */
import { inWords } from './spoken';

/**
 * Logs every exception and rejection that nobody caught, and lets the process go on. Such an error ends one piece of
 * work, a connection or a request; work still to do stands in PostgreSQL and Temporal, and is taken up from there. If
 * the process ended, no customer would be served. If something really is broken, work stops: `/readyz`, the metrics
 * and the sign of life to others show it.
 *
 * @returns a function that lets such errors end the process again
 */
export function surviveStrayErrors(log: (line: string) => void): () => void {
  const told = (reason: unknown): void => {
    const error = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    log(
      inWords({
        sv: `ett fel som ingen fångade; allt fortsätter: ${error}`,
        en: `an error that nobody caught; all goes on: ${error}`,
      }),
    );
  };
  process.on('uncaughtException', told);
  process.on('unhandledRejection', told);
  return () => {
    process.off('uncaughtException', told);
    process.off('unhandledRejection', told);
  };
}
