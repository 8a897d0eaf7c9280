import type { ReportedEntry } from '../../activities/hours/ledger';
import { createHoursActivities } from '../../activities/hours/hours';
import { hourBalance, readHours } from '../../activities/hours/facts';
import { entryChanges } from '../../rules/engine/hours/entries';
import { createTermsActivities } from '../../activities/years/terms';
import { yearStory } from '../../worker/simulation/timeline';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { besides, signAndPlan } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
  await signAndPlan(database.db);
});

afterEach(() => database.close());

const activities = () => createHoursActivities(database);
const agreement = 'testbolaget-2027';
let entries = 0;

function entry(changed: Partial<ReportedEntry> = {}): ReportedEntry {
  return {
    entryId: `entry-${++entries}`,
    hours: 250,
    by: 'anna',
    byAssumed: false,
    asOf: '2027-03-10T09:00:00.000Z',
    ...changed,
  };
}

const report = (...reported: ReportedEntry[]) =>
  activities().reportHours({ agreement, year: 1, entries: reported });
const used = async (): Promise<number> =>
  (await hourBalance(database.db, agreement, 1, '2027-12-31T12:00:00.000Z')).used;
/** Changes the stored terms of the year, as another ruleset would have had them. */
const setTerm = (path: string, value: unknown) =>
  database.db.query('update plans set terms = jsonb_set(terms, $1::text[], $2::jsonb)', [
    path.split('/'),
    JSON.stringify(value),
  ]);
const endOfYear = { agreement, year: 1, asOf: '2027-12-31T23:00:00.000Z', ended: false };

describe('a run that was rewound gives an old name to a new report', () => {
  const at = (hour: string): string => `2027-03-${hour}:00:00.000Z`;
  const first = { entryId: 'name', hours: 100, asOf: at('10T09') };
  it.each([
    ['other hours', { hours: 300, asOf: at('11T09') }, 400, 0],
    ['the same hours of another day', { on: '2027-03-09', asOf: at('11T09') }, 200, 0],
    ['the same hours with another note', { note: 'other', asOf: at('11T09') }, 200, 0],
    ['the same again soon, by a task that was lost', { asOf: at('10T09').replace('09:00', '09:20') }, 100, 0],
    ['the same again days later', { asOf: at('12T09') }, 100, 1],
  ])('%s', async (_what, second, sum, repeats) => {
    await report(entry({ note: 'one', ...first }));
    const named = entry({ note: 'one', ...first, ...second });
    const told = await report(named);
    expect(told.repeats).toHaveLength(repeats);
    expect(Object.keys(told.booked)).toEqual(repeats === 0 ? ['name'] : []);
    expect(await used()).toBe(sum);
    // Tried again by Temporal, it books nothing more, and says the same.
    expect(await report(named)).toEqual(told);
    expect(await used()).toBe(sum);
  });

  it('and taking it back takes back the new one', async () => {
    await report(entry(first), entry({ entryId: 'name-undone', undoes: { entryId: 'name' }, hours: 0 }));
    await report(entry({ ...first, hours: 300, asOf: at('11T09') }));
    expect(await used()).toBe(300);
    const back = { entryId: 'name-undone', undoes: { entryId: 'name' }, hours: 0, asOf: at('11T10') };
    await report(entry(back));
    await report(entry(back));
    expect(await used()).toBe(0);
  });
});

