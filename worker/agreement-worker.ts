/** The worker: runs agreement years and the activities they ask for. */
import type { NativeConnectionOptions } from '@temporalio/worker';
import type { ActivityDeps } from '../activities';
import { createActivities } from '../activities';
import type { RunningWorker } from './temporal-runtime';
import { startWorker } from './temporal-runtime';
import { workflowBundle } from './workflow-bundle';

export interface AgreementWorkerOptions {
  connection: NativeConnectionOptions;
  namespace: string;
  taskQueue: string;
  deps: ActivityDeps;
  /** Where the workflow bundle is kept. */
  cacheDir: string;
}

/** An idle workflow takes about 380 KiB in the worker; 500 of them stay below 200 MB. */
const cachedWorkflows = 500;

/** Starts a worker in this process. */
export async function startAgreementWorker(options: AgreementWorkerOptions): Promise<RunningWorker> {
  const { connection, namespace, taskQueue } = options;
  return startWorker({
    connection,
    namespace,
    taskQueue,
    workflowBundle: await workflowBundle(options.cacheDir),
    activities: createActivities(options.deps),
    maxCachedWorkflows: cachedWorkflows,
    shutdownGraceTime: '10 seconds',
  });
}
