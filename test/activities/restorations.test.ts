/** A restored database: what went out before does not go out again, and what is missing is named. */
import { createProgressActivities } from '../../activities/years/progress';
import type { JournalEntry } from '../../activities/years/progress';
import { openDb } from '../../activities/db';
import { fateBeforeRestoration } from '../../activities/mail/before-restoration';
import { lostSince } from '../../activities/health/lost-since';
import { markRestoration, noteSentAgain } from '../../activities/health/restorations';
import { createHoursActivities } from '../../activities/hours/hours';
import { makeUpMonth } from '../../activities/invoicing/issue';
import type { RecordEntry, RecordedMail, RecordLine } from '../../activities/record/entries';
import { hashOf } from '../../activities/record/entries';
import { settleMail } from '../../worker/commands/mails/settle-mails';
import type { Mailbox } from '../helpers/mailbox';
import { openMailbox } from '../helpers/mailbox';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { mailActivities, mailStates, notice, signAndPlan } from './signed-agreement';

const agreement = 'testbolaget-2027';
const key = `${agreement}/1/meeting-1/invite/1/contact-1`;
let database: FreshDatabase;
let mailbox: Mailbox;
let recorded: RecordLine[];

beforeAll(async () => {
  mailbox = await openMailbox();
});
afterAll(() => mailbox.close());
beforeEach(async () => {
  database = await freshDatabase();
  recorded = [];
  mailbox.mails.length = 0;
  await signAndPlan(database.db);
});
afterEach(() => database.close());

