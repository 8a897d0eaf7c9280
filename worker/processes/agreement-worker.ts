/** The worker of agreements: runs their workflows and the activities these ask for. */
import { Context } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor, NativeConnectionOptions } from '@temporalio/worker';
import type { ActivityDeps } from '../../activities';
import { createActivities } from '../../activities';
import { versioned } from '../temporal/deployment';
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
  /** A bundle to run instead of the one built from today's sources. */
  bundle?: { codePath: string };
  /** The version that the worker is of; without one it is of none. */
  build?: string;
  /** How long a workflow's code may run at a time, five seconds unless told otherwise. */
  isolateExecutionTimeout?: '1 minute';
}

/** An idle agreement takes 2 to 3 MiB of the worker (`npm run bench -- --only fleet`). */
const cachedWorkflows = 500;

/**
 * Workflow tasks at a time. Each runs first tries of activities, which have a second: with many more at a time, in a burst, they
 * wait for one another until that second is over, and the work is done twice.
 */
const workflowTasks = 15;

/** Milliseconds between an activity's heartbeats, and the longest that the SDK may hold one back. */
const aliveEvery = 5_000;

/**
 * Sends heartbeats while an activity runs, if it has a heartbeat timeout. When a worker is killed, Temporal retries its
 * activities on another worker after that timeout, not after the longer start-to-close timeout.
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

/** Starts the worker in this process. */
export async function startAgreementWorker(options: AgreementWorkerOptions): Promise<RunningWorker> {
  const { connection, namespace, taskQueue, build, isolateExecutionTimeout } = options;
  return startWorker({
    connection,
    namespace,
    taskQueue,
    ...(build !== undefined && { workerDeploymentOptions: versioned(taskQueue, build) }),
    ...(isolateExecutionTimeout && { isolateExecutionTimeout }),
    workflowBundle: options.bundle ?? (await workflowBundle(options.cacheDir)),
    activities: createActivities(options.deps),
    interceptors: { activity: [() => ({ inbound: staysAlive })] },
    maxHeartbeatThrottleInterval: aliveEvery,
    maxCachedWorkflows: cachedWorkflows,
    maxConcurrentWorkflowTaskExecutions: workflowTasks,
    shutdownGraceTime: '10 seconds',
  });
}
