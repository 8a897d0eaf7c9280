import type { Client } from '@temporalio/client';
import { VirtualTime } from '../../worker/simulation/virtual-time';

const seconds = (milliseconds: number): { seconds: number } => ({
  seconds: Math.floor(milliseconds / 1_000),
});

/** A workflow that waits for a timer, on a server that does not read its history from the end, as after a full disk. */
const client = {
  options: { namespace: 'simulations' },
  workflowService: {
    describeWorkflowExecution: () =>
      Promise.resolve({
        workflowExecutionInfo: { status: 1, historyLength: 5, execution: { runId: 'run' } },
        workflowExtendedInfo: { timeSkippingInfo: { currentTime: seconds(Date.now()) } },
      }),
    getWorkflowExecutionHistoryReverse: () => Promise.reject(new Error('internal history service error')),
  },
  workflow: {
    getHandle: () => ({
      fetchHistory: () =>
        Promise.resolve({
          events: [
            {
              eventId: 5,
              eventTime: seconds(Date.now()),
              timerStartedEventAttributes: { startToFireTimeout: seconds(3_600_000) },
            },
          ],
        }),
    }),
  },
} as unknown as Client;

it('a history that can be read from its beginning only is read so (seed 4 of chaos)', async () => {
  await expect(new VirtualTime(client, 'agreement-a', 0).untilIdle()).resolves.toBeUndefined();
});