/** Work on the database with a record. */
async function recording<T>(work: (db: ReturnType<typeof openDb>) => Promise<T>): Promise<T> {
  const append = (entries: readonly RecordEntry[]): Promise<void> =>
    Promise.resolve(
      void recorded.push(...entries.map((entry) => ({ ...entry, written: new Date().toISOString() }))),
    );
  const db = openDb(database.databaseUrl, { record: { append } });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

const past = '2026-01-02T08:00:00.000Z';
const future = '2099-01-02T08:00:00.000Z';
const restored = (lines: RecordLine[] | undefined, isWhole = true): Promise<Record<string, number>> =>
  markRestoration(database.db, {
    takenAt: '2026-01-01T00:00:00.000Z',
    by: 'test',
    ...(lines && { record: '/record', read: { lines, unreadable: 0, isWhole } }),
  });
const mailLine = (state: 'sending' | 'sent' | 'kept', subject: string): RecordLine => ({
  ...{ kind: 'mail', written: past, state, key, agreement, contact: 'contact-1', asOf: past },
  ...{ recipient: '-', subject: hashOf(subject) },
});
const subject = 'Inbjudan: förvaltningsmöte 1, tisdag 16 februari 2027 kl. 10:00';
const send = (asOf: string) =>
  mailActivities(database.db, mailbox.smtpUrl).sendNotice(notice({ roles: ['management'], asOf }));

describe('a mail after a restoration', () => {
  it.each([
    ['was not restored', undefined, past, 'sent', 1],
    ['the record says it went out', [mailLine('sent', subject)], past, 'sent', 0],
    [
      'the record says it was handed over, and not what became of it',
      [mailLine('sending', subject)],
      past,
      'unknown',
      0,
    ],
    [
      'the record says that the server did not take it',
      [mailLine('sending', subject), mailLine('kept', subject)],
      past,
      'sent',
      1,
    ],
    ['a whole record does not name it', [], past, 'sent', 1],
    ['a record with a gap does not name it', 'gap', past, 'unknown', 0],
    ['there is no record', 'none', past, 'unknown', 0],
    ['there is no record, and it falls due later', 'none', future, 'sent', 1],
    ['it falls due later, and the same went out before', [mailLine('sent', subject)], future, 'sent', 0],
    [
      'it falls due later, and another of its name went out before',
      [mailLine('sent', 'other')],
      future,
      'unknown',
      0,
    ],
  ] as const)('where %s', async (_where, record, asOf, state, mails) => {
    if (record === 'none') await restored(undefined);
    else if (record === 'gap') await restored([], false);
    else if (record) await restored([...record]);
    const told = await send(asOf);
    const states = await mailStates(database.db);
    expect(states['contact-1']).toBe(state);
    expect(mailbox.mails.filter(({ to }) => JSON.stringify(to).includes('karin'))).toHaveLength(mails);
    if (state === 'unknown') expect(told.unknown).toContain(key);
  });

  it('that is one of its day has gone out, whatever number it has now', async () => {
    await restored([
      {
        ...(mailLine('sent', 'digest') as RecordedMail & { written: string }),
        key: 'desk/7/support',
        once: 'desk/day',
      },
    ]);
    const mail = { key: 'desk/10012/support', once: 'desk/day', asOf: past };
    expect(await fateBeforeRestoration(database.db, mail, 'digest')).toMatchObject({ state: 'sent' });
    expect(
      await fateBeforeRestoration(database.db, { ...mail, once: 'desk/other-day' }, 'digest'),
    ).toBeUndefined();
  });

  it('is sent once a person has said so', async () => {
    await restored(undefined);
    await send(past);
    const { sendNotice } = mailActivities(database.db, mailbox.smtpUrl);
    await settleMail(database.db, key, 'resend', sendNotice);
    expect(mailbox.mails).toHaveLength(1);
  });
});

const entry = (entryId: string, hours: number, asOf: string) => ({
  ...{ entryId, seconds: hours * 3600, by: 'anna', byAssumed: false, asOf },
});
const signal = (id: string, ref: string, at: string, input: unknown): JournalEntry => ({
  ...{ id, at, kind: 'signal', ref, detail: {}, message: { input } },
});

test('what is recorded and not restored is named, exactly; what the database has is not', async () => {
  const at = (minute: number): string => `2027-03-10T09:${String(minute).padStart(2, '0')}:00.000Z`;
  const used = { hours: 2, ref: 'a' };
  await recording(async (db) => {
    await mailActivities(db, mailbox.smtpUrl).sendNotice(notice({ roles: ['management'], asOf: at(0) }));
    await createHoursActivities({ db }).reportHours({
      ...{ agreement, year: 1, entries: [entry('one', 1, at(1)), entry('two', 2, at(2))] },
    });
    await createProgressActivities({ db }).recordProgress({
      ...{ agreement, year: 1 },
      entries: [
        signal('1', 'hoursUsed', at(1), { hours: 1 }),
        signal('2', 'hoursUsed', at(2), used),
        { id: '3', at: at(3), kind: 'rejected', ref: 'meetingHeld', detail: {}, message: { input: 'x' } },
        { id: '4', at: at(3), kind: 'phase', ref: 'meeting-1', detail: {} },
      ],
    });
    await makeUpMonth(db, { month: '2027-04', today: '2027-04-01', at: '2027-04-01T07:00:00.000Z' });
  });
  const { db } = database;
  const issued = recorded.flatMap((line) => (line.kind === 'invoice' ? [line.number] : []));
  expect(issued.length).toBeGreaterThan(0);
  expect(await lostSince(recorded, db)).toEqual({
    ...{ agreements: [], mails: [], messages: [], hours: [], invoices: [] },
  });

  const empty = await freshDatabase();
  try {
    const nothing = await lostSince(recorded, empty.db);
    expect(nothing.agreements).toEqual([agreement]);
    expect(nothing.mails.map((mail) => mail.key)).toEqual([key]);
    expect(nothing.messages.map(({ id, name, taken, input }) => [id, name, taken, input])).toEqual([
      ['1', 'hoursUsed', true, { hours: 1 }],
      ['2', 'hoursUsed', true, used],
      ['3', 'meetingHeld', false, 'x'],
    ]);
    expect(nothing.hours.map(({ id, seconds }) => [id, seconds])).toEqual([
      ['one', 3600],
      ['two', 7200],
    ]);
    expect(nothing.invoices.map(({ number }) => number)).toEqual(issued);

    // Numbers and ids that a restored year gives again are told apart by their time.
    await signAndPlan(empty.db);
    await createHoursActivities({ db: empty.db }).reportHours({
      ...{ agreement, year: 1, entries: [entry('one', 5, at(40))] },
    });
    await createProgressActivities({ db: empty.db }).recordProgress({
      ...{ agreement, year: 1, entries: [signal('1', 'hoursUsed', at(40), { hours: 5 })] },
    });
    const [, second] = nothing.messages;
    await noteSentAgain(empty.db, second!);
    const rest = await lostSince(recorded, empty.db);
    expect(rest.agreements).toEqual([]);
    expect(rest.hours.map(({ id }) => id)).toEqual(['one', 'two']);
    expect(rest.messages.map(({ id }) => id)).toEqual(['1', '3']);

    // What waited in Temporal when the back-up was taken was taken in after the restoration.
    const until = new Date(Date.now() + 1_000).toISOString();
    const again = {
      ...recorded.find((line) => line.kind === 'message')!,
      id: '9',
      written: future,
    } as RecordLine;
    const later = await lostSince([...recorded, again], empty.db, until);
    expect(later.messages.map(({ id }) => id)).toEqual(['3']);

    expect(
      await markRestoration(empty.db, {
        takenAt: past,
        by: 'test',
        record: '/r',
        read: { lines: recorded, unreadable: 0, isWhole: true },
      }),
    ).toEqual({
      '2027': issued.length,
    });
    const { fresh } = await makeUpMonth(empty.db, {
      month: '2027-05',
      today: '2027-05-01',
      at: '2027-05-01T07:00:00.000Z',
    });
    expect(fresh.some((number) => issued.includes(number))).toBe(false);
  } finally {
    await empty.close();
  }
});

test('nothing is recorded of a transaction that was not committed', async () => {
  await recording(async (db) => {
    const failing = db.transaction(async (tx) => {
      await tx.keep?.({ kind: 'opened' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await db.transaction((tx) => tx.keep!({ kind: 'opened' }));
  });
  expect(recorded).toHaveLength(1);
});

test('numbers that were given after the back-up are not given again', async () => {
  const { db } = database;
  const next = async (): Promise<number> => {
    const [row] = await db.query<{ id: number }>(`select nextval('desk_mails_id_seq')::int as id`);
    return row!.id;
  };
  const before = await next();
  await restored([]);
  expect(await next()).toBeGreaterThan(before + 9_000);
});
