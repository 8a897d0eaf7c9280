/** The look at Temporal where something that it needs does not work. */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import {
  readLooking,
  recordFailedLook,
  recordLook,
  recordSick,
  beginLooking,
  listSick,
} from '../../../activities/health/health';
import type { Finding } from '../../../activities/health/health';
import { createSendMessage } from '../../../activities/mail/smtp';
import { resendOperatorMail } from '../../../activities/health/operator-mails';
import { tellOperator } from '../../../activities/health/tell-operator';
import { createHealthLook, startHealthLook } from '../../../worker/health/look';
import { startIntake } from '../../../worker/intake/server';
import { listUnsettled } from '../../../activities/mail/unsettled';
import { settleMail } from '../../../worker/commands/mails/settle-mails';
import { openClient } from '../../../worker/temporal/temporal-connection';
import { eventually, publishWorkingRules, sign } from '../../activities/signed-agreement';
import type { Mailbox } from '../../helpers/mailbox';
import { openMailbox } from '../../helpers/mailbox';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase, testStack } from '../../helpers/stack';

let database: FreshDatabase;
let mailbox: Mailbox;

beforeEach(async () => {
  [database, mailbox] = await Promise.all([freshDatabase(), openMailbox()]);
});
afterEach(() => Promise.all([database.close(), mailbox.close()]));

async function readyz(): Promise<{ status: number; text: string }> {
  const intake = await startIntake({
    db: database.db,
    host: '127.0.0.1',
    port: 0,
    linkKey: 'a key of the tests, longer than 32 characters',
    log: () => undefined,
  });
  try {
    const answer = await fetch(`${intake.url}/readyz`);
    return { status: answer.status, text: (await answer.text()).trim() };
  } finally {
    await intake.stop();
  }
}

describe('/readyz', () => {
  it('is ready before anybody has looked, and after a look', async () => {
    expect(await readyz()).toEqual({ status: 200, text: 'ready' });
    await beginLooking(database.db);
    expect(await readyz()).toEqual({ status: 200, text: 'ready' });
    await recordLook(database.db, new Date().toISOString(), true);
    expect(await readyz()).toEqual({ status: 200, text: 'ready' });
  });

  it('is not ready where the look is overdue', async () => {
    await beginLooking(database.db);
    await database.db.query(
      `update health_looks set begun_at = now() - interval '1 day', looked_at = now() - interval '6 minutes'`,
    );
    const { status, text } = await readyz();
    expect(status).toBe(503);
    expect(text).toMatch(
      /^not ready: the look at Temporal is overdue: the last was 36\d s ago, expected at most 300/,
    );
  });

  it('is not ready where the last look failed, until one works again', async () => {
    await beginLooking(database.db);
    await recordFailedLook(database.db, 'no answer');
    const { status, text } = await readyz();
    expect(status).toBe(503);
    expect(text).toMatch(/^not ready: the look at Temporal fails since .*: no answer$/);
    await recordLook(database.db, new Date().toISOString(), false);
    expect(await readyz()).toMatchObject({ status: 200 });
  });
});

describe('a look', () => {
  const logged: string[] = [];
  let client: Client;
  let look: () => Promise<boolean>;
  let takenWithin: number;

  beforeEach(async () => {
    await publishWorkingRules(database.db);
    await sign(database.db, { agreement: 'never-started' });
    await database.db.query(`update agreements set recorded_at = now() - interval '1 hour'`);
    await beginLooking(database.db);
    client = await openClient(testStack());
    logged.length = 0;
    takenWithin = 120_000;
    const options: Parameters<typeof createHealthLook>[0] = {
      db: database.db,
      client,
      taskQueue: 'nobody',
      language: 'sv',
      workflowBundle: { codePath: 'none' },
      mail: {
        db: database.db,
        sendMessage: createSendMessage('smtp://127.0.0.1:1'),
        mailFrom: 'avtal@pector.example',
        staffLanguage: 'sv',
        operatorMail: 'drift@pector.example',
      },
      log: (line) => logged.push(line),
    };
    look = () => createHealthLook({ ...options, takenWithin }).look();
  });
  afterEach(() => client.connection.close());

  it('finds nothing while the dispatcher has still to start an agreement', async () => {
    await database.db.query(
      `insert into outbox (agreement, kind, payload) values ('never-started', 'start', '{}')`,
    );
    await look();
    expect(await listSick(database.db)).toEqual([]);
  });

  it('finds an agreement that Temporal does not know, and fails of no mail that cannot go out', async () => {
    await database.db.query('update outbox set done_at = now()');
    await look();
    expect(await listSick(database.db)).toMatchObject([
      { workflowId: 'agreement-never-started', kind: 'missing', code: 'unknownRun', tries: 0 },
    ]);
    expect((await readLooking(database.db))?.lookedAt).not.toBeNull();
    expect((await readyz()).text).toContain('ready\nnot well: agreement-never-started (missing since ');
    expect(logged[0]).toContain('What to do: npx serviceavtal agreements cure agreement-never-started');
    await database.db.query(`update agreements set state = 'ended'`);
    await look();
    expect(await listSick(database.db)).toEqual([]);
    expect(logged.at(-1)).not.toContain('What to do');
  });

  it('starts the clock of a reader of digests that Temporal does not know, and knows it from then on', async () => {
    const reader = `consultant-${randomUUID()}`;
    const workflowId = `digests-${reader}`;
    await database.db.query(`update agreements set state = 'ended'`);
    await database.db.query(
      `insert into digest_clocks (reader, told_until, recorded_at) values ($1, now(), now() - interval '1 hour')`,
      [reader],
    );
    await look();
    expect(await listSick(database.db)).toMatchObject([{ workflowId, kind: 'missing', agreement: null }]);
    expect(logged).toContain(`${workflowId} is started again`);
    await eventually('visibility knows it', async () => {
      await look();
      return (await listSick(database.db)).length === 0;
    });
    const handle = client.workflow.getHandle(workflowId);
    expect((await handle.describe()).type).toBe('digestClock');
    await handle.terminate('the test is over');
  });

  it('finds an agreement whose task no worker takes, and not one whose task has just come', async () => {
    const number = `not-taken-${randomUUID().slice(0, 8)}`;
    await sign(database.db, { agreement: number });
    await database.db.query(`update agreements set recorded_at = now() - interval '1 hour'`);
    await database.db.query('update outbox set done_at = now()');
    const workflowId = `agreement-${number}`;
    const found = async () => (await listSick(database.db)).filter((one) => one.workflowId === workflowId);
    const run = await client.workflow.start('agreementYear', { workflowId, taskQueue: 'nobody', args: [{}] });
    try {
      await look();
      expect(await found()).toEqual([]);
      takenWithin = -60_000;
      await look();
      expect(await found()).toMatchObject([{ kind: 'failing', code: 'untaken' }]);
      expect((await readyz()).text).toContain(`not well: ${workflowId} (failing since `);
    } finally {
      await run.terminate();
    }
  });
});

