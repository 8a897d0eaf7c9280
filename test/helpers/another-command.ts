/** Interceptors for tests: each run begins with a timer that the product's own code does not have. */
import { sleep } from '@temporalio/workflow';
import type { WorkflowInterceptors } from '@temporalio/workflow';

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      execute: async (input, next) => {
        await sleep(1);
        return next(input);
      },
    },
  ],
});
