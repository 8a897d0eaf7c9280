import { Client, Connection } from '@temporalio/client';
import {
  findAgreement,
  storeContractChange,
  storeSignedContract,
} from '../../activities/agreements/agreements';
import { storeReplacement } from '../../activities/agreements/replace-consultant';
import { keepEvent } from '../../activities/pages/events';
import { enqueue } from '../../activities/pages/tell';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
import type { RunningAlerts } from '../../activities/monitors/running-alerts';
import { announceAlerts } from '../../activities/monitors/running-alerts';
import type { Contract } from '../../rules/engine/contract/contract';
import type { Dispatcher, DispatcherOptions } from '../../worker/processes/dispatcher';
import { startDispatcher } from '../../worker/processes/dispatcher';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import { openClient } from '../../worker/temporal/temporal-connection';
import { besides, eventually } from '../activities/signed-agreement';
import { exampleContract } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';
import type { Proxy } from './proxy';
import { openProxy } from './proxy';

let database: FreshDatabase;
let client: Client;
let contract: Contract;
let running: Dispatcher[];
let lines: string[];
let count = 0;

beforeAll(async () => {
  client = await openClient(testStack());
});

afterAll(() => client.connection.close());

beforeEach(async () => {
  database = await freshDatabase();
  contract = exampleContract({ agreement: `dispatched-${process.pid}-${Date.now()}-${++count}` });
  running = [];
  lines = [];
});

afterEach(async () => {
  await Promise.all(running.map((dispatcher) => dispatcher.stop()));
  await workflow()
    .terminate('the test is over')
    .catch(() => undefined);
  await database.close();
});

/** Milliseconds between two sweeps. */
const sweepEvery = 500;

/** Nobody works on this queue: a started workflow stays as it was started. */
const dispatch = (changed: Partial<DispatcherOptions> = {}): void => {
  const log = (line: string): number => lines.push(line);
  const options = {
    db: database.db,
    client,
    taskQueue: 'nobody',
    language: 'sv' as const,
    sweepEvery,
    log,
  };
  running.push(startDispatcher({ ...options, ...changed }));
};

const workflow = () => client.workflow.getHandle(workflowIdOf(contract.agreement));
const isStarted = (): Promise<boolean> =>
  workflow()
    .describe()
    .then(
      () => true,
      () => false,
    );
const isDone = async (kind: string): Promise<boolean> =>
  (await database.db.query('select 1 from outbox where kind = $1 and done_at is not null', [kind])).length >
  0;

const consultant = { name: 'Lars Nyman', email: 'lars.nyman@pector.example' };

async function change(dueAt: string): Promise<void> {
  const changed = { ...contract, contacts: { ...contract.contacts, consultant } };
  await storeContractChange(database.db, contract.agreement, changed, dueAt.slice(0, 10), dueAt);
}

async function signals(): Promise<string[]> {
  const { events } = await workflow().fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
    signal?.signalName ? [signal.signalName] : [],
  );
}

/** What the signals of a name carried. */
async function inputs(name: string): Promise<unknown[]> {
  const { events } = await workflow().fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
    signal?.signalName === name
      ? (signal.input?.payloads ?? []).map(({ data }) => JSON.parse(Buffer.from(data!).toString()) as unknown)
      : [],
  );
}

const currentConsultant = async (): Promise<string> =>
  (await findAgreement(database.db, contract.agreement))!.contract.contacts.consultant.name;

async function startedAgreement(): Promise<void> {
  await storeSignedContract(database.db, contract);
  dispatch();
  await eventually('the workflow is started', () => isDone('start'));
}

it('tells a running agreement which alerts run', async () => {
  await startedAgreement();
  const { agreement } = contract;
  await database.db.query(
    `insert into incidents (agreement, monitor, class, severity, since, opened_at, message, confirmed_at, told_at)
     select $1, 'web-' || n, 'customer', 'down', '2027-02-16T09:00:00Z', now(), '{}', now(), case when n < 12 then now() end
       from generate_series(1, 12) n`,
    [agreement],
  );
  await database.db.transaction((tx) => announceAlerts(tx, [agreement]));
  await eventually('the alerts are told', async () => (await signals()).includes('alertsChanged'));
  const [told] = (await inputs('alertsChanged')) as RunningAlerts[];
  expect(told).toMatchObject({ more: 1 });
  expect(told?.alerts).toHaveLength(10);
  expect(told?.alerts[0]).toEqual({ monitor: 'web-1', severity: 'down', since: '2027-02-16T09:00:00.000Z' });
});

