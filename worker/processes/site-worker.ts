/** A site's worker: makes the checks of a customer's network from inside it. It reaches nothing of ours but Temporal. */
import { hostname } from 'node:os';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { createCheckNow } from '../../activities/monitors/check-now';
import { createSiteWatchActivities } from '../../activities/monitors/watch-site';
import { siteQueueOf } from '../../rules/engine/monitoring/queues';
import type { RunCheck } from '../../rules/engine/monitoring/watched';
import { heartbeatThrottle } from './monitoring-worker';
import type { RunningWorker } from '../temporal/temporal-runtime';
import { startWorker } from '../temporal/temporal-runtime';

export interface SiteWorkerOptions {
  connection: NativeConnectionOptions;
  namespace: string;
  /** Queue of the agreements; the site's is beside it. */
  taskQueue: string;
  site: string;
  runCheck: RunCheck;
}

/** A watch keeps a slot for as long as it runs; a site has one or a few of them. */
const activitySlots = 20;

export async function startSiteWorker(options: SiteWorkerOptions): Promise<RunningWorker> {
  const { connection, namespace, taskQueue, site, runCheck } = options;
  const workerName = `${hostname()} ${process.pid}`;
  return startWorker({
    connection,
    namespace,
    taskQueue: siteQueueOf(taskQueue, site),
    activities: { ...createSiteWatchActivities({ runCheck, workerName }), ...createCheckNow({ runCheck }) },
    maxConcurrentActivityTaskExecutions: activitySlots,
    maxHeartbeatThrottleInterval: heartbeatThrottle,
    shutdownGraceTime: 0,
    shutdownForceTime: '15 seconds',
  });
}
