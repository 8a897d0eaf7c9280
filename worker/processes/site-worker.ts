/** A site's worker: runs checks from inside a customer's network. Of our services it reaches Temporal alone. */
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
  /** Task queue of the agreements; the site's is named after it. */
  taskQueue: string;
  site: string;
  runCheck: RunCheck;
}

/** Activity slots. A watch keeps one for as long as it runs; a site has one or a few watches. */
const activitySlots = 20;

/** Starts the site's worker in this process. */
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
