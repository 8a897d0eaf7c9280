/** Runs `npx serviceavtal …` as a person does, without a terminal. */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { identifyProcess } from '../../worker/local/processes.cjs';
import type { StackAddresses } from '../../worker/local/stack';

const root = path.resolve(__dirname, '../..');

export interface Ran {
  code: number | null;
  out: string;
  errors: string;
}

/** @param args as on the command line: `['check', '--json']` */
export function serviceavtal(...args: string[]): Promise<Ran> {
  return run(args, {});
}

/** The same on the stack that is written down in `dataDir`, as `npm start` would have it. */
export function serviceavtalOn(dataDir: string, ...args: string[]): Promise<Ran> {
  return run(args, { SERVICEAVTAL_DATA: dataDir });
}

/** A folder in which a stack is written down that this process runs, with its own database. */
export function writeDownStack(stack: StackAddresses): string {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-stack-'));
  const info = { ...stack, launcher: identifyProcess(), startedOn: new Date().toISOString() };
  writeFileSync(path.join(dataDir, 'stack.json'), JSON.stringify(info));
  return dataDir;
}

function run(args: string[], environment: NodeJS.ProcessEnv): Promise<Ran> {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'worker/cli.ts', ...args], {
    cwd: root,
    env: { ...process.env, SERVICEAVTAL_RULES: '', SERVICEAVTAL_STAFF_LANGUAGE: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, errors }));
  });
}
