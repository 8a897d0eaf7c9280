/** Hours that are reported, corrected and taken back when life is late: what each comes to is the same as in time. */
import { beyondBank, burn, hourBalance, hoursOfYear, readHours } from '../../activities/hours/facts';
import { createHoursActivities } from '../../activities/hours/hours';
import type { ReportedEntry } from '../../activities/hours/ledger';
import { statementLines } from '../../activities/hours/lines';
import { readTransactions } from '../../activities/hours/postings';
import { createTermsActivities } from '../../activities/years/terms';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { yearStory } from '../../worker/simulation/timeline';
import { exampleContract } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan } from './signed-agreement';

const agreement = 'testbolaget-2027';
let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
  await signAndPlan(database.db);
});
afterEach(async () => {
  await expectLedgerToAgree();
  await database.close();
});

/** What is posted comes to the hours that the years have, and every transaction adds up to zero. */
async function expectLedgerToAgree(): Promise<void> {
  const transactions = await readTransactions(database.db, agreement);
  const sums: Record<string, number> = { used: 0, expired: 0, suspense: 0, left: 0 };
  for (const { postings } of transactions) {
    expect(postings.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(0);
    expect(postings.reduce((sum, { minor }) => sum + minor, 0)).toBe(0);
    for (const { account, seconds } of postings) {
      const name = account.startsWith('grant:') ? 'left' : account;
      sums[name] = (sums[name] ?? 0) + seconds;
    }
  }
  const facts = await readHours(database.db, agreement);
  const last =
    transactions
      .map(({ recordedAt }) => recordedAt)
      .sort((a, b) => (a < b ? -1 : 1))
      .at(-1) ?? '';
  const years = facts.periods.map(({ number }) => hoursOfYear(facts, number, localDateOf(last)));
  const sumOf = (name: 'used' | 'expired' | 'lapsed' | 'overage'): number =>
    years.reduce((sum, year) => sum + (year?.[name] ?? 0), 0);
  const left = Object.values(burn(facts, localDateOf(last)).left).reduce((sum, one) => sum + one, 0);
  const given = -(sums.bank ?? 0);
  expect({ ...sums, bank: given }).toEqual({
    bank: left + sumOf('used') + sumOf('expired') + sumOf('lapsed') - sumOf('overage'),
    used: sumOf('used'),
    expired: sumOf('expired') + sumOf('lapsed'),
    suspense: 0 - sumOf('overage'),
    left,
  });
}

/** Closes a year at its end and plans the next. */
async function turn(year: number): Promise<void> {
  const asOf = `${2026 + year}-12-31T23:00:00.000Z`;
  await createHoursActivities(database).closeHours({ agreement, year, asOf, ended: false });
  await createTermsActivities(database).planAgreementYear({
    agreement,
    yearNumber: year + 1,
    asOf,
    revision: 1,
  });
}

let count = 0;
type Said = Partial<Omit<ReportedEntry, 'asOf' | 'seconds'>>;

/** Reports hours on a day, as the year does that runs then. */
async function report(day: string, hours: number, said: Said = {}) {
  const year = Number(day.slice(0, 4)) - 2026;
  const entry = { entryId: `entry-${(count += 1)}`, by: 'anna', byAssumed: false, confirmed: true, ...said };
  const entries = [{ ...entry, seconds: hours * 3600, asOf: `${day}T09:00:00.000Z` }];
  return createHoursActivities(database).reportHours({ agreement, year, entries });
}

/** The hours of a year as they stand at the end of the third. */
async function hoursOf(year: number, at = '2029-12-31T12:00:00.000Z'): Promise<Record<string, number>> {
  const balance = await hourBalance(database.db, agreement, year, at);
  const { hours } = await yearStory(database.db, agreement, year);
  const { rolledOut, expired } = hours;
  return {
    used: balance.used / 100,
    rolledIn: balance.rolledIn / 100,
    overage: balance.overage / 100,
    ...{ rolledOut, expired },
  };
}

/** Lets rolled hours live half a year. */
const halfAYear = async (): Promise<void> => {
  await database.db.query(
    `update plans set terms = jsonb_set(terms, '{hourBank,rollover,expiresAfterMonths}', '6')`,
  );
};
/** Has the second year's rolled hours lapse, as its plan would. */
const lapseIn2028 = () =>
  database.db.query(
    `insert into obligations (agreement, year, id, strand, owner, opens_at, due_on, due_at, revision, late)
     values ($1, 2, 'hours/lapse', 'hourBank', 'consultant', '2028-06-30T22:00:00Z', '2028-07-01', '2028-06-30T22:00:00Z', 1, false)`,
    [agreement],
  );

it('lets late work of the old year use the hours of the old year', async () => {
  await report('2027-03-01', 90);
  await turn(1);
  const { after } = await report('2028-01-03', 8, { on: '2027-12-29' });
  expect(after).toMatchObject({ used: 0, rolledIn: 2200 });
  expect(await hoursOf(1)).toMatchObject({ used: 98, rolledOut: 22, expired: 0 });
  expect(await hoursOf(2)).toMatchObject({ rolledIn: 22, used: 0 });
});

it.each([
  ['downwards', 100, 90, { used: 90, rolledOut: 24, expired: 6 }, 24],
  ['upwards', 90, 100, { used: 100, rolledOut: 20, expired: 0 }, 20],
  ['130 typed for 13', 130, 13, { used: 13, overage: 0, rolledOut: 24, expired: 83 }, 24],
])('corrects an entry of the year before: %s', async (_what, typed, meant, first, rolledIn) => {
  await report('2027-03-01', typed, { ref: 'a' });
  await turn(1);
  await report('2028-01-10', meant, { corrects: { ref: 'a' } });
  expect(await hoursOf(1)).toMatchObject(first);
  expect(await hoursOf(2)).toMatchObject({ rolledIn });
});

describe('rolled hours that live half a year', () => {
  beforeEach(async () => {
    await report('2027-03-01', 90);
    await halfAYear();
    await turn(1);
    await lapseIn2028();
  });

  it('are used by work of a day on which they lived, whenever it is reported', async () => {
    await report('2028-07-03', 10, { on: '2028-06-28' });
    await report('2028-09-15', 120);
    expect(await hoursOf(2)).toMatchObject({ used: 130, overage: 0 });
  });

  it('do not come back for work after they lapsed', async () => {
    await report('2028-03-10', 10, { ref: 'a' });
    await report('2028-08-01', 2, { corrects: { ref: 'a' } });
    await report('2028-09-01', 130);
    expect(await hoursOf(2)).toMatchObject({ used: 132, overage: 10, rolledIn: 2 });
  });
});

it('takes 8 late hours of the first year after 144 of the second', async () => {
  await report('2027-03-01', 96);
  await turn(1);
  await report('2028-05-01', 144);
  await report('2028-05-02', 8, { on: '2027-11-30' });
  expect(await hoursOf(1)).toMatchObject({ used: 104, rolledOut: 16, overage: 0 });
  expect(await hoursOf(2)).toMatchObject({ used: 144, rolledIn: 16, overage: 8 });
});

describe('a year whose final statement has gone out', () => {
  const statementOf = (year: number, at: string) =>
    database.db.query(
      `insert into mails (key, agreement, year, obligation, step, revision, contact, template, recipient, subject, as_of, state, message_id, request)
       values ($1, $2, $3, 'close', 'statement', 1, 'contact-1', 'hour-statement', 'karin.ek@testbolaget.example.com', 'x', $4, 'sent', '<x>', '{}')`,
      [`statement-${year}`, agreement, year, at],
    );

  const yes = { approvedBy: 'mats', note: 'glömd rapport' };

  it('takes more hours on a manager’s yes only; what makes them fewer needs nobody', async () => {
    await report('2027-03-01', 90, { ref: 'a' });
    await turn(1);
    await statementOf(1, '2028-01-07T10:00:00.000Z');
    const needsManager = [{ year: 1, told: '2028-01-07' }];
    const late = { on: '2027-12-29' };
    expect(await report('2028-01-10', 8, late)).toMatchObject({ needsManager, booked: {}, corrected: [] });
    expect(await report('2028-01-10', 100, { corrects: { ref: 'a' } })).toMatchObject({ needsManager });
    expect(await report('2028-01-10', 8)).toMatchObject({ needsManager: [], corrected: [] });
    // The day of an entry of the open year is not moved into the closed one either.
    expect(await report('2028-01-10', 8, { ...late, corrects: { number: 2 } })).toMatchObject({
      needsManager,
    });
    expect(await report('2028-01-10', 8, { ...late, ...yes })).toMatchObject({ corrected: [1] });
    expect(await report('2028-01-10', 80, { corrects: { ref: 'a' } })).toMatchObject({ corrected: [1] });
    // To take a correction back that made them fewer makes them more.
    expect(await report('2028-01-11', 0, { undoes: { number: 4 } })).toMatchObject({ needsManager });
    expect(await report('2028-01-11', 0, { undoes: { number: 3 } })).toMatchObject({ corrected: [1] });
    expect((await readHours(database.db, agreement)).entries[2]).toMatchObject({ approvedBy: 'mats' });
  });

  it('is told to be corrected where a report changes it, not where it does not', async () => {
    await report('2027-03-01', 90, { ref: 'a' });
    await turn(1);
    expect(await report('2028-01-03', 1, { on: '2027-12-29' })).toMatchObject({ corrected: [] });
    await statementOf(1, '2028-01-03T10:00:00.000Z');
    expect(await report('2028-01-04', 8, { on: '2027-12-30', ...yes })).toMatchObject({ corrected: [1] });
    expect(await report('2028-01-05', 8)).toMatchObject({ corrected: [] });
    expect(await report('2028-01-10', 89, { corrects: { ref: 'a' } })).toMatchObject({ corrected: [1] });
    expect(await report('2028-01-10', 89, { corrects: { ref: 'a' } })).toMatchObject({ corrected: [] });
  });

  it('is corrected with every closed year that follows from it', async () => {
    await report('2027-03-01', 90);
    await turn(1);
    await turn(2);
    for (const year of [1, 2]) await statementOf(year, `${2027 + year}-01-03T10:00:00.000Z`);
    expect(await report('2029-02-01', 10, { on: '2027-12-29', ...yes })).toMatchObject({ corrected: [1, 2] });
  });
});

describe('what a correction frees of hours that have expired', () => {
  const yes = { approvedBy: 'mats', note: 'glömd rapport' };
  const offer = (hours: number, ref = 'goodwill-contracted-1') => [{ ref, seconds: hours * 3600 }];

  it.each([
    ['100 corrected to 90', 100, 90, 6],
    ['130 typed for 13', 130, 13, 83],
  ])('is told, so that a manager can give it back: %s', async (_what, typed, meant, freed) => {
    await report('2027-03-01', typed, { ref: 'a' });
    await turn(1);
    const correct = () => report('2028-01-10', meant, { corrects: { ref: 'a' }, entryId: `fix-${typed}` });
    expect(await correct()).toMatchObject({ freed: offer(freed) });
    // A retry answers the same, and so does what comes next, until it is given.
    expect(await correct()).toMatchObject({ freed: offer(freed) });
    expect(await report('2028-01-11', 1)).toMatchObject({ freed: offer(freed) });
    const gives = { kind: 'goodwill', months: 3 } as const;
    const given = await report('2028-01-12', freed, { gives, ref: 'goodwill-contracted-1' });
    expect(given).toMatchObject({ freed: [], after: { added: freed * 100 } });
  });

  it('is told where rolled hours lapsed within the year', async () => {
    await report('2027-03-01', 90);
    await halfAYear();
    await turn(1);
    await lapseIn2028();
    await report('2028-03-10', 10, { ref: 'a' });
    expect(await report('2028-08-01', 2, { corrects: { ref: 'a' } })).toMatchObject({
      freed: offer(8, 'goodwill-rolled-2'),
    });
  });

  it('grows, shrinks and ends with what is reported after it', async () => {
    await report('2027-03-01', 60, { ref: 'a' });
    await report('2027-03-01', 60, { ref: 'b' });
    await turn(1);
    expect(await report('2028-01-10', 30, { corrects: { ref: 'a' } })).toMatchObject({ freed: offer(6) });
    expect(await report('2028-01-11', 50, { corrects: { ref: 'b' } })).toMatchObject({ freed: offer(16) });
    expect(await report('2028-01-12', 4, { on: '2027-12-01', ...yes })).toMatchObject({ freed: offer(12) });
    const gives = { kind: 'goodwill', months: 3 } as const;
    expect(await report('2028-01-13', 10, { gives, ref: 'goodwill-contracted-1' })).toMatchObject({
      freed: offer(2, 'goodwill-contracted-1-again-1'),
    });
    expect(await report('2028-01-14', 0, { undoes: { number: 3 }, ...yes })).toMatchObject({ freed: [] });
  });

  it('is nothing where the hours had expired before the slip that is corrected', async () => {
    await report('2027-03-01', 90);
    await turn(1);
    await report('2028-01-10', 40, { on: '2027-12-01', ref: 'slip', ...yes });
    expect(await report('2028-01-12', 0, { undoes: { ref: 'slip' } })).toMatchObject({ freed: [] });
  });

  it.each([
    ['30 days before they expire', '2027-12-02', { freed: offer(6) }],
    ['earlier than that', '2027-12-01', {}],
  ])('is told at the close if the correction came %s', async (_when, day, freed) => {
    await report('2027-03-01', 100, { ref: 'a' });
    expect(await report(day, 90, { corrects: { ref: 'a' } })).toMatchObject({ freed: [] });
    for (let times = 0; times < 2; times += 1) {
      const asOf = '2027-12-31T23:00:00.000Z';
      const close = { agreement, year: 1, asOf, ended: false };
      const { freed: told } = await createHoursActivities(database).closeHours(close);
      const due = told?.map(({ remindAt: _remindAt, ...one }) => one);
      expect({ ...(due && { freed: due }) }).toEqual(freed);
    }
  });

  it('is nothing where the hours have not expired, nor where late work takes some', async () => {
    await report('2027-03-01', 100, { ref: 'a' });
    expect(await report('2027-03-02', 90, { corrects: { ref: 'a' } })).toMatchObject({ freed: [] });
    await turn(1);
    expect(await report('2028-01-02', 3, { on: '2027-12-01' })).toMatchObject({ freed: [] });
    expect(await report('2028-01-02', 95, { corrects: { ref: 'a' } })).toMatchObject({ freed: [] });
  });
});

describe('taking back', () => {
  it('frees the ref: the same again then books', async () => {
    await report('2027-03-01', 5, { ref: 'a' });
    await report('2027-03-01', 0, { undoes: { number: 1 } });
    expect(await report('2027-03-02', 5, { ref: 'a' })).toMatchObject({ repeats: [], after: { used: 500 } });
  });

  it('takes back a correction, and the entry stands as before', async () => {
    await report('2027-03-01', 5, { ref: 'a' });
    await report('2027-03-01', 3, { corrects: { ref: 'a' } });
    expect(await report('2027-03-01', 0, { undoes: { number: 2 } })).toMatchObject({ after: { used: 500 } });
  });

  it('works at any age, and changes nothing the second time', async () => {
    await report('2027-03-01', 100, { ref: 'a' });
    await turn(1);
    await turn(2);
    for (let times = 0; times < 2; times += 1) await report('2029-05-01', 0, { undoes: { ref: 'a' } });
    expect(await hoursOf(1)).toMatchObject({ used: 0, rolledOut: 24, expired: 96 });
    expect((await readHours(database.db, agreement)).entries).toHaveLength(2);
  });

  it('leaves nothing that could be corrected', async () => {
    await report('2027-03-01', 5, { ref: 'a' });
    await report('2027-03-01', 0, { undoes: { number: 1 } });
    expect(await report('2027-03-01', 3, { corrects: { number: 1 } })).toMatchObject({
      unknown: [{ name: '1' }],
      after: { used: 0 },
    });
  });

  it('of what is not there books nothing, and says so', async () => {
    expect(await report('2027-03-01', 0, { undoes: { number: 4 } })).toMatchObject({
      unknown: [{ name: '4' }],
      booked: {},
    });
  });
});

describe('hours beside the bank', () => {
  const bought = { gives: { kind: 'purchased', months: 12 }, ref: 'order-1' } as const;

  it('that are bought cover the first work that waits, and live twelve months from the purchase', async () => {
    await report('2027-03-01', 118);
    await report('2027-05-10', 12, { on: '2027-05-04' });
    expect(await report('2027-06-01', 20, bought)).toMatchObject({
      before: { overage: 1000, remaining: 0 },
      after: { contracted: 12_000, added: 2000, used: 13_000, overage: 0, remaining: 1000 },
    });
    expect((await readHours(database.db, agreement)).grants.at(-1)).toMatchObject({
      ...{ kind: 'purchased', seconds: 20 * 3600, from: '2027-05-04', expires: '2028-06-01' },
    });
    await turn(1);
    // They are no contracted hours: none of them rolls over, and the next year has those that are left.
    expect(await hoursOf(1)).toMatchObject({ rolledOut: 0, expired: 0, overage: 0 });
    const next = await hourBalance(database.db, agreement, 2, '2028-02-01T12:00:00.000Z');
    expect(next).toMatchObject({ contracted: 12_000, rolledIn: 0, added: 1000, remaining: 13_000 });
    const late = await hourBalance(database.db, agreement, 2, '2028-07-01T12:00:00.000Z');
    expect(late).toMatchObject({ remaining: 12_000 });
    expect(late.added).toBeUndefined();
  });

  it('are a repeat with the same ref, a conflict with other content', async () => {
    await report('2027-06-01', 20, bought);
    const dearer = { ...bought, gives: { ...bought.gives, priceMinor: 140_000 } };
    expect(await report('2027-06-02', 20, dearer)).toMatchObject({ conflicts: [{ number: 1 }] });
    const longer = { ...bought, gives: { ...bought.gives, months: 60 } };
    expect(await report('2027-06-02', 20, longer)).toMatchObject({ conflicts: [{ number: 1 }] });
    expect(await report('2027-06-02', 20, bought)).toMatchObject({
      repeats: [{ repeat: 'same-ref', number: 1 }],
    });
    expect(await report('2027-06-02', 25, bought)).toMatchObject({ conflicts: [{ number: 1 }] });
    expect(await report('2027-06-02', 20, { ref: 'order-1' })).toMatchObject({ conflicts: [{ number: 1 }] });
    expect((await readHours(database.db, agreement)).grants).toHaveLength(2);
  });

  it('are corrected and taken back as used ones are', async () => {
    await report('2027-06-01', 20, bought);
    expect(await report('2027-06-02', 10, { corrects: { ref: 'order-1' } })).toMatchObject({
      after: { added: 1000, remaining: 13_000 },
    });
    const { after } = await report('2027-06-02', 0, { undoes: { number: 1 } });
    expect(after).toMatchObject({ remaining: 12_000 });
    expect(after.added).toBeUndefined();
    expect(await report('2027-06-03', 5, bought)).toMatchObject({ after: { added: 500 } });
  });

  it('are posted at their price; those that we give cost nothing', async () => {
    await report('2027-06-01', 20, { gives: { kind: 'purchased', months: 12, priceMinor: 140_000 } });
    await report('2027-06-01', 4, { gives: { kind: 'goodwill', months: 3 } });
    await report('2027-03-01', 120);
    await report('2027-06-02', 6);
    const transactions = await readTransactions(database.db, agreement);
    const [used] = transactions.filter(({ on, reason }) => on === '2027-06-02' && reason === 'reported');
    // What expires sooner is used sooner.
    const drawn = used?.postings.filter(({ account }) => account.startsWith('grant:')) ?? [];
    expect(drawn.sort((a, b) => a.seconds - b.seconds)).toMatchObject([
      { seconds: -4 * 3600, minor: 0 },
      { seconds: -2 * 3600, minor: -280_000 },
    ]);
  });
});

it('asks about more than a day of one person by a correction, too, however the name is spelled', async () => {
  await report('2027-03-01', 10, { ref: 'a' });
  await report('2027-03-01', 13, { ref: 'b', by: 'Anna' });
  const more = await report('2027-03-02', 24, { corrects: { ref: 'b' }, confirmed: false });
  expect(more).toMatchObject({ tooMuch: [{ on: '2027-03-01', seconds: 34 * 3600 }], after: { used: 2300 } });
  expect(await report('2027-03-02', 3, { corrects: { ref: 'b' }, confirmed: false })).toMatchObject({
    tooMuch: [],
  });
});

it('refuses a day on which the agreement did not run here, and says on which it does', async () => {
  const outside = [{ on: '2026-12-31', first: '2027-01-01' }];
  expect(await report('2027-03-01', 5, { on: '2026-12-31' })).toMatchObject({ outside, booked: {} });
  const asOf = '2027-06-30T22:00:00.000Z';
  await createHoursActivities(database).closeHours({ agreement, year: 1, asOf, ended: true });
  expect(await report('2027-07-05', 5, { on: '2027-07-02' })).toMatchObject({
    outside: [{ on: '2027-07-02', first: '2027-01-01', last: '2027-06-30' }],
  });
});

it('takes hours bought back after the final statement on a manager’s yes only', async () => {
  await report('2027-03-01', 130);
  await report('2027-06-01', 20, { gives: { kind: 'purchased', months: 12 }, ref: 'order' });
  await turn(1);
  await database.db.query(
    `insert into mails (key, agreement, year, obligation, step, revision, contact, template, recipient, subject, as_of, state, message_id, request)
     values ('statement', $1, 1, 'close', 'statement', 1, 'contact-1', 'hour-statement', 'karin.ek@testbolaget.example.com', 'x', '2028-01-07T10:00:00Z', 'sent', '<x>', '{}')`,
    [agreement],
  );
  const needsManager = [{ year: 1, told: '2028-01-07' }];
  expect(await report('2028-01-10', 5, { corrects: { ref: 'order' } })).toMatchObject({ needsManager });
  expect(await report('2028-01-10', 0, { undoes: { ref: 'order' } })).toMatchObject({ needsManager });
  expect(await report('2028-01-10', 0, { undoes: { ref: 'order' }, approvedBy: 'mats' })).toMatchObject({
    needsManager: [],
    corrected: [1],
  });
});

it('takes work further back than maxDays on a manager’s yes only', async () => {
  await report('2027-03-01', 90, { ref: 'a' });
  await database.db.query(
    `update plans set terms = jsonb_set(terms, '{hourBank,lateEntry}', '{"maxDays": 30}')`,
  );
  expect(await report('2027-04-01', 1, { on: '2027-03-02' })).toMatchObject({ needsManager: [] });
  const needsManager = [{ on: '2027-03-01', days: 30 }];
  expect(await report('2027-04-01', 1, { on: '2027-03-01' })).toMatchObject({ needsManager, booked: {} });
  expect(await report('2027-04-01', 1, { on: '2027-03-01', corrects: { number: 2 } })).toMatchObject({
    needsManager,
  });
  // To correct an old entry is no report of old work.
  expect(await report('2027-04-01', 95, { corrects: { ref: 'a' } })).toMatchObject({ needsManager: [] });
  expect(await report('2027-04-01', 1, { on: '2027-03-01', approvedBy: 'mats' })).toMatchObject({
    needsManager: [],
  });
});

it('numbers what is recorded, from one on', async () => {
  const first = await report('2027-03-01', 5, { entryId: 'a' });
  const second = await report('2027-03-01', 3, { entryId: 'b', corrects: { number: 1 } });
  expect([first.booked, second.booked]).toEqual([{ a: 1 }, { b: 2 }]);
});

it('shows an entry that is moved on both days: gone from the one, whole on the other', async () => {
  await report('2027-03-01', 10);
  await report('2027-04-02', 6, { corrects: { number: 1 }, on: '2027-04-01' });
  const lines = statementLines(await readHours(database.db, agreement), 1, '2027-12-01');
  expect(lines.map(({ on, seconds }) => [on, seconds / 3600])).toEqual([
    ['2027-01-01', 120],
    ['2027-03-01', -10],
    ['2027-03-01', 10],
    ['2027-04-01', -6],
  ]);
});

it('moves an entry to the day of its work', async () => {
  await report('2027-03-01', 90);
  await turn(1);
  await report('2028-01-03', 8);
  expect(await hoursOf(2)).toMatchObject({ used: 8 });
  await report('2028-01-04', 8, { corrects: { number: 2 }, on: '2027-12-29' });
  expect(await hoursOf(1)).toMatchObject({ used: 98, rolledOut: 22 });
  expect(await hoursOf(2)).toMatchObject({ used: 0, rolledIn: 22 });
});

it('asks about more of one person on a day than the day has', async () => {
  await report('2027-03-01', 20, { confirmed: false });
  const more = await report('2027-03-01', 5, { confirmed: false, note: 'x' });
  expect(more).toMatchObject({ tooMuch: [{ on: '2027-03-01', seconds: 25 * 3600 }], after: { used: 2000 } });
  expect(await report('2027-03-01', 5, { by: 'lars', confirmed: false })).toMatchObject({ tooMuch: [] });
  expect(await report('2027-03-01', 5, { note: 'x' })).toMatchObject({ tooMuch: [], after: { used: 3000 } });
});

it('asks about more of one person on a day than the day has over all agreements, however they are written', async () => {
  const other = 'annan-2027';
  await signAndPlan(database.db, { agreement: other });
  let reports = 0;
  const elsewhere = (hours: number, said: Said) =>
    createHoursActivities(database).reportHours({
      ...{ agreement: other, year: 1 },
      entries: [
        {
          ...{ entryId: `other-${++reports}`, byAssumed: false, confirmed: true, seconds: hours * 3600 },
          ...{ by: 'anna', asOf: '2027-03-02T09:00:00.000Z', ...said },
        },
      ],
    });
  await elsewhere(30, { by: 'consultant', on: '2027-02-26', ref: 'a' });
  await elsewhere(12, { corrects: { ref: 'a' }, on: '2027-03-01' });
  await elsewhere(9, { by: 'Anna Berg', on: '2027-03-01', ref: 'b' });
  await elsewhere(0, { undoes: { ref: 'b' } });
  await elsewhere(9, { by: 'lars', on: '2027-03-01' });
  const more = await report('2027-03-01', 13, { by: 'anna.berg', confirmed: false });
  expect(more).toMatchObject({
    tooMuch: [{ on: '2027-03-01', seconds: 25 * 3600, elsewhere: 12 * 3600 }],
    after: { used: 0 },
  });
  expect(await report('2027-03-01', 12, { by: 'anna.berg', confirmed: false })).toMatchObject({
    ...{ tooMuch: [], after: { used: 1200 } },
  });
  expect(await report('2027-03-01', 13, { by: 'anna.berg' })).toMatchObject({ tooMuch: [] });
  expect(await report('2027-03-02', 13, { by: 'anna.berg', confirmed: false })).toMatchObject({
    tooMuch: [],
  });
});

describe('PostgreSQL refuses to the application’s own login', () => {
  const tables = {
    hour_grants: 'reason',
    hour_entries: 'billable',
    hour_entry_refs: 'ref',
    hour_transactions: 'reason',
    hour_postings: 'minor',
    hour_moves: 'moved',
    hour_import_rows: 'seconds',
    hour_orders: 'kind',
    hour_statements: 'version',
    hour_statement_files: 'name',
  };
  const blanked = ['hour_entry_texts', 'hour_imports'];
  it.each(Object.entries(tables))('to change what stands in %s', async (table, column) => {
    await report('2027-03-01', 5, { ref: 'a' });
    for (const sql of [
      `update ${table} set ${column} = ${column}`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ])
      await expect(database.db.query(sql)).rejects.toThrow('is refused: the hour ledger is append-only');
  });

  it('covers all tables of the ledger but those with names and texts, which can be blanked', async () => {
    const rows = await database.db.query<{ name: string }>(
      `select tablename as name from pg_tables where tablename like 'hour_%' order by tablename`,
    );
    expect(rows.map(({ name }) => name)).toEqual([...Object.keys(tables), ...blanked].sort());
  });
});

it('posts what a late correction changes in the year that is open, and nothing twice', async () => {
  await report('2027-03-01', 100, { ref: 'a' });
  await turn(1);
  await report('2028-01-10', 90, { corrects: { ref: 'a' } });
  const changes = (await readTransactions(database.db, agreement)).filter(({ isChange }) => isChange);
  const expired = { account: 'expired', seconds: 6 * 3600, minor: 739_500 };
  expect(changes).toMatchObject([
    {
      subject: expect.stringMatching(/^use.entry-/) as string,
      on: '2027-03-01',
      period: 1,
      postedIn: 2,
      reason: 'reported',
    },
    { on: '2028-01-01', postedIn: 2, postings: [expired, { seconds: -10 * 3600 }, { seconds: 4 * 3600 }] },
  ]);
  await report('2028-01-10', 90, { corrects: { ref: 'a' } });
  expect((await readTransactions(database.db, agreement)).filter(({ isChange }) => isChange)).toEqual(
    changes,
  );
});

it('prices what goes beyond the bank by its own kind of work', async () => {
  // Without a price that the contract fixes, the price list says what each kind costs.
  await database.close();
  database = await freshDatabase();
  const { hourlyRate: _fixed, ...hourBank } = exampleContract().hourBank;
  await signAndPlan(database.db, { hourBank });
  await report('2027-03-01', 120);
  await report('2027-03-02', 14.18, { service: 'technical' });
  const facts = await readHours(database.db, agreement);
  expect(beyondBank(facts, 1, '2027-12-01')).toMatchObject([{ seconds: 51_048, amountMinor: 1_868_215 }]);
  expect(beyondBank(facts, 1, '2027-03-01')).toEqual([]);
});

it('refuses postings that do not add up', async () => {
  await report('2027-03-01', 5);
  const { db } = database;
  const unbalanced = db.transaction(async (tx) => {
    await tx.query(
      `insert into hour_transactions select 'x', agreement, 'x', business_date, recorded_at, period, posted_in, reason, null
         from hour_transactions limit 1`,
    );
    await tx.query(`insert into hour_postings values ('x', 'bank', -60, 0), ('x', 'used', 61, 0)`);
  });
  await expect(unbalanced).rejects.toThrow('expected sums of zero, found 1 seconds and 0 minor units');
});

it('keeps a note where it can be blanked', async () => {
  await report('2027-03-01', 5, { note: 'hos Eva' });
  await database.db.query(`update hour_entry_texts set note = null, by = null`);
  expect((await readHours(database.db, agreement)).entries).toMatchObject([{ number: 1, reported: 18_000 }]);
});
