import { messageTo, planWithoutParts, replansAskedFor, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { judgeDecision, judgeImproved, judgeImprovement, judgeNote } from '../../../workflows/judges/agenda';
import { judgePause, judgeStart, judgeTermination } from '../../../workflows/judges/agreement';
import type { Fields } from '../../../workflows/messages/fields';
import { judgeHours } from '../../../workflows/judges/hours';
import {
  judgeActionDone,
  judgeBooking,
  judgeCancelling,
  judgeDeclining,
  judgeExtra,
  judgeHeld,
} from '../../../workflows/judges/meetings';
import type { MessageName } from '../../../workflows/messages/messages';
import { judgePhase } from '../../../workflows/judges/upgrade';
import { judgeTested } from '../../../workflows/judges/tests';
import { judgeIntegration } from '../../../workflows/judges/upgrade-parts';
import { judgeUndo, takeStep } from '../../../workflows/year/steps';
import type { Verdict } from '../../../workflows/year/steps';
import type { Year } from '../../../workflows/year/year';
import type { MeetingState, YearState } from '../../../workflows/year/year-state';

const now = '2027-02-16T11:00:00.000Z';
const since = '2027-02-01T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await planWithoutParts();
});

const year = (state: Partial<YearState> = {}): Year => yearAt(now, { plan, state });

const undo = messageTo('stepUndone', (one, fields) =>
  judgeUndo(one, fields.number('step'), fields.text('step')),
);

const booked = (on: string, more: Partial<MeetingState> = {}): MeetingState => ({
  booked: { on, time: '10:00', since, revision: 2 },
  called: true,
  ...more,
});
const invited = (on: string): MeetingState => booked(on, { invited: 2, invitedAt: since });

/** What a step can change and undoing puts back. */
const changeable = ({ state }: Year): unknown => {
  const { closed, meetings, actions, improvements, checks, pauses, termination } = state;
  return structuredClone({ closed, meetings, actions, improvements, checks, pauses, termination });
};

