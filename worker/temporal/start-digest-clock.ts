/** Makes sure that the clock of a reader of digests runs, and has it look at what changed. */
import type { Client } from '@temporalio/client';
import type { DigestClockInput } from '../../workflows/digest-clock';
import type { StartMonitoringOptions } from './start-monitoring';
import { startable } from './start-monitoring';

/** Id of the workflow of a reader's clock. */
export const digestClockIdOf = (reader: string): string => `digests-${reader}`;

export interface TellDigestClockOptions extends StartMonitoringOptions {
  /** Other than the usual id, for a simulated agreement. */
  workflowId?: string;
  /** Milliseconds added to Temporal's clock, where it has to be started. */
  clockOffset?: number;
}

/** @param reader key of the reader, as in `activities/agreements/digest-readers.ts` */
export async function tellDigestClock(
  client: Client,
  reader: string,
  { taskQueue, language, workflowId = digestClockIdOf(reader), clockOffset = 0 }: TellDigestClockOptions,
): Promise<void> {
  const input: DigestClockInput = { reader, language, clockOffset };
  await client.workflow.signalWithStart('digestClock', {
    workflowId,
    taskQueue,
    args: [input],
    signal: 'digestsChanged',
    ...startable,
    staticSummary: reader,
  });
}
