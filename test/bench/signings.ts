/** Signings a second, from the signature to the started workflow, beside `client.workflow.start` alone. */
import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { storeSignedContract } from '../../activities/agreements';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import type { Contract } from '../../rules/contract';
import { cloneDatabase } from '../../worker/databases';
import { startDispatcher } from '../../worker/dispatcher';
import { startAgreement, workflowIdOf } from '../../worker/start-agreement';
import { exampleContract } from '../helpers/example';
import type { BenchStack, Measured } from './measured';
import { compare, interleave } from './statistics';

/** Signatures, and bare starts, under way at the same time. */
const concurrency = 16;
/** As many as `npm start` opens. */
const maxConnections = 20;
const lookEveryMs = 5;
const patienceMs = 120_000;

export interface SigningsOptions {
  repetitions: number;
  /** Agreements signed in each repetition. */
  agreements: number;
  onProgress: (text: string) => void;
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items];
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

/** Every outbox row is done: each workflow was started. */
async function untilAllStarted(db: Db): Promise<void> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const [row] = await db.query<{ open: number; error: string | null }>(
      'select count(*) as open, max(last_error) as error from outbox where done_at is null',
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

/** Measures with a database of its own; nobody works on the task queue, so that only starting is measured. */
export async function measureSignings(stack: BenchStack, options: SigningsOptions): Promise<Measured> {
  const id = randomBytes(4).toString('hex');
  const { namespace } = stack;
  const start = { taskQueue: `signings-${id}`, language: 'sv' as const };
  const clone = await cloneDatabase(stack.databaseUrl, `signings_${id}`);
  const db = openDb(clone.databaseUrl, { maxConnections });
  const connection = await Connection.connect({ address: stack.temporalAddress });
  const client = new Client({ connection, namespace });
  const warnings: string[] = [];
  const dispatcher = startDispatcher({ db, client, ...start, log: (line) => void warnings.push(line) });
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
      await inParallel(made, (contract) => storeSignedContract(db, contract));
      await untilAllStarted(db);
    });
  };
  // `startAgreement` is `client.workflow.start` and nothing else: same input, same search attributes.
  const startBare = (): Promise<number> => {
    const made = contracts();
    return perSecond(made, () => inParallel(made, (contract) => startAgreement(client, contract, start)));
  };
  try {
    options.onProgress('signings: warming up');
    await sign();
    await startBare();
    const pairs = await interleave(options.repetitions, sign, startBare, (done) =>
      options.onProgress(`signings: ${done} of ${options.repetitions} pairs`),
    );
    if (warnings.length > 0) throw new Error(`the dispatcher had to try again: ${warnings[0]}`);
    return {
      id: 'signings',
      name: 'signings, stored to started',
      unit: 'signings/s',
      ...compare(pairs),
      note: `${options.agreements} at a time, ${concurrency} in parallel; bare: client.workflow.start`,
      pairs,
    };
  } finally {
    options.onProgress('signings: cleaning up');
    await dispatcher.stop();
    await inParallel(signed, ({ agreement }) =>
      client.workflowService
        .deleteWorkflowExecution({ namespace, workflowExecution: { workflowId: workflowIdOf(agreement) } })
        // One that never started needs no removal.
        .catch(() => undefined),
    );
    await connection.close();
    await db.close();
    await clone.drop();
  }
}