describe('a step that is taken back', () => {
  const action = { meeting: 'meeting-1', what: 'x', owner: 'consultant', dueOn: '2027-03-01' };
  const done = { at: since, state: 'done' } as const;
  it.each<
    [
      MessageName,
      (year: Year, fields: Fields) => Verdict,
      Record<string, unknown>,
      Partial<YearState>,
      string[],
    ]
  >([
    ['meetingBooked', judgeBooking, { meeting: 2 }, {}, ['meeting-2 was booked', 'meetingBooked was undone']],
    [
      'meetingBooked',
      judgeBooking,
      { meeting: 2, on: '2027-05-19' },
      { meetings: { 'meeting-2': booked('2027-05-18') } },
      ['meeting-2 was moved', 'meetingBooked was undone'],
    ],
    [
      'meetingCancelled',
      judgeCancelling,
      { meeting: 2 },
      { meetings: { 'meeting-2': booked('2027-05-18') } },
      ['meeting-2 was cancelled', 'meetingCancelled was undone'],
    ],
    [
      'meetingDeclined',
      judgeDeclining,
      { meeting: 2 },
      { meetings: { 'meeting-2': booked('2027-05-18') } },
      ['meetingDeclined was undone'],
    ],
    [
      'extraMeetingRequested',
      judgeExtra,
      {},
      {},
      ['an extra meeting was asked for', 'extraMeetingRequested was undone'],
    ],
    [
      'meetingHeld',
      judgeHeld,
      { minutes: 90, actions: ['x'], decisions: ['y'] },
      { meetings: { 'meeting-1': invited('2027-02-16') } },
      ['meetingHeld was undone'],
    ],
    ['actionDone', judgeActionDone, {}, { actions: { 1: action } }, []],
    ['improvementAdded', judgeImprovement, { title: 'x' }, {}, []],
    [
      'improvementDecided',
      judgeDecision,
      { decision: 'no' },
      { improvements: { 1: { title: 'x', state: 'proposed' } } },
      [],
    ],
    ['improvementDone', judgeImproved, {}, { improvements: { 1: { title: 'x', state: 'accepted' } } }, []],
    ['upgradePhaseCompleted', judgePhase, { phase: 'precheck' }, {}, ['upgradePhaseCompleted was undone']],
    [
      'integrationChecked',
      judgeIntegration,
      {},
      {
        checks: { 'integration/webshop-orders': { ok: true, at: since } },
        closed: { 'upgrade/precheck': done },
      },
      ['integrationChecked was undone'],
    ],
    [
      'customerTested',
      judgeTested,
      { module: 'visma-business' },
      { closed: { 'upgrade/technical': done } },
      [],
    ],
    ['startStepCompleted', judgeStart, {}, {}, ['startStepCompleted was undone']],
    [
      'monitoringPaused',
      judgePause,
      { until: '2027-03-15' },
      { pauses: { all: { until: '2027-03-01' } } },
      [],
    ],
    ['agreementTerminated', judgeTermination, { on: '2027-09-30' }, {}, []],
    [
      'agreementTerminated',
      judgeTermination,
      { reason: 'x' },
      { termination: { at: '2027-09-30T22:00:00.000Z', reason: 'y' } },
      [],
    ],
  ])('leaves no trace in the state: %s', async (name, judge, input, state, reasons) => {
    const one = year(state);
    const before = changeable(one);
    messageTo(name, judge).take(one, input);
    expect(changeable(one)).not.toEqual(before);
    expect(undo.take(one)).toEqual({ step: 1, undone: name });
    expect(changeable(one)).toEqual(before);
    expect(one.state.heldMails).toEqual([]);
    expect(one.state).toMatchObject({ steps: [], undone: 1, counters: { step: 1 } });
    // The first is asked for at once, the rest once it is through.
    expect(await replansAskedFor()).toEqual(reasons.slice(0, 1));
    expect(one.replansToCome).toBe(reasons.length);
  });

  it('takes the hours back that it booked', () => {
    const one = year();
    messageTo('hoursUsed', judgeHours).take(one, { hours: 2 });
    const { entryId } = one.state.hoursToBook[0]!;
    undo.take(one);
    expect(one.state.hoursToBook[1]).toEqual({
      ...{ entryId: `${entryId}-undone`, undoes: { entryId } },
      ...{ by: 'consultant', byAssumed: true, asOf: now },
    });
  });

  it('withdraws the note it made', () => {
    const one = year();
    messageTo('noteAdded', judgeNote).take(one, { text: 'x' });
    undo.take(one);
    expect(one.state.journal.map(({ note }) => note?.withdrawn)).toEqual([false, true]);
  });

  it('writes what it added as withdrawn, and what it closed as open', () => {
    const one = year();
    messageTo('improvementAdded', judgeImprovement).take(one, { title: 'x' });
    undo.take(one);
    messageTo('startStepCompleted', judgeStart).take(one, { step: 'kickoff' });
    undo.take(one);
    const rows = one.state.journal.flatMap(({ improvement, obligation }) => improvement ?? obligation ?? []);
    expect(rows.map(({ id, state }) => [id, state])).toEqual([
      ['1', 'proposed'],
      ['1', 'withdrawn'],
      ['start/kickoff', 'done'],
      ['start/kickoff', 'open'],
    ]);
  });
});

describe('an invitation', () => {
  const booking = messageTo('meetingBooked', judgeBooking);
  const cancelling = messageTo('meetingCancelled', judgeCancelling);

  it('that went out since is called off at once when the booking is taken back', () => {
    const one = year();
    booking.take(one, { meeting: 2 });
    const { 'meeting-2': meeting } = one.state.meetings;
    one.state.meetings['meeting-2'] = { ...meeting, invited: 2, invitedAt: now };
    undo.take(one);
    expect(one.state.meetings['meeting-2']).toEqual({ cancelledAt: now });
    expect(one.state.heldMails.map(({ at, mail }) => [at, mail.template, mail.revision])).toEqual([
      [now, 'meeting-cancelled', 3],
      [now, 'meeting-blocks', 3],
    ]);
  });

  it('that went out since is followed by one for the time before when a move is taken back', () => {
    const one = year({
      meetings: { 'meeting-2': invited('2027-05-18') },
      entryNumbers: { 'meeting-2': 2 },
    });
    booking.take(one, { meeting: 2, on: '2027-05-19' });
    const moved = one.state.meetings['meeting-2']!;
    one.state.meetings['meeting-2'] = { ...moved, invited: 3, invitedAt: now };
    undo.take(one);
    expect(one.state.meetings['meeting-2']?.booked).toMatchObject({
      on: '2027-05-18',
      since: now,
      revision: 4,
    });
    expect(one.state.heldMails).toEqual([]);
  });

  it('stands as it was where the cancellation that is taken back still waits', () => {
    const one = year({ meetings: { 'meeting-2': invited('2027-05-18') } });
    cancelling.take(one, { meeting: 2 });
    undo.take(one);
    expect(one.state.meetings['meeting-2']).toEqual(invited('2027-05-18'));
    expect(one.state.heldMails).toEqual([]);
  });

  it('is sent anew where the cancellation that is taken back went out', () => {
    const one = year({ meetings: { 'meeting-2': invited('2027-05-18') } });
    cancelling.take(one, { meeting: 2 });
    one.state.heldMails = [];
    undo.take(one);
    expect(one.state.meetings['meeting-2']).toEqual({
      booked: { on: '2027-05-18', time: '10:00', since: now, revision: 3 },
      called: true,
    });
  });

  it('that a new booking made needless to call off is called off after all', () => {
    const one = year({ meetings: { 'meeting-2': invited('2027-05-18') } });
    cancelling.take(one, { meeting: 2 });
    const cancellations = structuredClone(one.state.heldMails);
    booking.take(one, { meeting: 2 });
    expect(one.state.heldMails).toEqual([]);
    undo.take(one);
    expect(one.state.heldMails).toEqual(cancellations);
  });
});

