import { createHoursActivities } from '../../activities/hours';
import { createProgressActivities } from '../../activities/progress';
import { printStatus, readStatus } from '../../worker/status';
import { mailActivities, notice, sign, signAndPlan } from '../activities/signed-agreement';
import { openMailbox } from '../helpers/mailbox';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.close());

const agreement = 'testbolaget-2027';
const inMarch = new Date('2027-03-10T09:00:00.000Z');
const status = async () => (await readStatus(database.db, inMarch))[0]!;
const record = createProgressRecorder();

function createProgressRecorder() {
  let count = 0;
  return (entry: object) =>
    createProgressActivities(database).recordProgress({
      agreement,
      year: 1,
      entries: [
        { id: `${++count}`, at: inMarch.toISOString(), kind: 'phase', ref: 'test', detail: {}, ...entry },
      ],
    });
}

it('says what to do where nothing is signed yet', async () => {
  expect(await readStatus(database.db, inMarch)).toEqual([]);
  expect(printStatus([])).toContain('npx serviceavtal sign examples/testbolaget.json');
});

it('tells of an agreement that is signed and has not begun', async () => {
  await sign(database.db);
  expect(await status()).toEqual({
    agreement,
    customer: 'Testbolaget AB',
    state: 'signed',
    year: null,
    strands: [],
    next: [],
    attention: [],
    mails: [],
  });
  expect(printStatus([await status()])).toContain(`${agreement}  Testbolaget AB: signed`);
});

describe('a live agreement', () => {
  beforeEach(async () => {
    await signAndPlan(database.db);
  });

  it('tells its year, its strands and its hours', async () => {
    await createHoursActivities(database).reportHours({
      agreement,
      year: 1,
      entries: [
        { entryId: 'a', hours: 1_225, by: 'anna', byAssumed: false, asOf: '2027-03-01T09:00:00.000Z' },
      ],
    });
    await record({ obligation: { id: 'meeting-1', state: 'done' } });
    await record({ obligation: { id: 'start/kickoff', state: 'missed' } });
    const { strands, ...rest } = await status();
    expect(rest).toMatchObject({
      state: 'live',
      year: 1,
      from: '2027-01-01',
      to: '2028-01-01',
      hours: { contracted: 120, rolledIn: 0, used: 12.25, remaining: 107.75, overage: 0 },
    });
    expect(strands).toEqual(
      expect.arrayContaining([
        { strand: 'meetings', done: 1, missed: 0, total: 4 },
        { strand: 'start', done: 0, missed: 1, total: 3 },
        { strand: 'upgrade', done: 0, missed: 0, total: 5 },
      ]),
    );
    expect(printStatus([await status()])).toContain('12.25 used of 120 contracted');
  });

  it('tells what is due next, who owes it, and what is overdue, in order of the dates', async () => {
    const { next } = await status();
    expect(next).toHaveLength(5);
    expect(next.map(({ dueOn }) => dueOn)).toEqual(next.map(({ dueOn }) => dueOn).sort());
    for (const { dueOn, overdue } of next) expect(overdue).toBe(dueOn < '2027-03-10');
    expect(next.find(({ id }) => id === 'start/consultant')).toMatchObject({
      owner: 'manager',
      overdue: true,
    });
    expect(printStatus([await status()])).toMatch(/next +2027-01-\d\d +start\/consultant +manager +OVERDUE/);
  });

  it('does not count what is owed no more', async () => {
    await record({ obligation: { id: 'meeting-4', state: 'cancelled' } });
    expect((await status()).strands).toContainEqual({ strand: 'meetings', done: 0, missed: 0, total: 3 });
  });

  it('tells attention that is raised, and forgets what is cleared', async () => {
    const attention = { code: 'mail-unknown', subject: 'a', detail: 'settle it', cleared: false };
    await record({ attention });
    await record({ attention: { ...attention, subject: 'b' } });
    await record({ attention: { ...attention, subject: 'b', cleared: true } });
    expect((await status()).attention).toEqual([
      { code: 'mail-unknown', subject: 'a', detail: 'settle it', raisedAt: inMarch.toISOString() },
    ]);
  });

  it('tells mails that wait for a person', async () => {
    const mailbox = await openMailbox();
    mailbox.next.push('cut-after');
    mailbox.refuses.add('johan.lind@testbolaget.example.com');
    await mailActivities(database.db, mailbox.smtpUrl).sendNotice(notice());
    await mailbox.close();
    const { mails } = await status();
    expect(mails.map(({ key, state }) => [key.split('/').at(-1), state])).toEqual([
      ['contact-1', 'unknown'],
      ['contact-2', 'refused'],
    ]);
    expect(printStatus([await status()])).toContain(
      'mail       unknown: testbolaget-2027/1/meeting-1/invite/1/',
    );
  });

  it('is told as JSON that survives being written and read', async () => {
    expect(JSON.parse(JSON.stringify(await status()))).toEqual(await status());
  });

  it('tells an agreement that has ended, with the hours of its last year', async () => {
    await record({ kind: 'agreement', ended: true });
    expect(await status()).toMatchObject({ state: 'ended', year: 1, hours: { contracted: 120 } });
  });
});

it('tells all agreements by number, or the one that is asked for', async () => {
  for (const number of ['b-2027', 'a-2027']) await signAndPlan(database.db, { agreement: number });
  const numbers = async (asked?: string) =>
    (await readStatus(database.db, inMarch, asked)).map((one) => one.agreement);
  expect(await numbers()).toEqual(['a-2027', 'b-2027']);
  expect(await numbers('b-2027')).toEqual(['b-2027']);
  expect(await numbers('c-2027')).toEqual([]);
});
