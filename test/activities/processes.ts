/** Processes that tests start, wait for and kill. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { eventually } from './signed-agreement';
import { projectRoot } from '../../worker/settings/configuration';

export interface TaskProcess {
  child: ChildProcess;
  /** What it has written so far. */
  said: () => string;
  /** Ends when the process does, with its exit code. */
  ended: Promise<number | null>;
}

/** Starts a task, and kills it with -9 where its transaction stands before or after its commit. */
export async function killAt(
  databaseUrl: string,
  task: 'invoices' | 'import',
  at: 'before' | 'after',
): Promise<void> {
  const { child, said, ended } = startTask(task, databaseUrl, at);
  await eventually(`${task} stands ${at} its commit`, () => said().includes(`stands ${at}`));
  child.kill('SIGKILL');
  await ended;
}

/** Starts a task of `run-in-process.ts`. */
export function startTask(...args: string[]): TaskProcess {
  const script = path.join(__dirname, 'run-in-process.ts');
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', script, ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, said: () => said, ended };
}
