/**
 * Loaded into workflows by tests, as a worker loads its interceptors: each of these signals fails the task that it
 * arrives with, in its own way, at every try.
 */
import { condition, upsertMemo } from '@temporalio/workflow';
import type { WorkflowInterceptors } from '@temporalio/workflow';

const broken = (how: string): Error => new Error(`broken by a test: ${how}`);

const inHandler: Record<string, () => unknown> = {
  breakInHandler: () => {
    throw broken('a throw in a handler');
  },
  breakByRejection: () => {
    const left = Promise.reject(broken('a rejection that nobody handles'));
    return { left };
  },
  breakInCondition: () =>
    condition(() => {
      throw broken('a throw in a condition');
    }),
  breakByLoop: () => {
    for (;;);
  },
  breakBySize: () => upsertMemo({ large: 'x'.repeat(5_000_000) }),
};

/** The signal's batch is taken first: what it settled is queued when the call throws. */
export const breakAfterBatch = 'breakAfterBatch';

export const breakingSignals = [...Object.keys(inHandler), breakAfterBatch];

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      handleSignal: async (input, next) => {
        await inHandler[input.signalName]?.();
        return next(input);
      },
    },
  ],
  internals: [
    {
      activate: (input, next) => {
        const jobs = input.activation.jobs ?? [];
        const breaks = jobs.some(({ signalWorkflow }) => signalWorkflow?.signalName === breakAfterBatch);
        next(input);
        if (breaks) throw broken('a throw after the batch');
      },
    },
  ],
});
