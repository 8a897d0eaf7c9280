/** Versions of the worker at Temporal: which is current, which runs are on which, and moving one. */
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { WorkerDeploymentOptions } from '@temporalio/worker';
import { heldLocks } from '../../activities/db';
import type { Db, Queryable } from '../../activities/db';
import { monitoringQueueOf } from '../../rules/engine/monitoring/queues';

const { WorkerDeploymentVersionStatus: Status } = temporal.api.enums.v1;
const GRPC_NOT_FOUND = 5;

/** Where versions are asked for. */
export interface Deployed {
  client: Client;
  /** Task queue of the agreements; the deployment is named after it. */
  taskQueue: string;
}

/** Name of the deployment of a task queue's workers: the server keeps `.` and `:` for itself. */
export const deploymentNameOf = (taskQueue: string): string => taskQueue.replace(/[.:]/g, '-');

/** Options of a worker that belongs to a version: its runs stay on it until they are moved. */
export const versioned = (taskQueue: string, buildId: string): WorkerDeploymentOptions => ({
  version: { deploymentName: deploymentNameOf(taskQueue), buildId },
  useWorkerVersioning: true,
  defaultVersioningBehavior: 'PINNED',
});

const states = {
  [Status.WORKER_DEPLOYMENT_VERSION_STATUS_CURRENT]: 'current',
  [Status.WORKER_DEPLOYMENT_VERSION_STATUS_RAMPING]: 'ramping',
  [Status.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINING]: 'draining',
  [Status.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINED]: 'drained',
} as const;

/** A version that a worker has ever been of. */
export interface Version {
  build: string;
  /** `draining`: replaced, with runs on it; `drained`: without any; `inactive`: it was never in force. */
  state: (typeof states)[keyof typeof states] | 'inactive';
  /** When it became current last, and when it began to ramp, in milliseconds since 1970; null if it never did. */
  currentAt: number | null;
  rampingSince: number | null;
}

export interface Routing {
  /** The version that new runs begin on; undefined until there is one. */
  current: string | undefined;
  ramping: string | undefined;
  /** Newest first. */
  versions: Version[];
}

const millisecondsOf = (at: temporal.api.deployment.v1.WorkerDeploymentInfo['createTime']): number | null =>
  at ? Number(at.seconds ?? 0) * 1_000 : null;

type Summary = temporal.api.deployment.v1.WorkerDeploymentInfo.IWorkerDeploymentVersionSummary;
const createdAt = ({ createTime }: Summary): number =>
  Number(createTime?.seconds ?? 0) * 1_000 + (createTime?.nanos ?? 0) / 1_000_000;
const newestFirst = (a: Summary, b: Summary): number => createdAt(b) - createdAt(a);

/** The versions that Temporal knows. @returns undefined before the first worker of any version */
export async function readRouting({ client, taskQueue }: Deployed): Promise<Routing | undefined> {
  const { workflowService, options } = client;
  try {
    const { workerDeploymentInfo: info } = await workflowService.describeWorkerDeployment({
      namespace: options.namespace,
      deploymentName: deploymentNameOf(taskQueue),
    });
    return {
      current: info?.routingConfig?.currentDeploymentVersion?.buildId ?? undefined,
      ramping: info?.routingConfig?.rampingDeploymentVersion?.buildId ?? undefined,
      versions: [...(info?.versionSummaries ?? [])].sort(newestFirst).map((each) => ({
        build: each.deploymentVersion?.buildId ?? '',
        state: states[each.status as unknown as keyof typeof states] ?? 'inactive',
        currentAt: millisecondsOf(each.lastCurrentTime),
        rampingSince: millisecondsOf(each.rampingSinceTime),
      })),
    };
  } catch (error) {
    if ((error as { code?: number }).code === GRPC_NOT_FOUND) return undefined;
    throw error;
  }
}

/** Makes a version the one that new runs begin on; whatever ramps there is over with it. */
export async function makeCurrent({ client, taskQueue }: Deployed, buildId: string): Promise<void> {
  await client.workflowService.setWorkerDeploymentCurrentVersion({
    namespace: client.options.namespace,
    deploymentName: deploymentNameOf(taskQueue),
    buildId,
    // A version before it may have served task queues that nobody needs any more.
    ignoreMissingTaskQueues: true,
  });
}

/**
 * Makes a version the ramping one, to which runs can be moved. No run goes to it unasked: the server would choose by
 * workflow, and tear an agreement from its monitoring.
 */
