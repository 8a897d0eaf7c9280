/** The worker of our own monitoring, on a queue of its own: it neither delays an agreement's mail nor waits for one. */
import type { NativeConnectionOptions } from '@temporalio/worker';
import { monitoringQueueOf } from '../../rules/engine/monitoring/queues';
import type { RunningWorker } from '../temporal/temporal-runtime';
import { startWorker } from '../temporal/temporal-runtime';
import { workflowBundle } from '../temporal/workflow-bundle';

export interface MonitoringWorkerOptions {
  connection: NativeConnectionOptions;
  namespace: string;
  /** Queue of the agreements; the monitoring's is beside it. */
  taskQueue: string;
  cacheDir: string;
  /** All that the monitoring's workflows ask for. */
  activities: object;
}

/** Watches keep a slot for as long as they run, a handful of them; the rest is for short work. */
const activitySlots = 60;
const cachedWorkflows = 500;

/**
 * Watches are called off as soon as the worker is to stop, so that another one takes them over at once. Other activities
 * are let end.
 */
export async function startMonitoringWorker(options: MonitoringWorkerOptions): Promise<RunningWorker> {
  const { connection, namespace, taskQueue, activities, cacheDir } = options;
  return startWorker({
    connection,
    namespace,
    taskQueue: monitoringQueueOf(taskQueue),
    workflowBundle: await workflowBundle(cacheDir),
    activities,
    maxConcurrentActivityTaskExecutions: activitySlots,
    maxCachedWorkflows: cachedWorkflows,
    maxHeartbeatThrottleInterval: heartbeatThrottle,
    shutdownGraceTime: 0,
    shutdownForceTime: '15 seconds',
  });
}

/** How long a call-off or a takeover may go unnoticed: without it the SDK speaks up every 16 seconds only. */
export const heartbeatThrottle = '5 seconds';
