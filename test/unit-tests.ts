/** Finds the test files that need no stack: none of their imports, direct or indirect, starts or uses one. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../worker/settings/configuration';

const testDir = path.join(projectRoot, 'test');
/** Files that use a stack: that of `npm test`, or one of their own. */
const stacks = [
  'helpers/stack.ts',
  'helpers/own-start.ts',
  'helpers/breakable-stack.ts',
  'helpers/guarded-temporal.ts',
  'worker/local/launcher.ts',
];

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(file);
    return entry.name.endsWith('.test.ts') ? [file] : [];
  });
}

/** The files below `test/` that a file imports, or starts as a process. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'|__dirname, '([^']+)\.ts'/g)]
    .map(([, imported, started]) => `${path.resolve(path.dirname(file), imported ?? started ?? '')}.ts`)
    .filter((found) => found.startsWith(`${testDir}${path.sep}`) && existsSync(found));
}

/** Absolute paths of the test files that run without a stack, in order. */
export function unitTests(): string[] {
  const needing = new Map<string, boolean>(stacks.map((file) => [path.join(testDir, file), true]));
  const needsStack = (file: string): boolean => {
    if (!needing.has(file)) {
      needing.set(file, false);
      needing.set(file, importsOf(file).some(needsStack));
    }
    return needing.get(file)!;
  };
  return testFiles(testDir)
    .filter((file) => !needsStack(file))
    .sort();
}