describe('a signed contract', () => {
  it('becomes a running workflow as soon as it is signed', async () => {
    // Long before the next sweep: what starts it is the notification.
    dispatch({ sweepEvery: 3_600_000 });
    await eventually('the dispatcher listens', async () =>
      Boolean(
        (
          await database.db.query(`select 1 from pg_stat_activity where query ilike 'listen%'
        and datname = current_database()`)
        )[0],
      ),
    );
    await storeSignedContract(database.db, contract);
    await eventually('the workflow is started', isStarted);
    const { type, taskQueue } = await workflow().describe();
    expect({ type, taskQueue }).toEqual({ type: 'agreementYear', taskQueue: 'nobody' });
  });

  it('can be found in Temporal by agreement, customer, level and consultant', async () => {
    await startedAgreement();
    const { searchAttributes } = await workflow().describe();
    expect(searchAttributes).toMatchObject({
      AgreementNumber: [contract.agreement],
      CustomerId: ['testbolaget'],
      Level: ['guld'],
      Consultant: ['konsult-1'],
    });
  });

  it('is started by what was signed before the dispatcher was', async () => {
    await storeSignedContract(database.db, contract);
    dispatch();
    await eventually('the workflow is started', isStarted);
  });

  it('becomes one workflow when two dispatchers run', async () => {
    await besides(database.databaseUrl, async (other) => {
      dispatch();
      dispatch({ db: other });
      const contracts = Array.from({ length: 10 }, (_, index) => ({
        ...contract,
        agreement: `${contract.agreement}-${index}`,
      }));
      for (const each of contracts) await storeSignedContract(database.db, each);
      await eventually(
        'every row is done',
        async () => (await database.db.query('select 1 from outbox where done_at is null')).length === 0,
      );
      for (const { agreement } of contracts) {
        const runs = client.workflow.list({ query: `WorkflowId = '${workflowIdOf(agreement)}'` });
        const ids: string[] = [];
        await eventually(`${agreement} is listed`, async () => {
          ids.length = 0;
          for await (const { runId } of runs) ids.push(runId);
          return ids.length > 0;
        });
        expect(ids).toHaveLength(1);
        await client.workflow.getHandle(workflowIdOf(agreement)).terminate('the test is over');
      }
      expect(await database.db.query('select distinct attempts from outbox')).toEqual([{ attempts: 1 }]);
      expect(lines).toEqual([]);
      await Promise.all(running.splice(0).map((dispatcher) => dispatcher.stop()));
    });
  });

  it('is started by the sweep when its notification was lost', async () => {
    dispatch();
    await storeSignedContract(database.db, contract, { start: false });
    await new Promise((resolve) => setTimeout(resolve, sweepEvery / 2));
    await database.db.query(`insert into outbox (agreement, kind) values ($1, 'start')`, [
      contract.agreement,
    ]);
    await eventually('the workflow is started', isStarted);
  });

  it('is started, and later ones are heard at once again, when the connection for notifications was cut', async () => {
    dispatch();
    const listeners = () =>
      database.db.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and query ilike 'listen%'`,
      );
    await eventually('the dispatcher listens', async () => (await listeners()).length === 1);
    const [{ pid } = { pid: 0 }] = await listeners();
    await database.db.query('select pg_terminate_backend($1)', [pid]);
    await storeSignedContract(database.db, contract);
    await eventually('the workflow is started', isStarted);
    await eventually('it listens again', async () => (await listeners()).some((one) => one.pid !== pid));
  });

  it('that was started before is done, not started again', async () => {
    await startedAgreement();
    await workflow().terminate('ended');
    const first = await workflow().describe();
    await database.db.query(`insert into outbox (agreement, kind) values ($1, 'start')`, [
      contract.agreement,
    ]);
    await eventually(
      'every row is done',
      async () => (await database.db.query('select 1 from outbox where done_at is null')).length === 0,
    );
    expect((await workflow().describe()).runId).toBe(first.runId);
    expect(lines).toEqual([]);
  });
});

describe('Temporal being down', () => {
  let proxy: Proxy;
  let through: Client;

  beforeEach(async () => {
    proxy = await openProxy(testStack().temporalAddress);
    const connection = await Connection.connect({ address: `127.0.0.1:${proxy.port}` });
    through = new Client({ connection, namespace: testStack().namespace });
    await proxy.goDown();
    dispatch({ client: through });
  });

  afterEach(async () => {
    await running.pop()?.stop();
    await through.connection.close();
    await proxy.goDown();
  });

  it('loses nothing at signing: the agreement starts when it is back', async () => {
    expect(await storeSignedContract(database.db, contract)).toBe('signed');
    await eventually('a failed attempt is noted', async () => {
      const [row] = await database.db.query<{ attempts: number; last_error: string | null; done_at: null }>(
        'select attempts, last_error, done_at from outbox',
      );
      return row!.attempts > 0 && row!.last_error !== null && row!.done_at === null;
    });
    expect(lines[0]).toContain(`could not tell Temporal of start ${contract.agreement} yet`);
    await proxy.comeBack();
    await eventually('the workflow is started', isStarted);
    await eventually('the row is done', () => isDone('start'));
  });

  it('keeps nobody waiting who stops the dispatcher, and loses nothing by it', async () => {
    for (let index = 0; index < 5; index += 1)
      await storeSignedContract(database.db, { ...contract, agreement: `${contract.agreement}-${index}` });
    await eventually('a failed attempt is noted', () => lines.length > 0);
    // Nobody tells this call when to give up: it shows how long the client itself goes on trying.
    const patient = through.workflow
      .start('agreementYear', { workflowId: 'patient', taskQueue: 'nobody' })
      .then(
        () => 'the client',
        () => 'the client',
      );
    const stopped = running
      .pop()!
      .stop()
      .then(() => 'the dispatcher');
    expect(await Promise.race([stopped, patient])).toBe('the dispatcher');
    await patient;
    expect(await database.db.query('select 1 from outbox where done_at is null')).toHaveLength(5);
  });
});

describe('a changed contract', () => {
  beforeEach(startedAgreement);

  it('is applied once and told to the running year', async () => {
    await change(new Date().toISOString());
    await eventually('the change is told', () => isDone('contract-changed'));
    expect(await currentConsultant()).toBe('Lars Nyman');
    expect(await inputs('contractChanged')).toEqual([{ change: 1, consultant: 'unnamed' }]);
    await database.db.query(`update outbox set done_at = null where kind = 'contract-changed'`);
    const [applied] = await database.db.query('select applied_at from contract_changes');
    await eventually('it is told again', async () => (await signals()).length === 2);
    expect(await database.db.query('select applied_at from contract_changes')).toEqual([applied]);
  });

  it('that leaves the consultant alone does not speak of one', async () => {
    await storeContractChange(
      database.db,
      contract.agreement,
      { ...contract, systems: {} },
      '2026-12-02',
      new Date().toISOString(),
    );
    await eventually('the change is told', () => isDone('contract-changed'));
    expect(await inputs('contractChanged')).toEqual([{ change: 1 }]);
  });

  it('waits for its day', async () => {
    const day = 24 * 3_600_000;
    await change(new Date(Date.now() + day).toISOString());
    await new Promise((resolve) => setTimeout(resolve, 3 * sweepEvery));
    expect(await currentConsultant()).toBe('Anna Berg');
    expect(await signals()).toEqual([]);
    await database.db.query(`update outbox set due_at = now() where kind = 'contract-changed'`);
    await eventually('the change is told', () => isDone('contract-changed'));
    expect(await currentConsultant()).toBe('Lars Nyman');
  });

  it('of an agreement that has ended is recorded, and no error', async () => {
    await workflow().terminate('ended');
    await change(new Date().toISOString());
    await eventually('the change is done', () => isDone('contract-changed'));
    expect(await currentConsultant()).toBe('Lars Nyman');
    expect(lines).toEqual([]);
  });
});

describe('a replaced consultant', () => {
  beforeEach(startedAgreement);

  const today = localDateOf(new Date().toISOString());
  const leave = {
    old: 'konsult-1',
    new: 'konsult-2',
    person: { name: 'Lars Nyman', email: 'lars.nyman@pector.example' },
    from: today,
    until: addDays(today, 7),
    today,
  };

  it('is told with the new one’s id and the change of consultant, and so is the way back', async () => {
    await storeReplacement(database.db, leave, [contract.agreement]);
    await eventually('the change is told', () => isDone('contract-changed'));
    expect(await currentConsultant()).toBe('Lars Nyman');
    await database.db.query(`update outbox set due_at = now(); select pg_notify('serviceavtal_outbox', '')`);
    await eventually('the way back is told', async () => (await signals()).length === 2);
    expect(await inputs('contractChanged')).toEqual([
      { change: 1, replacement: 1, consultant: 'konsult-2', until: leave.until },
      { change: 2, replacement: 2, consultant: 'konsult-1' },
    ]);
    expect(await currentConsultant()).toBe('Anna Berg');
  });

  it('who was replaced in another way meanwhile is not told of: nothing happens on that day', async () => {
    const tomorrow = addDays(today, 1);
    await storeReplacement(database.db, { ...leave, from: tomorrow }, [contract.agreement]);
    await change(new Date().toISOString());
    await eventually('the change is told', () => isDone('contract-changed'));
    await database.db.query(`update outbox set due_at = now(); select pg_notify('serviceavtal_outbox', '')`);
    await eventually(
      'every row is done',
      async () => (await database.db.query('select 1 from outbox where done_at is null')).length === 0,
    );
    expect(await inputs('contractChanged')).toEqual([{ change: 3, consultant: 'unnamed' }]);
    expect(await currentConsultant()).toBe('Lars Nyman');
    expect(lines).toEqual([]);
  });
});

describe('what somebody said on a page', () => {
  const input = { entry: 12, question: 'Vad var det?', contact: 'contact-1', ref: 'page-7' };
  const say = () =>
    database.db.transaction((tx) =>
      enqueue(tx, contract.agreement, 'page', { signal: 'lineQuestioned', input }),
    );

  it('is told to the running year, and waits where none answers, however long: it is never lost', async () => {
    await startedAgreement();
    await say();
    await eventually('it is told', () => isDone('page'));
    expect(await inputs('lineQuestioned')).toEqual([input]);
    await workflow().terminate('gone');
    await say();
    await eventually('it is tried', async () => lines.length > 0);
    expect(lines[0]).toContain(`could not tell Temporal of page ${contract.agreement} yet`);
    const waiting = await database.db.query(`select 1 from outbox where kind = 'page' and done_at is null`);
    expect(waiting).toHaveLength(1);
    await database.db.query(`update agreements set state = 'ended'; update outbox set due_at = now()`);
    await eventually('a person is asked to answer it', () =>
      Promise.resolve(lines.some((line) => line.includes('read it with links show'))),
    );
  });

  it('is answered that the agreement has ended, where somebody waits for an answer', async () => {
    await storeSignedContract(database.db, contract, { start: false });
    await database.db.query(`update agreements set state = 'ended'`);
    const details = { updates: [{ signal: 'upgradePhaseCompleted', input: { phase: 'upgrade/plan' } }] };
    const at = new Date().toISOString();
    await database.db.transaction(async (tx) => {
      const event = (await keepEvent(tx, { link: null, event: 'phase-completed', at, details }))!;
      await enqueue(tx, contract.agreement, 'page', { event, link: null, ...details });
    });
    dispatch();
    await eventually('it is done', () => isDone('page'));
    const answers = await database.db.query(`select details from page_events where event = 'answered'`);
    expect(answers).toEqual([
      { details: { taken: 0, refused: expect.stringContaining('avtalet har upphört') as string } },
    ]);
  });
});

describe('rules that have changed', () => {
  beforeEach(startedAgreement);

  const changedRules = () =>
    database.db.query(`insert into outbox (agreement, kind, payload) values ($1, 'terms-changed', $2)`, [
      contract.agreement,
      JSON.stringify({ ruleset: '77e1cc87' }),
    ]);
  it('are told to the running year, once', async () => {
    await changedRules();
    await database.db.query(`select pg_notify('serviceavtal_outbox', '')`);
    await eventually('the change is told', () => isDone('terms-changed'));
    dispatch();
    await change(new Date().toISOString());
    await eventually('what came after it is told', () => isDone('contract-changed'));
    expect(await signals()).toEqual(['termsChanged', 'contractChanged']);
    expect(await inputs('termsChanged')).toEqual([{ ruleset: '77e1cc87' }]);
  });

  it('are told by the next process where the one before ended first', async () => {
    await running.pop()!.stop();
    await changedRules();
    expect(await isDone('terms-changed')).toBe(false);
    await besides(database.databaseUrl, async (other) => {
      dispatch({ db: other });
      await eventually('the change is told', () => isDone('terms-changed'));
      await running.pop()!.stop();
    });
    expect(await inputs('termsChanged')).toEqual([{ ruleset: '77e1cc87' }]);
  });

  it('have nobody to be told to where the agreement has ended, and that is no error', async () => {
    await workflow().terminate('ended');
    await changedRules();
    await database.db.query(`select pg_notify('serviceavtal_outbox', '')`);
    await eventually('the change is done', () => isDone('terms-changed'));
    expect(await signals()).toEqual([]);
    expect(lines).toEqual([]);
  });
});

it('waits for the database, says so, and starts what was signed when it is back', async () => {
  dispatch();
  await storeSignedContract(database.db, contract, { start: false });
  await database.db.query('alter table outbox rename to mislaid');
  await eventually('it says what it waits for', () =>
    lines.some((line) => line.includes('dispatching waits for the database')),
  );
  await database.db.query('alter table mislaid rename to outbox');
  await database.db.query(`insert into outbox (agreement, kind) values ($1, 'start')`, [contract.agreement]);
  await eventually('the workflow is started', isStarted);
});
