/** Starts an agreement's monitoring, or a place's watch, if it does not run, and signals it what happened. */
import type { Client } from '@temporalio/client';
import { watchIdOf } from '../../activities/monitors/places';
import type { Watch } from '../../activities/monitors/places';
import type { Contract } from '../../rules/engine/contract/contract';
import { monitoringQueueOf } from '../../rules/engine/monitoring/queues';
import type { RecordedAsk } from '../../activities/years/asked-monitors';
import { monitoredAttributesOf, monitoringIdOf, workflowIdOf } from './start-agreement';

export interface StartMonitoringOptions {
  /** Task queue of the agreements; the monitoring's is named after it. */
  taskQueue: string;
  language: 'sv' | 'en';
}

/** Start options: a workflow that has ended begins anew, and ends again if it finds nothing to do. */
export const startable = {
  workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  workflowIdConflictPolicy: 'USE_EXISTING',
} as const;

/** Signals the monitoring. @param message the signal's name and input; without a name it looks at its configuration */
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
    // No consultant: that attribute can change, and stands on the agreement's own workflow.
    typedSearchAttributes: monitoredAttributesOf(contract),
    staticSummary: agreement,
  });
}

/** Signals a place's watch, started if need be, to read its checks again. */
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

/** Has the checks of an integration made now, and their answer told to its agreement; asked twice, they are made once. */
export async function startIntegrationCheck(
  client: Client,
  { agreement, payload }: { agreement: string; payload: Record<string, unknown> },
  { taskQueue, language }: StartMonitoringOptions,
): Promise<void> {
  const ask = payload.input as RecordedAsk;
  const { integration, asked } = ask;
  await client.workflow.start('checkIntegration', {
    workflowId: `check-${agreement}-${integration}-${asked}`,
    taskQueue: monitoringQueueOf(taskQueue),
    args: [{ ...ask, agreement, tells: workflowIdOf(agreement), taskQueue, language }],
    ...startable,
    staticSummary: agreement,
  });
}
