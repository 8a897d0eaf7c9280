/** Agreements that are not well are found, told in each place and cured, while another one is served. */
import { rmSync } from 'node:fs';
import { createHealthLook } from '../../worker/health/look';
import { carryOutCure } from '../../worker/health/cure';
import type { CureOptions } from '../../worker/health/plan-cure';
import { planCure } from '../../worker/health/plan-cure';
import { describe as describeRun } from '../../worker/health/workflows';
import { monitoringIdOf, workflowIdOf } from '../../worker/temporal/start-agreement';
import { tellMonitoring } from '../../worker/temporal/start-monitoring';
import { printHealth, printStatus } from '../../worker/commands/status/print-status';
import { readStatus } from '../../activities/health/read-status';
import { listSick, readLooking } from '../../activities/health/health';
import { createSendMessage } from '../../activities/mail/smtp';
import { startIntake } from '../../worker/intake/server';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addMonths } from '../../rules/engine/calendar/dates';
import type { Contract } from '../../rules/engine/contract/contract';
import { eventually } from '../activities/signed-agreement';
import { bundleWith } from '../helpers/bundle-with';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import { sendFaultySignals } from '../helpers/faulty-signals';
import type { LiveAgreements } from '../helpers/live-agreements';
import { startLiveAgreements } from '../helpers/live-agreements';
import { testStack } from '../helpers/stack';

const today = localDateOf(new Date().toISOString());
/** An agreement in the first month of its year. */
const begun = { signedOn: addMonths(today, -1), startsOn: `${today.slice(0, 7)}-01` };
const operator = 'drift@pector.example';

let live: LiveAgreements;
let breakable: { codePath: string };
let other: string;
let dataDir: string;
let entries = 0;
let look: () => Promise<boolean>;
const logged: string[] = [];

const handle = (agreement: string) => live.client.workflow.getHandle(workflowIdOf(agreement));
/** Many agreements have one consultant, who reports more than a day of work in all: that is asked about. */
const signal = (agreement: string, name: string, input: object = {}): Promise<void> =>
  handle(agreement).signal(name, name === 'hoursUsed' ? { ...input, confirm: true } : input);

const hoursOf = async (agreement: string): Promise<number[]> =>
  (
    await live.db.query<{ hours: number }>(
      `select reported / 36 as hours from hour_entries where agreement = $1 order by reported`,
      [agreement],
    )
  ).map(({ hours }) => hours);

/** Books on an agreement that is well, and waits until it stands in the ledger. */
async function books(agreement: string): Promise<void> {
  const ref = `well-${(entries += 1)}`;
  await signal(agreement, 'hoursUsed', { hours: 0.25, ref });
  await eventually(`${agreement} books ${ref}`, async () => {
    const found = await live.db.query('select 1 from hour_entry_refs where ref = $1', [ref]);
    return found.length === 1;
  });
}

async function signed(): Promise<Contract> {
  const contract = await live.sign(begun);
  await eventually(`${contract.agreement} is planned`, async () => {
    const plans = await live.db.query('select 1 from plans where agreement = $1', [contract.agreement]);
    return plans.length > 0;
  });
  // Old enough to be missed where it does not run.
  await live.db.query(`update agreements set recorded_at = now() - interval '1 hour' where number = $1`, [
    contract.agreement,
  ]);
  return contract;
}

const runOf = async (workflowId: string) => (await describeRun(live.client, workflowId))!;
const fails = (agreement: string): Promise<void> =>
  eventually(`a task of ${agreement} fails`, async () => {
    const { taskAttempt = 0 } = await runOf(workflowIdOf(agreement));
    return taskAttempt >= 3;
  });

const sickIds = async (): Promise<string[]> => (await listSick(live.db)).map(({ workflowId }) => workflowId);
/** Looks until a workflow is found sick, or well: Temporal's visibility is told of it a moment later. */
const looksUntil = (what: string, workflowId: string, sick: boolean): Promise<void> =>
  eventually(`${workflowId} is ${what}`, async () => {
    await look();
    return (await sickIds()).includes(workflowId) === sick;
  });

