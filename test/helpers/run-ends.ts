/**
 * Loaded into workflows by tests, as a worker loads its interceptors: runs end after a few steps, as they do when their
 * history has grown too long.
 */
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { getActivator } from '@temporalio/workflow/lib/global-attributes';

/** @param most steps of a run, 2 or more: with its first a run only begins */
export function endingRuns(most: number): WorkflowInterceptorsFactory {
  return () => {
    let steps = 0;
    return {
      internals: [
        {
          activate: (input, next) => {
            if (input.activation.jobs?.some(({ queryWorkflow }) => !queryWorkflow)) steps += 1;
            if (steps >= most)
              getActivator().mutateWorkflowInfo((info) => ({ ...info, continueAsNewSuggested: true }));
            next(input);
          },
        },
      ],
    };
  };
}
