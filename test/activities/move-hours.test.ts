/** Hours that were booked on the wrong agreement and are moved: both sides, or none. */
import { hoursOfYear, readHours } from '../../activities/hours/facts';
import { createHoursActivities } from '../../activities/hours/hours';
import type { Move } from '../../activities/hours/move';
import { moveHours, readMoves } from '../../activities/hours/move';
import { readTransactions } from '../../activities/hours/postings';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { sign, signAndPlan } from './signed-agreement';

const [from, to] = ['testbolaget-2027', 'annatbolag-2027'];
const asOf = '2027-06-01T09:00:00.000Z';
let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
  await signAndPlan(database.db, { agreement: to });
  await signAndPlan(database.db);
  await createHoursActivities(database).reportHours({
    ...{ agreement: from, year: 1 },
    entries: [
      {
        ...{ entryId: 'a', by: 'anna', byAssumed: false, asOf: '2027-03-02T09:00:00.000Z', ref: 'r' },
        ...{ on: '2027-03-01', seconds: 4800, service: 'training', note: 'två nya' },
      },
    ],
  });
});
afterEach(() => database.close());

const move = (changed: Partial<Move> = {}) =>
  moveHours(database.db, { from, entry: 1, to, reason: 'fel kund', by: 'mats', asOf, ...changed });
const used = async (agreement: string): Promise<number | undefined> =>
  hoursOfYear(await readHours(database.db, agreement), 1, '2027-06-01')?.used;
const told = () =>
  database.db.query(`select agreement, payload from outbox where kind = 'hours-changed' order by agreement`);

it('takes them back on the one and books them on the other, as they were, and tells both runs', async () => {
  expect(await move()).toMatchObject({
    seconds: 4800,
    from: { agreement: from, entry: 2, before: { used: 4800 / 36 }, after: { used: 0 }, corrected: [] },
    to: { agreement: to, entry: 1, before: { used: 0 }, after: { used: 4800 / 36 } },
  });
  expect([await used(from), await used(to)]).toEqual([0, 4800]);
  const { entries: left } = await readHours(database.db, from);
  expect(await readMoves(database.db, from)).toEqual(new Map([[left[1]!.id, `${to}/1`]]));
  const { entries } = await readHours(database.db, to);
  expect(entries).toMatchObject([
    { on: '2027-03-01', service: 'training', by: 'anna', note: 'två nya', reported: 4800 },
  ]);
  expect((await readHours(database.db, from)).entries[1]).toMatchObject({ by: 'mats', note: 'fel kund' });
  expect(await told()).toEqual([
    { agreement: to, payload: { corrected: [] } },
    { agreement: from, payload: { corrected: [] } },
  ]);
  for (const agreement of [from, to])
    for (const { postings } of await readTransactions(database.db, agreement))
      expect(postings.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(0);
  expect((await readTransactions(database.db, to)).map(({ subject }) => subject)).toContainEqual(
    expect.stringMatching(/^use\/.*\/2027-03-01$/),
  );
});

it('is told where they went when it is asked again, and moves them back', async () => {
  await move();
  expect(await move()).toEqual({ gone: true, movedTo: { agreement: to, entry: 1 } });
  expect(await move({ from: to, to: from })).toMatchObject({ to: { agreement: from, entry: 3 } });
  expect([await used(from), await used(to)]).toEqual([4800, 0]);
  // And there again.
  expect(await move({ entry: 3 })).toMatchObject({ to: { agreement: to, entry: 3 } });
});

it('changes nothing when it only looks', async () => {
  expect(await move({ dryRun: true })).toMatchObject({ to: { entry: 1, after: { used: 4800 / 36 } } });
  expect([await used(from), await used(to)]).toEqual([4800, 0]);
  expect(await told()).toEqual([]);
});

it.each<[string, Partial<Move>, object]>([
  ['an entry that is not there', { entry: 9 }, { unknown: [1] }],
  ['an agreement without a planned year', { to: 'nyttbolag-2027' }, { unplanned: 'nyttbolag-2027' }],
])('refuses %s, and changes nothing', async (_what, changed, answer) => {
  await sign(database.db, { agreement: 'nyttbolag-2027' });
  expect(await move(changed)).toEqual(answer);
  expect(await used(from)).toBe(4800);
});

it('refuses work of a day on which the other did not run, and both stay as they were', async () => {
  const later = { agreement: 'senarebolag-2027', startsOn: '2027-04-01', signedOn: '2027-03-20' };
  await signAndPlan(database.db, later);
  expect(await move({ to: later.agreement })).toEqual({ outside: { on: '2027-03-01', first: '2027-04-01' } });
  expect(await used(from)).toBe(4800);
  expect((await readHours(database.db, from)).entries).toHaveLength(1);
});

it('needs a manager for more hours of a year whose final statement the other customer has', async () => {
  await createHoursActivities(database).closeHours({
    ...{ agreement: to, year: 1, asOf: '2027-12-31T23:00:00.000Z', ended: false },
  });
  await database.db.query(
    `insert into mails (key, agreement, year, obligation, step, revision, contact, template, recipient, subject, as_of, state, message_id, request)
     values ('s', $1, 1, 'close', 'statement', 1, 'contact-1', 'hour-statement', 'karin.ek@testbolaget.example.com', 'x', '2028-01-07T10:00:00Z', 'sent', '<x>', '{}')`,
    [to],
  );
  const late = { asOf: '2028-01-20T09:00:00.000Z' };
  expect(await move(late)).toEqual({ needsManager: { year: 1, told: '2028-01-07' } });
  expect(await used(from)).toBe(4800);
  expect(await move({ ...late, approvedBy: 'mats' })).toMatchObject({ to: { corrected: [1] } });
});

it('lets two moves that cross go through', async () => {
  await createHoursActivities(database).reportHours({
    ...{ agreement: to, year: 1 },
    entries: [{ entryId: 'b', by: 'anna', byAssumed: false, asOf, seconds: 60 }],
  });
  const both = await Promise.all([move(), move({ from: to, to: from })]);
  expect(both).toMatchObject([{ seconds: 4800 }, { seconds: 60 }]);
  expect([await used(from), await used(to)]).toEqual([60, 4800]);
});