describe('reporting hours', () => {
  it('books hundredths exactly, and tells the balance before and after', async () => {
    for (let count = 0; count < 3; count += 1) await report(entry({ hours: 10, ref: `tenth-${count}` }));
    const last = await report(entry({ hours: 1 }));
    expect(last).toMatchObject({
      repeats: [],
      before: { contracted: 12_000, rolledIn: 0, used: 30, remaining: 11_970, overage: 0 },
      after: { contracted: 12_000, rolledIn: 0, used: 31, remaining: 11_969, overage: 0 },
    });
  });

  it('counts what goes beyond the bank as overage', async () => {
    const { after } = await report(entry({ hours: 12_001 }));
    expect(after).toMatchObject({ remaining: 0, overage: 1 });
  });

  it.each([
    ['within support hours', '2027-03-10T09:00:00.000Z', '2027-03-10T09:00:00.000Z'],
    ['on a Saturday', '2027-03-13T09:00:00.000Z', '2027-03-15T07:30:00.000Z'],
  ])('lets an alert be mailed when support is open: %s', async (_when, asOf, mailAt) => {
    expect(await report(entry({ asOf }))).toMatchObject({ mailAt });
  });

  it.each([
    ['held on a day the agreement closes', 'support/closedDays', ['2027-03-10'], '2027-03-11T07:30:00.000Z'],
    ['held after a half day has closed', 'support/halfDays', ['2027-03-10'], '2027-03-11T07:30:00.000Z'],
    ['sent at once where the terms say so', 'support/outsideHours', 'send', '2027-03-10T21:00:00.000Z'],
  ])('an alert is %s', async (_how, path, value, mailAt) => {
    await setTerm(path, value);
    const asOf = path === 'support/outsideHours' ? '2027-03-10T21:00:00.000Z' : '2027-03-10T12:00:00.000Z';
    expect(await report(entry({ asOf }))).toMatchObject({ mailAt });
  });

  it('takes the same ref with the same content as a repeat, however much later', async () => {
    await report(entry({ ref: 'anna-1' }));
    const again = await report(entry({ ref: 'anna-1', by: 'lars', asOf: '2027-09-01T09:00:00.000Z' }));
    expect(again).toMatchObject({
      repeats: [{ repeat: 'same-ref', number: 1 }],
      before: { used: 250 },
      after: { used: 250 },
    });
    expect(await used()).toBe(250);
  });

  it.each([
    ['hours', { hours: 500 }],
    ['note', { note: 'something else' }],
    ['kind of work', { service: 'training' }],
    ['day', { on: '2027-03-09' }],
  ])('takes the same ref with another %s as a conflict with what stands under it', async (_what, changed) => {
    await report(entry({ ref: 'anna-1' }));
    const other = entry({ ref: 'anna-1', ...changed });
    expect(await report(other)).toMatchObject({
      repeats: [],
      conflicts: [{ entryId: other.entryId, number: 1 }],
      after: { used: 250 },
    });
  });

  it('books the same content under two refs twice', async () => {
    await report(entry({ ref: 'anna-1' }));
    await report(entry({ ref: 'anna-2' }));
    expect(await used()).toBe(500);
  });

  it('takes the same content within the hour as a repeat where there is no ref', async () => {
    const content = { service: 'consulting', note: 'invoice layout' };
    await report(entry(content));
    const again = await report(entry({ ...content, asOf: '2027-03-10T10:00:00.000Z' }));
    expect(again).toMatchObject({ repeats: [{ repeat: 'same-content-within-the-hour' }] });
    expect(await used()).toBe(250);
  });

  it.each([
    ['before', [{}, { ref: 'cure-1-1-0', asOf: '2027-03-10T09:00:02.000Z' }]],
    ['after', [{ ref: 'cure-1-1-0', asOf: '2027-03-10T09:00:02.000Z' }, {}]],
  ])('takes what a cure sent again as a repeat of what the run it left booked %s it', async (_when, both) => {
    for (const changed of both) await report(entry(changed));
    expect(await used()).toBe(250);
  });

  it('books what a cure tells apart, and what was reported an hour from it', async () => {
    await report(entry({ ref: 'cure-1-1-0' }));
    await report(entry({ ref: 'cure-1-1-1' }));
    await report(entry({ asOf: '2027-03-10T07:59:59.000Z' }));
    expect(await used()).toBe(750);
  });

  it('books the same content again after more than an hour', async () => {
    await report(entry());
    await report(entry({ asOf: '2027-03-10T10:00:00.001Z' }));
    expect(await used()).toBe(500);
  });

  it.each([
    ['hours', { hours: 251 }],
    ['note', { note: 'something else' }],
    ['service', { service: 'training' }],
    ['person', { by: 'lars' }],
  ])('books content with another %s within the hour', async (_what, changed) => {
    await report(entry());
    expect(await report(entry(changed))).toMatchObject({ repeats: [] });
  });

  it.each([
    ['with a ref', { ref: 'anna-1' }],
    ['without a ref', {}],
  ])('books once when the activity is retried, and answers as at first: %s', async (_which, changed) => {
    const input = entry(changed);
    const first = await report(input);
    expect(await report(input)).toEqual(first);
    expect(await used()).toBe(250);
  });

  it('books once when the same ref arrives many times at once', async () => {
    const answers = await besides(database.databaseUrl, (other) =>
      Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? activities() : createHoursActivities({ db: other })).reportHours({
            agreement,
            year: 1,
            entries: [entry({ ref: 'anna-1' })],
          }),
        ),
      ),
    );
    expect(answers.filter(({ repeats }) => repeats.length === 0)).toHaveLength(1);
    expect(await used()).toBe(250);
  });

  it('books a batch in its order, and tells which of it are repeats', async () => {
    const first = entry({ ref: 'anna-1' });
    const again = entry({ ref: 'anna-1' });
    const other = entry({ hours: 100 });
    const answer = await report(first, again, other);
    expect(answer).toMatchObject({
      repeats: [{ entryId: again.entryId, repeat: 'same-ref' }],
      before: { used: 0 },
      after: { used: 350 },
    });
    expect(await report(first, again, other)).toEqual(answer);
  });

  it('books hours whose note holds what PostgreSQL cannot store', async () => {
    const note = `zero \u0000, half a pair \ud83d`;
    expect(await report(entry({ note, ref: 'a\u0000' }))).toMatchObject({ repeats: [] });
    expect(await used()).toBe(250);
  });
});

