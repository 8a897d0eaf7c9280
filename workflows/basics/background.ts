/** Work that nobody waits for: the one way to start it. */
import { condition } from '@temporalio/workflow';

export interface Background {
  /** What the first piece of work that failed failed with. */
  failure?: { error: unknown };
}

/**
 * Starts work that nobody waits for, or not yet. It never rejects, not even when the workflow was disposed of meanwhile:
 * a rejection that belongs to no workflow any more would end all of the worker. What it fails with is kept, and fails
 * the workflow's task: see `unlessFailed`.
 *
 * @returns `done` ends once the work has succeeded; it never does where it failed
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
 * Tells a workflow's story for as long as nothing in its background fails.
 * @throws a plain error then: the task fails and is tried again, where everybody sees it
 */
export async function unlessFailed<T>(background: Background, story: () => Promise<T>): Promise<T> {
  const failed = async (): Promise<never> => {
    await condition(() => background.failure !== undefined);
    const error = background.failure?.error;
    throw new Error(`work in the background failed: ${String(error)}`, { cause: error });
  };
  return Promise.race([story(), failed()]);
}
