/**
 * `npm test`: runs every check, on a stack of its own. Arguments go to jest: `npm test -- test/rules` runs those tests
 * after the other checks. `npm run screenshots` runs the browser tests with `--screenshots` as first argument,
 * which writes their pictures into the documents. `npm run test:unit` runs only the tests that need no stack, with
 * `--unit` as first argument.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../worker/settings/configuration';
import { createProgressReporter } from '../worker/local/progress';
import { startStack } from '../worker/local/stack';
import { onStopSignal } from '../worker/local/stop-signals';
import type { Check } from './checks';
import { checks, sinceItPassed, spawnCheck } from './checks';
import { howToGetChromium, provideChromium, selectsBrowserTests } from './helpers/chromium';
import { unitTests } from './unit-tests';

const dataDir = path.join(projectRoot, '.data/test');
const jestProgram = path.join(projectRoot, 'node_modules/jest/bin/jest.js');
/**
 * Node's arguments for jest and its workers. With more room for what is new, garbage is collected less often; V8 optimizes
 * later than usual, as most code of a test file runs a few times.
 */
const nodeArguments = ['--max-semi-space-size=64', '--interrupt-budget=1000000'];
/** Static checks that run at the same time: as many as the smallest machine has processors. */
const CHECKS_AT_ONCE = 2;

interface Counted {
  passed: number;
  failed: number;
  skipped: number;
}

const log = createProgressReporter();
const running = new Set<ReturnType<typeof spawn>>();

/** Runs jest until it has ended. */
function runJest(args: string[], environment: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...nodeArguments, jestProgram, ...args], {
      cwd: projectRoot,
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    running.add(child);
    child.on('close', () => {
      running.delete(child);
      resolve();
    });
  });
}

/** Runs a check, unless it has passed and nothing has changed; prints its output if it fails. @returns whether it passed */
async function passes(name: Check): Promise<boolean> {
  const step = log.step(name);
  const { nothingChanged, note } = sinceItPassed(name);
  if (nothingChanged) {
    step.done();
    return true;
  }
  return new Promise((resolve) => {
    const child = spawnCheck(name, 'pipe');
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => {
      running.delete(child);
      if (code === 0) {
        note();
        step.done();
      } else {
        process.stdout.write(output);
        step.fail('see above');
      }
      resolve(code === 0);
    });
  });
}

/** Runs all static checks, some at the same time. */
async function staticChecks(): Promise<Counted> {
  const counted: Counted = { passed: 0, failed: 0, skipped: 0 };
  const left = [...checks];
  const work = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift())
      counted[(await passes(name)) ? 'passed' : 'failed'] += 1;
  };
  await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, work));
  return counted;
}

/** Provides the browser if the requested tests may need one; without one it says loudly what is skipped. */
async function browserFor(jestArguments: string[]): Promise<{ path?: string; missing?: string }> {
  if (!selectsBrowserTests(jestArguments)) return {};
  const path = await provideChromium(log);
  if (path !== undefined) return { path };
  const missing = `THE BROWSER TESTS ARE SKIPPED: ${howToGetChromium}.`;
  log.warn(missing);
  return { missing };
}

/** Runs jest, and counts the results of its tests. */
async function countTests(jestArguments: string[], environment: NodeJS.ProcessEnv): Promise<Counted> {
  const outputFile = path.join(dataDir, 'jest.json');
  rmSync(outputFile, { force: true });
  await runJest(['--json', `--outputFile=${outputFile}`, ...jestArguments], environment);
  const result = JSON.parse(readFileSync(outputFile, 'utf8')) as Record<string, number>;
  const suites = result.numRuntimeErrorTestSuites ?? 0;
  return {
    passed: result.numPassedTests ?? 0,
    failed: (result.numFailedTests ?? 0) + suites,
    skipped: result.numPendingTests ?? 0,
  };
}

/**
 * Runs the tests that need no stack: all, or those whose path contains one of the words before the first option.
 * @throws if there is none of that name
 */
function testUnits(jestArguments: string[]): Promise<Counted> {
  const { SERVICEAVTAL_TEST_STACK: _stack, ...environment } = process.env;
  const firstOption = jestArguments.findIndex((argument) => argument.startsWith('-'));
  const paths = firstOption < 0 ? jestArguments : jestArguments.slice(0, firstOption);
  const files = unitTests().filter((file) => paths.length === 0 || paths.some((each) => file.includes(each)));
  if (files.length === 0)
    throw new Error(
      `expected a part of the path of a test that needs no stack, found ${paths.join(' ')}. ` +
        `Others run by \`npm test -- ${paths.join(' ')}\`.`,
    );
  return countTests([...jestArguments.slice(paths.length), '--runTestsByPath', ...files], environment);
}

/** Runs the requested tests, by default all, on a shared stack. */
async function testOnStack(jestArguments: string[], screenshots: string): Promise<Counted> {
  // On several processors the server spends a fifth more, on handing work from one to the other.
  const stack = await startStack({ dataDir, environment: {}, log, fsync: false, temporalProcessors: 1 });
  try {
    const browser = await browserFor(jestArguments);
    const counted = await countTests(jestArguments, {
      ...process.env,
      SERVICEAVTAL_TEST_STACK: JSON.stringify({ ...stack, cacheDir: path.join(dataDir, 'cache') }),
      SERVICEAVTAL_TEST_CHROMIUM: browser.path ?? '',
      SERVICEAVTAL_TEST_SCREENSHOTS: screenshots,
    });
    // Repeat it at the end, where nobody can overlook it.
    if (browser.missing !== undefined) process.stdout.write(`\n${browser.missing}\n`);
    return counted;
  } finally {
    await stack.stop();
  }
}

async function main(): Promise<void> {
  const off = onStopSignal(
    () => running.forEach((child) => child.kill('SIGINT')),
    () => process.exit(130),
  );
  mkdirSync(dataDir, { recursive: true });
  const [kind, ...others] = process.argv.slice(2);
  const counts: Counted[] = [];
  try {
    if (kind === '--unit') {
      counts.push(await testUnits(others));
    } else {
      const forDocuments = kind === '--screenshots';
      const screenshots = path.join(projectRoot, forDocuments ? 'docs/images' : '.data/test/screenshots');
      const jestArguments = forDocuments ? others : process.argv.slice(2);
      // Side by side: tests that wait leave the processors to the checks.
      const checked = staticChecks().then((count) => counts.push(count));
      counts.push(await testOnStack(jestArguments, screenshots).finally(() => checked));
    }
  } catch (error) {
    log.warn((error as Error).message);
    counts.push({ passed: 0, failed: 1, skipped: 0 });
  }
  off();
  const sum = (name: keyof Counted): number => counts.reduce((total, count) => total + count[name], 0);
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
  process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped}\n`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}

void main();
