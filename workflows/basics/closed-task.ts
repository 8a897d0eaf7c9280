/**
 * Fails a workflow task that took the place of one the server closed. The server closes a task by force when more messages
 * arrive while it runs than it holds back (100, or 2 MB), and hands out another. If the closed one waits for a local
 * activity, the SDK does not start anew: it goes on from where it was, and what local activities gave comes before the new
 * messages. A replay has the messages first, and goes another way: entries are written twice or not at all, and a result is
 * read as that of another activity. A task that is failed is run again from the history, as a replay sees it.
 *
 * A task that is renewed because it takes long looks the same from here and is failed too. It loses nothing: what it has
 * done is in the history by then. A worker loads this with every workflow.
 */
import type { WorkflowInterceptors } from '@temporalio/workflow';

/** Local activities under way that were begun outside a replay, by their numbers. */
const begun = new Set<number>();
let isReplaying = false;
let fail: ((error: Error) => void) | undefined;

/** What the failure says. */
export const closedTask = 'the server closed the task while an activity ran';

/** @param how fails the workflow's task; must not throw */
export function failClosedTask(how: (error: Error) => void): void {
  fail = how;
}

export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      activate: (input, next) => {
        const jobs = input.activation.jobs ?? [];
        isReplaying = input.activation.isReplaying === true;
        const isNewTask = jobs.some(
          ({ signalWorkflow, doUpdate, fireTimer, cancelWorkflow, resolveActivity }) =>
            signalWorkflow ?? doUpdate ?? fireTimer ?? cancelWorkflow ?? resolveActivity?.isLocal === false,
        );
        if (isNewTask && begun.size > 0 && !isReplaying) fail?.(new Error(closedTask));
        for (const { resolveActivity } of jobs)
          if (resolveActivity?.isLocal) begun.delete(resolveActivity.seq!);
        next(input);
      },
      concludeActivation: (input, next) => {
        const concluded = next(input);
        if (!isReplaying)
          for (const { scheduleLocalActivity } of concluded.commands)
            if (scheduleLocalActivity) begun.add(scheduleLocalActivity.seq!);
        return concluded;
      },
    },
  ],
});
