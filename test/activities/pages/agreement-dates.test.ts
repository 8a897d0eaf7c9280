/** The year's dates as the customer's page and calendar feed tell them: agreed and actual days in place of planned ones. */
import { readFeed } from '../../../activities/pages/agreement';
import { findPlan } from '../../../activities/agreements/plans';
import { createTermsActivities } from '../../../activities/years/terms';
import { createProgressActivities } from '../../../activities/years/progress';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { exampleContract } from '../../helpers/example';
import { signAndPlanUnder } from '../signed-agreement';

const { agreement } = exampleContract();
let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
  await signAndPlanUnder(database.db, {});
});
afterAll(() => database.close());

const at = '2027-02-10T09:00:00.000Z';
let count = 0;
const happens = (entry: object): Promise<void> =>
  createProgressActivities({ db: database.db }).recordProgress({
    agreement,
    year: 1,
    entries: [{ at, id: `dates-${++count}`, kind: 'row', ref: 'x', detail: {}, ...entry }],
  });
const part = (phase: string, id: string, kind: string, result: object) => ({
  part: { ...{ upgrade: 'upgrade', phase, part: id, kind }, result: { ok: true, at, by: 'anna', ...result } },
});
const dateOf = async (id: string) => {
  const { dates } = (await readFeed(database.db, agreement))!;
  const { on, at: begins, booked, state } = dates.find((one) => one.id === id) ?? {};
  return { on, begins, booked, state };
};

it('tells the agreed day of an upgrade, another that is agreed later, and the day on which it was done', async () => {
  const { on: planned } = await dateOf('upgrade/technical');
  await happens(part('plan', 'date', 'date', { on: '2027-05-20' }));
  expect(await dateOf('upgrade/technical')).toMatchObject({ on: '2027-05-20', state: 'open' });
  await happens(part('plan', 'date', 'date', { on: '2027-05-27' }));
  expect(await dateOf('upgrade/technical')).toMatchObject({ on: '2027-05-27' });
  await happens({ obligation: { id: 'upgrade/technical', state: 'done' } });
  expect(await dateOf('upgrade/technical')).toMatchObject({ on: '2027-02-10', state: 'done' });
  expect(planned).not.toBe('2027-05-20');
});

it('tells a meeting that was held on its day, at no time of another day', async () => {
  const planned = await dateOf('meeting-1');
  expect(planned.begins?.slice(0, 10)).toBe(planned.on);
  await happens({
    obligation: { id: 'meeting-1', state: 'done' },
    meeting: { id: 'meeting-1', heldOn: '2027-01-12', heldMinutes: 60 },
  });
  expect(await dateOf('meeting-1')).toEqual({
    on: '2027-01-12',
    begins: undefined,
    booked: false,
    state: 'done',
  });
});

it('tells the session of the test once it is booked, and the day on which it was held', async () => {
  expect(await dateOf('test-session')).toEqual({});
  const begins = '2027-06-14T07:00:00.000Z';
  await happens(part('test', 'booked', 'booked', { time: begins, note: 'hos er' }));
  expect(await dateOf('test-session')).toEqual({ on: '2027-06-14', begins, booked: true, state: 'open' });
  await happens(part('test', 'session', 'session', { on: '2027-06-15' }));
  expect(await dateOf('test-session')).toMatchObject({ on: '2027-06-15', booked: false, state: 'done' });
});

it('tells the day and the session of an upgrade that the year before left, beside those of the year’s own', async () => {
  const { phases, cases } = (await findPlan(database.db, agreement, 1))!.plan.upgrade!;
  await createTermsActivities({ db: database.db }).planAgreementYear({
    ...{ agreement, yearNumber: 2, asOf: '2028-01-01T00:00:00.000Z', revision: 1 },
    carried: { year: 1, phases, cases: cases ?? [], closed: ['plan', 'precheck'] },
  });
  expect(await dateOf('upgrade-1/technical')).toMatchObject({ on: '2027-05-27', state: 'open' });
  expect((await dateOf('upgrade/technical')).on).not.toBe('2027-05-27');
  expect(await dateOf('test-session-1')).toMatchObject({ on: '2027-06-15', state: 'done' });
  const begins = '2028-06-12T07:00:00.000Z';
  const { part: booked } = part('test', 'booked', 'booked', { time: begins });
  await createProgressActivities({ db: database.db }).recordProgress({
    ...{ agreement, year: 2 },
    entries: [{ at, id: 'dates-booked', kind: 'row', ref: 'x', detail: {}, part: booked as never }],
  });
  expect(await dateOf('test-session')).toMatchObject({ begins, state: 'open' });
});
