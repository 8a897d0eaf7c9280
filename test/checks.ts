/**
 * The static checks: format, lint, types and the order of the rooms. `npm test` runs them all. As a program this file
 * runs the one named by its argument, with output on the terminal, or writes the format.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../worker/settings/configuration';

const bin = (name: string): string => path.join(projectRoot, 'node_modules', name);
const cache = (name: string): string => path.join(projectRoot, 'node_modules/.cache/serviceavtal', name);
/** The cache compares contents: in a clone all files have the time of the cloning. */
const prettier = [
  bin('prettier/bin/prettier.cjs'),
  ...['--log-level', 'warn', '--cache', '--cache-strategy', 'content', '--cache-location', cache('prettier')],
];

/** Node's arguments for each check. The lint has no cache: its result for a file depends on the types of others. */
const commands = {
  lint: [bin('eslint/bin/eslint.js'), '--max-warnings', '0', '.'],
  types: [
    bin('typescript/bin/tsc'),
    ...['--noEmit', '-p', '.', '--incremental', '--tsBuildInfoFile', cache('types.tsbuildinfo')],
  ],
  format: [...prettier, '--check', '.'],
  rooms: [
    bin('dependency-cruiser/bin/dependency-cruise.mjs'),
    ...['--config', '.dependency-cruiser.cjs'],
    ...['rules', 'workflows', 'activities', 'templates', 'worker', 'test'],
  ],
  'write-format': [...prettier, '--write', '.'],
};

export type Check = Exclude<keyof typeof commands, 'write-format'>;

/** Every check, the longest first. */
export const checks: readonly Check[] = ['lint', 'types', 'format', 'rooms'];

/** Starts a check as a process of its own. @param stdio as of `spawn` */
export function spawnCheck(name: keyof typeof commands, stdio: 'inherit' | 'pipe'): ReturnType<typeof spawn> {
  return spawn(process.execPath, commands[name], { cwd: projectRoot, stdio: ['ignore', stdio, stdio] });
}

if (process.argv[1] === __filename) {
  const name = process.argv[2] ?? '';
  if (!(name in commands))
    throw new Error(`expected one of ${Object.keys(commands).join(', ')}; found ${name}`);
  spawnCheck(name as keyof typeof commands, 'inherit').on('close', (code) => (process.exitCode = code ?? 1));
}
