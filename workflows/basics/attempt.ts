/** Turns a failure into a value, so that it is handled by ordinary code, which does not run in a disposed workflow. */

export type Outcome<T> = { value: T } | { error: unknown };

/**
 * Waits for work and gives its value or its error. A worker may dispose of a workflow while work is under way: all that
 * is awaited then fails, and a `catch` or `finally` that calls the runtime (the clock, a condition) would fail outside
 * every workflow. So the `catch` here calls nothing.
 */
export async function attempt<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}