const textsTo = (address: string): string[] =>
  live.mailbox.mails
    .filter(({ to }) => [to].flat().some((one) => one?.text.includes(address)))
    .map(({ subject, text }) => `${subject ?? ''}\n${text ?? ''}`);

/** Every mail of an agreement that went out, by its Message-ID. */
const mailIds = (): string[] => live.mailbox.mails.map(({ messageId }) => messageId ?? '');
const noMailTwice = (): void => expect(new Set(mailIds()).size).toBe(mailIds().length);

const cureOptions = (bundle: { codePath: string }): CureOptions => ({
  db: live.db,
  client: live.client,
  taskQueue: 'nobody',
  language: 'sv',
  workflowBundle: bundle,
  log: (line) => logged.push(line),
});

async function cured(agreement: string, bundle: { codePath: string }) {
  const options = cureOptions(bundle);
  return carryOutCure(options, await planCure(options, workflowIdOf(agreement)));
}

/** `npx serviceavtal agreements …` on this database. */
const operates = (command: string, ...args: string[]) =>
  serviceavtalOn(dataDir, 'agreements', command, '--language', 'en', ...args);

beforeAll(async () => {
  breakable = await bundleWith('breaking-signals');
  live = await startLiveAgreements({ holdMinutes: 0 }, breakable);
  const { db } = live;
  dataDir = writeDownStack({ ...testStack(), databaseUrl: live.databaseUrl });
  const mail = {
    db,
    sendMessage: createSendMessage(live.mailbox.smtpUrl),
    mailFrom: 'avtal@pector.example',
    staffLanguage: 'sv' as const,
    operatorMail: operator,
  };
  ({ look } = createHealthLook({
    ...cureOptions(breakable),
    mail,
  }));
  await db.query('insert into health_looks (begun_at) values (now())');
  other = (await signed()).agreement;
});

afterAll(async () => {
  await live.close();
  rmSync(dataDir, { recursive: true });
});

describe('an agreement whose task fails', () => {
  let sick: string;
  let id: string;

  beforeAll(async () => {
    sick = (await signed()).agreement;
    id = workflowIdOf(sick);
    await signal(sick, 'meetingBooked', { meeting: 1 });
    await signal(sick, 'hoursUsed', { hours: 3 });
    await eventually('its hours are booked', async () => (await hoursOf(sick)).length === 1);
    await signal(sick, 'noteAdded', { text: 'before' });
    await eventually(
      'the note is kept',
      async () => (await live.db.query('select 1 from notes')).length === 1,
    );
    await books(other);
    await sendFaultySignals(live.client, id);
    await signal(sick, 'breakInHandler');
    await signal(sick, 'hoursUsed', { hours: 5 });
    await fails(sick);
    await books(other);
    await live.worker.stop();
    await live.worker.start(breakable);
    await fails(sick);
    await looksUntil('found', id, true);
  });

  it('does not keep another one from its work, also after the worker was started again', async () => {
    await books(other);
  });

  it('is told by status, with the reason and what to do', async () => {
    const listed = await listSick(live.db);
    expect(listed).toEqual([
      expect.objectContaining({ workflowId: id, kind: 'failing', agreement: sick, code: 'throws' }),
    ]);
    expect(listed[0]!.detail).toContain('broken by a test: a throw in a handler');
    const [status] = await readStatus(live.db, new Date(), sick);
    for (const printed of [printStatus([status!]), printHealth(listed, await readLooking(live.db))]) {
      expect(printed).toContain('the program fails at it every time (broken by a test');
      expect(printed).toContain(`npx serviceavtal agreements cure ${id}`);
    }
    expect(printStatus(await readStatus(live.db, new Date(), other))).not.toContain('SICK');
  });

  it('is told by /readyz, which stays ready, and by /metrics', async () => {
    const intake = await startIntake({
      db: live.db,
      host: '127.0.0.1',
      port: 0,
      linkKey: 'a key of the tests, longer than 32 characters',
      metricsToken: () => 'a token of the tests',
      log: () => undefined,
    });
    try {
      const ready = await fetch(`${intake.url}/readyz`);
      expect(ready.status).toBe(200);
      expect(await ready.text()).toMatch(new RegExp(`^ready\nnot well: ${id} \\(failing since `));
      const metrics = await (
        await fetch(`${intake.url}/metrics`, {
          headers: { authorization: 'Bearer a token of the tests' },
        })
      ).text();
      expect(metrics).toContain('serviceavtal_workflows_sick{kind="failing"} 1');
      expect(metrics).toContain('serviceavtal_workflows_sick{kind="ended"} 0');
      expect(metrics).toMatch(/serviceavtal_health_look_age_seconds \d/);
    } finally {
      await intake.stop();
    }
  });

  it('is mailed to whoever operates this, once however often it is looked at, and logged once', async () => {
    await look();
    await look();
    expect(textsTo(operator)).toHaveLength(1);
    expect(textsTo(operator)[0]).toContain(`npx serviceavtal agreements cure ${id}`);
    expect(textsTo(operator)[0]).toContain('broken by a test');
    expect(logged.filter((line) => line.startsWith(`${id} is not well`))).toHaveLength(1);
  });

  it('is cured, without what it fails at, in the order in which all came', async () => {
    const options = cureOptions(breakable);
    const plan = await planCure(options, id);
    expect(plan).toMatchObject({
      how: 'reset',
      cure: { dropped: [{ name: 'breakInHandler', because: 'broken by a test: a throw in a handler' }] },
    });
    const outcome = await carryOutCure(options, plan);
    expect(outcome.cured).toBe(true);
    expect(outcome.dropped.map(({ name }) => name).sort()).toEqual(['breakInHandler']);
    await eventually('the hours are booked', async () => (await hoursOf(sick)).length === 2);
    await books(sick);
    // What was booked before is not booked again, though its report was sent again.
    expect(await hoursOf(sick)).toEqual([25, 300, 500]);
    const [meeting] = await live.db.query('select booked_at from meetings where agreement = $1', [sick]);
    expect(meeting).toMatchObject({ booked_at: expect.any(String) as string });
    await books(other);
    noMailTwice();
  });

  it('is told as well again once, and has nothing left to cure', async () => {
    await looksUntil('well', id, false);
    await look();
    const [, ...more] = textsTo(operator);
    expect(more).toHaveLength(1);
    expect(more[0]).toContain(`${id} mår bra igen`);
    const plan = await planCure(cureOptions(breakable), id);
    expect(plan).toMatchObject({ how: 'nothing' });
  });
});

