/**
 * `npm run soak`: many years made up from seeds, workers killed on the way. Options: `--years 20`, `--rules 20`,
 * `--desks 5`, `--signings 1000`, `--seed 1`, `--kills 2`. Ends with a plain line `N passed, N failed`.
 */
import path from 'node:path';
import { projectRoot } from '../worker/configuration';
import { createProgressReporter } from '../worker/local/progress';
import { startStack } from '../worker/local/stack';
import { madeUpWorld } from './helpers/desk-world';
import { playChangingRules } from './helpers/random-changes';
import { playDesk } from './helpers/random-desk';
import { playRandomYear } from './helpers/random-year';
import { playBurst } from './helpers/signing-burst';

const dataDir = path.join(projectRoot, '.data/soak');

/** An ordinary week, Easter with the beginning of summer time, midsummer, and its end at the turn of a month. */
const deskStarts = [
  '2027-02-15T05:00:00.000Z',
  '2027-03-26T05:00:00.000Z',
  '2027-06-24T05:00:00.000Z',
  '2027-10-29T05:00:00.000Z',
];

/** How often a part is killed in a burst of signings. */
const partsKilled = 12;

function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return otherwise;
  const value = Number(process.argv[at + 1]);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`--${name}: expected a whole number, found ${process.argv[at + 1] ?? 'nothing'}`);
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(
      'npm run soak -- [--years 20] [--rules 20] [--desks 5] [--signings 1000] [--seed 1] [--kills 2]\n',
    );
    return;
  }
  const [years, rules, desks] = [option('years', 20), option('rules', 20), option('desks', 5)];
  const signings = option('signings', 1000);
  const [seed, kills] = [option('seed', 1), option('kills', 2)];
  const log = createProgressReporter();
  const stack = await startStack({
    dataDir,
    environment: {},
    log,
  });
  process.env.SERVICEAVTAL_TEST_STACK = JSON.stringify({ ...stack, cacheDir: path.join(dataDir, 'cache') });
  let failed = 0;
  const play = async (title: string, work: () => Promise<string[]>): Promise<void> => {
    const step = log.step(title);
    const problems = await work().catch((error: Error) => [error.message]);
    if (problems.length === 0) return step.done();
    failed += 1;
    step.fail(problems.join('; '));
  };
  for (let year = seed; year < seed + years; year += 1)
    await play(`seed ${year}, worker killed ${kills} times`, () => playRandomYear(year, kills));
  for (let year = seed; year < seed + rules; year += 1)
    await play(`seed ${year}, rules changed ten times`, () => playChangingRules(year, 10));
  for (let desk = seed; desk < seed + desks; desk += 1)
    await play(`seed ${desk}, four days of a hundred agreements' monitoring`, async () => {
      const start = deskStarts[desk % deskStarts.length] ?? '';
      return (await playDesk(madeUpWorld(desk, start, 96, { agreements: 100, outages: 2 }))).problems;
    });
  await stack.stop();
  if (signings > 0)
    // Everything is killed there: it has a stack of its own.
    await play(`seed ${seed}, ${signings} signings in a burst, ${partsKilled} times something killed`, () =>
      playBurst({ seed, signings, kills: partsKilled, folder: dataDir, onProgress: log.info }),
    );
  const played = years + rules + desks + Math.sign(signings);
  process.stdout.write(`\n${played - failed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