it('is told as failing where Temporal does not answer, once in the log, and stops at once', async () => {
  const connection = Connection.lazy({ address: '127.0.0.1:1' });
  const logged: string[] = [];
  const looking = startHealthLook({
    db: database.db,
    client: new Client({ connection }),
    taskQueue: 'nobody',
    language: 'sv',
    workflowBundle: { codePath: 'none' },
    log: (line) => logged.push(line),
  });
  await eventually(
    'the look fails',
    async () => typeof (await readLooking(database.db))?.failed === 'string',
  );
  await looking.stop();
  await connection.close();
  expect(logged).toEqual([expect.stringMatching(/^the look at Temporal fails: .+/)]);
  expect((await readyz()).status).toBe(503);
});

describe('the mail about a workflow that is not well', () => {
  const finding: Finding = {
    workflowId: 'agreement-testbolaget-2027',
    kind: 'failing',
    agreement: 'testbolaget-2027',
    code: 'throws',
    detail: 'because <of a test>',
    runId: 'one',
  };
  const mailFrom = 'avtal@pector.example';
  const deps = (operatorMail?: string, smtpUrl = mailbox.smtpUrl) => ({
    db: database.db,
    sendMessage: createSendMessage(smtpUrl),
    mailFrom,
    staffLanguage: 'en' as const,
    operatorMail,
  });

  beforeEach(async () => {
    await publishWorkingRules(database.db);
    await sign(database.db);
    await recordSick(database.db, finding);
  });

  it('goes to the manager of the agreement where nobody is named, once', async () => {
    expect(await tellOperator(database.db, deps())).toBe(1);
    expect(await tellOperator(database.db, deps())).toBe(0);
    const [mail] = mailbox.mails;
    expect([mail?.to].flat().map((to) => to?.text)).toEqual([
      expect.stringContaining('erik.holm@pector.example'),
    ]);
    expect(mail?.subject).toBe('agreement-testbolaget-2027 cannot go on');
    expect(mail?.text).toContain('the program fails at it every time (because <of a test>)');
    expect(mail?.html).toContain('because &lt;of a test&gt;');
  });

  it('waits where the mail server does not answer, and goes out once it does', async () => {
    expect(
      await tellOperator(database.db, deps('drift@pector.example', 'smtp://127.0.0.1:1')).catch(() => 0),
    ).toBe(0);
    expect(await tellOperator(database.db, deps('drift@pector.example'))).toBe(1);
    expect(mailbox.mails).toHaveLength(1);
  });

  it('that cannot be made stands in nobody’s way: a person settles it', async () => {
    await database.db.query(
      `insert into operator_mails (kind, name, recipient, content) values ('workflows', 'Drift', 'drift@pector.example', '{}')`,
    );
    expect(await tellOperator(database.db, deps('drift@pector.example'))).toBe(1);
    expect(mailbox.mails).toHaveLength(1);
    expect(await listUnsettled(database.db)).toMatchObject([
      { state: 'refused', error: expect.stringContaining('workflow-sick: ') as string },
    ]);
    expect(await tellOperator(database.db, deps('drift@pector.example'))).toBe(0);
  });

  it('can be sent again by a person where nobody knows whether it went out', async () => {
    await tellOperator(database.db, deps('drift@pector.example'));
    await database.db.query(`update mails set state = 'unknown'`);
    const [mail] = await listUnsettled(database.db);
    expect(mail).toMatchObject({ recipient: 'drift@pector.example', state: 'unknown' });
    const other = () => Promise.reject(new Error('it is no such mail'));
    await settleMail(database.db, mail!.key, 'resend', other, other, other, (request) =>
      resendOperatorMail(deps('drift@pector.example'), request),
    );
    expect(mailbox.mails.map(({ messageId }) => messageId)).toEqual([
      mailbox.mails[0]!.messageId,
      mailbox.mails[0]!.messageId,
    ]);
    expect(await listUnsettled(database.db)).toEqual([]);
  });
});
