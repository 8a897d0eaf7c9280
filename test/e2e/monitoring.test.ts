/** Monitoring on the wall clock: told by mail, answered by a link, resting, ending; and its histories go on. */
import { rmSync } from 'node:fs';
import { Worker } from '@temporalio/worker';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { startIntegrationCheck } from '../../worker/temporal/start-monitoring';
import { payloadConverterPath, workflowBundle } from '../../worker/temporal/workflow-bundle';
import { eventually } from '../activities/signed-agreement';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import type { LiveMonitoring } from '../helpers/live-monitoring';
import { startLiveMonitoring } from '../helpers/live-monitoring';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

/** Asked when it is used: the day may end while the test runs. */
const today = (): string => localDateOf(new Date().toISOString());
let fresh: FreshDatabase;
let live: LiveMonitoring;

beforeAll(async () => {
  fresh = await freshDatabase();
  live = await startLiveMonitoring(testStack(), fresh.db);
});

afterAll(async () => {
  await live.close();
  await fresh.close();
});

const page = () => live.page();
const toDesk = () => live.toDesk();

const formOf = (html: string): string => /name="form" value="([^"]+)"/.exec(html)?.[1] ?? '';

/** How the checks stand on the command line, where one can be made at once, at a site too. */
async function onTheCommandLine(): Promise<void> {
  const dataDir = writeDownStack({ ...testStack(), databaseUrl: fresh.databaseUrl });
  process.env.SERVICEAVTAL_TASK_QUEUE = live.taskQueue;
  try {
    const run = (...args: string[]) => serviceavtalOn(dataDir, 'monitors', ...args);
    const { agreement } = live.contract;
    const listed = await run(agreement);
    expect(listed.errors).toBe('');
    expect(listed.out).toContain('går inte att köra: Driftspartnern släpper inte in oss.');
    expect(listed.out).toMatch(/bank +inte uppsatt +Bankfilerna \(files\)/);
    expect(listed.out).toContain(`Butiken inifrån (http @${live.site})`);
    const json = JSON.parse((await run(agreement, '--json')).out) as { id: string; status: string }[];
    expect(json.map(({ id, status }) => [id, status])).toContainEqual(['inside', 'ok']);

    const inside = await run('run', agreement, 'inside', '--language', 'en');
    expect(inside.out).toMatch(/^WELL {2}.*\(took \d+ ms\)/);
    expect(inside.out).toMatch(/^ {2}time in seconds: \d+(\.\d+)?$/m);
    expect(inside.code).toBe(0);
    const inSwedish = await run('run', agreement, 'butiken inifrån');
    expect(inSwedish.out).toMatch(/^ {2}tid i sekunder: \d+(,\d+)?$/m);
    const refused = await run('run', agreement, 'bank', '--language', 'en');
    expect(refused.errors).toContain('bank cannot be run: not set up');
    const unknown = await run('run', agreement, 'shopp', '--language', 'en');
    expect(unknown.errors).toContain(
      "expected one of the agreement's checks (bank, import, inside, orders, shop)",
    );
    expect([refused.code, unknown.code]).toEqual([1, 1]);
    expect((await run('run', agreement, 'bank')).errors).toContain('bank går inte att köra: inte uppsatt');
    expect((await run('nobody-1', '--language', 'en')).errors).toContain(
      'expected a signed agreement, found none with number nobody-1',
    );
  } finally {
    delete process.env.SERVICEAVTAL_TASK_QUEUE;
    rmSync(dataDir, { recursive: true });
  }
}

/** What the checks of an integration say to its agreement, when they are asked. */
async function answerTo(monitors: string[]): Promise<unknown> {
  const { client, contract, taskQueue, workflows } = live;
  const { agreement } = contract;
  const asked = new Date().toISOString();
  const input = { integration: 'webshop-orders', monitors, asked };
  await startIntegrationCheck(client, { agreement, payload: { input } }, { taskQueue, language: 'en' });
  await client.workflow.getHandle(`check-${agreement}-webshop-orders-${asked}`).result();
  const { events } = await client.workflow.getHandle(workflows.agreement).fetchHistory();
  const told = (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
    signal?.signalName === 'integrationMonitored' ? (signal.input?.payloads ?? []) : [],
  );
  return JSON.parse(Buffer.from(told.at(-1)!.data!).toString());
}

/** The checks of an integration are made where they are always made, at a site too; one that is not made says why. */
async function askedAfterAnIntegration(): Promise<void> {
  const about = { integration: 'webshop-orders', asked: expect.any(String) as string };
  expect(await answerTo(['shop', 'inside'])).toEqual({ ...about, by: 'monitor/shop,inside', ok: true });
  expect(await answerTo(['shop', 'bank'])).toEqual({
    ...{ ...about, by: 'monitor/shop,bank' },
    note: 'Bankfilerna: the check is not set up',
  });
}