describe('stepUndone', () => {
  const pause = messageTo('monitoringPaused', judgePause);
  const until = (one: Year, day: number): void => {
    pause.take(one, { until: `2027-03-${String(day)}` });
  };

  it('takes the steps back one after the other, the last one first', () => {
    const one = year();
    for (const day of [10, 11, 12]) until(one, day);
    expect(undo.take(one)).toEqual({ step: 3, undone: 'monitoringPaused' });
    expect(one.state.pauses).toEqual({ all: { until: '2027-03-11' } });
    expect(undo.take(one, { step: 2 })).toEqual({ step: 2, undone: 'monitoringPaused' });
    expect(one.state.pauses).toEqual({ all: { until: '2027-03-10' } });
    until(one, 13);
    expect(one.state.steps.map(({ number }) => number)).toEqual([1, 4]);
  });

  it('keeps the last five steps', () => {
    const one = year();
    for (const day of [10, 11, 12, 13, 14, 15]) until(one, day);
    expect(one.state.steps.map(({ number }) => number)).toEqual([2, 3, 4, 5, 6]);
  });

  it.each([
    ['the same number again', 3],
    ['a number between the last one left and the last one given', 2],
  ])('takes for a repeat: %s', (_what, step) => {
    const one = year();
    for (const day of [10, 11, 12]) until(one, day);
    undo.take(one);
    if (step === 2) undo.take(one);
    expect(undo.take(one, { step })).toEqual({ step, repeat: true });
    expect(one.state.pauses).toEqual({ all: { until: step === 2 ? '2027-03-10' : '2027-03-11' } });
  });

  it.each<[string, number, Record<string, unknown>, string, string]>([
    [
      'nothing was done',
      0,
      {},
      'there is no step to take back: the last ones are taken back already, or belong to an earlier year',
      'det finns inget steg att ta tillbaka: de senaste är redan tillbakatagna, eller hör till ett tidigare avtalsår',
    ],
    [
      'it names a step before the last',
      2,
      { step: 1 },
      'the last step is number 2 (monitoringPaused), not 1; only the last can be taken back',
      'det senaste steget är nummer 2 (monitoringPaused), inte 1; bara det senaste kan tas tillbaka',
    ],
    [
      'it names a step to come',
      2,
      { step: 3 },
      'the last step is number 2 (monitoringPaused), not 3; only the last can be taken back',
      'det senaste steget är nummer 2 (monitoringPaused), inte 3; bara det senaste kan tas tillbaka',
    ],
    [
      'it names none there can be',
      2,
      { step: -1 },
      'the last step is number 2 (monitoringPaused), not -1; only the last can be taken back',
      'det senaste steget är nummer 2 (monitoringPaused), inte -1; bara det senaste kan tas tillbaka',
    ],
  ])('is refused where %s', (_what, steps, input, en, sv) => {
    const one = year();
    for (let day = 10; day < 10 + steps; day++) until(one, day);
    expect(undo.refusal(one, input)).toEqual({ en, sv });
  });

  it('is refused where a text is no number', () => {
    const one = year();
    until(one, 10);
    expect(judgeUndo(one, Number.NaN, 'last')).toEqual({
      rejected: {
        en: 'expected step: a number, found last',
        sv: 'förväntade step: ett tal, hittade last',
      },
    });
  });
});

describe('what the dispatcher tells', () => {
  it("is nobody's step, and is written down all the same", () => {
    const one = year();
    takeStep(one, 'contractChanged', () => {
      one.state.pauses.all = { until: '2027-03-10' };
      return {};
    });
    expect(one.state).toMatchObject({ steps: [], counters: { step: 0 } });
    expect(one.state.journal).toMatchObject([{ kind: 'row', pause: { monitor: 'all' } }]);
  });
});
