/**
 * What `apply` costs over many running years: replans a second beside bare workflows that are signalled and do as many
 * activities and timers; the memory of a worker for each; and a worker's cold start with something due in every year.
 */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { storeSignedContract } from '../../activities/agreements/agreements';
import {
  applyRuleset,
  beginLooking,
  publishRuleset,
  requireRulesetInForce,
  termsAtSigning,
} from '../../activities/agreements/rulesets';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import { inParallel } from '../../worker/health/workflows';
import { startDispatcher } from '../../worker/processes/dispatcher';
import { cloneDatabase } from '../../worker/simulation/databases';
import { startAgreement, workflowIdOf } from '../../worker/temporal/start-agreement';
import { withMeetings } from '../helpers/changed-rules';
import { exampleContract, workingRules } from '../helpers/example';
import { ended, startedScript } from '../helpers/worker-process';
import { bundleBareYear } from './bare-year';
import type { FleetWorkerOptions } from './fleet-worker';
import { residentOf } from './monitoring-load';
import type { BenchStack, Measured } from './measured';
import type { YearShape } from './year-shape';
import { readShape } from './year-shape';

const script = path.join(__dirname, 'fleet-worker.ts');
const concurrency = 20;
/** The agreements' clock: in the first weeks of their year. */
const now = '2027-01-11T10:00:00.000Z';
/** As many as the product's worker keeps. */
const cached = 500;

export interface FleetOptions {
  agreements: number;
  onProgress: (text: string) => void;
}

const secondsSince = (begun: number): number => (performance.now() - begun) / 1000;

/** Waits until something has reached a number. @param stall seconds without progress after which it is given up */
async function untilReached(
  what: string,
  wanted: number,
  read: () => Promise<number>,
  stall = 120,
): Promise<void> {
  let last = -1;
  for (let since = performance.now(); ;) {
    const reached = await read();
    if (reached >= wanted) return;
    if (reached !== last) since = performance.now();
    last = reached;
    if (secondsSince(since) > stall)
      throw new Error(`expected ${wanted} ${what}, found ${reached} and no more`);
    await pause(100);
  }
}

interface Fleet {
  db: Db;
  client: Client;
  worker: FleetWorkerOptions;
}

/** Signs agreements and waits until each has its plan and its mails are gone. */
async function sign({ db, client, worker }: Fleet, numbers: readonly string[]): Promise<number> {
  const begun = performance.now();
  const clockOffset = Date.parse(now) - Date.now();
  const count = async (sql: string): Promise<number> => {
    const [row] = await db.query<{ n: number }>(sql, [numbers]);
    return Number(row?.n);
  };
  await inParallel(numbers, concurrency, async (agreement) => {
    const contract = exampleContract({ agreement });
    await storeSignedContract(db, contract, { ...(await termsAtSigning(db, contract)), start: false });
    await startAgreement(client, contract, { taskQueue: worker.taskQueue, language: 'sv', clockOffset });
  });
  await untilReached('plans', numbers.length, () =>
    count('select count(distinct agreement) as n from plans where agreement = any ($1)'),
  );
  const took = secondsSince(begun);
  for (let before = -1, sent = 0; sent > before; before = sent, sent = await count(sentMails))
    await pause(3_000);
  return numbers.length / took;
}

const sentMails = 'select count(*) as n from mails where agreement = any ($1)';

/** Puts rules in force for all. @returns when every year is planned by them, in seconds from the command */
async function apply(
  db: Db,
  perYear: number,
  agreements: number,
  meanwhile?: () => Promise<unknown>,
): Promise<number> {
  const ruleset = withMeetings(perYear);
  const seen = { hash: await requireRulesetInForce(db), since: await beginLooking(db) };
  let begun = performance.now();
  await applyRuleset(db, ruleset, { author: '', message: 'bench' }, 'all', seen);
  if (meanwhile) {
    await meanwhile();
    begun = performance.now();
  }
  await untilReached('replans', agreements, async () => {
    const [row] = await db.query<{ n: number }>(
      "select count(distinct agreement) as n from plans where plan ->> 'rulesetHash' = $1",
      [ruleset.hash],
    );
    return Number(row?.n);
  });
  return secondsSince(begun);
}

interface Bare {
  signalsPerSecond: number;
  /** MiB resident with and without the workflows. */
  resident: { before: number; after: number };
}

