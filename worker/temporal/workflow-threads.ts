/** Loads `workflow-thread.cjs` into the threads that run workflows, so that a failing workflow harms no other. */
import path from 'node:path';
import threads from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';

const guard = path.join(__dirname, 'workflow-thread.cjs');
/** The SDK's script for such a thread. */
const program = path.join('lib', 'workflow', 'workflow-worker-thread.js');

const guarded = Symbol.for('serviceavtal.guarded-workflow-threads');

/**
 * Guards all workflow threads that this process starts from now on. The SDK starts them itself and takes no options for
 * them, so this replaces the `Worker` class that it uses. A second call changes nothing.
 */
export function guardWorkflowThreads(): void {
  const Thread = threads.Worker;
  if (guarded in Thread) return;
  class GuardedThread extends Thread {
    static readonly [guarded] = true;

    constructor(file: string | URL, options: WorkerOptions = {}) {
      // Of the process's own arguments none: a thread refuses those of V8, and has no sources to compile.
      const execArgv = [...(options.execArgv ?? []), '--require', guard];
      super(file, String(file).endsWith(program) ? { ...options, execArgv } : options);
    }
  }
  Object.assign(threads, { Worker: GuardedThread });
}
