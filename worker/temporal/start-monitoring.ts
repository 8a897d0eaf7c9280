/** Makes sure that an agreement's monitoring, or a place's watch, runs, and tells it what happened. */
import type { Client } from '@temporalio/client';
import { watchIdOf } from '../../activities/monitors/places';
import type { Watch } from '../../activities/monitors/places';
import type { Contract } from '../../rules/engine/contract/contract';
import { monitoringQueueOf } from '../../rules/engine/monitoring/queues';
import { monitoredAttributesOf, monitoringIdOf } from './start-agreement';

export interface StartMonitoringOptions {
  /** Of the agreements; the monitoring has its own beside it. */
  taskQueue: string;
  language: 'sv' | 'en';
}

/** One that has ended begins anew, finds what there is to do, and ends again if there is nothing. */
export const startable = {
  workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  workflowIdConflictPolicy: 'USE_EXISTING',
} as const;

/** @param message the signal's name and what it carries; none only makes sure that it runs */
export async function tellMonitoring(
  client: Client,
  contract: Contract,
  message: { signal?: unknown; input?: unknown },
  { taskQueue, language }: StartMonitoringOptions,
): Promise<void> {
  const { agreement } = contract;
  await client.workflow.signalWithStart('monitoring', {
    workflowId: monitoringIdOf(agreement),
    taskQueue: monitoringQueueOf(taskQueue),
    args: [{ agreement, language }],
    signal: typeof message.signal === 'string' ? message.signal : 'configurationChanged',
    signalArgs: [(message.input ?? {}) as object],
    ...startable,
    // Whose agreement it is stands on the agreement's own workflow, and changes there.
    typedSearchAttributes: monitoredAttributesOf(contract),
    staticSummary: agreement,
  });
}

/** Has a place's watch look at what it is to check. */
export async function tellWatch(
  client: Client,
  watch: Watch,
  { taskQueue }: Pick<StartMonitoringOptions, 'taskQueue'>,
): Promise<void> {
  await client.workflow.signalWithStart('watching', {
    workflowId: watchIdOf(watch),
    taskQueue: monitoringQueueOf(taskQueue),
    args: [watch],
    signal: 'monitorsChanged',
    signalArgs: [{}],
    ...startable,
    staticSummary: watch.place,
  });
}
