import { answer, askedFor, goOnTo, guldPlan, messageTo, yearAt } from '../year-at';
import type { Booking, StoredPlan } from '../../../rules/engine/plan/plan';
import { inBackground } from '../../../workflows/basics/background';
import { judgeBooking, judgeCancelling, judgeHeld } from '../../../workflows/judges/meetings';
import { judgePhase } from '../../../workflows/judges/upgrade';
import { heldMails, sendHeldNow } from '../../../workflows/strands/held-mails';
import { annualUpgrade } from '../../../workflows/strands/upgrade';
import { changeConsultant } from '../../../workflows/year/consultant';
import { mail } from '../../../workflows/year/mails';
import { overviewOf } from '../../../workflows/year/page';
import { hold, judgeUndo } from '../../../workflows/year/steps';
import type { Year } from '../../../workflows/year/year';
import type { Mail, MeetingState, YearState } from '../../../workflows/year/year-state';

/** 23:00 on an ordinary Wednesday, when the time to undo is over, and the morning after. */
const night = '2027-01-13T22:00:00.000Z';
const undone = '2027-01-13T22:05:00.000Z';
const morning = '2027-01-14T07:30:00.000Z';
const since = '2027-01-12T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

const yearWith = (state: Partial<YearState> = {}, changed: Partial<StoredPlan> = {}, at = night): Year =>
  yearAt(at, { plan: { ...plan, ...changed }, state });

const booked = (on: string, time = '10:00', revision = 2): Booking => ({ on, time, since, revision });
const invited = (on: string, time?: string, more: Partial<MeetingState> = {}): Partial<YearState> => ({
  meetings: { 'meeting-1': { booked: booked(on, time), invited: 2, invitedAt: since, ...more } },
  entryNumbers: { 'meeting-1': 2 },
});

const waiting = ({ state }: Year): unknown[] =>
  state.heldMails.map(({ at, mail: { template, to } }) => [at, template, to]);
const sent = async (): Promise<unknown[]> =>
  (await askedFor()).filter(({ name }) => name === 'sendNotice').map(({ input: { step, to } }) => [step, to]);

const cancelling = messageTo('meetingCancelled', judgeCancelling);

describe('what a person sends at night', () => {
  it('is told to the customer in the morning, to our own people as always, and can be undone until then', () => {
    const one = yearWith(invited('2027-02-16'));
    cancelling.take(one);
    expect(waiting(one)).toEqual([
      [morning, 'meeting-cancelled', 'customer'],
      [undone, 'meeting-blocks', 'consultant'],
    ]);
    expect(overviewOf(one).undo?.heldUntil).toBe(morning);
    one.input.clockOffset = Date.parse('2027-01-14T07:00:00.000Z');
    messageTo('stepUndone', (year) => judgeUndo(year, undefined, undefined)).take(one);
    expect(waiting(one)).toEqual([]);
  });

  it.each<[string, Partial<YearState>, Partial<StoredPlan>, string, string]>([
    ['at once: a meeting that begins before morning', invited('2027-01-14', '08:00'), {}, night, undone],
    ['in the morning: a meeting after it', invited('2027-01-14', '09:00'), {}, night, morning],
    ['at once: plans from before', invited('2027-02-16'), { nightRest: undefined as never }, night, undone],
    [
      'on Monday: what comes on Friday',
      invited('2027-02-16'),
      {},
      '2027-01-15T22:00:00.000Z',
      '2027-01-18T07:30:00.000Z',
    ],
    [
      'at once: a meeting on that Saturday',
      invited('2027-01-16', '10:00'),
      {},
      '2027-01-15T22:00:00.000Z',
      '2027-01-15T22:05:00.000Z',
    ],
    ['at once: by day', invited('2027-02-16'), {}, since, '2027-01-12T09:05:00.000Z'],
  ])('calls a meeting off %s', (_what, state, changed, at, due) => {
    const one = yearWith(state, changed, at);
    cancelling.take(one);
    expect(waiting(one)[0]).toEqual([due, 'meeting-cancelled', 'customer']);
  });

  it('is shown with the time at which an invitation will go out', () => {
    const one = yearWith(invited('2027-02-16'));
    messageTo('meetingBooked', judgeBooking).take(one, { meeting: 1, on: '2027-02-17' });
    expect(overviewOf(one).undo?.heldUntil).toBe(morning);
  });

  it('is asked of the plan with what the customer knows of a meeting that moves, until they are told', async () => {
    const one = yearWith(invited('2027-01-14', '08:00'));
    messageTo('meetingBooked', judgeBooking).take(one, { meeting: 1, on: '2027-02-17' });
    const [asked] = await askedFor();
    expect(asked?.input['meetings']).toMatchObject({
      'meeting-1': { booked: { on: '2027-02-17' }, movedFrom: { on: '2027-01-14', time: '08:00' } },
    });
    one.state.meetings['meeting-1'] = { ...one.state.meetings['meeting-1'], invited: 3 };
    await answer(plan);
    messageTo('meetingBooked', judgeBooking).take(one, { meeting: 2, on: '2027-05-19' });
    const again = (await askedFor()).findLast(({ name }) => name === 'planAgreementYear');
    expect((again?.input['meetings'] as Record<string, object>)['meeting-1']).not.toHaveProperty('movedFrom');
  });

  it('of a meeting that was held before its day waits as well, though that day is near', () => {
    const one = yearWith(invited('2027-01-14', '08:00'));
    messageTo('meetingHeld', judgeHeld).take(one, { meeting: 1, on: '2027-01-13', decisions: ['x'] });
    expect(waiting(one)).toEqual([
      [undone, 'meeting-cancelled', 'customer'],
      [undone, 'meeting-blocks', 'consultant'],
      [morning, 'meeting-minutes', 'customer'],
      [undone, 'meeting-minutes', 'consultant'],
    ]);
  });

  it('opens the next phase of the upgrade for the customer in the morning', async () => {
    const done = { at: since, state: 'done' } as const;
    const test = plan.obligations.find(({ id }) => id === 'upgrade/test')!;
    const at = `${test.opensAt.slice(0, 10)}T21:00:00.000Z`;
    const closed = Object.fromEntries(
      ['plan', 'precheck', 'technical'].map((phase) => [`upgrade/${phase}`, done]),
    );
    const one = yearWith({ closed, replannedAfter: ['upgrade/integrations'] }, {}, at);
    messageTo('upgradePhaseCompleted', judgePhase).take(one, { phase: 'integrations', passed: 'all' });
    inBackground(one, () => annualUpgrade(one));
    await goOnTo(one, `${test.opensAt.slice(0, 10)}T21:06:00.000Z`);
    await goOnTo(one, `${test.opensAt.slice(0, 10)}T22:06:00.000Z`);
    expect(await sent()).not.toContainEqual(['start', 'customer']);
    await goOnTo(one, new Date(Date.parse(test.opensAt) + 86_400_000).toISOString());
    expect(await sent()).toContainEqual(['start', 'customer']);
  });

  it('replaces the consultant without waking the customer', () => {
    const one = yearWith();
    changeConsultant(one, 'konsult-9', 4, undefined);
    expect(waiting(one)).toEqual([[morning, 'consultant-changed', 'customer']]);
  });
});

