/** Waits between the tries to start something again. */

const firstWait = 500;
const longestWait = 60_000;
/** Milliseconds of running after which a restart counts as successful: the next end starts the waits anew. */
const wellAfter = 5 * 60_000;

/**
 * How long to wait before something that ended is started again: half a second, then twice the wait before, at most a
 * minute; half a second again after it has run well for five minutes.
 *
 * @param last the wait before, in milliseconds; undefined for the first
 * @param ran how long it ran since then, in milliseconds; 0 if it did not come up
 */
export function growWait(last: number | undefined, ran: number): number {
  return last === undefined || ran >= wellAfter ? firstWait : Math.min(last * 2, longestWait);
}
