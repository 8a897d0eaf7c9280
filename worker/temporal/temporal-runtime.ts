/** Shared by all our workers: the native runtime, and how a worker starts, restarts and stops. */
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
  /** Resolves once the worker has been stopped. */
  finished: Promise<void>;
  /** Lets running activities end, then stops. */
  stop(): Promise<void>;
}

export type StartWorkerOptions = Omit<WorkerOptions, 'connection'> & { connection: NativeConnectionOptions };

/** Few pollers while there is no work: each poll that stays without an answer costs the server something. */
const pollers = { type: 'autoscaling', minimum: 1, initial: 5, maximum: 20 } as const;

const installed = Symbol.for('serviceavtal.runtime-installed');

/** Installs the native runtime, once in a process. It logs warnings and errors only. */
export function installRuntime(): void {
  if (installed in Runtime) return;
  Object.assign(Runtime, { [installed]: true });
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // A site's worker has no workflows on purpose.
      if (message.startsWith('No workflows registered')) return;
      process.stderr.write(`${level}: ${message} ${describe(meta)}\n`);
    }),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
    },
    shutdownSignals: [],
  });
}

/** The part of a log line's fields that helps: the activity or workflow, and the reason. */
function describe(meta: LogMetadata | undefined): string {
  const { workflowId, activityType, attempt, error } = (meta ?? {}) as Record<string, unknown>;
  const reason = error instanceof Error ? error.message : error;
  return [workflowId, activityType, attempt && `attempt ${String(attempt)}`, reason]
    .filter(Boolean)
    .map(String)
    .join(', ');
}

/** One run of a worker, with a connection of its own. */
interface Life {
  /** Resolves when the worker ends; rejects if it failed. */
  over: Promise<void>;
  end(): void;
}

/** Begins one run. @throws if Temporal cannot be reached */
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
 * Starts a worker in this process. Whenever it ends by itself it is started again after growing waits, and Temporal
 * hands out again what it did not finish.
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