describe('a cure that is killed half-way', () => {
  it('is finished by asking again, and sends nothing twice', async () => {
    const { agreement } = await signed();
    await signal(agreement, 'breakInCondition');
    await fails(agreement);
    for (const hours of [1, 2, 4]) await signal(agreement, 'hoursUsed', { hours });
    const killed = new Error('killed');
    let sent = 0;
    const { client } = live;
    const cut = Object.create(client, {
      workflowService: {
        value: new Proxy(client.workflowService, {
          get: (service, name) => {
            if (name === 'signalWorkflowExecution' && (sent += 1) > 2) throw killed;
            const value: unknown = Reflect.get(service, name);
            return typeof value === 'function' ? (value.bind(service) as unknown) : value;
          },
        }),
      },
    }) as typeof client;
    const options = { ...cureOptions(breakable), client: cut };
    await expect(carryOutCure(options, await planCure(options, workflowIdOf(agreement)))).rejects.toBe(
      killed,
    );
    const plan = await planCure(cureOptions(breakable), workflowIdOf(agreement));
    expect(plan).toMatchObject({ how: 'finish', cure: { sent: 2 } });
    const outcome = await carryOutCure(cureOptions(breakable), plan);
    expect(outcome.dropped.map(({ name }) => name)).toEqual(['breakInCondition']);
    await eventually('all is booked', async () => (await hoursOf(agreement)).length === 3);
    expect(await hoursOf(agreement)).toEqual([100, 200, 400]);
    noMailTwice();
  });
});

