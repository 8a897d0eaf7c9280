/**
 * Interceptors for tests: each of these signals fails the task that it arrives with, in a way of its own, at every
 * attempt.
 */
import { condition, upsertMemo } from '@temporalio/workflow';
import type { WorkflowInterceptors } from '@temporalio/workflow';

const broken = (how: string): Error => new Error(`broken by a test: ${how}`);

/** Holds promises that nobody awaits. */
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

/** This signal throws after its batch of jobs: reactions to settled promises are queued when the call throws. */
export const breakAfterBatch = 'breakAfterBatch';

export const breakingSignals = [...Object.keys(inHandler), breakAfterBatch];

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      // Other signals are passed on synchronously, so that they are handled as without this interceptor.
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
