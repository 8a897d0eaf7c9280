/**
 * Interceptors for tests: runs end after a few steps, as if their history had grown too long.
 */
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { getActivator } from '@temporalio/workflow/lib/global-attributes';

/** Makes the interceptors. @param most steps of a run, at least 2, as the first one only begins it */
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
