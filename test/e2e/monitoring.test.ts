/**
 * Monitoring as `npm start` runs it: a signed contract, the dispatcher, watches on the wall clock, a real target that
 * breaks and heals, mails to the desk, and the links in them.
 */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import type { ParsedMail } from 'mailparser';
import { storeSignedContract } from '../../activities/agreements';
import { createMonitoringActivities } from '../../activities/monitors';
import { heartbeatReader } from '../../activities/monitors/heartbeats';
import { watchIdOf } from '../../activities/monitors/places';
import { createSendMessage } from '../../activities/smtp';
import { termsAtSigning } from '../../activities/rulesets';
import { addDays, localDateOf } from '../../rules/calendar';
import type { Contract } from '../../rules/contract';
import { startAgreementWorker } from '../../worker/agreement-worker';
import { composeChecks } from '../../worker/compose-checks';
import { startDispatcher } from '../../worker/dispatcher';
import { startIntake } from '../../worker/intake/server';
import { startMonitoringWorker } from '../../worker/monitoring-worker';
import { monitoringIdOf, workflowIdOf } from '../../worker/start-agreement';
import { openClient } from '../../worker/temporal-connection';
import type { MonitoringPage } from '../../templates/ui/monitoring';
import { eventually, publishWorkingRules } from '../activities/signed-agreement';
import { exampleContract } from '../helpers/example';
import { openMailbox } from '../helpers/mailbox';
import type { Mailbox } from '../helpers/mailbox';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

const stack = testStack();
const id = randomBytes(4).toString('hex');
const today = localDateOf(new Date().toISOString());
const linkKey = randomBytes(32).toString('base64url');
/** What was started, in order: it is ended the other way round. */
const ends: (() => Promise<unknown>)[] = [];

let fresh: FreshDatabase;
let mailbox: Mailbox;
let client: Awaited<ReturnType<typeof openClient>>;
let contract: Contract;
let isBroken = false;

beforeAll(async () => {
  fresh = await freshDatabase();
  ends.push(fresh.close);
  mailbox = await openMailbox();
  ends.push(mailbox.close);
  const shop = await listen();
  ends.push(() => new Promise((resolve) => shop.server.close(resolve)));
  client = await openClient(stack);
  ends.push(() => client.connection.close());

  const { db } = fresh;
  const deps = {
    db,
    sendMessage: createSendMessage(mailbox.smtpUrl),
    mailFrom: 'avtal@pector.example',
    agreementLink: (agreement: string) => `http://web.example/${agreement}`,
    staffLanguage: 'sv' as const,
  };
  const intake = await startIntake({ db, host: '127.0.0.1', port: 0, linkKey, log: () => undefined });
  ends.push(() => intake.stop());
  const checks = composeChecks({
    secret: () => undefined,
    heartbeat: heartbeatReader(db),
    allow: ['127.0.0.0/8'],
    files: [],
  });
  ends.push(() => Promise.resolve(checks.close()));
  const common = {
    connection: { address: stack.temporalAddress },
    namespace: stack.namespace,
    taskQueue: `monitored-${id}`,
    cacheDir: stack.cacheDir,
  };
  const workers = await Promise.all([
    startAgreementWorker({ ...common, deps }),
    startMonitoringWorker({
      ...common,
      activities: createMonitoringActivities({
        ...deps,
        runCheck: checks.runCheck,
        workerName: 'test',
        linkKey,
        alertLink: (token) => `${intake.url}/alerts/${token}`,
      }),
    }),
  ]);
  ends.push(() => Promise.all(workers.map((worker) => worker.stop())));
  await publishWorkingRules(db);
  contract = monitored(shop.port);
  await forgetWatch();
  ends.push(forgetWatch);
  await storeSignedContract(db, contract, { signedTerms: await termsAtSigning(db, contract) });
  const dispatcher = startDispatcher({ ...common, db, client, language: 'sv', log: () => undefined });
  ends.push(() => dispatcher.stop());
});

afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** A shop that answers, or does not. */
async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => {
    response.writeHead(isBroken ? 503 : 200, { 'content-type': 'text/plain' });
    response.end(isBroken ? 'the queue is <b>stuck</b>' : 'all is well');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

function monitored(port: number): Contract {
  const often = {
    intervalMinutes: 1,
    retrySeconds: 5,
    graceMinutes: 0,
    failuresBeforeAlert: 1,
    goodBeforeRecovery: 1,
  };
  const shop = { kind: 'http' as const, url: `http://127.0.0.1:${port}/`, ...often };
  return exampleContract({
    agreement: `monitored-${id}`,
    signedOn: addDays(today, -40),
    startsOn: addDays(today, -40),
    monitors: [
      { ...shop, id: 'shop', name: 'Webshoppen svarar', runbook: 'Starta om webshoppen.' },
      { ...shop, id: 'orders', name: 'Orderna kommer fram', contains: 'well', dependsOn: ['shop'] },
      { id: 'import', kind: 'files', name: 'Importen', notPossible: 'Driftspartnern släpper inte in oss.' },
      { id: 'bank', kind: 'files', name: 'Bankfilerna' },
    ],
  });
}

/** The watches of our own place are found by what they watch, and another test may have left one. */
async function forgetWatch(): Promise<void> {
  for (const shard of [1, 2, 3, 4])
    for (const workflow of [watchIdOf({ place: 'central', shard })])
      await client.workflow
        .getHandle(workflow)
        .terminate('the test begins, or is over')
        .catch(() => undefined);
  for (const workflow of [workflowIdOf(`monitored-${id}`), monitoringIdOf(`monitored-${id}`)])
    await client.workflow
      .getHandle(workflow)
      .terminate('the test is over')
      .catch(() => undefined);
}

const toDesk = (): ParsedMail[] =>
  mailbox.mails.filter((mail) => [mail.to].flat().some((one) => one?.text.includes('support@')));
const page = (): Promise<MonitoringPage> =>
  client.workflow.getHandle(monitoringIdOf(contract.agreement)).query<MonitoringPage>('monitoring');
const patiently = (what: string, holds: () => boolean | Promise<boolean>): Promise<void> =>
  eventually(what, holds)
    .catch(() => eventually(what, holds))
    .catch(() => eventually(what, holds));

it('is alerted by mail, answered by a link, and over when it is over', async () => {
  const { db } = fresh;
  await patiently('both checks are well', async () => (await page().catch(() => undefined))?.checks.ok === 2);
  expect((await page()).checks).toEqual({ ok: 2, notPossible: 1, notSetUp: 1 });

  isBroken = true;
  await db.query(`update monitors set recheck_at = now() where state = 'watched'`);
  await patiently('the desk is told', () => toDesk().length > 0);
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

  const [link = ''] = /http:\/\/127\.0\.0\.1:\d+\/alerts\/\S+/.exec(alert?.text ?? '') ?? [];
  const looked = await fetch(link, { headers: { 'accept-language': 'sv' } });
  expect(await looked.text()).toContain('Jag tar det');
  expect((await page()).incidents.every(({ takenBy }) => takenBy === undefined)).toBe(true);
  const answered = await fetch(link, {
    method: 'POST',
    body: new URLSearchParams({ do: 'taken', by: 'Sara' }),
  });
  expect(answered.status).toBe(200);
  await patiently('it is taken', async () =>
    (await page()).incidents.some(({ takenBy }) => takenBy === 'Sara'),
  );

  // Mended: the check is made at once, whenever it would have been its turn.
  isBroken = false;
  const [, mended = ''] = (alert?.text ?? '').match(/http:\/\/127\.0\.0\.1:\d+\/alerts\/\S+/g) ?? [];
  await fetch(mended, { method: 'POST', body: new URLSearchParams({ do: 'mended', by: 'Sara' }) });
  await patiently('the desk is told that it is over', () => toDesk().length > 1);
  const [, recovery] = toDesk();
  expect(recovery?.references).toContain(alert?.references?.[0] ?? 'none');
  await patiently('nothing is open', async () => (await page()).open === 0);
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
  const agreement = client.workflow.getHandle(workflowIdOf(contract.agreement));
  await agreement.executeUpdate('monitoringPaused', {
    args: [{ monitor: 'all', until: today, reason: 'server move', by: 'anna' }],
  });
  await patiently('it rests', async () => (await page()).pauses.length === 1);
  isBroken = true;
  await db.query(`update monitors set recheck_at = now() where state = 'watched'`);
  const shop = async () => (await page()).incidents.find(({ monitor }) => monitor === 'shop');
  await patiently('it is kept', async () => (await shop())?.suppressed === 'pause');
  await agreement.executeUpdate('stepUndone', { args: [{ by: 'anna' }] });
  await patiently('its state is looked at anew', async () => {
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
  isBroken = false;
}, 300_000);

it('says what could not be taken, and ends with the agreement', async () => {
  const monitoring = client.workflow.getHandle(monitoringIdOf(contract.agreement));
  await monitoring.signal('incidentTaken', { incident: 4711 });
  await monitoring.signal('incidentTakne', {});
  await monitoring.signal('monitorPaused', { monitor: 'shop', until: 'soon' });
  const details = async (): Promise<string> =>
    String(
      await monitoring.query<string>('__temporal_workflow_metadata').then((value) => JSON.stringify(value)),
    );
  await patiently('the reasons are shown', async () => {
    const text = await details();
    return ['4711', 'incidentTakne', 'soon'].every((part) => text.includes(part));
  });
  await fresh.db.query(`update agreements set state = 'ended' where number = $1`, [contract.agreement]);
  await monitoring.signal('configurationChanged');
  await patiently('it ends', async () => (await monitoring.describe()).status.name === 'COMPLETED');
  expect(await fresh.db.query('select 1 from monitors')).toEqual([]);
});
