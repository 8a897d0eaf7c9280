/** The product's side: one worker process that makes checks, or watches them; asked by `monitoring.ts`. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openDb } from '../../activities/db';
import { createWatchActivities } from '../../activities/monitors/watch-central';
import type { RunCheck, WatchedCheck } from '../../rules/engine/monitoring/watched';
import { composeChecks } from '../../worker/processes/compose-checks';
import { startMonitoringWorker } from '../../worker/processes/monitoring-worker';
import { watchedCheck } from '../helpers/watched';
import type { Cost, Kind, TargetPorts } from './monitoring-load';
import { costOf, inLanes, spotOf } from './monitoring-load';

export interface Load {
  kind: Kind;
  ports: TargetPorts;
  lanes: number;
  seconds: number;
}

export interface Watching {
  databaseUrl: string;
  temporalAddress: string;
  namespace: string;
  taskQueue: string;
  cacheDir: string;
}

/** How the process is at a moment. */
export interface Sample {
  /** MiB resident, and of it what is in use after a collection. */
  resident: number;
  used: number;
  /** Microseconds of processor time so far. */
  cpu: number;
  /** Milliseconds since 1970. */
  at: number;
  /** Checks so far. */
  made: number;
}

export type Asked = { load: Load } | { watch: Watching } | 'sample' | 'stop';
export type Answered = { cost: Cost } | { sample: Sample } | { done: true } | { error: string };

function checkOf({ kind, ports }: Load, number: number): WatchedCheck {
  const { host, port, path } = spotOf(kind, ports, number);
  if (kind !== 'tcp') return watchedCheck(`check-${number}`, { url: `http://${host}:${port}${path}` });
  const check = watchedCheck(`check-${number}`);
  return { ...check, check: { ...check.check, kind: 'tcp', host, port } };
}

const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const checks = composeChecks({ allow: ['127.0.0.0/8'], files: [], secret: () => undefined });
let made = 0;
const runCheck: RunCheck = async (...given) => {
  const result = await checks.runCheck(...given);
  made += 1;
  return result;
};

function load(given: Load): Promise<Cost> {
  const ending = new AbortController();
  return costOf(cpu, () =>
    inLanes(given, async (number) => {
      const { outcome, message } = await runCheck(checkOf(given, number), ending.signal);
      if (outcome !== 'ok') throw new Error(`expected a check that is well, found ${outcome}: ${message.en}`);
    }),
  );
}

let stopWatching = async (): Promise<void> => undefined;

/** As the worker of `npm start` does, with as many connections. */
async function watch({ databaseUrl, temporalAddress, ...rest }: Watching): Promise<void> {
  const db = openDb(databaseUrl, { maxConnections: 20 });
  const worker = await startMonitoringWorker({
    connection: { address: temporalAddress },
    ...rest,
    activities: createWatchActivities({ db, runCheck, workerName: 'bench' }),
  });
  stopWatching = async () => {
    await worker.stop();
    await db.close();
  };
}

function sample(): Sample {
  const [at, used, resident] = [Date.now(), cpu(), process.memoryUsage.rss() / 2 ** 20];
  collect();
  return { at, cpu: used, resident, used: process.memoryUsage().heapUsed / 2 ** 20, made };
}

async function answer(asked: Asked): Promise<Answered> {
  if (asked === 'sample') return { sample: sample() };
  if (asked === 'stop') await stopWatching();
  else if ('load' in asked) return { cost: await load(asked.load) };
  else await watch(asked.watch);
  return { done: true };
}

if (process.send) {
  process.on('message', (asked: Asked) => {
    void answer(asked)
      .catch((error: Error): Answered => ({ error: error.stack ?? error.message }))
      .then((answered) => process.send!(answered));
  });
  process.on('disconnect', () => process.exit());
}
