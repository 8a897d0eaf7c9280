/** Signings a second, from the delivery over HTTP to the started workflow, beside `client.workflow.start` alone. */
import { createHmac, randomBytes } from 'node:crypto';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Pool } from 'undici';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import { publishRuleset } from '../../activities/agreements/rulesets';
import type { Contract } from '../../rules/engine/contract/contract';
import { projectRoot } from '../../worker/settings/configuration';
import { cloneDatabase } from '../../worker/simulation/databases';
import { inParallel } from '../../worker/health/workflows';
import { startDispatcher } from '../../worker/processes/dispatcher';
import { startIntake } from '../../worker/intake/server';
import { openMappings } from '../../worker/files/signing-mappings';
import { startDeliveryLanes } from '../../worker/processes/delivery-lanes';
import { startAgreement, workflowIdOf } from '../../worker/temporal/start-agreement';
import { exampleContract, workingRules } from '../helpers/example';
import type { BenchStack, Measured } from './measured';
import { compare, interleave } from './statistics';

/** Signatures, and bare starts, under way at the same time. */
const concurrency = 16;
/** As many as `npm start` opens. */
const maxConnections = 20;
const lookEveryMs = 15;
const key = randomBytes(32).toString('base64url');
const patienceMs = 120_000;

export interface DeliveryLanesOptions {
  repetitions: number;
  /** Agreements signed in each repetition. */
  agreements: number;
  onProgress: (text: string) => void;
}

/** Every delivery is settled, and every outbox row done: each workflow was started. */
async function untilAllStarted(db: Db): Promise<void> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const [row] = await db.query<{ open: number; error: string | null }>(
      `select (select count(*) from deliveries where state in ('received', 'waiting'))
              + (select count(*) from outbox where done_at is null) as open,
              (select max(last_error) from outbox where done_at is null) as error`,
    );
    if (row?.open === 0) return;
    if (Date.now() > giveUpAt)
      throw new Error(
        `expected every agreement to start, ${row?.open} did not: ${row?.error ?? 'no reason'}`,
      );
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

async function perSecond(contracts: Contract[], work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return contracts.length / ((performance.now() - begun) / 1000);
}

/** Delivers a contract as our own form has it, over a connection that is kept. */
async function deliver(pool: Pool, contract: Contract): Promise<void> {
  const body = JSON.stringify({
    event: 'completed',
    document: { id: contract.agreement, completedAt: '2026-12-01T10:00:00.000Z' },
    contract,
  });
  const seconds = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');
  const answer = await pool.request({
    method: 'POST',
    path: '/signings/signed',
    headers: { 'content-type': 'application/json', 'serviceavtal-signature': `t=${seconds},v1=${signature}` },
    body,
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200)
    throw new Error(`expected the intake to take a delivery, found ${answer.statusCode} ${text.trim()}`);
}

/** Measures with a database of its own; nobody works on the task queue, so that only starting is measured. */
export async function measureSignings(stack: BenchStack, options: DeliveryLanesOptions): Promise<Measured> {
  const id = randomBytes(4).toString('hex');
  const { namespace } = stack;
  const start = { taskQueue: `signings-${id}`, language: 'sv' as const };
  const clone = await cloneDatabase(stack.databaseUrl, `signings_${id}`);
  const db = openDb(clone.databaseUrl, { maxConnections });
  const intakeDb = openDb(clone.databaseUrl, { maxConnections: 5 });
  await publishRuleset(db, workingRules().ruleset, { author: '', message: 'bench' });
  const connection = await Connection.connect({ address: stack.temporalAddress });
  const client = new Client({ connection, namespace });
  const warnings: string[] = [];
  const log = (line: string): void => void warnings.push(line);
  const dispatcher = startDispatcher({ db, client, ...start, log });
  const mappingOf = openMappings(path.join(projectRoot, 'rules'), log);
  const signings = startDeliveryLanes({ db, apis: {}, mappingOf, log });
  const none = (): string[] => [];
  const intake = await startIntake({
    db: intakeDb,
    host: '127.0.0.1',
    port: 0,
    linkKey: key,
    signing: { docusign: none, scrive: none, oneflow: none, signed: () => [key] },
    log,
  });
  const pool = new Pool(intake.url, { connections: concurrency });
  const signed: Contract[] = [];
  const contracts = (): Contract[] => {
    const made = Array.from({ length: options.agreements }, (_, index) =>
      exampleContract({ agreement: `bench-${id}-${signed.length + index}` }),
    );
    signed.push(...made);
    return made;
  };
  const sign = (): Promise<number> => {
    const made = contracts();
    return perSecond(made, async () => {
      await inParallel(made, concurrency, (contract) => deliver(pool, contract));
      await untilAllStarted(db);
    });
  };
  // `startAgreement` is `client.workflow.start` and nothing else: same input, same search attributes.
  const startBare = (): Promise<number> => {
    const made = contracts();
    return perSecond(made, () =>
      inParallel(made, concurrency, (contract) => startAgreement(client, contract, start)),
    );
  };
  try {
    options.onProgress('signings: warming up');
    await sign();
    await startBare();
    const pairs = await interleave(options.repetitions, sign, startBare, (done) =>
      options.onProgress(`signings: ${done} of ${options.repetitions} pairs`),
    );
    if (warnings.length > 0) throw new Error(`expected everything to succeed at once, found: ${warnings[0]}`);
    return {
      id: 'signings',
      name: 'signings, delivered over HTTP to started',
      goal: { of: 'ratio', atLeast: 0.8 },
      unit: 'signings/s',
      ...compare(pairs),
      note: `${options.agreements} at a time, ${concurrency} in parallel; bare: client.workflow.start`,
      pairs,
    };
  } finally {
    options.onProgress('signings: cleaning up');
    await pool.close();
    await intake.stop();
    await signings.stop();
    await dispatcher.stop();
    await inParallel(signed, concurrency, ({ agreement }) =>
      client.workflowService
        .deleteWorkflowExecution({ namespace, workflowExecution: { workflowId: workflowIdOf(agreement) } })
        // One that never started needs no removal.
        .catch(() => undefined),
    );
    await connection.close();
    await Promise.all([db.close(), intakeDb.close()]);
    await clone.drop();
  }
}