/** As many bare workflows, each of the shape of one agreement that was signed and replanned alone. */
async function playBare(
  { client, worker }: Fleet,
  shape: YearShape,
  options: FleetOptions,
  codePath: string,
): Promise<Bare> {
  const turns = shape.runs[0] ?? [];
  const signalled = turns.findIndex(({ wakes }) => wakes > 0);
  const work = (part: typeof turns): number =>
    part.reduce((sum, { localActivities, activities }) => sum + localActivities + activities, 0);
  const [first, all] = [work(turns.slice(0, signalled)), work(turns)];
  const taskQueue = `${worker.taskQueue}-bare`;
  const child = await startedScript(script, {
    ...worker,
    taskQueue,
    product: undefined,
    bare: { codePath, cached },
  });
  let done = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    for (const [, count] of chunk.toString().matchAll(/done (\d+)/g)) done = Number(count);
  });
  try {
    const before = residentOf(child.pid ?? 0);
    const ids = Array.from({ length: options.agreements }, (_, index) => `${taskQueue}-${index}`);
    await inParallel(ids, concurrency, (workflowId) =>
      client.workflow.start('bareYear', { workflowId, taskQueue, args: [{ runs: shape.runs }] }),
    );
    await untilReached('activities', first * ids.length, () => Promise.resolve(done));
    await pause(3_000);
    const begun = performance.now();
    await inParallel(ids, concurrency, (workflowId) =>
      client.workflow.getHandle(workflowId).signal('pushed'),
    );
    await untilReached('activities', all * ids.length, () => Promise.resolve(done));
    const took = secondsSince(begun);
    const after = residentOf(child.pid ?? 0);
    await inParallel(ids, concurrency, (workflowId) =>
      client.workflow.getHandle(workflowId).terminate('measured'),
    );
    return { signalsPerSecond: ids.length / took, resident: { before, after } };
  } finally {
    await ended(child, 'SIGKILL');
  }
}

/** Measures with a database and a task queue of its own. */
export async function measureFleet(stack: BenchStack, options: FleetOptions): Promise<Measured[]> {
  const { agreements, onProgress } = options;
  const id = `fleet-${randomBytes(4).toString('hex')}`;
  const { temporalAddress, namespace, cacheDir, smtpUrl } = stack;
  const clone = await cloneDatabase(stack.databaseUrl, id.replace('-', '_'));
  const db = openDb(clone.databaseUrl, { maxConnections: 20 });
  await publishRuleset(db, workingRules().ruleset, { author: '', message: 'bench' });
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection, namespace });
  const product = { databaseUrl: clone.databaseUrl, smtpUrl };
  const worker: FleetWorkerOptions = { temporalAddress, namespace, taskQueue: id, cacheDir, product };
  const { code } = await bundleBareYear();
  const codePath = path.join(cacheDir, 'bare-workflows.js');
  writeFileSync(codePath, code);
  const fleet: Fleet = { db, client, worker };
  const warnings: string[] = [];
  const log = (line: string): void => void warnings.push(line);
  const dispatcher = startDispatcher({ db, client, taskQueue: id, language: 'sv', log });
  let child: ChildProcess | undefined;
  const signed: string[] = [];
  try {
    child = await startedScript(script, worker);
    onProgress('fleet: one agreement alone');
    signed.push(`${id}-alone`);
    await sign(fleet, signed);
    const atFirst = residentOf(child.pid ?? 0);
    await apply(db, 5, 1);
    await pause(3_000);
    const shape = await readShape(client, workflowIdOf(`${id}-alone`));
    onProgress(`fleet: ${agreements} agreements are signed and planned`);
    const many = Array.from({ length: agreements }, (_, index) => `${id}-${index}`);
    signed.push(...many);
    const plannedPerSecond = await sign(fleet, many);
    const atRest = residentOf(child.pid ?? 0);
    onProgress('fleet: apply');
    const replanned = await apply(db, 6, signed.length);
    const afterApply = residentOf(child.pid ?? 0);
    onProgress('fleet: the worker is killed and starts with something due in every year');
    await ended(child, 'SIGKILL');
    const cold = await apply(db, 4, signed.length, async () => {
      await pause(3_000);
      child = await startedScript(script, worker);
    });
    await ended(child, 'SIGKILL');
    onProgress('fleet: bare');
    const bare = await playBare(fleet, shape, options, codePath);
    const each = (before: number, after: number): number =>
      ((after - before) * 1024) / Math.min(agreements, cached);
    const [own, others] = [each(atFirst, atRest), each(bare.resident.before, bare.resident.after)];
    const perSecond = signed.length / replanned;
    const told = warnings.length > 0 ? `; the dispatcher waited: ${warnings[0]}` : '';
    return [
      {
        id: 'fleet-apply',
        name: `apply over ${agreements}, to the last replan`,
        unit: 'replans/s',
        product: perSecond,
        bare: bare.signalsPerSecond,
        ratio: perSecond / bare.signalsPerSecond,
        goal: { of: 'ratio', atLeast: 0.5 },
        note: `bare: signals to workflows that do as many activities and timers; signed and planned ${plannedPerSecond.toFixed(1)} a second${told}`,
      },
      {
        id: 'fleet-memory',
        name: 'memory of a cached agreement',
        unit: 'KiB',
        product: own,
        bare: others,
        ratio: own / others,
        goal: { of: 'ratio', atMost: 1.5 },
        note: `${atFirst.toFixed(0)} MiB resident with one agreement, ${atRest.toFixed(0)} with all, ${afterApply.toFixed(0)} after the apply`,
      },
      {
        id: 'fleet-restart',
        name: `cold start, something due in ${agreements}`,
        unit: 's',
        product: cold,
        note: 'from the start of the process until every year is planned anew; each is replayed first',
      },
    ];
  } finally {
    onProgress('fleet: cleaning up');
    await dispatcher.stop();
    if (child?.exitCode === null && child.signalCode === null) await ended(child, 'SIGKILL');
    await inParallel(signed, concurrency, (agreement) =>
      client.workflow
        .getHandle(workflowIdOf(agreement))
        .terminate('measured')
        .catch(() => undefined),
    );
    await connection.close();
    await db.close();
    await clone.drop();
  }
}