it('is alerted by mail, shown on the command line, answered by a link, and over when it is over', async () => {
  const { db } = fresh;
  await eventually(
    'the checks are well, the site’s too',
    async () => (await page().catch(() => undefined))?.checks.ok === 3,
  );
  expect((await page()).checks).toEqual({ ok: 3, notPossible: 1, notSetUp: 1 });
  await askedAfterAnIntegration();

  await live.breakShop(true);
  // Problems wait a minute for others of the customer: time to look elsewhere.
  await Promise.all([onTheCommandLine(), eventually('the desk is told', () => toDesk().length > 0)]);
  const [alert] = toDesk();
  expect(alert?.subject).toContain('Webshoppen svarar');
  // The child has its line in the log, and no mail of its own.
  expect(alert?.text).toContain('förväntade 200–299, hittade 503');
  expect(alert?.text).toContain('the queue is <b>stuck</b>');
  expect(alert?.html).toContain('the queue is &lt;b&gt;stuck&lt;/b&gt;');
  expect(alert?.text).toContain('Starta om webshoppen.');
  expect(alert?.text).not.toContain('Orderna kommer fram');
  expect((await page()).incidents.map(({ monitor, suppressed }) => [monitor, suppressed]).sort()).toEqual([
    ['orders', 'parent:shop'],
    ['shop', undefined],
  ]);

  const [link = ''] = /http:\/\/127\.0\.0\.1:\d+\/pages\/\S+/.exec(alert?.text ?? '') ?? [];
  const looked = await fetch(link, { headers: { 'accept-language': 'sv' } });
  const shown = await looked.text();
  expect(shown).toContain('Jag tar det');
  expect((await page()).incidents.every(({ takenBy }) => takenBy === undefined)).toBe(true);
  const answered = await fetch(link, {
    method: 'POST',
    body: new URLSearchParams({ form: formOf(shown), do: 'taken', by: 'Sara' }),
  });
  expect(answered.status).toBe(200);
  await eventually('it is taken', async () =>
    (await page()).incidents.some(({ takenBy }) => takenBy === 'Sara'),
  );

  // Mended: the check is made at once, whenever it would have been its turn.
  await live.breakShop(false);
  const [, mended = ''] = (alert?.text ?? '').match(/http:\/\/127\.0\.0\.1:\d+\/pages\/\S+/g) ?? [];
  const form = formOf(await (await fetch(mended)).text());
  await fetch(mended, { method: 'POST', body: new URLSearchParams({ form, do: 'mended', by: 'Sara' }) });
  await eventually('the desk is told that it is over', () => toDesk().length > 1);
  const [, recovery] = toDesk();
  expect(recovery?.references).toContain(alert?.references?.[0] ?? 'none');
  await eventually('nothing is open', async () => (await page()).open === 0);
  expect(toDesk()).toHaveLength(2);
  expect(
    await db.query(
      `select monitor, told_at is not null as told, taken_by as "takenBy" from incidents order by monitor`,
    ),
  ).toEqual([
    { monitor: 'orders', told: false, takenBy: null },
    { monitor: 'shop', told: true, takenBy: 'Sara' },
  ]);
}, 300_000);

it('rests while the agreement says so, and looks anew when it does not any more', async () => {
  const { db } = fresh;
  const agreement = live.client.workflow.getHandle(live.workflows.agreement);
  await agreement.executeUpdate('monitoringPaused', {
    args: [{ monitor: 'all', until: today(), reason: 'server move', by: 'anna' }],
  });
  await eventually('it rests', async () => (await page()).pauses.length === 1);
  await live.breakShop(true);
  const shop = async () => (await page()).incidents.find(({ monitor }) => monitor === 'shop');
  await eventually('it is kept', async () => (await shop())?.suppressed === 'pause');
  await agreement.executeUpdate('stepUndone', { args: [{ by: 'anna' }] });
  await eventually('its state is looked at anew', async () => {
    const logged = await db.query<{ what: string }>(
      `select what from incident_log join incidents on incidents.id = incident
        where monitor = 'shop' and closed_at is null order by incident_log.id`,
    );
    const happened = logged.map(({ what }) => what);
    return (
      happened.includes('suppressed') && happened.lastIndexOf('confirmed') > happened.indexOf('suppressed')
    );
  });
  expect((await shop())?.suppressed).not.toBe('pause');
  await live.breakShop(false);
}, 300_000);

it('says what could not be taken, and ends with the agreement', async () => {
  const monitoring = live.client.workflow.getHandle(live.workflows.monitoring);
  await monitoring.signal('incidentTaken', { incident: 4711 });
  await monitoring.signal('incidentTakne', {});
  await monitoring.signal('monitorPaused', { monitor: 'shop', until: 'soon' });
  const details = async (): Promise<string> =>
    String(
      await monitoring.query<string>('__temporal_workflow_metadata').then((value) => JSON.stringify(value)),
    );
  await eventually('the reasons are shown', async () => {
    const text = await details();
    return ['4711', 'incidentTakne', 'soon'].every((part) => text.includes(part));
  });
  await fresh.db.query(`update agreements set state = 'ended' where number = $1`, [live.contract.agreement]);
  await monitoring.signal('configurationChanged');
  for (const workflow of [live.workflows.monitoring, live.workflows.central, live.workflows.site]) {
    const history = await live.client.workflow.getHandle(workflow).fetchHistory();
    const bundle = await workflowBundle(testStack().cacheDir);
    await Worker.runReplayHistory(
      { workflowBundle: bundle, dataConverter: { payloadConverterPath } },
      history,
    );
  }
  await eventually('it ends', async () => (await monitoring.describe()).status.name === 'COMPLETED');
  expect(await fresh.db.query('select 1 from monitors')).toEqual([]);
});