describe('an agreement whose task fails of what no replay shows', () => {
  it('is cured as well: what it fails at is found by sending one after the other', async () => {
    const { agreement } = await signed();
    await signal(agreement, 'hoursUsed', { hours: 1 });
    await eventually('hours are booked', async () => (await hoursOf(agreement)).length === 1);
    await signal(agreement, 'breakBySize');
    await fails(agreement);
    await looksUntil('found', workflowIdOf(agreement), true);
    await signal(agreement, 'hoursUsed', { hours: 2 });
    await look();
    expect(await sickIds()).toContain(workflowIdOf(agreement));
    const outcome = await cured(agreement, breakable);
    expect(outcome).toMatchObject({ cured: true, dropped: [{ name: 'breakBySize' }] });
    await books(agreement);
    expect(await hoursOf(agreement)).toEqual([25, 100, 200]);
    await books(other);
    noMailTwice();
    await looksUntil('well', workflowIdOf(agreement), false);
  });
});

describe('a history that another version began', () => {
  it('is told as such, and cured', async () => {
    await live.worker.stop();
    await live.worker.start(await bundleWith('another-command'));
    const { agreement } = await signed();
    await signal(agreement, 'hoursUsed', { hours: 6 });
    await eventually('hours are booked', async () => (await hoursOf(agreement)).length === 1);
    await live.worker.stop();
    await signal(agreement, 'noteAdded', { text: 'for the other version' });
    await live.worker.start();
    await fails(agreement);
    await looksUntil('found', workflowIdOf(agreement), true);
    const [found] = await listSick(live.db);
    expect(found).toMatchObject({ kind: 'failing', code: 'otherVersion', agreement });
    await books(other);
    const id = workflowIdOf(agreement);
    const sick = await operates('sick');
    expect(sick.code).toBe(0);
    expect(sick.out).toContain(`SICK  ${id} (failing since `);
    expect(sick.out).toContain(`npx serviceavtal agreements cure ${id}`);
    expect(JSON.parse((await operates('sick', '--json')).out)).toMatchObject({
      sick: [{ workflowId: id, code: 'otherVersion' }],
    });
    const runId = (await runOf(id)).runId;
    const asked = await operates('cure', agreement);
    expect(asked.code).toBe(1);
    expect(asked.out).toContain(`${id}: another version of the program began it`);
    expect(asked.out).toContain('It would be brought back to its task at event ');
    expect(asked.out).toMatch(
      /2 messages would be sent again, in this order:\n {2}\S+ {2}hoursUsed \{"hours":6,"confirm":true\}\n {2}\S+ {2}noteAdded \{/,
    );
    expect(asked.errors).toContain('There is no terminal to answer from; add --yes');
    expect((await runOf(id)).runId).toBe(runId);
    expect(await operates('cure', id, '--yes')).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${id} is well: it does its tasks.\n2 messages sent again.`) as string,
    });
    expect((await operates('sick')).out).toContain('All workflows are well');
    expect(await operates('cure', agreement)).toMatchObject({
      code: 1,
      out: `${id}: nothing is wrong with it.\nThere is nothing to do: it does its tasks.\n`,
    });
    await books(agreement);
    expect(await hoursOf(agreement)).toEqual([25, 600]);
    expect(await live.db.query('select text from notes where agreement = $1', [agreement])).toEqual([
      { text: 'for the other version' },
    ]);
    await looksUntil('well', workflowIdOf(agreement), false);
    noMailTwice();
    await live.worker.stop();
    await live.worker.start(breakable);
  });

  it('starts anew where the first task cannot be done', async () => {
    await live.worker.stop();
    const contract = await live.sign(begun);
    await signal(contract.agreement, 'breakInHandler');
    await signal(contract.agreement, 'noteAdded', { text: 'early' });
    await live.worker.start(breakable);
    await fails(contract.agreement);
    const options = cureOptions(breakable);
    const plan = await planCure(options, workflowIdOf(contract.agreement));
    expect(plan).toMatchObject({ how: 'startAnew' });
    const outcome = await carryOutCure(options, plan);
    expect(outcome.dropped.map(({ name }) => name)).toEqual(['breakInHandler']);
    await books(contract.agreement);
    const [note] = await live.db.query('select text from notes where agreement = $1', [contract.agreement]);
    expect(note).toEqual({ text: 'early' });
  });
});

describe('a run that has ended and should not have', () => {
  const end = (workflowId: string, identity: string, reason: string) =>
    live.client.workflowService.terminateWorkflowExecution({
      namespace: live.client.options.namespace,
      workflowExecution: { workflowId },
      identity,
      reason,
    });
  const tooLong = 'Workflow history count exceeds limit.';

  it('is brought back with its hours and meetings where the server ended it, and told', async () => {
    const { agreement } = await signed();
    const id = workflowIdOf(agreement);
    await signal(agreement, 'meetingBooked', { meeting: 1, confirmed: true });
    // Sent again, it has a new name: without the one that the cure gives it, it could be booked twice.
    await signal(agreement, 'hoursUsed', { hours: 2 });
    await books(agreement);
    await end(id, 'history-service', tooLong);
    await looksUntil('told', id, true);
    await eventually('it runs again', async () => (await runOf(id)).running);
    await books(agreement);
    expect(await hoursOf(agreement)).toEqual([25, 25, 200]);
    expect(
      await live.db.query(
        'select ref from hour_entries join hour_entry_refs on entry = id where agreement = $1 and reported = 7200',
        [agreement],
      ),
    ).toEqual([{ ref: expect.stringMatching(/^cure-/) as string }]);
    const overview = await handle(agreement).query<{ next: { id: string; booked?: boolean }[] }>('overview');
    expect(overview.next.find((one) => one.id === 'meeting-1')).toMatchObject({ booked: true });
    // What was sent again and is booked already is nobody's mistake.
    const refused = `select ref from events where agreement = $1 and kind = 'rejected'`;
    expect(await live.db.query(refused, [agreement])).toEqual([]);
    await looksUntil('well', id, false);
    noMailTwice();
    // The same again waits, and is told meanwhile.
    await end(id, 'history-service', tooLong);
    await looksUntil('told', id, true);
    expect(await runOf(id)).toMatchObject({ running: false });
    expect(await cured(agreement, breakable)).toMatchObject({ cured: true });
    await books(agreement);
  });

  it('is only told where a person ended it', async () => {
    const { agreement } = await signed();
    const id = workflowIdOf(agreement);
    // It could be brought back.
    await books(agreement);
    await end(id, 'anna@pector.example', 'flyttat till ett annat avtal');
    await looksUntil('told', id, true);
    await look();
    const [found] = (await listSick(live.db)).filter(({ workflowId }) => workflowId === id);
    expect(found).toMatchObject({ kind: 'ended', code: 'endedByPerson' });
    expect(found!.detail).toContain('flyttat till ett annat avtal');
    expect(await runOf(id)).toMatchObject({ running: false, status: 'TERMINATED' });
    await live.db.query(`update agreements set state = 'ended' where number = $1`, [agreement]);
    await looksUntil('no matter any more', id, false);
  });

  it('is cured where a person cancelled it', async () => {
    const { agreement } = await signed();
    const id = workflowIdOf(agreement);
    await books(agreement);
    await handle(agreement).cancel();
    await looksUntil('told', id, true);
    expect(await runOf(id)).toMatchObject({ running: false, status: 'CANCELED' });
    expect(await cured(agreement, breakable)).toMatchObject({ cured: true });
    await books(agreement);
    expect(await hoursOf(agreement)).toEqual([25, 25]);
  });

  it('is monitoring: started again where the server ended it, only told where a person did', async () => {
    const contract = await signed();
    const id = monitoringIdOf(contract.agreement);
    await live.db.query(`update agreements set state = 'live' where number = $1`, [contract.agreement]);
    await live.db.query('update outbox set done_at = now() where agreement = $1', [contract.agreement]);
    await tellMonitoring(live.client, contract, {}, { taskQueue: 'nobody', language: 'sv' });
    const first = (await runOf(id)).runId;
    await end(id, 'history-service', tooLong);
    await looksUntil('told', id, true);
    const second = await runOf(id);
    expect(second).toMatchObject({ running: true });
    expect(second.runId).not.toBe(first);
    await looksUntil('well', id, false);
    // It could be started again at once.
    await live.db.query('delete from sick_workflows where workflow_id = $1', [id]);
    await end(id, 'anna@pector.example', 'byter server');
    await looksUntil('told', id, true);
    await look();
    expect(await runOf(id)).toMatchObject({ running: false });
    await live.db.query(`update agreements set state = 'ended' where number = $1`, [contract.agreement]);
    await live.db.query('update sick_workflows set healed_at = now()');
  });
});
