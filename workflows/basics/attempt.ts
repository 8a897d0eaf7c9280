/** A failure becomes a value first: what follows from it is ordinary code, which never runs once a workflow is disposed. */

export type Outcome<T> = { value: T } | { error: unknown };

/**
 * Waits for work, whatever comes of it. A worker may dispose of a workflow while work is under way: everything that is
 * waited for then fails, and what asks the runtime for anything (the clock, a condition) in a `catch` or `finally` would
 * fail outside every workflow. So nothing is asked here.
 */
export async function attempt<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}
