/** Starts work that nobody waits for. */
import { condition } from '@temporalio/workflow';
import { failClosedTask } from './closed-task';

export interface Background {
  /** The error of the first work that failed. */
  failure?: { error: unknown };
}

/**
 * Starts work that nobody waits for, or not yet. It never rejects, not even in a disposed workflow, where a rejection
 * would end the whole worker. An error is kept, and fails the workflow's task: see `unlessFailed`.
 *
 * @returns `done` resolves once the work has succeeded, and never where it failed
 */
export function inBackground(
  { background }: { background: Background },
  work: () => Promise<unknown>,
): { done: Promise<void> } {
  const keep = (error: unknown): void => {
    background.failure ??= { error };
  };
  const done = new Promise<void>((resolve) => {
    work().then(() => resolve(), keep);
  });
  return { done };
}

/**
 * Runs a workflow's main function until it ends, work in its background fails, or the server closes its task by force.
 * @throws a plain error where it did not end: the workflow's task fails visibly and is tried again
 */
export async function unlessFailed<T>(background: Background, story: () => Promise<T>): Promise<T> {
  failClosedTask((error) => (background.failure ??= { error }));
  const failed = async (): Promise<never> => {
    await condition(() => background.failure !== undefined);
    const error = background.failure?.error;
    throw new Error(`work in the background failed: ${String(error)}`, { cause: error });
  };
  return Promise.race([story(), failed()]);
}