describe('time rounded down to whole units, in the customer’s favour', () => {
  beforeEach(async () => {
    await setTerm('hourBank/roundToMinutes', 15);
  });
  const ledger = () =>
    database.db.query(
      `select billable / 36 as hours, reported / 36 as reported from hour_entries order by recorded_at, number`,
    );

  it('counts whole units and keeps what was reported', async () => {
    await report(entry({ hours: 137, asOf: '2027-03-10T09:00:00.000Z' }));
    await report(entry({ hours: 125, asOf: '2027-03-10T09:00:01.000Z' }));
    expect(await ledger()).toEqual([
      { hours: 125, reported: 137 },
      { hours: 125, reported: 125 },
    ]);
    expect(await used()).toBe(250);
  });

  it('books less than a unit as nothing, and does not lose it', async () => {
    expect(await report(entry({ hours: 24 }))).toMatchObject({ repeats: [], after: { used: 0 } });
    expect(await ledger()).toEqual([{ hours: 0, reported: 24 }]);
  });

  it('knows a repeat by what was reported, not by what was booked', async () => {
    await report(entry({ hours: 137 }));
    expect(await report(entry({ hours: 130 }))).toMatchObject({ repeats: [] });
    expect(await report(entry({ hours: 137 }))).toMatchObject({
      repeats: [{ repeat: 'same-content-within-the-hour' }],
    });
    expect(await used()).toBe(250);
  });

  it('books once when the activity is retried', async () => {
    const input = entry({ hours: 137 });
    const first = await report(input);
    expect(await report(input)).toEqual(first);
    expect(await used()).toBe(125);
  });

  it('tells the timeline what was reported where less was booked', async () => {
    await report(entry({ hours: 137, note: 'invoice layout' }), entry({ hours: 100 }));
    const { timeline } = await yearStory(database.db, agreement, 1);
    expect(timeline.filter(({ id }) => id === 'used').map(({ detail }) => detail)).toEqual([
      '1 h',
      '1.25 h, reported 1.37 h, invoice layout',
    ]);
  });
});

