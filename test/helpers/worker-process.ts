/** Runs a simulation's worker in a process of its own, so that it can be killed without warning. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../worker/settings/configuration';
import type { SimulationWorkerOptions } from '../../worker/simulation/simulate';

const script = path.join(__dirname, 'run-worker.ts');

export interface WorkerProcess {
  /** Ends the process with SIGKILL, then starts another. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a script of this folder, and resolves when it says that its worker runs. */
export async function startedScript(file: string, options: object): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', file, JSON.stringify(options)], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('worker is running')) resolve();
      });
    child.once('exit', (code) => reject(new Error(`the worker process ended with ${String(code)}: ${said}`)));
  });
  return child;
}

const started = (options: SimulationWorkerOptions): Promise<ChildProcess> => startedScript(script, options);

export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}

export async function startWorkerProcess(options: SimulationWorkerOptions): Promise<WorkerProcess> {
  let child = await started(options);
  return {
    killAndRestart: async () => {
      await ended(child, 'SIGKILL');
      child = await started(options);
    },
    stop: () => ended(child, 'SIGTERM'),
  };
}
