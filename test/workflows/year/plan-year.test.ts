import { answer, askedFor, guldPlan, yearAt } from '../year-at';
import type { TakenOver, StoredPlan } from '../../../rules/engine/plan/plan';
import { inBackground } from '../../../workflows/basics/background';
import { planYear, replanSoon } from '../../../workflows/year/plan-year';
import type { Year } from '../../../workflows/year/year';
import type { YearState } from '../../../workflows/year/year-state';

const now = '2027-03-10T09:00:00.000Z';
const since = '2027-03-01T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

describe('the first plan', () => {
  it('is asked for, and the year has it', async () => {
    const year = yearAt(now, { plan: null });
    let planned: boolean | undefined;
    inBackground(year, async () => (planned = await planYear(year)));
    expect(await askedFor()).toEqual([
      {
        name: 'planAgreementYear',
        input: { agreement: 'testbolaget-2027', asOf: now, revision: 1 },
      },
    ]);
    expect(planned).toBeUndefined();
    await answer(plan);
    expect(planned).toBe(true);
    expect(year.plan).toEqual(plan);
    expect(year.state.closed).toEqual({});
  });

  const takenOver: TakenOver = {
    at: now,
    closed: {
      'start/kickoff': { at: since, how: 'told' },
      'meeting-1': { at: since, how: 'told' },
      'hours/statement-1': { at: since, how: 'passed' },
    },
    meetings: { 'meeting-1': '2027-02-16' },
  };
  const balance = { contracted: 12_000, rolledIn: 0, used: 11_000, remaining: 1000, overage: 0 };
  async function takingOver(more: Partial<StoredPlan>, state: Partial<YearState> = {}): Promise<Year> {
    const year = yearAt(now, { plan: { ...plan, takenOver, balance, ...more }, state });
    inBackground(year, () => planYear(year));
    await askedFor();
    return year;
  }

  it('of a year that was taken over closes what lay before, and tells nobody of it', async () => {
    const { state } = await takingOver({});
    expect(state.closed).toEqual({
      'start/kickoff': { at: since, state: 'done', by: 'takeover' },
      'meeting-1': { at: since, state: 'done', by: 'takeover' },
      'hours/statement-1': { at: since, state: 'cancelled', by: 'takeover' },
    });
    expect(state.meetings).toEqual({ 'meeting-1': { heldOn: '2027-02-16' } });
    expect(state.alerted).toEqual([75, 90]);
    expect(state.heldMails).toEqual([]);
    expect(state.journal.at(-1)).toMatchObject({ ref: 'taken-over', detail: { told: 2, passed: 1 } });
  });

  it.each<[string, Partial<StoredPlan>, Partial<YearState>]>([
    ['when the year goes on in a new run', {}, { takenOver: true }],
    ['when it was planned again', { revision: 2 }, {}],
  ])('does so once, not %s', async (_what, more, state) => {
    const year = await takingOver(more, state);
    expect(year.state).toMatchObject({ closed: {}, meetings: {}, alerted: [] });
  });
});

describe('a new plan', () => {
  it('is asked for with all that people have settled', async () => {
    const booked = { on: '2027-05-19', time: '10:00', since, revision: 2 };
    const year = yearAt(now, {
      plan,
      state: {
        closed: { 'meeting-1': { at: since, state: 'done' } },
        meetings: {
          'meeting-1': { heldOn: '2027-02-16', heldMinutes: 90 },
          'meeting-2': { booked, called: true, organizer: 'konsult-1', moves: 2, reason: 'x', invited: 2 },
          'meeting-3': { cancelledAt: since },
          'meeting-extra-1': { extra: since },
        },
      },
    });
    replanSoon(year, 'meeting-2 was moved');
    const [asked] = await askedFor();
    expect(asked?.input).toEqual({
      ...{ agreement: 'testbolaget-2027', yearNumber: 1, asOf: now, revision: 2 },
      reason: 'meeting-2 was moved',
      closed: { 'meeting-1': since },
      meetings: {
        'meeting-1': { heldOn: '2027-02-16' },
        'meeting-2': { booked, called: true },
        'meeting-3': { cancelledAt: since },
        'meeting-extra-1': { extra: since },
      },
    });
  });

  it('remembers that a meeting whose booking was undone has been called', async () => {
    const obligations = plan.obligations.map((one) =>
      one.id === 'meeting-2' ? { ...one, booked: true as const } : one,
    );
    const year = yearAt(now, { plan: { ...plan, obligations } });
    replanSoon(year, 'meetingBooked was undone');
    const [asked] = await askedFor();
    expect(asked?.input.meetings).toEqual({ 'meeting-2': { called: true } });
  });

  it('is made of the one before it, one after the other', async () => {
    const year = yearAt(now, { plan });
    replanSoon(year, 'a');
    replanSoon(year, 'b');
    const asked = async (): Promise<unknown[]> =>
      (await askedFor()).map(({ input: { reason, revision } }) => [reason, revision]);
    expect(await asked()).toEqual([['a', 2]]);
    expect(year.replansToCome).toBe(2);
    await answer({ ...plan, revision: 2 });
    expect(await asked()).toEqual([['b', 3]]);
    await answer({ ...plan, revision: 3 });
    expect([year.plan.revision, year.replansToCome]).toEqual([3, 0]);
    expect(year.state.journal.map(({ ref, detail }) => [ref, detail])).toEqual([
      ['replanned', { reason: 'a', revision: 2 }],
      ['replanned', { reason: 'b', revision: 3 }],
    ]);
  });

  it('takes back that the one before failed', async () => {
    const year = yearAt(now, {
      plan,
      state: { attention: [{ code: 'replan-failed', subject: 'x', detail: 'y', at: since }] },
    });
    replanSoon(year, 'tried again');
    await askedFor();
    expect(year.state.attention).toHaveLength(1);
    await answer({ ...plan, revision: 2 });
    expect(year.state.attention).toEqual([]);
  });
});
