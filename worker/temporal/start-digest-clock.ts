/** Starts the clock workflow of a reader of digests if it does not run, and signals it that something changed. */
import type { Client } from '@temporalio/client';
import type { DigestClockInput } from '../../workflows/digest-clock';
import type { StartMonitoringOptions } from './start-monitoring';
import { startable } from './start-monitoring';

/** Id of a reader's clock workflow. */
export const digestClockIdOf = (reader: string): string => `digests-${reader}`;

export interface TellDigestClockOptions extends StartMonitoringOptions {
  /** Id of the workflow, instead of the usual one, for a simulated agreement. */
  workflowId?: string;
  /** Milliseconds added to Temporal's clock, if the workflow has to be started. */
  clockOffset?: number;
}

/** Signals a reader's clock, started if need be. @param reader key as in `activities/agreements/digest-readers.ts` */
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
