/**
 * The static checks: format, lint, types and the order of the rooms. `npm test` runs them all. As a program this file
 * runs the one named by its argument, with output on the terminal, or writes the format.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../worker/settings/configuration';

const bin = (name: string): string => path.join(projectRoot, 'node_modules', name);
const cache = (name: string): string => path.join(projectRoot, 'node_modules/.cache/serviceavtal', name);
/** The cache compares contents: in a clone all files have the time of the cloning. */
const prettier = [
  bin('prettier/bin/prettier.cjs'),
  ...['--log-level', 'warn', '--cache', '--cache-strategy', 'content', '--cache-location', cache('prettier')],
];

/** Node's arguments for each check. The lint's own cache is not used: its result for a file depends on the types of others. */
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

/** Checks of a file depend on others: such a check is made again when anything has changed that it may look at. */
const ofTheWhole: readonly string[] = ['lint', 'rooms'];
const looksAt = /(\.[cm]?[jt]s|package-lock\.json|tsconfig\.json)$/;
const elsewhere = ['node_modules', '.git', '.data'];

function lookedAt(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return elsewhere.includes(entry.name) ? [] : lookedAt(file);
    return looksAt.test(entry.name) ? [file] : [];
  });
}

/**
 * Whether a check passed the last time and would look at the same files today; and notes that it has passed. Types and
 * format remember by themselves what they have seen: their checks are always made.
 */
export function sinceItPassed(name: Check, root = projectRoot): { nothingChanged: boolean; note(): void } {
  if (!ofTheWhole.includes(name)) return { nothingChanged: false, note: () => undefined };
  const hash = createHash('sha256').update(`${process.version}\n`);
  for (const file of lookedAt(root).sort())
    hash
      .update(`${path.relative(root, file)}\n`)
      .update(createHash('sha256').update(readFileSync(file)).digest());
  const now = hash.digest('hex');
  const noted = path.join(root, 'node_modules/.cache/serviceavtal', `${name}-passed`);
  let nothingChanged = false;
  try {
    nothingChanged = readFileSync(noted, 'utf8') === now;
  } catch {
    // It has not passed yet.
  }
  return {
    nothingChanged,
    note: () => {
      mkdirSync(path.dirname(noted), { recursive: true });
      writeFileSync(noted, now);
    },
  };
}

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