export async function makeRamping(
  { client, taskQueue }: Deployed,
  buildId: string | undefined,
): Promise<void> {
  await client.workflowService.setWorkerDeploymentRampingVersion({
    namespace: client.options.namespace,
    deploymentName: deploymentNameOf(taskQueue),
    buildId: buildId ?? '',
    percentage: 0,
    ignoreMissingTaskQueues: true,
  });
}

const oneTime = (taskQueue: string, buildId: string) => ({
  workflowExecutionOptions: {
    versioningOverride: {
      oneTime: { targetDeploymentVersion: { deploymentName: deploymentNameOf(taskQueue), buildId } },
    },
  },
  updateMask: { paths: ['versioning_override'] },
});

/**
 * Has a run go on with another version from its next task on, in the middle of its history: for a run whose own version
 * no worker is of any more. Called twice, it does the same.
 */
export async function moveRun({ client, taskQueue }: Deployed, run: Run, buildId: string): Promise<void> {
  await client.workflowService.updateWorkflowExecutionOptions({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: run.workflowId, runId: run.runId },
    ...oneTime(taskQueue, buildId),
  });
}

/** What a reset does last, so that the run that it begins goes on with a version. */
export const afterReset = (taskQueue: string, buildId: string) => [
  { updateWorkflowOptions: oneTime(taskQueue, buildId) },
];

/** A running workflow, and the version that it is on or about to be on; undefined where no version has had it. */
export interface Run {
  workflowId: string;
  runId: string;
  type: string;
  build: string | undefined;
}

/** Workflow types that are moved: those that last. */
export const lastingTypes = ['agreementYear', 'monitoring', 'watching', 'digestClock'] as const;

/** Whether a run lasts for long: of the others only those that a worker left behind are moved. */
export const lasts = ({ type }: Run): boolean => (lastingTypes as readonly string[]).includes(type);

/** All running workflows of a task queue's workers. */
export async function listRuns({ client, taskQueue }: Deployed): Promise<Run[]> {
  const queues = [taskQueue, monitoringQueueOf(taskQueue)].map((queue) => JSON.stringify(queue));
  const query = `ExecutionStatus = "Running" AND TaskQueue IN (${queues.join(', ')})`;
  const runs = new Map<string, Run>();
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.listWorkflowExecutions({
      namespace: client.options.namespace,
      pageSize: 1_000,
      query,
      ...(nextPageToken && { nextPageToken }),
    });
    for (const { execution, type, searchAttributes } of page.executions ?? []) {
      const { workflowId, runId } = execution ?? {};
      if (!workflowId || !runId) continue;
      const build = versionIn(searchAttributes?.indexedFields?.TemporalWorkerDeploymentVersion?.data);
      runs.set(workflowId, { workflowId, runId, type: type?.name ?? '', build });
    }
    nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
  } while (nextPageToken);
  return [...runs.values()];
}

/** The build id in the search attribute, `"deployment:build"` as JSON. */
function versionIn(data: Uint8Array | null | undefined): string | undefined {
  if (!data?.length) return undefined;
  const version = String(JSON.parse(Buffer.from(data).toString('utf8')));
  return version.slice(version.indexOf(':') + 1);
}

/**
 * The version that takes over a run of a version that nobody is of any more: the current one.
 * @returns undefined where the run's own version lives, it is of none, or none is current
 */
export async function heirOf(
  deployed: Deployed & { db: Queryable },
  { build }: { build?: string | undefined },
): Promise<string | undefined> {
  if (build === undefined) return undefined;
  const served = await servedVersions(deployed.db, deployed.taskQueue, [build]);
  return served.has(build) ? undefined : (await readRouting(deployed))?.current;
}

const lockOf = (taskQueue: string, build: string): string => `worker ${deploymentNameOf(taskQueue)}:${build}`;

/** Which of these versions a process runs a worker of. The database knows at once when one is gone. */
export async function servedVersions(
  db: Queryable,
  taskQueue: string,
  builds: readonly string[],
): Promise<Set<string>> {
  const held = await heldLocks(
    db,
    builds.map((build) => lockOf(taskQueue, build)),
  );
  return new Set(builds.filter((build) => held.has(lockOf(taskQueue, build))));
}

/** Milliseconds until a lost connection is made again. */
const holdAgainAfter = 1_000;

/** Shows that a worker of a version runs, until it is stopped. @throws if the database does not answer now */
export async function showServed(db: Db, taskQueue: string, build: string): Promise<() => Promise<void>> {
  let release: () => Promise<void> = () => Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const again = (): void => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => void hold().catch(again), holdAgainAfter);
  };
  const hold = async (): Promise<void> => {
    const holds = await db.holdLock(lockOf(taskQueue, build), again);
    if (stopped) await holds();
    else release = holds;
  };
  await hold();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await release();
  };
}
