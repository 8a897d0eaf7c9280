/** `npm run bench`: compares the costs of the product, bare Temporal and Debian's monitoring, on a stack of its own. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { projectRoot } from '../worker/settings/configuration';
import { createProgressReporter } from '../worker/local/progress';
import { startStack } from '../worker/local/stack';
import { onStopSignal } from '../worker/local/stop-signals';
import { measureFleet } from './bench/fleet';
import { measureHours } from './bench/hours';
import { measureIdle } from './bench/idle';
import type { BenchStack, Measured } from './bench/measured';
import { reached } from './bench/measured';
import type { BenchDocument } from './bench/report';
import { describeMachine, readVersions, table } from './bench/report';
import { measureMonitoring } from './bench/monitoring';
import { measureRules } from './bench/rules';
import { measureAgenda } from './bench/agenda';
import { measureKeyboard } from './bench/keyboard';
import { measureSecondStart } from './bench/second-start';
import { measureSignings } from './bench/signings';
import { measureYears } from './bench/years';

const dataDir = path.join(projectRoot, '.data/bench');
const parts = [
  'years',
  'events',
  'signings',
  'fleet',
  'rules',
  'hours',
  'monitoring',
  'agenda',
  'idle',
  'start',
  'keyboard',
] as const;
type Part = (typeof parts)[number];

interface Options {
  json?: boolean;
  quick?: boolean;
  only?: Part;
  agreements?: number;
}

const log = createProgressReporter();

/** Runs `work` on the benchmark's own stack, with fsync as in production. */
async function onStack<T>(signal: AbortSignal, work: (stack: BenchStack) => Promise<T>): Promise<T> {
  const stack = await startStack({
    dataDir,
    environment: {},
    log,
    signal,
  });
  try {
    return await work({ ...stack, cacheDir: path.join(dataDir, 'cache') });
  } finally {
    await stack.stop();
  }
}

/** Measures the requested parts one after the other. */
async function measure(options: Options, signal: AbortSignal): Promise<BenchDocument> {
  const begun = performance.now();
  const machine = describeMachine();
  const wanted = (part: Part): boolean => options.only === undefined || options.only === part;
  const onProgress = (text: string): void => {
    signal.throwIfAborted();
    log.info(`  ${text}`);
  };
  const results: Measured[] = [];
  const versions = await onStack(signal, async (stack) => {
    const found = await readVersions(stack);
    if (wanted('years') || wanted('events'))
      results.push(
        ...(await measureYears(stack, {
          repetitions: options.quick ? 3 : 7,
          scenarios: ['diligent', 'silent'],
          speed: wanted('years'),
          onProgress,
        })),
      );
    if (wanted('signings'))
      results.push(
        await measureSignings(stack, {
          repetitions: options.quick ? 3 : 7,
          agreements: options.quick ? 100 : 1_000,
          onProgress,
        }),
      );
    if (wanted('fleet'))
      results.push(
        ...(await measureFleet(stack, {
          agreements: options.agreements ?? (options.quick ? 200 : 1_000),
          onProgress,
        })),
      );
    if (wanted('rules'))
      results.push(
        ...(await measureRules(stack, {
          repetitions: options.quick ? 3 : 7,
          agreements: options.quick ? 2_000 : 10_000,
          onProgress,
        })),
      );
    if (wanted('hours'))
      results.push(...(await measureHours(stack, { repetitions: options.quick ? 3 : 7, entries: 2_000 })));
    if (wanted('monitoring'))
      results.push(
        ...(await measureMonitoring(stack, {
          repetitions: options.quick ? 3 : 7,
          seconds: 2,
          minutes: options.quick ? 1 : 2,
          onProgress,
          onMissing: log.warn,
        })),
      );
    if (wanted('agenda')) results.push(await measureAgenda(options.quick ? 3 : 7));
    if (wanted('idle'))
      results.push(await measureIdle(stack, { dataDir, minutes: options.quick ? 2 : 15, onProgress }));
    return found;
  });
  if (wanted('start'))
    results.push(await measureSecondStart({ dataDir, repetitions: options.quick ? 1 : 3, onProgress }));
  if (wanted('keyboard'))
    results.push(...(await measureKeyboard({ dataDir, repetitions: options.quick ? 3 : 7, onProgress })));
  return {
    date: new Date().toISOString().slice(0, 10),
    quick: options.quick ?? false,
    machine,
    versions,
    fsync: true,
    seconds: (performance.now() - begun) / 1000,
    results: results.map((result) => {
      const goalReached = reached(result);
      return goalReached === undefined ? result : { ...result, goalReached };
    }),
  };
}

async function main(options: Options): Promise<void> {
  const ended = new AbortController();
  const off = onStopSignal(
    () => ended.abort(new Error('stopped')),
    () => process.exit(130),
  );
  mkdirSync(dataDir, { recursive: true });
  try {
    const document = await measure(options, ended.signal);
    process.stdout.write(options.json ? `${JSON.stringify(document, null, 2)}\n` : `\n${table(document)}`);
  } catch (error) {
    log.warn((error as Error).message);
    process.exitCode = 1;
  } finally {
    off();
  }
}

void new Command('npm run bench --')
  .description(
    'Measures what the product costs beside bare Temporal: years, history events, signings, rules put in force, ' +
      "left alone, second start; and beside Debian's programs for it: monitoring.",
  )
  .option('--json', 'print one document instead of the table')
  .option('--quick', 'fewer repetitions: about a third of the time, less to rely on')
  .addOption(new Option('--only <part>', 'measure one part').choices(parts))
  .addOption(
    new Option(
      '--agreements <n>',
      'running agreements that the part `fleet` applies rules to (1000, quick 200)',
    ).argParser((text) => {
      if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('expected a whole number above zero');
      return Number(text);
    }),
  )
  .allowExcessArguments(false)
  .action(main)
  .parseAsync();
