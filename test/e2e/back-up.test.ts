/** The drill: a back-up while an agreement is served, then a day's work, then the disk is gone. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { storeSignedContract } from '../../activities/agreements/agreements';
import { termsAtSigning } from '../../activities/agreements/rulesets';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import type { Lost } from '../../activities/health/lost-since';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { resetStack } from '../../worker/local/reset';
import { readRunningStack } from '../../worker/local/running-stack';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import { openClient } from '../../worker/temporal/temporal-connection';
import { rule, writeSleeplessRules } from '../helpers/changed-rules';
import { serviceavtalOn } from '../helpers/command-line';
import { exampleContract } from '../helpers/example';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import type { OwnStart } from '../helpers/own-start';
import { runningParts, startOwn } from '../helpers/own-start';

jest.setTimeout(20 * 60_000);

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'drill-'));
const [before, after, record, kept] = ['before', 'after', 'record', 'kept'].map((name) =>
  path.join(root, name),
) as [string, string, string, string];
const rules = writeSleeplessRules(path.join(root, 'rules'), rule('notices', { holdMinutes: 0 }));
let mailbox: Mailbox;
let own: OwnStart;
let client: Client;
let db: Db;

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) await pause(100);
}
const finds = async (sql: string, ...values: unknown[]): Promise<boolean> =>
  (await db.query(sql, values)).length > 0;

async function begin(dataDir: string): Promise<void> {
  own = startOwn(dataDir, {
    SERVICEAVTAL_RECORD: record,
    SERVICEAVTAL_RULES: rules,
    SMTP_URL: mailbox.smtpUrl,
  });
  await own.says('Ctrl-C stops everything');
  const stack = readRunningStack(dataDir)!;
  client = await openClient(stack);
  db = openDb(stack.databaseUrl);
}

async function sign(agreement: string): Promise<void> {
  const today = localDateOf(new Date().toISOString());
  const contract = exampleContract({ agreement, signedOn: today, startsOn: today });
  await storeSignedContract(db, contract, await termsAtSigning(db, contract));
  await until(() => finds(`select 1 from mails where agreement = $1 and state = 'sent'`, agreement));
  await until(async () => !(await finds(`select 1 from mails where state in ('queued', 'sending')`)));
}

const send = (name: string, input: object): Promise<void> =>
  client.workflow.getHandle(workflowIdOf('drill')).signal(name, input);
const isBooked = (ref: string): Promise<boolean> =>
  finds('select 1 from hour_entry_refs where ref = $1', ref);
/** Mails of an alert, to two of the customer and to the consultant: the bank of 120 hours is used up to three quarters. */
const isAlerted = (): Promise<boolean> =>
  finds(
    `select count(*) from mails where agreement = 'drill' and template = 'hours-alert' and state = 'sent' having count(*) = 3`,
  );
const restore = async (...words: string[]): Promise<unknown> => {
  const { code, out, errors } = await serviceavtalOn(after, 'restore', ...words, '--language', 'en');
  if (code !== 0) throw new Error(errors);
  return out.startsWith('{') ? JSON.parse(out) : out;
};
const messagesOf = ({ messages }: Lost): unknown[] =>
  messages.map(({ name, taken, input }) => [name, taken, input]);

beforeAll(async () => {
  mailbox = await openMailbox();
});

afterAll(async () => {
  own.process.kill('SIGCONT');
  own.process.kill('SIGTERM');
  await own.ended;
  // A test that failed may have closed them.
  await Promise.allSettled([client.connection.close(), db.close()]);
  for (const folder of [before, after]) await resetStack(folder);
  fs.rmSync(root, { recursive: true });
  await mailbox.close();
});

test('nothing is sent twice, and what is missing is what was done since', async () => {
  await begin(before);
  await sign('drill');
  await send('hoursUsed', { hours: 1, ref: 'old' });
  await until(() => isBooked('old'));
  await until(() => finds(`select 1 from events where ref = 'hoursUsed'`));

  // Temporal has this when the back-up is taken; the worker takes it in after that.
  own.process.kill('SIGSTOP');
  const waiting = { hours: 100, ref: 'waiting', confirm: true };
  await send('hoursUsed', waiting);
  const backup = await serviceavtalOn(before, 'backup', kept, '--language', 'en');
  expect(backup).toMatchObject({ code: 0 });
  expect(backup.out).toMatch(/The back-up is done: .*postgres-password/s);
  own.process.kill('SIGCONT');

  await until(isAlerted);
  const fresh = { hours: 2, by: 'bo' };
  const note = { text: 'Ringde Maria' };
  await send('hoursUsed', fresh);
  await send('noteAdded', note);
  await sign('later');
  await until(() => finds(`select 1 from events where ref = 'noteAdded'`));
  await until(() => finds(`select 1 from hour_entries where reported = 7200`));
  const known = await db.query<{ key: string }>(`select key from mails where state = 'sent' order by key`);
  const sent = mailbox.mails.length;
  expect(sent).toBe(known.length);

  // The disk is gone.
  await Promise.all([client.connection.close(), db.close()]);
  own.process.kill('SIGKILL');
  await own.ended;
  await until(async () => runningParts(before).length === 0);
  await resetStack(before);
  fs.rmSync(before, { recursive: true });

  const told = (await restore(kept, '--record', record, '--json')) as { lost: Lost };
  expect(messagesOf(told.lost)).toEqual([
    ['hoursUsed', true, waiting],
    ['hoursUsed', true, fresh],
    ['noteAdded', true, note],
  ]);
  expect(told.lost.agreements).toEqual(['later']);
  expect(told.lost.hours.map(({ seconds, ref }) => [seconds, ref])).toEqual([
    [360_000, 'waiting'],
    [7200, undefined],
  ]);

  await begin(after);
  // What the service notes as sent at its start has a reason.
  const inBackUp = await db.query<{ key: string }>(
    `select key from mails where state = 'sent' and error is null`,
  );
  const isOld = (key: string): boolean => inBackUp.some((mail) => mail.key === key);
  expect(told.lost.mails.map(({ key }) => key).sort()).toEqual(
    known.map(({ key }) => key).filter((key) => !isOld(key)),
  );

  // What waited is taken in anew: it is booked, and its alert is noted and not sent.
  await until(async () => (await isBooked('waiting')) && (await isAlerted()));
  const rest = (await restore('--missing', '--json')) as Lost;
  expect(messagesOf(rest)).toEqual([
    ['hoursUsed', true, fresh],
    ['noteAdded', true, note],
  ]);
  expect(rest.mails.every(({ agreement }) => agreement === 'later')).toBe(true);

  expect(await restore('--missing', '--send', '--yes', '--json')).toEqual({ sent: 2, left: 0 });
  await until(() => finds(`select 1 from hour_entries where reported = 7200`));
  await until(() => finds(`select 1 from events where ref = 'noteAdded'`));
  expect(await restore('--missing', '--send', '--yes', '--json')).toEqual({ sent: 0, left: 0 });
  const hours = await db.query<{ reported: number }>('select reported from hour_entries order by number');
  expect(hours.map(({ reported }) => reported)).toEqual([3600, 360_000, 7200]);
  expect(mailbox.mails).toHaveLength(sent);
  expect(await serviceavtalOn(after, 'doctor')).toMatchObject({ code: 0 });
  const [restoration] = await db.query('select is_whole from restorations');
  expect(restoration).toEqual({ is_whole: true });
});
