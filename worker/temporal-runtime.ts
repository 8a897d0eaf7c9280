/** What all our workers have in common: the native runtime, and how one runs and stops. */
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  makeTelemetryFilterString,
} from '@temporalio/worker';
import type { LogMetadata, NativeConnectionOptions, WorkerOptions } from '@temporalio/worker';
import { payloadConverterPath } from './workflow-bundle';

export interface RunningWorker {
  /** Ends when the worker does; rejects if it could not go on. */
  finished: Promise<void>;
  /** Lets running activities end, then stops. */
  stop(): Promise<void>;
}

let runtimeInstalled = false;

/** Once in a process: the native core writes warnings and worse, no more. */
export function installRuntime(): void {
  if (runtimeInstalled) return;
  runtimeInstalled = true;
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // A site's worker has none, and means it.
      if (message.startsWith('No workflows registered')) return;
      process.stderr.write(`${level}: ${message} ${describe(meta)}\n`);
    }),
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

/**
 * Starts a worker with a connection of its own in this process.
 * @throws if Temporal cannot be reached
 */
export async function startWorker(
  options: Omit<WorkerOptions, 'connection'> & { connection: NativeConnectionOptions },
): Promise<RunningWorker> {
  installRuntime();
  const connection = await NativeConnection.connect(options.connection);
  const worker = await Worker.create({
    ...options,
    connection,
    dataConverter: { payloadConverterPath },
  }).catch(async (error: Error) => {
    await connection.close();
    throw error;
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
