/** The worker of our own monitoring, on a queue of its own: it neither delays an agreement's mail nor waits for one. */
import type { NativeConnectionOptions } from '@temporalio/worker';
import { monitoringQueueOf } from '../../rules/engine/monitoring/queues';
import { versioned } from '../temporal/deployment';
import type { RunningWorker } from '../temporal/temporal-runtime';
import { startWorker } from '../temporal/temporal-runtime';
import { workflowBundle } from '../temporal/workflow-bundle';

export interface MonitoringWorkerOptions {
  connection: NativeConnectionOptions;
  namespace: string;
  /** Task queue of the agreements; the monitoring's is named after it. */
  taskQueue: string;
  cacheDir: string;
  /** The version that the worker is of; without one it is of none. */
  build?: string;
  /** Every activity that the monitoring's workflows call. */
  activities: object;
}

/** Activity slots. The few watches keep theirs for as long as they run; the others are for short work. */
const activitySlots = 60;
const cachedWorkflows = 500;

/**
 * Starts the worker in this process. When it stops it cancels its watches at once, so that another worker takes them
 * over; other activities may finish.
 */
export async function startMonitoringWorker(options: MonitoringWorkerOptions): Promise<RunningWorker> {
  const { connection, namespace, taskQueue, activities, cacheDir, build } = options;
  return startWorker({
    connection,
    namespace,
    taskQueue: monitoringQueueOf(taskQueue),
    ...(build !== undefined && { workerDeploymentOptions: versioned(taskQueue, build) }),
    workflowBundle: await workflowBundle(cacheDir),
    activities,
    maxConcurrentActivityTaskExecutions: activitySlots,
    maxCachedWorkflows: cachedWorkflows,
    maxHeartbeatThrottleInterval: heartbeatThrottle,
    shutdownGraceTime: 0,
    shutdownForceTime: '15 seconds',
  });
}

/** The longest that the SDK delays a heartbeat, whose answer says that an activity is cancelled; by default 16 s. */
export const heartbeatThrottle = '5 seconds';