describe('a mail that comes to be due at night, as after an outage', () => {
  const about = { obligation: 'start/kickoff', revision: 1, template: 'start-step' } as const;
  const toCustomer: Mail = { ...about, step: 'a', to: 'customer' };
  const toUs: Mail = { ...about, step: 'b', to: 'consultant' };

  it('rests if it is to the customer, and nothing waits for it', async () => {
    const one = yearWith();
    inBackground(one, async () => {
      await mail(one, toCustomer);
      await mail(one, toUs);
    });
    expect(await sent()).toEqual([['b', 'consultant']]);
    expect(one.state.owedMails).toHaveLength(2);
    await answer({ refused: [], unknown: [] });
    await goOnTo(one, morning);
    expect(await sent()).toEqual([['a', 'customer']]);
  });

  it('is left to the next run where this one ends before morning', async () => {
    const one = yearWith();
    inBackground(one, () => mail(one, toCustomer));
    await goOnTo(one, undone);
    one.over = true;
    await goOnTo(one, morning);
    expect(await sent()).toEqual([]);
    expect(one.state.owedMails).toHaveLength(1);
  });

  it.each([
    ['begins before morning', invited('2027-01-14', '08:00')],
    [
      'began before morning until it was moved',
      invited('2027-02-17', '10:00', { movedFrom: booked('2027-01-14', '08:00') }),
    ],
  ])('goes out at once where its meeting %s', async (_what, state) => {
    const one = yearWith(state);
    inBackground(one, () =>
      mail(one, { ...toCustomer, obligation: 'meeting-1', template: 'meeting-reminder' }),
    );
    expect(await sent()).toEqual([['a', 'customer']]);
  });

  it('of an agreement that has ended rests behind those that cannot', async () => {
    const one = yearWith();
    const off = (at: string): Mail => ({ ...toCustomer, step: at, cancelled: { at, minutes: 60 } });
    for (const at of ['2027-05-18T08:00:00.000Z', '2027-01-14T07:00:00.000Z']) hold(one, undefined, off(at));
    hold(one, undefined, toUs);
    inBackground(one, () => sendHeldNow(one));
    expect(await sent()).toEqual([['2027-01-14T07:00:00.000Z', 'customer']]);
    await answer({ refused: [], unknown: [] });
    expect(await sent()).toEqual([['b', 'consultant']]);
    await answer({ refused: [], unknown: [] });
    await goOnTo(one, morning);
    expect(await sent()).toEqual([['2027-05-18T08:00:00.000Z', 'customer']]);
  });

  it('keeps no other held mail waiting', async () => {
    const one = yearWith();
    one.state.heldMails = [
      { at: since, step: 0, mail: toCustomer },
      { at: since, step: 0, mail: toUs },
    ];
    inBackground(one, () => heldMails(one));
    expect(await sent()).toEqual([['b', 'consultant']]);
  });
});
