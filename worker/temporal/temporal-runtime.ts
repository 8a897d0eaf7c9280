/** What all our workers have in common: the native runtime, and how one runs, is started again and stops. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  makeTelemetryFilterString,
} from '@temporalio/worker';
import type { LogMetadata, NativeConnectionOptions, WorkerOptions } from '@temporalio/worker';
import { growWait } from '../basics/growing-wait';
import { payloadConverterPath } from './workflow-bundle';
import { guardWorkflowThreads } from './workflow-threads';

export interface RunningWorker {
  /** Ends when the worker was told to stop and has. */
  finished: Promise<void>;
  /** Lets running activities end, then stops. */
  stop(): Promise<void>;
}

export type StartWorkerOptions = Omit<WorkerOptions, 'connection'> & { connection: NativeConnectionOptions };

/** Few ask for work where there is none: each question that stays without an answer costs the server something. */
const pollers = { type: 'autoscaling', minimum: 1, initial: 5, maximum: 20 } as const;

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

/** One life of a worker, with a connection of its own. */
interface Life {
  /** Ends when the worker does; rejects if it could not go on. */
  over: Promise<void>;
  end(): void;
}

/** @throws if Temporal cannot be reached */
async function begin({ connection: to, ...options }: StartWorkerOptions): Promise<Life> {
  const connection = await NativeConnection.connect(to);
  try {
    const worker = await Worker.create({
      workflowTaskPollerBehavior: pollers,
      activityTaskPollerBehavior: pollers,
      ...options,
      connection,
      dataConverter: { payloadConverterPath },
    });
    const over = worker.run().finally(() => connection.close());
    over.catch(() => undefined);
    return {
      over,
      end: () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
      },
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/**
 * Starts a worker in this process, and again, after waits that grow, whenever it ends by itself: what it did not finish
 * Temporal hands out once more.
 * @throws if Temporal cannot be reached the first time
 */
export async function startWorker(options: StartWorkerOptions): Promise<RunningWorker> {
  installRuntime();
  guardWorkflowThreads();
  const stopping = new AbortController();
  const tell = (what: string): void =>
    void process.stderr.write(`The worker of ${options.taskQueue ?? 'no queue'} ${what}\n`);
  let life = await begin(options);
  const live = async (): Promise<void> => {
    for (let wait: number | undefined; ;) {
      const began = performance.now();
      let why = await life.over.then(
        () => 'ended by itself: it was shut down',
        (error: Error) => `ended by itself: ${error.message}`,
      );
      if (stopping.signal.aborted) return;
      wait = growWait(wait, performance.now() - began);
      for (let next: Life | undefined; next === undefined; wait = growWait(wait, 0)) {
        tell(`${why}. It is started again in ${wait / 1000} s.`);
        await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
        if (stopping.signal.aborted) return;
        next = await begin(options).catch((error: Error) => {
          why = `could not be started: ${error.message}`;
          return undefined;
        });
        life = next ?? life;
      }
      if (stopping.signal.aborted) life.end();
      else tell('runs again.');
    }
  };
  const finished = live();
  return {
    finished,
    stop: async () => {
      stopping.abort();
      life.end();
      await finished;
    },
  };
}
