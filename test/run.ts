/**
 * `npm test`: every check there is, on a stack of its own. Arguments are handed on to jest:
 * `npm test -- test/rules` runs those tests after the other checks. `npm run screenshots` runs the browser tests
 * with `--screenshots` first: their pictures are then those of the documents.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../worker/settings/configuration';
import { createProgressReporter } from '../worker/local/progress';
import { startStack } from '../worker/local/stack';
import { onStopSignal } from '../worker/local/stop-signals';
import { howToGetChromium, provideChromium, selectsBrowserTests } from './helpers/chromium';

const dataDir = path.join(projectRoot, '.data/test');
const bin = (name: string): string => path.join(projectRoot, 'node_modules', name);

const checks: [string, string[]][] = [
  ['format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['lint', [bin('eslint/bin/eslint.js'), '--max-warnings', '0', '.']],
  ['types', [bin('typescript/bin/tsc'), '--noEmit', '-p', '.']],
  [
    'rooms',
    [
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      ...['rules', 'workflows', 'activities', 'templates', 'worker', 'test'],
    ],
  ],
];

interface Counted {
  passed: number;
  failed: number;
  skipped: number;
}

const log = createProgressReporter();
let current: ReturnType<typeof spawn> | undefined;

function run(
  args: string[],
  environment: NodeJS.ProcessEnv,
  inherit: boolean,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: projectRoot,
      env: environment,
      stdio: inherit ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    current = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

async function staticChecks(): Promise<Counted> {
  const counted: Counted = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, args] of checks) {
    const step = log.step(name);
    const { code, output } = await run(args, process.env, false);
    if (code === 0) {
      counted.passed += 1;
      step.done();
    } else {
      counted.failed += 1;
      step.fail(`see above`);
      process.stdout.write(output);
    }
  }
  return counted;
}

/** The browser for the tests that are asked for, if they can need one; says loudly what happens without. */
async function browserFor(jestArguments: string[]): Promise<{ path?: string; missing?: string }> {
  if (!selectsBrowserTests(jestArguments)) return {};
  const path = await provideChromium(log);
  if (path !== undefined) return { path };
  const missing = `THE BROWSER TESTS ARE SKIPPED: ${howToGetChromium}.`;
  log.warn(missing);
  return { missing };
}

async function jest(jestArguments: string[], chromium: string, screenshots: string): Promise<Counted> {
  const stack = await startStack({
    dataDir,
    environment: {},
    log,
    fsync: false,
  });
  const outputFile = path.join(dataDir, 'jest.json');
  rmSync(outputFile, { force: true });
  try {
    const environment = {
      ...process.env,
      SERVICEAVTAL_TEST_STACK: JSON.stringify({ ...stack, cacheDir: path.join(dataDir, 'cache') }),
      SERVICEAVTAL_TEST_CHROMIUM: chromium,
      SERVICEAVTAL_TEST_SCREENSHOTS: screenshots,
    };
    const args = [bin('jest/bin/jest.js'), '--json', `--outputFile=${outputFile}`, ...jestArguments];
    await run(args, environment, true);
    const result = JSON.parse(readFileSync(outputFile, 'utf8')) as Record<string, number>;
    const suites = result.numRuntimeErrorTestSuites ?? 0;
    return {
      passed: result.numPassedTests ?? 0,
      failed: (result.numFailedTests ?? 0) + suites,
      skipped: result.numPendingTests ?? 0,
    };
  } finally {
    await stack.stop();
  }
}

async function main(): Promise<void> {
  const off = onStopSignal(
    () => current?.kill('SIGINT'),
    () => process.exit(130),
  );
  mkdirSync(dataDir, { recursive: true });
  const asked = process.argv.slice(2);
  const forDocuments = asked[0] === '--screenshots';
  const jestArguments = forDocuments ? asked.slice(1) : asked;
  const screenshots = path.join(projectRoot, forDocuments ? 'docs/images' : '.data/test/screenshots');
  const counts = [await staticChecks()];
  let missing: string | undefined;
  try {
    const browser = await browserFor(jestArguments);
    missing = browser.missing;
    counts.push(await jest(jestArguments, browser.path ?? '', screenshots));
  } catch (error) {
    log.warn((error as Error).message);
    counts.push({ passed: 0, failed: 1, skipped: 0 });
  }
  off();
  const sum = (name: keyof Counted): number => counts.reduce((total, count) => total + count[name], 0);
  // Once more where nobody can overlook it.
  if (missing !== undefined) process.stdout.write(`\n${missing}\n`);
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
  process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped}\n`);
  process.exitCode = sum('failed') > 0 ? 1 : 0;
}

void main();
