/**
 * Everything from a signing service to a customer's mailbox, as `npm start` runs it: services on local ports, the
 * intake, the delivery lanes, the dispatcher, a worker, a database and a mailbox. The parts can be stopped and started
 * again one by one.
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import { openSigningApis } from '../../activities/signings/open-apis';
import { createSendMessage } from '../../activities/mail/smtp';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addMonths } from '../../rules/engine/calendar/dates';
import { startAgreementWorker } from '../../worker/processes/agreement-worker';
import { projectRoot } from '../../worker/settings/configuration';
import { startDispatcher } from '../../worker/processes/dispatcher';
import { startIntake } from '../../worker/intake/server';
import { openMappings } from '../../worker/files/signing-mappings';
import { startDeliveryLanes } from '../../worker/processes/delivery-lanes';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import { openClient } from '../../worker/temporal/temporal-connection';
import { publishSleeplessRules } from '../activities/signed-agreement';
import { payload } from '../rules/signing/documents';
import type { Proxy } from '../worker/proxy';
import { openProxy } from '../worker/proxy';
import type { Mailbox } from './mailbox';
import { openMailbox } from './mailbox';
import type { Delivered, DocusignServer, OneflowServer, ScriveServer } from './signing-services';
import { noServices, startDocusign, startOneflow, startScrive } from './signing-services';
import { freshDatabase, testStack } from './stack';

/** A part that can be stopped for a while. */
export interface Part {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface LiveSignings {
  db: Db;
  client: Client;
  mailbox: Mailbox;
  docusign: DocusignServer;
  oneflow: OneflowServer;
  scrive: ScriveServer;
  /** Addresses that the services deliver to. */
  address: { [name in 'docusign' | 'oneflow' | 'scrive' | 'signed']: string };
  /** Delivers a document in our own form, signed with our key or another one. */
  deliver(
    body: object,
    options?: { key?: string; changedBody?: (body: string) => string },
  ): Promise<Delivered>;
  /** Folder of the mapping files in use. */
  mappings: string;
  /** An agreement's number that is unique to this run. */
  number(name: string): string;
  /** The worker, the delivery lanes, and the connection from the intake to its database. */
  parts: { worker: Part; signings: Part; intakeDatabase: Part };
  /** The lines that were logged. */
  said: string[];
  close(): Promise<void>;
}

export const today = localDateOf(new Date().toISOString());
/** First day of the agreements: the first of next month. */
const startsOn = `${addMonths(today, 1).slice(0, 7)}-01`;

/** The fields of a document for an agreement; a field without a value is left out. */
export function fieldsOf(
  number: string,
  changed: Record<string, string | undefined> = {},
): Record<string, string> {
  const { fields } = payload('signed') as { fields: Record<string, string | number> };
  const all = {
    ...fields,
    Dokumenttyp: 'Serviceavtal',
    Avtalsnummer: number,
    Startdatum: startsOn,
    // No monitoring.
    'Övervakad webbplats': '',
    ...changed,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** Starts a part. */
async function running(start: () => Promise<() => Promise<void>>): Promise<Part> {
  let stop: (() => Promise<void>) | undefined = await start();
  return {
    start: async () => {
      stop ??= await start();
    },
    stop: async () => {
      const stopping = stop;
      stop = undefined;
      await stopping?.();
    },
  };
}

export async function startLiveSignings(): Promise<LiveSignings> {
  const stack = testStack();
  const id = randomBytes(4).toString('hex');
  const taskQueue = `signings-${id}`;
  const said: string[] = [];
  const log = (line: string): void => void said.push(line);
  const [database, mailbox, docusign, oneflow, scrive, client] = await Promise.all([
    freshDatabase(),
    openMailbox(),
    startDocusign(),
    startOneflow(),
    startScrive(),
    openClient(stack),
  ]);
  const { db } = database;
  await publishSleeplessRules(db);
  const rulesDir = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-live-'));
  cpSync(path.join(projectRoot, 'rules/signing'), path.join(rulesDir, 'signing'), { recursive: true });

  const mail = {
    db,
    sendMessage: createSendMessage(mailbox.smtpUrl),
    mailFrom: 'avtal@pector.example',
    agreementLink: (agreement: string) => `http://temporal.example/${workflowIdOf(agreement)}`,
    staffLanguage: 'sv' as const,
  };
  const worker = await running(async () => {
    const { stop } = await startAgreementWorker({
      connection: { address: stack.temporalAddress },
      namespace: stack.namespace,
      taskQueue,
      cacheDir: stack.cacheDir,
      deps: mail,
    });
    return stop;
  });
  const dispatcher = startDispatcher({ db, client, taskQueue, language: 'sv', log });
  const apis = openSigningApis(
    { ...noServices, docusign: docusign.settings, oneflow: oneflow.settings, scrive: scrive.settings },
    { seconds: 5 },
  );
  const mappingOf = openMappings(rulesDir, log);
  const signings = await running(
    async () => startDeliveryLanes({ db, apis, mappingOf, mail, tellEvery: 1_000, log }).stop,
  );

  const secret = randomBytes(16).toString('hex');
  const ownKey = randomBytes(16).toString('hex');
  const behind = await intakeBehind(database.databaseUrl);
  const intake = await startIntake({
    db: behind.db,
    host: '127.0.0.1',
    port: 0,
    linkKey: randomBytes(32).toString('hex'),
    signing: {
      docusign: () => docusign.keys,
      oneflow: () => [oneflow.signKey],
      scrive: () => [secret],
      signed: () => [ownKey],
    },
    log,
  });
  const address = {
    docusign: `${intake.url}/signings/docusign`,
    oneflow: `${intake.url}/signings/oneflow`,
    scrive: `${intake.url}/signings/scrive/${secret}`,
    signed: `${intake.url}/signings/signed`,
  };
  return {
    ...{ db, client, mailbox, docusign, oneflow, scrive, address, said },
    mappings: path.join(rulesDir, 'signing'),
    number: (name) => `${name}-${id}`,
    parts: { worker, signings, intakeDatabase: behind.part },
    deliver: (form, options) => deliverOwn(address.signed, form, { key: ownKey, ...options }),
    close: async () => {
      await intake.stop();
      await signings.stop();
      await dispatcher.stop();
      const agreements = await db.query<{ number: string }>('select number from agreements');
      for (const { number } of agreements)
        await client.workflow
          .getHandle(workflowIdOf(number))
          .terminate('the test is over')
          // The workflow may not have been started.
          .catch(() => undefined);
      await worker.stop();
      await client.connection.close();
      await Promise.all([docusign, oneflow, scrive, mailbox, behind].map((each) => each.close()));
      await database.close();
      rmSync(rulesDir, { recursive: true });
    },
  };
}

/** Starts the intake with a pool of its own, whose connection to the database can be cut. */
async function intakeBehind(
  databaseUrl: string,
): Promise<{ db: Db; part: Part; close: () => Promise<void> }> {
  const url = new URL(databaseUrl);
  const proxy: Proxy = await openProxy(url.host);
  url.host = `127.0.0.1:${proxy.port}`;
  const db = openDb(url.href, { maxConnections: 5 });
  return {
    db,
    part: { start: proxy.comeBack, stop: proxy.goDown },
    close: async () => {
      await db.close();
      await proxy.goDown();
    },
  };
}

async function deliverOwn(
  url: string,
  form: object,
  { key, changedBody = (body) => body }: { key: string; changedBody?: (body: string) => string },
): Promise<Delivered> {
  const body = JSON.stringify(form);
  const seconds = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'serviceavtal-signature': `t=${seconds},v1=${signature}`,
    },
    body: changedBody(body),
  });
  return { status: answer.status, body: await answer.text() };
}

/** A document in our own form. */
export function ownForm(
  fields: Record<string, string>,
  {
    id = randomUUID(),
    event = 'completed',
    ...document
  }: { id?: string; event?: string; files?: object[] } = {},
): object {
  return {
    event,
    document: {
      id,
      title: 'Serviceavtal Guld',
      completedAt: new Date().toISOString(),
      signers: [{ name: 'Karin Ek', email: 'karin.ek@testbolaget.example.com' }],
      ...document,
    },
    fields,
  };
}
