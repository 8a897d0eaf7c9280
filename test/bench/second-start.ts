/** Seconds from the command to "running", on data that an earlier start left. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot, settings } from '../../worker/settings/configuration';
import type { Measured } from './measured';
import { median } from './statistics';

const READY = 'serviceavtal is running';
const PATIENCE_MS = 300_000;
const STEP = /✓ (?<title>.+?) \((?<seconds>[\d.]+) s\)/;

export interface SecondStartOptions {
  repetitions: number;
  dataDir: string;
  onProgress: (text: string) => void;
}

/** What `npm start` runs, once it says it is ready. */
export interface Started {
  pid: number;
  /** Seconds until then. */
  seconds: number;
  /** Seconds of each step that the start reports. */
  steps: Record<string, number>;
  stop(): Promise<void>;
}

/** The command's environment without settings that name other services. */
export function productEnvironment(dataDir: string): NodeJS.ProcessEnv {
  const own = (name: string): boolean => name in settings || name.startsWith('TEMPORAL_');
  const kept = Object.entries(process.env).filter(([name]) => !own(name));
  return { ...Object.fromEntries(kept), SERVICEAVTAL_DATA: dataDir, SERVICEAVTAL_STAFF_LANGUAGE: 'en' };
}

/** Runs what `npm start` runs, until it says it is ready. */
export async function startProduct(dataDir: string): Promise<Started> {
  const begun = performance.now();
  const child = spawn(process.execPath, [path.join(projectRoot, 'bin/bootstrap.cjs'), 'start'], {
    cwd: projectRoot,
    env: productEnvironment(dataDir),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  let said = '';
  let logged = '';
  child.stderr.on('data', (chunk: Buffer) => (logged += chunk.toString()));
  const ready = new Promise<number>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(READY)) resolve((performance.now() - begun) / 1000);
    });
  });
  const tooLong = setTimeout(() => child.kill('SIGINT'), PATIENCE_MS);
  const seconds = await Promise.race([ready, ended.then(() => undefined)]);
  clearTimeout(tooLong);
  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    await ended;
  };
  if (seconds === undefined) {
    await stop();
    throw new Error(`expected the start to say "${READY}", it ended:\n${logged}`);
  }
  const steps = logged.split('\n').flatMap((line) => {
    const { title, seconds: took } = STEP.exec(line)?.groups ?? {};
    return title === undefined ? [] : [[title, Number(took)] as const];
  });
  return { pid: child.pid!, seconds, steps: Object.fromEntries(steps), stop };
}

async function startOnce(dataDir: string): Promise<Started> {
  const started = await startProduct(dataDir);
  await started.stop();
  return started;
}

/** Measures starts after one that is not counted: it makes the data, signs the example and fills the caches. */
export async function measureSecondStart(options: SecondStartOptions): Promise<Measured> {
  options.onProgress('second start: the first one');
  await startOnce(options.dataDir);
  const starts: Started[] = [];
  while (starts.length < options.repetitions) {
    starts.push(await startOnce(options.dataDir));
    options.onProgress(`second start: ${starts.length} of ${options.repetitions}`);
  }
  const titles = Object.keys(starts[0]?.steps ?? {});
  const steps = titles.map((title) => {
    const values = starts.flatMap((start) => start.steps[title] ?? []);
    return `${title} ${median(values).toFixed(1)}`;
  });
  return {
    id: 'second-start',
    name: 'second start to ready',
    unit: 's',
    product: median(starts.map(({ seconds }) => seconds)),
    note: `of which, partly at the same time: ${steps.join(', ')}`,
    values: starts.map(({ seconds }) => seconds),
  };
}
