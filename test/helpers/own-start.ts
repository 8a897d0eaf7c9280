/** Runs `serviceavtal start` as a process of its own, on a data folder of its own, as a person does. */
import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../../worker/settings/configuration';
import { isRunning } from '../../worker/local/processes.cjs';
import type { PartRecord } from '../../worker/local/processes.cjs';

export interface OwnStart {
  process: ChildProcess;
  /** All its output. */
  said(): string;
  /** Resolves once its output contains `what`. @throws if it ends before */
  says(what: string): Promise<void>;
  /** Resolves with its exit code when it has ended. */
  ended: Promise<number | null>;
}

/** Starts it. @param environment settings besides the data folder */
export function startOwn(dataDir: string, environment: Record<string, string> = {}): OwnStart {
  const child = spawn(
    process.execPath,
    ['--require', 'tsx/cjs', 'worker/cli.ts', 'start', '--language', 'en'],
    {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment, SERVICEAVTAL_DATA: dataDir },
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return {
    process: child,
    said: () => said,
    says: async (what) => {
      while (!said.includes(what)) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`expected it to say "${what}", found that it ended:\n${said}`);
        await pause(50);
      }
    },
    ended: once(child, 'close').then(([code]) => code as number | null),
  };
}

/** The parts that run on a data folder, by the record there. */
export function runningParts(dataDir: string): PartRecord[] {
  const file = path.join(dataDir, 'parts.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PartRecord[]).filter(isRunning) : [];
}

/** Process id of the watchdog, which stops the parts after their launcher has died. */
export function findWatchdog(launcher: number): number {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const found = lines
    .map((line) => line.trim().split(/\s+/))
    .find(([, parent, ...args]) => Number(parent) === launcher && args.join(' ').includes('watchdog.cjs'));
  return Number(found?.[0]);
}
