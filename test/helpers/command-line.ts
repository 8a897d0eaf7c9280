/** Runs `npx serviceavtal …` as a person does, without a stack. */
import { spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');

export interface Ran {
  code: number | null;
  out: string;
  errors: string;
}

/** @param args as on the command line: `['check', '--json']` */
export function serviceavtal(...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'worker/cli.ts', ...args], {
    cwd: root,
    env: { ...process.env, SERVICEAVTAL_RULES: '', SERVICEAVTAL_STAFF_LANGUAGE: '' },
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
