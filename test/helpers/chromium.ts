/** Finds the browser for tests, or installs it where that needs no question. */
import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ProgressReporter } from '../../worker/local/progress';
import { runStep } from '../../worker/local/progress';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const tests = path.resolve(__dirname, '..');
const INSTALL_WITHIN_MS = 10 * 60_000;

/** Advice for when there is no browser. */
export const howToGetChromium =
  `no browser found: expected CHROMIUM_PATH, or ${names.join(', ')} on PATH. On Debian: ` +
  '`apt-get install chromium`; elsewhere install Chromium or Chrome and set CHROMIUM_PATH to its program';

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const folders = (environment.PATH ?? '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, name)).find(isProgram);
}

/**
 * Path of an installed browser.
 * @throws if CHROMIUM_PATH does not name a program
 */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment.CHROMIUM_PATH?.trim();
  if (!named) return names.map((name) => onPath(name, environment)).find((found) => found !== undefined);
  if (isProgram(named)) return named;
  throw new Error(`CHROMIUM_PATH: expected the browser's program, found ${named}, which cannot be run`);
}

/** Path of a browser, which is installed first if this is Debian and we are root. Undefined if there is none. */
export async function provideChromium(
  log: ProgressReporter,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const found = findChromium(environment);
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || onPath('apt-get', environment) === undefined) return undefined;
  try {
    await runStep(log, 'Chromium for the browser tests', async (step) => {
      step.update('apt-get update');
      await aptGet(environment, 'update');
      step.update('apt-get install chromium');
      await aptGet(environment, 'install', '-y', '--no-install-recommends', 'chromium');
    });
  } catch (error) {
    log.warn((error as Error).message);
  }
  return findChromium(environment);
}

async function aptGet(environment: NodeJS.ProcessEnv, ...args: string[]): Promise<void> {
  await promisify(execFile)('apt-get', args, {
    env: { ...environment, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: INSTALL_WITHIN_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
}

/**
 * Whether the tests that jest is to run may need a browser.
 * @param args jest's arguments: none, or patterns of files
 */
export function selectsBrowserTests(args: readonly string[]): boolean {
  const patterns = args.filter((arg) => !arg.startsWith('-'));
  if (patterns.length === 0) return true;
  const files = browserTests();
  return patterns.some((pattern) => files.some((file) => matches(pattern, file)));
}

/** Test files that open a browser, found by their text. */
function browserTests(): string[] {
  return readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join(tests, file))
    .filter((file) => readFileSync(file, 'utf8').includes('describeInBrowser('));
}

function matches(pattern: string, file: string): boolean {
  try {
    return new RegExp(pattern, 'i').test(file);
  } catch {
    return false;
  }
}
