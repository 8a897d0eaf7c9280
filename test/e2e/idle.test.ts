/**
 * Who has nothing to do does nothing: ten idle minutes of every workflow in every phase add no events but those of its
 * timers. None of the instants below has a timer within ten minutes, so the bound is none.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { createMonitoringActivities } from '../../activities/monitoring';
import { watchIdOf } from '../../activities/monitors/places';
import { createSendMessage } from '../../activities/mail/smtp';
import { instantAt } from '../../rules/engine/calendar/calendar';
import { monitoringQueueOf } from '../../rules/engine/monitoring/queues';
import { startAgreementWorker } from '../../worker/processes/agreement-worker';
import { startMonitoringWorker } from '../../worker/processes/monitoring-worker';
import { simulationNamespace } from '../../worker/simulation/simulate';
import { startSiteWorker } from '../../worker/processes/site-worker';
import { openClient } from '../../worker/temporal/temporal-connection';
import type { CheckOnceInput } from '../../workflows/check-once';
import type { MonitoringInput } from '../../workflows/monitoring';
import type { WatchingInput } from '../../workflows/watching';
import { sign, signAndPlan } from '../activities/signed-agreement';
import { fetchCheck } from '../helpers/fetching-checks';
import { comeToRest, idleSeconds, tenIdleMinutes } from '../helpers/idle-minutes';
import { beginYear } from '../helpers/live-year';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';
import { placeChecks, watchedCheck } from '../helpers/watched';

const stack = { ...testStack(), namespace: simulationNamespace };
const unique = randomBytes(4).toString('hex');
const taskQueue = `idle-${unique}`;
const site = `lund-${unique}`;

let fresh: FreshDatabase;
let mailbox: Mailbox;
let client: Client;
let target: Server;
const started: WorkflowHandle[] = [];
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  fresh = await freshDatabase();
  mailbox = await openMailbox();
  client = await openClient(stack);
  target = createServer((_request, response) => response.end('all is well'));
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const common = {
    connection: { address: stack.temporalAddress },
    namespace: stack.namespace,
    taskQueue,
    cacheDir: stack.cacheDir,
  };
  const deps = {
    db: fresh.db,
    sendMessage: createSendMessage(mailbox.smtpUrl),
    mailFrom: 'avtal@pector.example',
    agreementLink: (agreement: string) => `http://web.example/${agreement}`,
    staffLanguage: 'sv' as const,
  };
  const activities = createMonitoringActivities({
    ...deps,
    runCheck: fetchCheck,
    workerName: 'test',
    pageLinks: {
      key: randomBytes(32).toString('base64url'),
      url: (token) => `http://web.example/pages/${token}`,
    },
  });
  const workers = await Promise.all([
    startAgreementWorker({ ...common, deps }),
    startMonitoringWorker({ ...common, activities }),
    startSiteWorker({ ...common, site, runCheck: fetchCheck }),
  ]);
  ends.push(...workers.map((worker) => () => worker.stop()));
});

afterAll(async () => {
  for (const handle of started) await handle.terminate('the test is over').catch(() => undefined);
  for (const end of ends) await end();
  await client.connection.close();
  target.close();
  await mailbox.close();
  await fresh.close();
});

/** Starts a workflow with an id of its own. */
async function start(workflow: string, queue: string, input: object): Promise<WorkflowHandle> {
  const workflowId = `${workflow}-${unique}-${started.length}`;
  const handle = await client.workflow.start(workflow, { workflowId, taskQueue: queue, args: [input] });
  started.push(handle);
  return handle;
}

const status = async (handle: WorkflowHandle): Promise<string> => (await handle.describe()).status.name;

describe('an agreement year', () => {
  it('before, in and after its period, with nothing done, and terminated', async () => {
    const year = await beginYear({ years: 0 });
    const idle = async (): Promise<void> =>
      expect(await tenIdleMinutes(year.client, year.workflowId, year.time)).toBe(0);
    try {
      await idle();
      await year.to('2027-03-14');
      await idle();
      await year.signal('hoursUsed', { hours: 130, confirm: true, ref: 'on a Sunday' });
      await idle();
      await year.to('2027-08-15');
      await idle();
      await year.db.query('alter table plans rename to elsewhere');
      await year.signal('termsChanged', {});
      expect((await year.overview()).attention.map(({ code }) => code)).toContain('replan-failed');
      await idle();
      await year.db.query('alter table elsewhere rename to plans');
      await year.to('2028-01-01');
      await idle();
      await year.to('2028-03-12');
      await year.signal('agreementTerminated', { on: '2028-03-31', reason: 'moved' });
      // The mail about it has gone out.
      await year.to('2028-03-19');
      await idle();
      await year.to('2028-04-01', '01:00');
      await idle();
      await year.to('2028-04-08');
      expect(await year.time.running()).toBe(false);
    } finally {
      await year.finish();
    }
  }, 240_000);

  it('that cannot be planned', async () => {
    const handle = await start('agreementYear', taskQueue, {
      agreement: 'nobody-2027',
      clockOffset: 0,
      language: 'en',
    });
    expect(await tenIdleMinutes(client, handle.workflowId)).toBe(0);
  });
});

