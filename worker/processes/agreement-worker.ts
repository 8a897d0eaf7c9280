/** The worker: runs agreement years and the activities they ask for. */
import { Context } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor, NativeConnectionOptions } from '@temporalio/worker';
import type { ActivityDeps } from '../../activities';
import { createActivities } from '../../activities';
import type { RunningWorker } from '../temporal/temporal-runtime';
import { startWorker } from '../temporal/temporal-runtime';
import { workflowBundle } from '../temporal/workflow-bundle';

export interface AgreementWorkerOptions {
  connection: NativeConnectionOptions;
  namespace: string;
  taskQueue: string;
  deps: ActivityDeps;
  /** Where the workflow bundle is kept. */
  cacheDir: string;
  /** Another bundle than the one of today's sources. */
  bundle?: { codePath: string };
}

/** An idle workflow takes about 380 KiB in the worker; 500 of them stay below 200 MB. */
const cachedWorkflows = 500;

/** Milliseconds between signs of life of an activity; Temporal hears of them at least that often. */
const aliveEvery = 5_000;

/**
 * Says that an ordinary activity is under way for as long as it is: that of a worker that was killed is tried again by
 * another when its signs of life stay away, not when all its time is over.
 */
const staysAlive: ActivityInboundCallsInterceptor = {
  async execute(input, next) {
    const context = Context.current();
    if (context.info.heartbeatTimeoutMs === undefined) return next(input);
    const alive = setInterval(() => context.heartbeat(), aliveEvery);
    try {
      return await next(input);
    } finally {
      clearInterval(alive);
    }
  },
};

/** Starts a worker in this process. */
export async function startAgreementWorker(options: AgreementWorkerOptions): Promise<RunningWorker> {
  const { connection, namespace, taskQueue } = options;
  return startWorker({
    connection,
    namespace,
    taskQueue,
    workflowBundle: options.bundle ?? (await workflowBundle(options.cacheDir)),
    activities: createActivities(options.deps),
    interceptors: { activity: [() => ({ inbound: staysAlive })] },
    maxHeartbeatThrottleInterval: aliveEvery,
    maxCachedWorkflows: cachedWorkflows,
    shutdownGraceTime: '10 seconds',
  });
}
