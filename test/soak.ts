/**
 * `npm run soak`: many years made up from seeds, workers killed on the way. Options: `--years 20`, `--seed 1`,
 * `--kills 2`. Ends with a plain line `N passed, N failed`.
 */
import path from 'node:path';
import { projectRoot } from '../worker/configuration';
import { createProgressReporter } from '../worker/local/progress';
import { startStack } from '../worker/local/stack';
import { playRandomYear } from './helpers/random-year';

const dataDir = path.join(projectRoot, '.data/soak');

function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return otherwise;
  const value = Number(process.argv[at + 1]);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`--${name}: expected a whole number, found ${process.argv[at + 1] ?? 'nothing'}`);
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write('npm run soak -- [--years 20] [--seed 1] [--kills 2]\n');
    return;
  }
  const [years, seed, kills] = [option('years', 20), option('seed', 1), option('kills', 2)];
  const log = createProgressReporter();
  const stack = await startStack({
    dataDir,
    environment: {},
    log,
    onPartDied: (part) => log.warn(`${part} died`),
  });
  process.env.SERVICEAVTAL_TEST_STACK = JSON.stringify({ ...stack, cacheDir: path.join(dataDir, 'cache') });
  let failed = 0;
  for (let year = seed; year < seed + years; year += 1) {
    const step = log.step(`seed ${year}, worker killed ${kills} times`);
    const problems = await playRandomYear(year, kills).catch((error: Error) => [error.message]);
    if (problems.length === 0) step.done();
    else {
      failed += 1;
      step.fail(problems.join('; '));
    }
  }
  await stack.stop();
  process.stdout.write(`\n${years - failed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