describe('monitoring', () => {
  const at = (agreement: string, on: string): MonitoringInput => ({
    agreement,
    language: 'en',
    clockOffset: Date.parse(instantAt(on, '12:00')) - Date.now(),
  });
  const begin = (input: MonitoringInput): Promise<WorkflowHandle> =>
    start('monitoring', monitoringQueueOf(taskQueue), input);
  const nothing = { monitors: [] };

  beforeAll(async () => {
    await sign(fresh.db, { agreement: 'unplanned-2027' });
    await signAndPlan(fresh.db, { agreement: 'watched-2027' });
    await signAndPlan(fresh.db, { agreement: 'unwatched-2027', ...nothing });
    await signAndPlan(fresh.db, { agreement: 'ended-2027' });
    await fresh.db.query(`update agreements set state = 'ended' where number = 'ended-2027'`);
  });

  it.each([
    ['of an agreement that is not planned', 'unplanned-2027', '2026-12-10'],
    ['before the first day', 'watched-2027', '2026-12-10'],
    ['in the period', 'watched-2027', '2027-03-10'],
    ['in the period, with nothing to watch', 'unwatched-2027', '2027-03-10'],
    ['after the period', 'watched-2027', '2028-03-10'],
    ['that failed for good', 'nobody-2027', '2027-03-10'],
  ])('%s', async (_, agreement, on) => {
    const handle = await begin(at(agreement, on));
    expect(await tenIdleMinutes(client, handle.workflowId)).toBe(0);
    await handle.signal('incidentTaken', { incident: 4711 });
    await handle.signal('incidentsChanged');
    expect(await tenIdleMinutes(client, handle.workflowId)).toBe(0);
    expect(await status(handle)).toBe('RUNNING');
  });

  it('ends with the agreement', async () => {
    const handle = await begin(at('ended-2027', '2027-03-10'));
    await comeToRest(handle);
    expect(await status(handle)).toBe('COMPLETED');
  });
});

// Watches and checks are under way for as long as they last: their time cannot be skipped.
it('a watch of our own place and of a site, with and without checks, a silent site, and a check that nobody makes', async () => {
  const { port } = target.address() as AddressInfo;
  const check = watchedCheck('orders', {
    intervalMinutes: 0.2 / 60,
    retrySeconds: 0.1,
    url: `http://127.0.0.1:${port}/`,
  });
  await sign(fresh.db, { agreement: check.agreement });
  const silent = `silent-${unique}`;
  const [shard, empty] = [randomInt(1_000, 2_000_000_000), randomInt(1_000, 2_000_000_000)];
  const named = (id: string) => ({ ...check, check: { ...check.check, id } });
  await placeChecks(fresh.db, 'central', shard, [named('ours')]);
  await placeChecks(fresh.db, site, 1, [named('theirs')]);
  await placeChecks(fresh.db, silent, 1, [named('unheard')]);
  const watches: WatchingInput[] = [
    { place: 'central', shard },
    { place: 'central', shard: empty },
    { place: site, shard: 1 },
    { place: silent, shard: 1, silent: true },
    { place: `nothing-${unique}`, shard: 1 },
    { place: `nothing-silent-${unique}`, shard: 1, silent: true },
  ];
  const handles: WorkflowHandle[] = await Promise.all(
    watches.map(async (watch) => {
      const handle = await client.workflow.start('watching', {
        workflowId: watchIdOf(watch),
        taskQueue: monitoringQueueOf(taskQueue),
        args: [watch],
      });
      started.push(handle);
      return handle;
    }),
  );
  // The first results of a site are reported once.
  await new Promise((resolve) => setTimeout(resolve, 18_000));
  const once: CheckOnceInput = { watched: check, taskQueue: `nobody-${unique}`, language: 'en' };
  handles.push(await start('checkOnce', monitoringQueueOf(taskQueue), once));
  expect(await idleSeconds(handles, 8)).toEqual(handles.map(() => 0));
  expect(await Promise.all(handles.slice(0, 6).map(status))).toEqual([
    ...['RUNNING', 'RUNNING', 'RUNNING', 'RUNNING'],
    ...['COMPLETED', 'COMPLETED'],
  ]);
}, 120_000);
