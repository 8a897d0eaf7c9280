/** The processes of the monitoring's benchmark, as whoever measures asks them: targets, the product, Debian's programs. */
import type { ChildProcess } from 'node:child_process';
import { fork, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Pool } from 'undici';
import { closedPort } from '../helpers/targets';
import type { Cost, Kind, TargetPorts } from './monitoring-load';
import { costOf, cpuOf, inLanes, residentOf, spotOf } from './monitoring-load';
import type { Answered, Asked, Load, Sample, Watching } from './monitoring-side';

const READY_WITHIN_MS = 30_000;

/** Starts a program of this folder that answers messages. */
function started(file: string): ChildProcess {
  return fork(path.join(__dirname, file), {
    execArgv: ['--require', 'tsx/cjs'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
}

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null): void =>
      reject(new Error(`expected an answer, the process ended with ${code}`));
    child.once('exit', gone);
    child.once('message', (answer) => {
      child.off('exit', gone);
      resolve(answer as T);
    });
  });
}

export interface Targets {
  ports: TargetPorts;
  stop(): Promise<void>;
}

export async function startTargets(): Promise<Targets> {
  const child = started('monitoring-targets.ts');
  return { ports: await answerOf<TargetPorts>(child), stop: () => ended(child) };
}

/** One worker process of the product. */
export interface ProductSide {
  load(load: Load): Promise<Cost>;
  watch(watching: Watching): Promise<void>;
  sample(): Promise<Sample>;
  stop(): Promise<void>;
}

export function startProduct(): ProductSide {
  const child = started('monitoring-side.ts');
  const ask = async (asked: Asked): Promise<Answered> => {
    const answer = answerOf<Answered>(child);
    child.send(asked);
    const answered = await answer;
    if ('error' in answered) throw new Error(answered.error);
    return answered;
  };
  const only = <K extends string, T>(key: K, answered: Answered): T =>
    (answered as unknown as Record<K, T>)[key];
  return {
    load: async (load) => only('cost', await ask({ load })),
    watch: async (watch) => void (await ask({ watch })),
    sample: async () => only('sample', await ask('sample')),
    stop: async () => {
      if (child.connected) await ask('stop');
      await ended(child);
    },
  };
}

/** The exporter's two ways of checking, as Debian's own configuration has them, with our time limit. */
const configuration = `modules:
  http: { prober: http, timeout: 10s }
  tcp: { prober: tcp, timeout: 10s }
`;

/** Debian's exporter: one process, asked over HTTP for each check. */
export interface Exporter {
  probe(kind: Kind, target: string): Promise<void>;
  /** Microseconds of processor time so far. */
  cpu(): number;
  /** MiB resident. */
  resident(): number;
  stop(): Promise<void>;
}

/** @param connections over which it is asked */
export async function startExporter(program: string, folder: string, connections: number): Promise<Exporter> {
  const file = path.join(folder, 'blackbox.yml');
  writeFileSync(file, configuration);
  const address = `127.0.0.1:${await closedPort()}`;
  const child = spawn(program, [`--config.file=${file}`, `--web.listen-address=${address}`], {
    stdio: 'ignore',
  });
  const pool = new Pool(`http://${address}`, { connections });
  const stop = async (): Promise<void> => {
    await pool.destroy();
    await ended(child);
  };
  const get = async (url: string): Promise<string> =>
    (await pool.request({ path: url, method: 'GET' })).body.text();
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  while (!(await get('/-/healthy').catch(() => undefined))) {
    if (child.exitCode === null && Date.now() < giveUpAt) await new Promise((done) => setTimeout(done, 100));
    else {
      await stop();
      throw new Error(`expected ${path.basename(program)} to answer, it does not`);
    }
  }
  return {
    async probe(kind, target) {
      const url = `/probe?module=${kind === 'tcp' ? 'tcp' : 'http'}&target=${encodeURIComponent(target)}`;
      const said = await get(url);
      if (!/^probe_success 1$/m.test(said))
        throw new Error(`expected the exporter to find ${target} well: ${said.slice(0, 500)}`);
    },
    cpu: () => cpuOf(child.pid!),
    resident: () => residentOf(child.pid!),
    stop,
  };
}

/** Has the exporter check as fast as it can. */
export function loadExporter(exporter: Exporter, { kind, ports, lanes, seconds }: Load): Promise<Cost> {
  return costOf(exporter.cpu, () =>
    inLanes({ lanes, seconds }, (number) => {
      const { host, port, path: page } = spotOf(kind, ports, number);
      return exporter.probe(kind, kind === 'tcp' ? `${host}:${port}` : `http://${host}:${port}${page}`);
    }),
  );
}

/** Processes of plugins at a time. */
export const pluginLanes = 4 * os.availableParallelism();

/** Runs a plugin so many times, a process for each check. `xargs` starts them: nothing starts processes for less. */
export function runPlugin(
  programs: { http: string; tcp: string },
  { kind, ports }: Pick<Load, 'kind' | 'ports'>,
  checks: number,
): Promise<Cost> {
  const argsOf = (number: number): string[] => {
    const { host, port, path: page } = spotOf(kind, ports, number);
    return ['-H', host, '-p', String(port), '-t', '10', ...(kind === 'tcp' ? [] : ['-u', page])];
  };
  const lines = Array.from({ length: checks }, (_, number) => argsOf(number).join(' ')).join('\n');
  const each = String(argsOf(0).length);
  const program = kind === 'tcp' ? programs.tcp : programs.http;
  const make = async (): Promise<number> => {
    const child = spawn('xargs', ['-n', each, '-P', String(pluginLanes), program], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.end(lines);
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    if (code !== 0)
      throw new Error(`expected every plugin to find its target well, xargs ended with ${code}`);
    return checks;
  };
  return costOf(() => cpuOf('self', 'children'), make);
}

/** MiB that one plugin has resident at most, while its target takes its time. */
export async function residentOfPlugin(program: string, { http }: TargetPorts): Promise<number> {
  const child = spawn(program, ['-H', '127.0.0.1', '-p', String(http), '-u', '/slow'], { stdio: 'ignore' });
  const exit = new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const resident = residentOf(child.pid!, 'VmHWM');
  await exit;
  return resident;
}
