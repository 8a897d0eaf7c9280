/** An audit on the real server: a healthy system gives nothing; what was ended, orphaned or changed is found, mended or listed. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { AuditFinding } from '../../activities/audit/findings';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { monitoringQueueOf } from '../../rules/engine/monitoring/queues';
import { addMonths } from '../../rules/engine/calendar/dates';
import type { Contract } from '../../rules/engine/contract/contract';
import { audit } from '../../worker/audit/audit';
import { describe as describeRun, listIds } from '../../worker/health/workflows';
import type { Dispatcher } from '../../worker/processes/dispatcher';
import { startDispatcher } from '../../worker/processes/dispatcher';
import { monitoringIdOf, startAgreement, workflowIdOf } from '../../worker/temporal/start-agreement';
import { eventually } from '../activities/signed-agreement';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import { exampleContract } from '../helpers/example';
import type { LiveAgreements } from '../helpers/live-agreements';
import { startLiveAgreements } from '../helpers/live-agreements';
import { testStack } from '../helpers/stack';

const today = localDateOf(new Date().toISOString());
const unique = randomBytes(4).toString('hex');
const { contacts } = exampleContract();
/** In the first month of its year, with people whose digests no other test sends. */
const begun: Partial<Contract> = {
  signedOn: addMonths(today, -1),
  startsOn: `${today.slice(0, 7)}-01`,
  contacts: {
    ...contacts,
    consultant: { ...contacts.consultant, id: `konsult-${unique}` },
    manager: { ...contacts.manager, email: `chef-${unique}@pector.example` },
  },
};

let live: LiveAgreements;
let dispatcher: Dispatcher;
let dataDir: string;
let taskQueue: string;
let [well, ended] = ['', ''];
const ghost = `ghost-${unique}`;

async function signed(): Promise<string> {
  const { agreement } = await live.sign(begun);
  await eventually(`${agreement} is planned`, async () => {
    const plans = await live.db.query('select 1 from plans where agreement = $1', [agreement]);
    return plans.length > 0;
  });
  return agreement;
}

const audited = (): Promise<AuditFinding[]> =>
  audit({ db: live.db, client: live.client, taskQueue, recordDir: dataDir, again: 500 });
const named = (findings: readonly Pick<AuditFinding, 'kind' | 'subject'>[]): string[] =>
  findings.map(({ kind, subject }) => `${kind} ${subject}`);
/** Audits until it gives this: what runs and what is written settles within moments. */
async function gives(what: string, expected: readonly string[]): Promise<AuditFinding[]> {
  let found: AuditFinding[] = [];
  await eventually(`the audit gives ${what}`, async () => {
    found = await audited();
    return JSON.stringify(named(found)) === JSON.stringify(expected);
  }).catch((error: Error) => {
    throw new Error(`${error.message}; found ${named(found).join(', ')}`);
  });
  return found;
}

/** `npx serviceavtal audit …` on this stack. */
async function command(...args: string[]) {
  process.env.SERVICEAVTAL_TASK_QUEUE = taskQueue;
  try {
    return await serviceavtalOn(dataDir, 'audit', ...args);
  } finally {
    delete process.env.SERVICEAVTAL_TASK_QUEUE;
  }
}

beforeAll(async () => {
  live = await startLiveAgreements({ holdMinutes: 0 });
  const { db, client } = live;
  dataDir = writeDownStack({ ...testStack(), databaseUrl: live.databaseUrl });
  [well, ended] = [await signed(), await signed()];
  ({ taskQueue } = await client.workflow.getHandle(workflowIdOf(well)).describe());
  dispatcher = startDispatcher({ db, client, taskQueue, language: 'sv', log: () => undefined });
  await eventually('all is told', async () => {
    const rows = await db.query('select 1 from outbox where done_at is null');
    return rows.length === 0;
  });
  // Old enough to be missed where it does not run, and read by a monitoring that nobody works for here.
  await db.query(`update agreements set recorded_at = now() - interval '1 hour'`);
  await db.query(`update digest_clocks set recorded_at = now() - interval '1 hour'`);
});

afterAll(async () => {
  await dispatcher.stop();
  const query = `ExecutionStatus = "Running" AND TaskQueue IN ("${taskQueue}", "${monitoringQueueOf(taskQueue)}")`;
  for (const id of await listIds(live.client, query, 100))
    await live.client.workflow
      .getHandle(id)
      .terminate('the test is over')
      .catch(() => undefined);
  await live.close();
  rmSync(dataDir, { recursive: true });
});

it('finds nothing in a healthy system', async () => {
  await gives('nothing', []);
  expect(await command('--language', 'en')).toMatchObject({ code: 0, out: 'All is as it should be.\n' });
  // How a run on a version of the worker that does not know the question answers: it is not called silent.
  const clock = live.client.workflow.getHandle(`digests-consultant-konsult-${unique}`);
  await expect(clock.query('standing')).rejects.toThrow('did not register a handler');
});

it('finds what was ended, orphaned or changed, mends what it can and lists the rest', async () => {
  const { db, client } = live;
  await client.workflow.getHandle(monitoringIdOf(well)).terminate('a test');
  await client.workflow.getHandle(workflowIdOf(ended)).terminate('a test');
  await startAgreement(client, exampleContract({ ...begun, agreement: ghost }), {
    taskQueue,
    language: 'sv',
  });
  await db.query(`update obligations set state = 'done' where agreement = $1 and id = 'meeting-2'`, [well]);
  await db.query(`insert into attention values ($1, 'step-overdue', 'start/kickoff', 'x', now())`, [well]);
  const left = [`runMissing ${workflowIdOf(ended)}`, `runOrphaned ${workflowIdOf(ghost)}`];
  const found = await gives('what was done', [
    left[0]!,
    `runMissing ${monitoringIdOf(well)}`,
    left[1]!,
    `obligationState ${well}/1/meeting-2`,
    `attentionDiffers ${well}/step-overdue/start/kickoff`,
  ]);
  expect(found.filter(({ mend }) => !mend).map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(left);

  const refused = await command('--repair');
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.errors).toContain('Laga 3 saker?');
  expect(refused.out).toContain('Ett arbetsflöde som ska löpa gör det inte (2, runMissing)');
  expect(await db.query('select 1 from audit_findings')).toEqual([]);

  const repaired = await command('--repair', '--yes', '--json');
  const done = JSON.parse(repaired.out) as Record<'mended' | 'left', AuditFinding[]>;
  expect([repaired.code, named(done.left), done.mended.length]).toEqual([1, left, 3]);
  await eventually('the monitoring runs again', async () => {
    return (await describeRun(client, monitoringIdOf(well)))?.running === true;
  });
  await gives('what is left', left);
});
