import { guldPlan } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { byteLength } from '../../../templates/ui/text';
import { fitting, initialState, stateForNextYear } from '../../../workflows/year/year-state';
import type { Attention, HeldMail, YearState } from '../../../workflows/year/year-state';

const at = '2027-12-30T09:00:00.000Z';
const announcement = { year: 1, at: '2028-01-03T07:30:00.000Z' };

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

describe('the state a run begins with', () => {
  it('is its own: what one year writes is not in another', () => {
    const [one, other] = [initialState(), initialState()];
    one.closed['meeting-1'] = { at, state: 'done' };
    one.counters.step += 1;
    one.sent.push('x');
    expect(other).toEqual(initialState());
    expect(other.counters.step).toBe(0);
  });

  it('has what an earlier run hands over, and the rest as at first', () => {
    const state = initialState({ sequence: 7, sent: ['meeting-1#1/call'] });
    expect(state).toEqual({ ...initialState(), sequence: 7, sent: ['meeting-1#1/call'] });
  });
});

describe('what the next year takes over', () => {
  const action = { meeting: 'meeting-4', what: 'x', owner: 'consultant', dueOn: '2028-01-10' };
  const attention = (code: string): Attention => ({ code, subject: 'x', detail: 'y', at });
  const held = (year?: number): HeldMail => ({
    at,
    step: 3,
    mail: {
      ...{ obligation: 'meeting-4', step: 'minutes', revision: 3, template: 'meeting-minutes' },
      to: 'customer',
      ...(year === undefined ? {} : { year }),
    },
  });
  const mail = {
    ...{ agreement: 'testbolaget-2027', year: 1, asOf: at, obligation: 'meeting-4', step: 'minutes' },
    ...{ revision: 3, template: 'meeting-minutes' as const, to: 'customer' as const },
  };
  const hours = { entryId: 'a', hours: 100, by: 'anna', byAssumed: false, asOf: at };

  it('begins with nothing closed, sent, booked, alerted or to undo', () => {
    const next = initialState(
      stateForNextYear(
        initialState({
          plan,
          closed: { 'meeting-1': { at, state: 'done' } },
          meetings: { 'meeting-1': { heldOn: '2027-02-16' } },
          checks: { 'integration/x': { ok: true, at } },
          steps: [{ number: 4, name: 'hoursUsed', at, before: [] }],
          undone: 3,
          entryNumbers: { 'meeting-1': 3 },
          sent: ['meeting-1#1/call'],
          replannedAfter: ['upgrade/test'],
          alerted: [75],
          sequence: 40,
          begun: true,
          takenOver: true,
          balance: { contracted: 12_000, rolledIn: 0, used: 9000, remaining: 3000, overage: 0 },
          rejected: [{ at, signal: 'x', reason: 'y' }],
        }),
        announcement,
      ),
    );
    expect(next).toEqual({ ...initialState(), announcement });
  });

  it.each<[string, Partial<YearState>]>([
    ['mails that are not through', { owedMails: [mail], failedMails: [mail] }],
    ['messages that wait', { inbox: [{ name: 'noteAdded', input: {} }] }],
    ['hours that are not booked', { hoursToBook: [hours], failedHours: [hours] }],
    ['what could not be written', { failedJournal: [{ year: 1, entries: [] }] }],
    ['rejected messages nobody was told of', { rejectedToTell: [{ at, signal: 'x', reason: 'y' }] }],
    ['when rejections were last told', { toldOfRejected: at }],
    ['alerts that run', { alerts: { alerts: [{ monitor: 'web', severity: 'down', since: at }], more: 0 } }],
    [
      'approved prices that the customer is to be told of, and the one that was told last',
      {
        approvals: [{ forYear: 2, priceMinor: 149_000, by: 'erik', asOf: at, mailAt: at }],
        announcedPrice: { minor: 148_000, count: 1 },
      },
    ],
    ['pauses', { pauses: { all: { until: '2028-01-10' } } }],
    ['numbers given so far', { counters: { action: 1, improvement: 2, step: 3, extra: 4, rejection: 5 } }],
    ['what happened last', { last: [{ at, text: 'x' }] }],
    ['an end in a later year', { termination: { at: '2028-06-30T22:00:00.000Z', reason: 'x' } }],
  ])('is owed to people: %s', (_what, state) => {
    expect(stateForNextYear(initialState({ plan, ...state }), announcement)).toMatchObject(state);
  });

  it.each([
    ['actions', { 1: { ...action, done: true as const }, 2: action }, { 2: action }],
    [
      'improvements',
      {
        1: { title: 'a', state: 'proposed' as const },
        2: { title: 'b', state: 'accepted' as const },
        3: { title: 'c', state: 'rejected' as const },
        4: { title: 'd', state: 'done' as const },
      },
      { 1: { title: 'a', state: 'proposed' }, 2: { title: 'b', state: 'accepted' } },
    ],
  ])('is what is open of the %s', (slice, all, open) => {
    expect(stateForNextYear(initialState({ plan, [slice]: all }), announcement)).toHaveProperty(slice, open);
  });

  it('names the year a held mail is about, unless it names one', () => {
    const { heldMails } = stateForNextYear(
      initialState({ plan, heldMails: [held(), held(0)] }),
      announcement,
    );
    expect(heldMails?.map(({ mail }) => mail.year)).toEqual([1, 0]);
  });

  it('leaves out that the hour bank ran low: the next one is another', () => {
    const state = initialState({ plan, attention: ['hours-low', 'mail-failed'].map(attention) });
    expect(stateForNextYear(state, announcement).attention).toEqual([attention('mail-failed')]);
  });
});

describe('what fits into the next run', () => {
  const step = (index: number) => ({ number: index, name: 'x', at, before: [] });
  const attention = (detail: string): Attention => ({ code: 'x', subject: 'y', detail, at });
  const rejection = (index: number) => ({ at, signal: 'x', reason: String(index) });
  const full = (detail: number): Partial<YearState> => ({
    sent: ['meeting-1#1/call'],
    steps: [1, 2].map(step),
    last: [{ at, text: 'x' }],
    rejected: [rejection(1)],
    rejectedToTell: [1, 2].map(rejection),
    attention: [attention('å'.repeat(detail))],
  });
  /** A state of exactly so many bytes. */
  const ofBytes = (bytes: number): Partial<YearState> => {
    const bare = { ...full(100), actions: {}, sent: [''] };
    return { ...bare, sent: ['x'.repeat(bytes - byteLength(JSON.stringify(bare)))] };
  };

  it('is all of it up to 60,000 bytes', () => {
    const state = ofBytes(60_000);
    expect(fitting(state)).toBe(state);
  });

  it('is, beyond that, without what is only for show', () => {
    const state = ofBytes(60_001);
    expect(fitting(state)).toEqual({
      ...state,
      steps: [],
      last: [],
      rejected: [],
      rejectedToTell: [rejection(1)],
      attention: [attention(`${'å'.repeat(28)}…`)],
    });
  });
});
