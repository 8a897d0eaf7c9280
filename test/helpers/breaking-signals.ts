/**
 * Loaded into workflows by tests, as a worker loads its interceptors: each of these signals fails the task that it
 * arrives with, in its own way, at every try.
 */
import { condition, upsertMemo } from '@temporalio/workflow';
import type { WorkflowInterceptors } from '@temporalio/workflow';

const broken = (how: string): Error => new Error(`broken by a test: ${how}`);

/** Keeps what nobody waits for. */
const untouched = new Set<unknown>();

const inHandler: Record<string, () => Promise<void>> = {
  breakInHandler: async () => {
    throw broken('a throw in a handler');
  },
  breakByRejection: async () => {
    const left = Promise.reject(broken('a rejection that nobody handles'));
    untouched.add(left);
  },
  breakInCondition: () =>
    condition(() => {
      throw broken('a throw in a condition');
    }),
  breakByLoop: async () => {
    for (;;);
  },
  breakBySize: async () => upsertMemo({ large: 'x'.repeat(5_000_000) }),
};

/** The signal's batch is taken first: what it settled is queued when the call throws. */
export const breakAfterBatch = 'breakAfterBatch';

export const breakingSignals = [...Object.keys(inHandler), breakAfterBatch];

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      // Not a moment later than without this: other signals are handled as the product alone handles them.
      handleSignal: (input, next) =>
        (Object.hasOwn(inHandler, input.signalName) ? inHandler[input.signalName]?.() : undefined) ??
        next(input),
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
