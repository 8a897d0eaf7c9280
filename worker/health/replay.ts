/** Whether the code of today can go on with a history. */
import { temporal } from '@temporalio/proto';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import { installRuntime } from '../temporal-runtime';
import { payloadConverterPath } from '../workflow-bundle';
import { guardWorkflowThreads } from '../workflow-threads';
import type { FinishedTask } from './workflows';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/**
 * Finds the last task that a run can be begun again at: all before it replays, and it can be done.
 *
 * @param tasks those that may be chosen, oldest first
 * @returns nothing where not even the first can
 */
export async function lastGoodTask(
  events: readonly HistoryEvent[],
  tasks: readonly FinishedTask[],
  workflowId: string,
  workflowBundle: WorkflowBundleOption,
): Promise<FinishedTask | undefined> {
  const isGood = async (index: number): Promise<boolean> => {
    const { eventId } = tasks[index]!;
    return replays(
      events.filter((event) => Number(event.eventId) < eventId),
      workflowId,
      workflowBundle,
    );
  };
  // Mostly the trouble came last.
  if (tasks.length > 0 && (await isGood(tasks.length - 1))) return tasks.at(-1);
  let good = -1;
  let bad = tasks.length - 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (await isGood(middle)) good = middle;
    else bad = middle;
  }
  return good < 0 ? undefined : tasks[good];
}

async function replays(
  events: HistoryEvent[],
  workflowId: string,
  workflowBundle: WorkflowBundleOption,
): Promise<boolean> {
  installRuntime();
  guardWorkflowThreads();
  try {
    await Worker.runReplayHistory(
      { workflowBundle, dataConverter: { payloadConverterPath } },
      temporal.api.history.v1.History.fromObject({ events }),
      workflowId,
    );
    return true;
  } catch {
    return false;
  }
}