describe('closing the hour bank', () => {
  it('rolls over 20 % of the contracted hours, and lets the rest expire', async () => {
    await report(entry({ hours: 5_050 }));
    expect(await activities().closeHours(endOfYear)).toMatchObject({
      contracted: 12_000,
      used: 5_050,
      rolledOut: 2_400,
      expired: 4_550,
    });
  });

  it('rolls over no more than what is left', async () => {
    await report(entry({ hours: 11_999 }));
    expect(await activities().closeHours(endOfYear)).toMatchObject({ rolledOut: 1, expired: 0 });
  });

  it('rolls over nothing of a bank that is overdrawn', async () => {
    await report(entry({ hours: 12_100 }));
    expect(await activities().closeHours(endOfYear)).toMatchObject({
      rolledOut: 0,
      expired: 0,
      overage: 100,
    });
  });

  it('gives what was decided the first time when asked again', async () => {
    const first = await activities().closeHours(endOfYear);
    expect(await activities().closeHours({ ...endOfYear, ended: true })).toEqual(first);
  });

  it('gives one answer to two who ask at the same time', async () => {
    const [first, second] = await Promise.all([
      activities().closeHours(endOfYear),
      activities().closeHours(endOfYear),
    ]);
    expect(second).toEqual(first);
  });

  it('rolls nothing over when the agreement ends', async () => {
    expect(await activities().closeHours({ ...endOfYear, ended: true })).toMatchObject({
      rolledOut: 0,
      expired: 12_000,
    });
  });

  it('tells people when support opens after the end, not on the closed days', async () => {
    expect(await activities().closeHours(endOfYear)).toMatchObject({
      announceAt: '2028-01-07T07:30:00.000Z',
    });
  });

  it('tells people on the first day the agreement is open after the end', async () => {
    await setTerm('support/closedDays', ['2028-01-03']);
    expect(await activities().closeHours(endOfYear)).toMatchObject({
      announceAt: '2028-01-10T07:30:00.000Z',
    });
  });

  it('opens the next year with the contracted hours and what was rolled over, once', async () => {
    await activities().closeHours(endOfYear);
    const terms = createTermsActivities(database);
    const next = { agreement, yearNumber: 2, asOf: '2027-12-31T23:00:00.000Z' };
    await terms.planAgreementYear({ ...next, revision: 1 });
    await terms.planAgreementYear({ ...next, revision: 2 });
    expect(await hourBalance(database.db, agreement, 2, '2027-12-31T23:00:00.000Z')).toMatchObject({
      contracted: 12_000,
      rolledIn: 2_400,
      remaining: 14_400,
    });
    await activities().reportHours({
      agreement,
      year: 2,
      entries: [entry({ hours: 1_000, asOf: '2028-02-01T09:00:00.000Z' })],
    });
    const second = await activities().closeHours({ ...endOfYear, year: 2, asOf: '2028-12-31T23:00:00.000Z' });
    expect(second).toMatchObject({ rolledOut: 2_400, expired: 11_000 });
  });

  it('fails for good where the year was never planned', async () => {
    await expect(activities().closeHours({ ...endOfYear, year: 9 })).rejects.toMatchObject({
      type: 'NotFound',
    });
  });
});

describe('correcting hours', () => {
  const corrected = (hours: number, corrects: ReportedEntry['corrects'], more: Partial<ReportedEntry> = {}) =>
    report({ ...entry({ hours, ...more }), ...(corrects && { corrects }) });

  it('books the difference, as an entry of its own', async () => {
    await report(entry({ hours: 250, ref: 'a', note: 'layout' }));
    const { after } = await corrected(200, { ref: 'a' }, { note: 'travel' });
    expect(after.used).toBe(200);
    const changes = entryChanges((await readHours(database.db, agreement)).entries);
    expect(changes.map(({ billable, entry: { note } }) => [billable / 36, note])).toEqual([
      [250, 'layout'],
      [-50, 'travel'],
    ]);
  });

  it('says what it is to be, however often it was corrected before', async () => {
    await report(entry({ hours: 250, ref: 'a' }));
    for (const hours of [200, 300, 300, 100]) await corrected(hours, { ref: 'a' });
    expect(await used()).toBe(100);
  });

  it('is booked once, also when the activity is tried again', async () => {
    await report(entry({ hours: 250, ref: 'a' }));
    const again = { entryId: 'again' };
    await corrected(0, { ref: 'a' }, again);
    await corrected(0, { ref: 'a' }, again);
    expect(await used()).toBe(0);
  });

  it('takes back an entry by its id, in the same batch as the entry itself', async () => {
    const first = entry({ hours: 120 });
    await report(first, { ...entry({ hours: 0 }), corrects: { entryId: first.entryId } });
    expect(await used()).toBe(0);
  });

  it('rounds as the terms round', async () => {
    await setTerm('hourBank/roundToMinutes', 30);
    await report(entry({ hours: 170, ref: 'a' }));
    await corrected(120, { ref: 'a' });
    expect(await used()).toBe(100);
  });

  it.each([
    ['a reference nobody used', { ref: 'b' }],
    ['an entry that is not there', { entryId: 'nothing' }],
  ])('tells of %s, and books nothing', async (_what, corrects) => {
    await report(entry({ hours: 250, ref: 'a' }));
    const { unknown } = await corrected(100, corrects);
    expect(unknown.map(({ name }) => name)).toEqual(Object.values(corrects));
    expect(await used()).toBe(250);
  });

  it('is no repeat of an equal entry that was corrected', async () => {
    await report(entry({ hours: 250, ref: 'a' }));
    await corrected(0, { ref: 'a' });
    expect((await report(entry({ hours: 250 }))).repeats).toEqual([]);
  });
});
