/** Programs of a version, each a process, on services that stay when a program is replaced. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import { createProgressReporter } from '../../worker/local/progress';
import type { Stack } from '../../worker/local/stack';
import { startStack } from '../../worker/local/stack';
import { openClient } from '../../worker/temporal/temporal-connection';

export interface EarlierUpgrade {
  /** The code of the earlier version. */
  earlier: string;
  /** A folder for all data; what was in it is removed. */
  folder: string;
  agreements: number;
  /** Whether today's program starts while the earlier one runs, which an operator does not do. */
  beside?: boolean;
  onProgress: (line: string) => void;
}

export interface Program {
  child: ChildProcess;
  said(): string;
  /** Stops it as Ctrl-C does, or without warning. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** Services, their data, and who asks them; they are stopped and started again for a copy. */
export interface World {
  options: EarlierUpgrade;
  numbers: string[];
  stack: Stack;
  client: Client;
  db: Db;
}

const ready = 'Ctrl-C stop';
const patience = 90_000;

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + patience; !(await holds()); await pause(250))
    if (Date.now() > deadline) throw new Error(`expected within ${patience / 1_000} s: ${what}`);
}

/** Opens the services on the data that lie there. */
export async function openServices(folder: string): Promise<Pick<World, 'stack' | 'client' | 'db'>> {
  const stack = await startStack({
    dataDir: path.join(folder, 'services'),
    environment: {},
    log: createProgressReporter(),
  });
  return { stack, client: await openClient(stack), db: openDb(stack.databaseUrl) };
}

export async function closeServices({ stack, client, db }: World): Promise<void> {
  await client.connection.close();
  await db.close();
  await stack.stop();
}

export function runProgram(
  world: World,
  code: string,
  name: string,
  args: string[],
  settings: Record<string, string> = {},
): Program {
  const { stack, options } = world;
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'worker/cli.ts', ...args], {
    cwd: code,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: stack.databaseUrl,
      TEMPORAL_ADDRESS: stack.temporalAddress,
      SMTP_URL: stack.smtpUrl,
      SERVICEAVTAL_DATA: path.join(options.folder, name),
      ...settings,
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const closed = once(child, 'close');
  return {
    child,
    said: () => said,
    end: async (signal = 'SIGINT') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await closed;
    },
  };
}

export const hasEnded = ({ child }: Program): boolean => child.exitCode !== null || child.signalCode !== null;

/** Starts a version's program. @throws what it said, if it ends before it is ready */
export async function startProgram(world: World, code: string, name: string): Promise<Program> {
  const program = runProgram(world, code, name, ['start']);
  await until(`${name} runs`, () => program.said().includes(ready) || hasEnded(program));
  if (hasEnded(program)) throw new Error(`${name} ended: ${program.said()}`);
  return program;
}
