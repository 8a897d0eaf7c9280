/** The worker: runs agreement years and the activities they ask for. */
import {
  NativeConnection,
  Runtime,
  DefaultLogger,
  Worker,
  makeTelemetryFilterString,
} from '@temporalio/worker';
import type { LogMetadata, NativeConnectionOptions } from '@temporalio/worker';
import type { ActivityDeps } from '../activities';
import { createActivities } from '../activities';
import { payloadConverterPath, workflowBundle } from './workflow-bundle';

export interface AgreementWorkerOptions {
  connection: NativeConnectionOptions;
  namespace: string;
  taskQueue: string;
  deps: ActivityDeps;
  /** Where the workflow bundle is kept. */
  cacheDir: string;
}

export interface RunningWorker {
  /** Ends when the worker does; rejects if it could not go on. */
  finished: Promise<void>;
  /** Lets running activities end, then stops. */
  stop(): Promise<void>;
}

/** An idle workflow takes about 380 KiB in the worker; 500 of them stay below 200 MB. */
const cachedWorkflows = 500;

let runtimeInstalled = false;

/** Once in a process: the native core writes warnings and worse, no more. */
function installRuntime(): void {
  if (runtimeInstalled) return;
  runtimeInstalled = true;
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) =>
      process.stderr.write(`${level}: ${message} ${describe(meta)}\n`),
    ),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
    },
    shutdownSignals: [],
  });
}

/** What a log line is about: the activity or workflow and the reason, not every field the SDK knows. */
function describe(meta: LogMetadata | undefined): string {
  const { workflowId, activityType, attempt, error } = (meta ?? {}) as Record<string, unknown>;
  const reason = error instanceof Error ? error.message : error;
  return [workflowId, activityType, attempt && `attempt ${String(attempt)}`, reason]
    .filter(Boolean)
    .map(String)
    .join(', ');
}

/** Starts a worker in this process. */
export async function startAgreementWorker(options: AgreementWorkerOptions): Promise<RunningWorker> {
  installRuntime();
  const bundle = await workflowBundle(options.cacheDir);
  const connection = await NativeConnection.connect(options.connection);
  const worker = await Worker.create({
    connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue,
    workflowBundle: bundle,
    dataConverter: { payloadConverterPath },
    activities: createActivities(options.deps),
    maxCachedWorkflows: cachedWorkflows,
    shutdownGraceTime: '10 seconds',
  });
  const finished = worker.run().finally(() => connection.close());
  finished.catch(() => undefined);
  return {
    finished,
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await finished;
    },
  };
}
