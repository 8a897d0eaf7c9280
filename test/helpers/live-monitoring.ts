/**
 * Monitoring as `npm start` runs it, in real time on the test stack: a signed contract, the dispatcher, watches at our
 * own place and at a site, a real target that breaks and heals, a mailbox, and the intake.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import type { ParsedMail } from 'mailparser';
import { storeSignedContract } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import { createMonitoringActivities } from '../../activities/monitoring';
import { heartbeatReader } from '../../activities/monitors/heartbeats';
import { centralShardOf, watchIdOf } from '../../activities/monitors/places';
import { termsAtSigning } from '../../activities/agreements/rulesets';
import { createSendMessage } from '../../activities/mail/smtp';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
import type { Contract } from '../../rules/engine/contract/contract';
import type { MonitoringPage } from '../../templates/ui/monitoring';
import { startAgreementWorker } from '../../worker/processes/agreement-worker';
import { composeChecks } from '../../worker/processes/compose-checks';
import { startDispatcher } from '../../worker/processes/dispatcher';
import { startIntake } from '../../worker/intake/server';
import { startMonitoringWorker } from '../../worker/processes/monitoring-worker';
import { startSiteWorker } from '../../worker/processes/site-worker';
import { monitoringIdOf, workflowIdOf } from '../../worker/temporal/start-agreement';
import { openClient } from '../../worker/temporal/temporal-connection';
import { publishWorkingRules } from '../activities/signed-agreement';
import { exampleContract } from './example';
import { openMailbox } from './mailbox';
import type { TestStack } from './stack';

export interface LiveMonitoring {
  client: Client;
  db: Db;
  contract: Contract;
  /** Task queue of the agreements. */
  taskQueue: string;
  /** Id of the site. */
  site: string;
  /** Ids of the workflows that monitor the agreement. */
  workflows: { agreement: string; monitoring: string; central: string; site: string };
  /** Sets whether the shop answers with errors from now on. */
  breakShop(broken: boolean): Promise<void>;
  page(): Promise<MonitoringPage>;
  /** Mails to the support desk. */
  toDesk(): ParsedMail[];
  close(): Promise<void>;
}

/** Starts it. @param db an empty database, which the caller closes */
export async function startLiveMonitoring(stack: TestStack, db: Db): Promise<LiveMonitoring> {
  const id = randomBytes(4).toString('hex');
  const linkKey = randomBytes(32).toString('base64url');
  /** Functions that end what was started, in order of the starts; they are called in reverse. */
  const ends: (() => Promise<unknown>)[] = [];
  const mailbox = await openMailbox();
  ends.push(mailbox.close);
  const shop = await openShop();
  ends.push(shop.close);
  const client = await openClient(stack);
  ends.push(() => client.connection.close());
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
  const site = `lund-${id}`;
  const common = {
    connection: { address: stack.temporalAddress },
    namespace: stack.namespace,
    taskQueue: `monitored-${id}`,
    cacheDir: stack.cacheDir,
  };
  const activities = createMonitoringActivities({
    ...deps,
    runCheck: checks.runCheck,
    workerName: 'test',
    pageLinks: { key: linkKey, url: (token) => `${intake.url}/pages/${token}` },
  });
  const workers = await Promise.all([
    startAgreementWorker({ ...common, deps }),
    startMonitoringWorker({ ...common, activities }),
    startSiteWorker({ ...common, site, runCheck: checks.runCheck }),
  ]);
  ends.push(() => Promise.all(workers.map((worker) => worker.stop())));

  const contract = monitored(id, site, shop.port);
  const workflows = {
    agreement: workflowIdOf(contract.agreement),
    monitoring: monitoringIdOf(contract.agreement),
    central: watchIdOf({ place: 'central', shard: centralShardOf(contract.agreement) }),
    site: watchIdOf({ place: site, shard: 1 }),
  };
  const forget = async (): Promise<void> => {
    for (const workflow of Object.values(workflows))
      await client.workflow
        .getHandle(workflow)
        .terminate('the test is over')
        .catch(() => undefined);
  };
  // Watches of our own place have the same id in every test: end one that another test may have left.
  await forget();
  ends.push(forget);
  await publishWorkingRules(db);
  await storeSignedContract(db, contract, await termsAtSigning(db, contract));
  const dispatcher = startDispatcher({ ...common, db, client, language: 'sv', log: () => undefined });
  ends.push(() => dispatcher.stop());
  return {
    client,
    db,
    contract,
    taskQueue: common.taskQueue,
    site,
    workflows,
    breakShop: async (broken) => {
      shop.isBroken = broken;
      await db.query(`update monitors set recheck_at = now() where state = 'watched' and place = 'central'`);
    },
    page: () => client.workflow.getHandle(workflows.monitoring).query<MonitoringPage>('monitoring'),
    toDesk: () =>
      mailbox.mails.filter((mail) => [mail.to].flat().some((one) => one?.text.includes('support@'))),
    close: async () => {
      for (const end of ends.reverse()) await end();
    },
  };
}

/** A web server of a shop, which can be broken; it tells its version. */
export interface Shop {
  isBroken: boolean;
  port: number;
  close(): Promise<unknown>;
}

export async function openShop(): Promise<Shop> {
  const shop = { isBroken: false, port: 0, close: (): Promise<unknown> => Promise.resolve() };
  const server = createServer((_request, response) => {
    response.writeHead(shop.isBroken ? 503 : 200, { 'content-type': 'text/plain' });
    response.end(shop.isBroken ? 'the queue is <b>stuck</b>' : '{"status":"all is well","version":"5.2.1"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  shop.port = (server.address() as AddressInfo).port;
  shop.close = () => new Promise((resolve) => server.close(resolve));
  return shop;
}

function monitored(id: string, site: string, port: number): Contract {
  const today = localDateOf(new Date().toISOString());
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
      // Passes whether the shop is broken or not: only the site's silence is to be reported.
      { ...shop, id: 'inside', name: 'Butiken inifrån', site, status: [200, 503] },
      { id: 'import', kind: 'files', name: 'Importen', notPossible: 'Driftspartnern släpper inte in oss.' },
      { id: 'bank', kind: 'files', name: 'Bankfilerna' },
    ],
  });
}
