/** Places are kept watched on the real server: over a killed worker, over a silent site, without history for health. */
import { randomBytes, randomInt } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { watchIdOf } from '../../activities/monitors/places';
import type { Watch } from '../../activities/monitors/places';
import { createSiteActivities } from '../../activities/monitors/sites';
import { createWatchActivities } from '../../activities/monitors/watch-central';
import { monitoringQueueOf } from '../../rules/engine/monitoring/queues';
import { startMonitoringWorker } from '../../worker/processes/monitoring-worker';
import { startSiteWorker } from '../../worker/processes/site-worker';
import type { RunningWorker } from '../../worker/temporal/temporal-runtime';
import { openClient } from '../../worker/temporal/temporal-connection';
import { sign } from '../activities/signed-agreement';
import { fetchCheck } from '../helpers/fetching-checks';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';
import { placeChecks, watchedCheck } from '../helpers/watched';
import { ended, startedScript } from '../helpers/worker-process';

const script = path.join(__dirname, '../helpers/run-monitoring-worker.ts');
const unique = randomBytes(4).toString('hex');
const stack = testStack();
const taskQueue = `watching-${unique}`;
const common = { connection: { address: stack.temporalAddress }, namespace: stack.namespace, taskQueue };
const seconds = 1000;

/** A server that answers as it is told, and counts who asked. */
async function target() {
  const is = new Map<string, number>();
  const asked = new Map<string, number>();
  const server = createServer(({ url = '' }, answer) => {
    asked.set(url, (asked.get(url) ?? 0) + 1);
    answer.writeHead(is.get(url) ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    is,
    count: (name: string): number => asked.get(`/${name}`) ?? 0,
    url: (name: string): string => `http://127.0.0.1:${port}/${name}`,
    close: () => server.closeAllConnections() ?? server.close(),
  };
}

/** Waits until something holds. @returns milliseconds it took */
async function within(limit: number, what: string, holds: () => boolean | Promise<boolean>): Promise<number> {
  const begun = Date.now();
  while (Date.now() - begun < limit) {
    if (await holds()) return Date.now() - begun;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`expected within ${limit / seconds} seconds: ${what}`);
}

let fresh: FreshDatabase;
let client: Client;
let answers: Awaited<ReturnType<typeof target>>;
let ours: RunningWorker | undefined;
const watches: Watch[] = [];

beforeAll(async () => {
  fresh = await freshDatabase();
  client = await openClient(stack);
  answers = await target();
  await sign(fresh.db);
});

afterAll(async () => {
  for (const watch of watches)
    await client.workflow
      .getHandle(watchIdOf(watch))
      .terminate('the test is over')
      .catch(() => undefined);
  await ours?.stop();
  await client.connection.close();
  answers.close();
  await fresh.close();
});

const startOurs = async (): Promise<void> => {
  const { db } = fresh;
  ours ??= await startMonitoringWorker({
    ...common,
    cacheDir: stack.cacheDir,
    activities: {
      ...createSiteActivities({ db }),
      ...createWatchActivities({ db, runCheck: fetchCheck, workerName: 'second' }),
    },
  });
};

async function tell(watch: Watch): Promise<void> {
  watches.push(watch);
  await client.workflow.signalWithStart('watching', {
    workflowId: watchIdOf(watch),
    taskQueue: monitoringQueueOf(taskQueue),
    args: [watch],
    signal: 'monitorsChanged',
    signalArgs: [{}],
  });
}

const historyOf = async (watch: Watch): Promise<number> => {
  const { historyLength } = await client.workflow.getHandle(watchIdOf(watch)).describe();
  return historyLength;
};
const check = (name: string) =>
  watchedCheck(name, { intervalMinutes: 0.2 / 60, retrySeconds: 0.1, url: answers.url(name) });
const incidents = () =>
  fresh.db.query<{ monitor: string; class: string; severity: string; closed: boolean }>(
    'select monitor, class, severity, closed_at is not null as closed from incidents order by id',
  );
const isOpen = async (monitor: string): Promise<boolean> =>
  (await incidents()).some((one) => one.monitor === monitor && !one.closed);

const processOptions = {
  temporalAddress: stack.temporalAddress,
  namespace: stack.namespace,
  taskQueue,
  cacheDir: stack.cacheDir,
};

describe('our own place', () => {
  const watch = { place: 'central', shard: randomInt(1_000, 2_000_000_000) };

  it('is taken over within a minute when the worker is killed, and adds no history while all is well', async () => {
    await placeChecks(fresh.db, watch.place, watch.shard, [check('orders')]);
    const first = await startedScript(script, { ...processOptions, databaseUrl: fresh.databaseUrl });
    await tell(watch);
    await within(30 * seconds, 'the first worker checks', () => answers.count('orders') > 5);
    await startOurs();
    answers.is.set('/orders', 503);
    await within(15 * seconds, 'it is down', () => isOpen('orders'));
    await ended(first, 'SIGKILL');
    const made = answers.count('orders');
    await within(60 * seconds, 'another worker checks', () => answers.count('orders') > made + 3);
    expect(await incidents()).toHaveLength(1);
    answers.is.clear();
    await within(15 * seconds, 'it has recovered', async () => !(await isOpen('orders')));

    const [before, asked] = [await historyOf(watch), answers.count('orders')];
    await within(90 * seconds, 'a hundred more checks', () => answers.count('orders') >= asked + 100);
    expect(await historyOf(watch)).toBe(before);
    await client.workflow.getHandle(watchIdOf(watch)).signal('somethingElse', { unknown: true });
    await within(15 * seconds, 'it goes on', async () => (await historyOf(watch)) > before);
    expect((await client.workflow.getHandle(watchIdOf(watch)).describe()).status.name).toBe('RUNNING');
  }, 240_000);
});

describe('a site', () => {
  const site = `lund-${unique}`;
  const watch = { place: site, shard: 1 };

  it('is watched from inside, its silence is told and mutes nothing for good, and its return finds how things are', async () => {
    await startOurs();
    await placeChecks(fresh.db, site, 1, [check('import')]);
    const first = await startedScript(script, { ...processOptions, databaseUrl: 'none', site });
    await tell(watch);
    await within(30 * seconds, 'it checks', () => answers.count('import') > 3);
    answers.is.set('/import', 500);
    await within(15 * seconds, 'it is down', () => isOpen('import'));
    answers.is.clear();
    await within(15 * seconds, 'it has recovered', async () => !(await isOpen('import')));

    await placeChecks(fresh.db, site, 1, [check('import'), check('queue')]);
    await tell(watch);
    await within(30 * seconds, 'what is new is checked', () => answers.count('queue') > 0);

    await ended(first, 'SIGKILL');
    await within(60 * seconds, 'its silence is noted', () => isOpen(`site:${site}`));
    expect((await incidents()).at(-1)).toEqual({
      monitor: `site:${site}`,
      class: 'ours',
      severity: 'silent',
      closed: false,
    });
    expect(await isOpen('import')).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 3 * seconds));
    const before = await historyOf(watch);
    await new Promise((resolve) => setTimeout(resolve, 12 * seconds));
    expect(await historyOf(watch)).toBe(before);

    answers.is.set('/queue', 500);
    const asked = answers.count('import');
    const second = await startSiteWorker({ ...common, site, runCheck: fetchCheck });
    try {
      await within(30 * seconds, 'it is back', async () => !(await isOpen(`site:${site}`)));
      await within(30 * seconds, 'checks are made anew', () => answers.count('import') > asked);
      await within(30 * seconds, 'what broke meanwhile is told', () => isOpen('queue'));
      const [row] = await fresh.db.query<{ silent: string | null; seen: string | null }>(
        'select silent_since as silent, seen_at as seen from sites where id = $1',
        [site],
      );
      expect(row).toEqual({ silent: null, seen: expect.any(String) as string });
    } finally {
      await second.stop();
    }

    await placeChecks(fresh.db, site, 1, []);
    await tell(watch);
    await within(60 * seconds, 'nothing is left to watch', async () => {
      const { status } = await client.workflow.getHandle(watchIdOf(watch)).describe();
      return status.name === 'COMPLETED';
    });
  }, 300_000);
});
