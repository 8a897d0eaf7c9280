import type { Instant } from '../contract/contract';

/** The last of several instants; nothing if there are none. */
export function latest(times: readonly (Instant | undefined)[]): Instant | undefined {
  return times
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
}
