import { askedFor, guldPlan, messageTo, replansAskedFor, yearAt } from '../year-at';
import type { Booking, Obligation, StoredPlan } from '../../../rules/engine/plan/plan';
import {
  judgeActionDone,
  judgeBooking,
  judgeCancelling,
  judgeDeclining,
  judgeExtra,
  judgeHeld,
} from '../../../workflows/judges/meetings';
import type { Year } from '../../../workflows/year/year';
import type { ActionState, MeetingState, YearState } from '../../../workflows/year/year-state';

/** 10:00 on an ordinary Wednesday. The first meeting is planned for 16 February at 10:00. */
const now = '2027-01-13T09:00:00.000Z';
const since = '2027-01-12T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

const year = (state: Partial<YearState> = {}, at = now): Year => yearAt(at, { plan, state });

const booking = (on: string, more: Partial<Booking> = {}): Booking => ({
  on,
  time: '10:00',
  since,
  revision: 2,
  ...more,
});

/** Meetings as somebody booked them. */
const booked = (days: Record<string, string>, more: Partial<MeetingState> = {}): Partial<YearState> => ({
  meetings: Object.fromEntries(
    Object.entries(days).map(([id, on]) => [id, { booked: booking(on), called: true, ...more }]),
  ),
});

/** A meeting that the customer was invited to. */
const invited = (days: Record<string, string>): Partial<YearState> =>
  booked(days, { invited: 2, invitedAt: since });

const closed = (state: 'done' | 'missed' | 'declined', ...ids: string[]): Partial<YearState> => ({
  closed: Object.fromEntries(ids.map((id) => [id, { at: since, state }])),
});

/** The year with a meeting beyond those of the contract. */
function withExtra(count = 1): StoredPlan {
  const first = plan.obligations.find(({ id }) => id === 'meeting-1')!;
  const extras = Array.from({ length: count }, (_, index): Obligation => ({
    ...first,
    id: `meeting-extra-${index + 1}`,
    extra: true,
  }));
  return { ...plan, obligations: [...plan.obligations, ...extras] };
}

const heldMails = ({ state }: Year): unknown[] =>
  state.heldMails.map(({ at, mail: { template, to, obligation } }) => [at, template, to, obligation]);

const attention = ({ state }: Year): unknown[] =>
  state.attention.map(({ code, subject, detail }) => [code, subject, detail]);

describe('meetingBooked', () => {
  const { take, refusal } = messageTo('meetingBooked', judgeBooking);

  it('without a word books the first open meeting as it is planned, and has the year planned again', async () => {
    const one = year();
    expect(take(one)).toEqual({ obligation: 'meeting-1', on: '2027-02-16', at: '10:00' });
    expect(one.state.meetings).toEqual({
      'meeting-1': {
        booked: { on: '2027-02-16', time: '10:00', since: now, revision: 2 },
        called: true,
        organizer: 'konsult-1',
      },
    });
    expect(one.state.entryNumbers).toEqual({ 'meeting-1': 2 });
    expect(one.state.steps).toMatchObject([
      { number: 1, name: 'meetingBooked', at: now, before: [{ slice: 'meetings', key: 'meeting-1' }] },
    ]);
    expect(one.state.journal).toMatchObject([
      { kind: 'row', meeting: { id: 'meeting-1', bookedAt: '2027-02-16T09:00:00.000Z' } },
    ]);
    expect(await replansAskedFor()).toEqual(['meeting-1 was booked']);
  });

  it.each([
    ['a number', 2, 'meeting-2'],
    ['its digits', '2', 'meeting-2'],
    ['its id', 'meeting-2', 'meeting-2'],
  ])('names a meeting by %s', (_what, meeting, id) => {
    const one = year();
    expect(take(one, { meeting })).toMatchObject({ obligation: id, on: '2027-05-18' });
    expect(Object.keys(one.state.meetings)).toEqual([id]);
  });

  it.each([
    ['booked already', booked({ 'meeting-1': '2027-02-16' })],
    ['closed', closed('done', 'meeting-1')],
  ])('without a name passes over a meeting that is %s', (_what, state) => {
    expect(take(year(state))).toMatchObject({ obligation: 'meeting-2' });
  });

  it.each([
    ['before summer time', '2027-03-25', '10:00', '2027-03-25T09:00:00.000Z'],
    ['after it began', '2027-03-30', '10:00', '2027-03-30T08:00:00.000Z'],
    ['before winter time', '2027-10-29', '10:00', '2027-10-29T08:00:00.000Z'],
    ['after it began', '2027-11-01', '10:00', '2027-11-01T09:00:00.000Z'],
    ['on the last open day of the year', '2027-12-30', '13:30', '2027-12-30T12:30:00.000Z'],
    ['a minute from now', '2027-01-13', '10:01', '2027-01-13T09:01:00.000Z'],
  ])('keeps the local time of day %s: %s %s', (_what, on, at, bookedAt) => {
    const one = year();
    take(one, { on, at });
    expect(one.state.meetings['meeting-1']?.booked).toMatchObject({ on, time: at });
    expect(one.state.journal).toMatchObject([{ meeting: { bookedAt } }]);
  });

  it.each([
    ['the shortest', 15, 15],
    ['the longest', 480, 480],
    ['a text with a comma', '89,5', 90],
  ])('takes %s length in minutes', (_what, minutes, kept) => {
    const one = year();
    take(one, { minutes, place: ' Teams\u0000 ' });
    expect(one.state.meetings['meeting-1']?.booked).toMatchObject({ minutes: kept, place: 'Teams ' });
  });

  it('moves a booked meeting by what differs, and keeps the rest', async () => {
    const state = booked({ 'meeting-1': '2027-02-16' });
    state.meetings!['meeting-1']!.booked = booking('2027-02-16', { minutes: 60, place: 'Teams' });
    const one = year(state);
    const detail = take(one, { meeting: 1, at: '9.30', reason: 'the train' });
    expect(detail).toEqual({ obligation: 'meeting-1', on: '2027-02-16', at: '09:30', moves: 1 });
    expect(one.state.meetings['meeting-1']).toEqual({
      booked: { on: '2027-02-16', time: '09:30', minutes: 60, place: 'Teams', since: now, revision: 2 },
      called: true,
      organizer: 'konsult-1',
      moves: 1,
      reason: 'the train',
    });
    expect(await replansAskedFor()).toEqual(['meeting-1 was moved']);
  });

  it('takes the same time once more for a repeat, which is no step', async () => {
    const one = year(booked({ 'meeting-1': '2027-02-16' }));
    const before = structuredClone(one.state);
    expect(take(one, { meeting: 1, on: '2027-02-16', at: '10:00' })).toEqual({
      obligation: 'meeting-1',
      repeat: true,
    });
    expect(one.state).toEqual(before);
    expect(await askedFor()).toEqual([]);
  });

  it.each([
    [1, []],
    [2, [['meeting-moved', 'meeting-1', 'moved 3 times, now to 2027-02-17 10:00']]],
  ])('asks somebody to look at the third move, not before: %i moves so far', (moves, expected) => {
    const one = year(booked({ 'meeting-1': '2027-02-16' }, { moves }));
    take(one, { meeting: 1, on: '2027-02-17' });
    expect(attention(one)).toEqual(expected);
  });

  it('books a cancelled meeting anew, and keeps back the cancellation that still waits', () => {
    const cancellation = {
      at: '2027-01-13T09:04:00.000Z',
      step: 1,
      mail: {
        ...{ obligation: 'meeting-1', step: 'cancel', revision: 3, to: 'customer' as const },
        template: 'meeting-cancelled' as const,
        cancelled: { at: '2027-02-16T09:00:00.000Z', minutes: 90 },
      },
    };
    const other = { ...cancellation, mail: { ...cancellation.mail, obligation: 'meeting-2' } };
    const one = year({
      meetings: { 'meeting-1': { called: true, cancelledAt: since, reason: 'illness' } },
      entryNumbers: { 'meeting-1': 3 },
      heldMails: [cancellation, other],
    });
    take(one, { meeting: 1, on: '2027-02-17' });
    expect(one.state.meetings['meeting-1']).toEqual({
      booked: { on: '2027-02-17', time: '10:00', since: now, revision: 4 },
      called: true,
      organizer: 'konsult-1',
    });
    expect(one.state.heldMails).toEqual([other]);
    expect(one.state.steps[0]?.withdrew).toEqual([cancellation]);
  });

  it('takes back that nobody has booked it', () => {
    const raised = { code: 'meeting-unbooked', detail: 'nobody has booked it', at: since };
    const one = year({
      attention: [
        { ...raised, subject: 'meeting-1' },
        { ...raised, subject: 'meeting-2' },
      ],
    });
    take(one, { meeting: 1 });
    expect(attention(one)).toEqual([['meeting-unbooked', 'meeting-2', 'nobody has booked it']]);
  });

  it.each<[string, Partial<YearState>, Record<string, unknown>, string, string]>([
    [
      'a meeting there is none of',
      {},
      { meeting: 9 },
      'meeting: expected one of 1, 2, 3, 4, found 9',
      'meeting: förväntade ett av 1, 2, 3, 4, hittade 9',
    ],
    [
      'a meeting that was held',
      closed('done', 'meeting-1'),
      { meeting: 1 },
      'management meeting 1 is already done (2027-01-12)',
      'förvaltningsmöte 1 är redan klart (2027-01-12)',
    ],
    [
      'a meeting once all are closed',
      closed('missed', 'meeting-1', 'meeting-2', 'meeting-3', 'meeting-4'),
      {},
      'nothing of "Meetings" is open',
      'inget i "Möten" är öppet',
    ],
    [
      'the last day before the year',
      {},
      { on: '2026-12-30' },
      'on: expected a day of the agreement year, 2027-01-01 to 2027-12-31, found 2026-12-30',
      'on: förväntade en dag i avtalsåret, 2027-01-01 till 2027-12-31, hittade 2026-12-30',
    ],
    [
      'the first day after the year',
      {},
      { on: '2028-01-01' },
      'on: expected a day of the agreement year, 2027-01-01 to 2027-12-31, found 2028-01-01',
      'on: förväntade en dag i avtalsåret, 2027-01-01 till 2027-12-31, hittade 2028-01-01',
    ],
    [
      "New Year's Eve, the year's last day",
      {},
      { on: '2027-12-31' },
      'on: expected a working day, found 2027-12-31',
      'on: förväntade en helgfri vardag, hittade 2027-12-31',
    ],
    [
      "Midsummer's Eve",
      {},
      { on: '2027-06-25' },
      'on: expected a working day, found 2027-06-25',
      'on: förväntade en helgfri vardag, hittade 2027-06-25',
    ],
    [
      'the Sunday on which summer time begins',
      {},
      { on: '2027-03-28', at: '02:30' },
      'on: expected a working day, found 2027-03-28',
      'on: förväntade en helgfri vardag, hittade 2027-03-28',
    ],
    [
      'yesterday',
      {},
      { on: '2027-01-12' },
      'on: expected a time that has not passed, found 2027-01-12 10:00',
      'on: förväntade en tid som inte har passerat, hittade 2027-01-12 10:00',
    ],
    [
      'this very minute',
      {},
      { on: '2027-01-13', at: '10:00' },
      'on: expected a time that has not passed, found 2027-01-13 10:00',
      'on: förväntade en tid som inte har passerat, hittade 2027-01-13 10:00',
    ],
    [
      'less than a quarter of an hour',
      {},
      { minutes: 14.9 },
      'minutes: expected a number from 15 to 480, found 14.9',
      'minutes: förväntade ett tal från 15 till 480, hittade 14.9',
    ],
    [
      'more than a day',
      {},
      { minutes: 480.5 },
      'minutes: expected a number from 15 to 480, found 480.5',
      'minutes: förväntade ett tal från 15 till 480, hittade 480.5',
    ],
    [
      'less than nothing',
      {},
      { minutes: -90 },
      'minutes: expected a number from 15 to 480, found -90',
      'minutes: förväntade ett tal från 15 till 480, hittade -90',
    ],
    [
      'the time of another meeting',
      booked({ 'meeting-2': '2027-02-16' }),
      { meeting: 1 },
      'management meeting 2 is already booked 2027-02-16 10:00',
      'förvaltningsmöte 2 är redan bokat 2027-02-16 10:00',
    ],
  ])('is refused with the reason: %s', (_what, state, input, en, sv) => {
    expect(refusal(year(state), input)).toEqual({ en, sv });
  });

  it('takes the time of a meeting that is closed', () => {
    const one = year({ ...booked({ 'meeting-2': '2027-02-16' }), ...closed('done', 'meeting-2') });
    expect(take(one, { meeting: 1 })).toMatchObject({ on: '2027-02-16' });
  });

  it('is refused where the planned day has passed and no other is given', () => {
    expect(refusal(year({}, '2027-02-17T09:00:00.000Z')).en).toBe(
      'on: expected a time that has not passed, found 2027-02-16 10:00',
    );
  });
});

describe('a time that looks like a slip', () => {
  const { take, refusal } = messageTo('meetingBooked', judgeBooking);
  const extra = messageTo('extraMeetingRequested', judgeExtra);
  const at10 = booked({ 'meeting-2': '2027-02-17' });

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'at 23:45 for eight hours',
      { at: '23:45', minutes: 480 },
      '2027-02-17 23:45 for 480 minutes is not between 07:00 and 19:00',
      '2027-02-17 23:45 i 480 minuter är inte mellan 07:00 och 19:00',
    ],
    [
      'at half past one, which was meant for the afternoon',
      { at: '1:30' },
      '2027-02-17 01:30 for 90 minutes is not between 07:00 and 19:00',
      '2027-02-17 01:30 i 90 minuter är inte mellan 07:00 och 19:00',
    ],
    [
      'until late',
      { at: '17:31' },
      '2027-02-17 17:31 for 90 minutes is not between 07:00 and 19:00',
      '2027-02-17 17:31 i 90 minuter är inte mellan 07:00 och 19:00',
    ],
    [
      'while another meeting goes on',
      { at: '11:29' },
      'management meeting 2 goes on then, it begins 2027-02-17 10:00',
      'förvaltningsmöte 2 pågår då, det börjar 2027-02-17 10:00',
    ],
    [
      'when another meeting begins before it ends',
      { at: '09:00', minutes: 61 },
      'management meeting 2 goes on then, it begins 2027-02-17 10:00',
      'förvaltningsmöte 2 pågår då, det börjar 2027-02-17 10:00',
    ],
  ])('is asked about, and taken if it is confirmed: %s', (_what, time, en, sv) => {
    const input = { on: '2027-02-17', ...time };
    for (const { en: inEnglish, sv: inSwedish } of [
      refusal(year(at10), { meeting: 1, ...input }),
      extra.refusal(year(at10), input),
    ])
      expect([inEnglish, inSwedish]).toEqual([
        `${en}; if that is right, send the same with "confirmed": true`,
        `${sv}; stämmer det, skicka samma sak med "confirmed": true`,
      ]);
    expect(take(year(at10), { meeting: 1, ...input, confirmed: true })).toMatchObject({ on: '2027-02-17' });
    expect(extra.take(year(at10), { ...input, confirmed: 'ja' })).toMatchObject({ on: '2027-02-17' });
  });

  it.each([
    ['right after another', { at: '11:30' }],
    ['right before another', { at: '09:00', minutes: 60 }],
    ['until seven in the evening', { at: '17:30' }],
    ['at seven in the morning', { at: '07:00' }],
  ])('is none %s', (_what, time) => {
    expect(take(year(at10), { meeting: 1, on: '2027-02-17', ...time })).toMatchObject({ on: '2027-02-17' });
  });

  it('is none while a meeting that is held, or the same one before it moves, goes on', () => {
    const held = { ...at10, ...closed('done', 'meeting-2') };
    expect(take(year(held), { meeting: 1, on: '2027-02-17', at: '10:30' })).toMatchObject({ at: '10:30' });
    expect(take(year(at10), { meeting: 2, on: '2027-02-17', at: '10:30' })).toMatchObject({ at: '10:30' });
  });

  it('is not asked about again where only the place of a confirmed meeting changes', () => {
    const night = year({
      meetings: { 'meeting-1': { booked: booking('2027-02-17', { time: '23:45', minutes: 480 }) } },
    });
    expect(take(night, { meeting: 1, place: 'Teams' })).toMatchObject({ at: '23:45' });
    expect(take(night, { meeting: 1, on: '2027-02-17', at: '23:45', minutes: 480 })).toMatchObject({
      repeat: true,
    });
  });

  it('was taken by runs from before it was asked about, which take it again when they are replayed', () => {
    const input = { meeting: 1, on: '2027-02-17', at: '23:45', minutes: 480 };
    const before = messageTo('meetingBooked', (one, fields) => judgeBooking(one, fields, () => false));
    expect(before.take(year(), input)).toMatchObject({ at: '23:45' });
  });
});

describe('meetingCancelled', () => {
  const { take, refusal } = messageTo('meetingCancelled', judgeCancelling);

  it('puts an invited meeting back to those to be booked, and tells the customer after the time to undo it', async () => {
    const one = year(invited({ 'meeting-2': '2027-05-18' }));
    expect(take(one, { reason: 'illness' })).toEqual({ obligation: 'meeting-2', reason: 'illness' });
    expect(one.state.meetings).toEqual({ 'meeting-2': { called: true, cancelledAt: now } });
    expect(heldMails(one)).toEqual([
      ['2027-01-13T09:05:00.000Z', 'meeting-cancelled', 'customer', 'meeting-2'],
      ['2027-01-13T09:05:00.000Z', 'meeting-blocks', 'consultant', 'meeting-2'],
    ]);
    expect(one.state.heldMails[0]).toMatchObject({
      step: 1,
      mail: {
        reason: 'illness',
        revision: 2,
        roles: ['management', 'system-owner'],
        cancelled: { at: '2027-05-18T08:00:00.000Z', minutes: 90 },
      },
    });
    expect(one.state.steps[0]).toMatchObject({ callsOff: ['meeting-2'] });
    expect(await replansAskedFor()).toEqual(['meeting-2 was cancelled']);
  });

  it('tells nobody of a meeting that nobody was invited to', () => {
    const one = year(booked({ 'meeting-1': '2027-02-16' }));
    take(one);
    expect(one.state.meetings).toEqual({ 'meeting-1': { called: true, cancelledAt: now } });
    expect(one.state.heldMails).toEqual([]);
  });

  it('without a name means the first one that is booked', () => {
    const one = year(booked({ 'meeting-2': '2027-05-18', 'meeting-3': '2027-08-17' }));
    expect(take(one)).toEqual({ obligation: 'meeting-2' });
  });

  it('takes one that is cancelled already for a repeat', async () => {
    const one = year({ meetings: { 'meeting-1': { cancelledAt: since } } });
    expect(take(one, { meeting: 1 })).toEqual({ obligation: 'meeting-1', repeat: true });
    expect(one.state.steps).toEqual([]);
    expect(await askedFor()).toEqual([]);
  });

  it.each<[string, Partial<YearState>, Record<string, unknown>, string, string]>([
    ['nothing is booked', {}, {}, 'no meeting is booked', 'inget möte är bokat'],
    [
      'what is booked was held',
      { ...booked({ 'meeting-1': '2027-02-16' }), ...closed('done', 'meeting-1') },
      {},
      'no meeting is booked',
      'inget möte är bokat',
    ],
    [
      'the meeting is not booked',
      booked({ 'meeting-1': '2027-02-16' }),
      { meeting: 2 },
      'management meeting 2 is not booked',
      'förvaltningsmöte 2 är inte bokat',
    ],
    [
      'the customer did without it',
      closed('declined', 'meeting-2'),
      { meeting: 2 },
      'management meeting 2 is already declined by the customer (2027-01-12)',
      'förvaltningsmöte 2 är redan avböjt av kunden (2027-01-12)',
    ],
    [
      'there is no such meeting',
      {},
      { meeting: 'extra-1' },
      'meeting: expected one of 1, 2, 3, 4, found extra-1',
      'meeting: förväntade ett av 1, 2, 3, 4, hittade extra-1',
    ],
  ])('is refused where %s', (_what, state, input, en, sv) => {
    expect(refusal(year(state), input)).toEqual({ en, sv });
  });
});

describe('meetingDeclined', () => {
  const { take, refusal } = messageTo('meetingDeclined', judgeDeclining);

  it('closes the first open meeting, apart from those that are missed', async () => {
    const one = year();
    expect(take(one, { reason: 'nothing to discuss', by: 'anna' })).toEqual({
      obligation: 'meeting-1',
      reason: 'nothing to discuss',
    });
    expect(one.state.closed).toEqual({ 'meeting-1': { at: now, state: 'declined', by: 'anna' } });
    expect(one.state.journal).toMatchObject([
      { kind: 'phase', obligation: { id: 'meeting-1', state: 'declined', note: 'nothing to discuss' } },
    ]);
    expect(one.state.heldMails).toEqual([]);
    expect(await askedFor()).toEqual([]);
  });

  it('takes back the invitation of one that is booked', () => {
    const one = year(invited({ 'meeting-1': '2027-02-16' }));
    take(one, { meeting: 1 });
    expect(one.state.meetings).toEqual({ 'meeting-1': { called: true } });
    expect(heldMails(one)).toMatchObject([
      ['2027-01-13T09:05:00.000Z', 'meeting-cancelled', 'customer', 'meeting-1'],
      ['2027-01-13T09:05:00.000Z', 'meeting-blocks', 'consultant', 'meeting-1'],
    ]);
  });

  it('takes back what somebody had to look at about it', () => {
    const one = year({
      attention: [{ code: 'meeting-overdue', subject: 'meeting-1', detail: 'x', at: since }],
    });
    take(one, { meeting: 1 });
    expect(one.state.attention).toEqual([]);
  });

  it('takes the same once more for a repeat', () => {
    const one = year(closed('declined', 'meeting-1'));
    expect(take(one, { meeting: 1 })).toEqual({ obligation: 'meeting-1', repeat: true });
    expect(one.state.steps).toEqual([]);
  });

  it.each<[string, Partial<YearState>, Record<string, unknown>, string, string]>([
    [
      'it was held',
      closed('done', 'meeting-1'),
      { meeting: 1 },
      'management meeting 1 is already done (2027-01-12)',
      'förvaltningsmöte 1 är redan klart (2027-01-12)',
    ],
    [
      'there is no such meeting',
      {},
      { meeting: 'meeting-5' },
      'meeting: expected one of 1, 2, 3, 4, found 5',
      'meeting: förväntade ett av 1, 2, 3, 4, hittade 5',
    ],
  ])('is refused where %s', (_what, state, input, en, sv) => {
    expect(refusal(year(state), input)).toEqual({ en, sv });
  });
});

describe('extraMeetingRequested', () => {
  const { take, refusal } = messageTo('extraMeetingRequested', judgeExtra);

  it('without a date has the consultant called to plan it', async () => {
    const one = year();
    expect(take(one)).toEqual({ obligation: 'meeting-extra-1' });
    expect(one.state.meetings).toEqual({ 'meeting-extra-1': { extra: now } });
    expect(one.state.counters.extra).toBe(1);
    expect(await replansAskedFor()).toEqual(['an extra meeting was asked for']);
  });

  it('with a date is booked at once, at the usual time unless told', async () => {
    const one = year({ counters: { action: 0, improvement: 0, step: 4, extra: 2, rejection: 0 } });
    expect(take(one, { on: '2027-04-20', minutes: 60, place: 'Teams' })).toEqual({
      obligation: 'meeting-extra-3',
      on: '2027-04-20',
      at: '10:00',
    });
    expect(one.state.meetings).toEqual({
      'meeting-extra-3': {
        extra: now,
        booked: {
          ...{ on: '2027-04-20', time: '10:00', minutes: 60, place: 'Teams', since: now },
          revision: 1,
        },
        called: true,
        organizer: 'konsult-1',
      },
    });
    expect(await replansAskedFor()).toEqual(['meeting-extra-3 was booked']);
  });

  it.each([11, 12])('is refused once there are twelve: %i so far', (count) => {
    const one = yearAt(now, { plan: withExtra(count) });
    if (count < 12) expect(take(one)).toHaveProperty('obligation');
    else
      expect(refusal(one)).toEqual({
        en: 'there are already 12 extra meetings; finish some first',
        sv: 'det finns redan 12 extramöten; avsluta några först',
      });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a closed day', { on: '2027-05-06' }, 'on: expected a working day, found 2027-05-06'],
    [
      'a day after the year',
      { on: '2028-01-03' },
      'on: expected a day of the agreement year, 2027-01-01 to 2027-12-31, found 2028-01-03',
    ],
    [
      'a time that has passed',
      { on: '2027-01-13', at: '09:59' },
      'on: expected a time that has not passed, found 2027-01-13 09:59',
    ],
    [
      'the time of another meeting',
      { on: '2027-02-16' },
      'management meeting 1 is already booked 2027-02-16 10:00',
    ],
    [
      'a length of no time',
      { on: '2027-04-20', minutes: 0 },
      'minutes: expected a number from 15 to 480, found 0',
    ],
  ])('is refused for %s', (_what, input, en) => {
    expect(refusal(year(booked({ 'meeting-1': '2027-02-16' })), input).en).toBe(en);
  });
});

describe('meetingHeld', () => {
  const { take, refusal } = messageTo('meetingHeld', judgeHeld);
  /** The day the first meeting is planned for, when it is over. */
  const after = '2027-02-16T11:00:00.000Z';

  it('without a word closes the first open meeting today, and mails nothing', async () => {
    const one = year({}, after);
    expect(take(one)).toEqual({ obligation: 'meeting-1', on: '2027-02-16' });
    expect(one.state.closed).toEqual({ 'meeting-1': { at: after, state: 'done', by: 'consultant' } });
    expect(one.state.meetings).toEqual({ 'meeting-1': { heldOn: '2027-02-16' } });
    expect(one.state.heldMails).toEqual([]);
    expect(one.state.hoursToBook).toMatchObject([{ included: true, seconds: 5400 }]);
    expect(await askedFor()).toEqual([]);
  });

  it('takes down what was agreed, and mails the minutes after the time to undo it', () => {
    const one = year(invited({ 'meeting-1': '2027-02-16' }), after);
    const detail = take(one, {
      ...{ meeting: 1, minutes: 89.6, participants: ['contact-1', 'consultant'], note: 'good', by: 'anna' },
      decisions: ['The import moves', 'x'.repeat(2000)],
      actions: ['Send the list', { what: 'Call', owner: 'contact-2', due: '2027-03-01' }],
    });
    expect(detail).toEqual({ obligation: 'meeting-1', on: '2027-02-16', actions: ['1', '2'] });
    expect(one.state.meetings['meeting-1']).toMatchObject({ heldOn: '2027-02-16', heldMinutes: 90 });
    expect(one.state.actions).toEqual({
      1: { meeting: 'meeting-1', what: 'Send the list', owner: 'consultant', dueOn: '2027-03-02' },
      2: { meeting: 'meeting-1', what: 'Call', owner: 'contact-2', dueOn: '2027-03-01' },
    });
    expect(heldMails(one)).toEqual([
      ['2027-02-16T11:05:00.000Z', 'meeting-minutes', 'customer', 'meeting-1'],
      ['2027-02-16T11:05:00.000Z', 'meeting-minutes', 'consultant', 'meeting-1'],
    ]);
    const row = one.state.journal.find(({ meeting }) => meeting)?.meeting;
    expect(row).toMatchObject({ participants: ['contact-1', 'consultant'], note: 'good' });
    expect(row?.decisions?.map((text) => text.length)).toEqual([16, 500]);
    expect(one.state.steps[0]).not.toHaveProperty('texts');
  });

  it('takes down a participant once whom the message names twice', () => {
    const one = year({}, after);
    take(one, { participants: ['contact-1', 'consultant', 'contact-1'] });
    const row = one.state.journal.find(({ meeting }) => meeting)?.meeting;
    expect(row?.participants).toEqual(['contact-1', 'consultant']);
  });

  it.each([
    ['three open days before and the day after are still to come', '2027-03-01', undefined],
    ['the first reminder has passed', '2027-02-18', ['remind']],
    ['both have passed', '2027-02-12', ['remind', 'overdue']],
  ])('reminds of an action as far as %s', (_what, due, reminded) => {
    const one = year({}, after);
    take(one, { actions: [{ what: 'x', due }] });
    expect(one.state.actions['1']?.reminded).toEqual(reminded);
  });

  it('cuts an action to a length that a run can hand on', () => {
    const one = year({}, after);
    take(one, { actions: ['å'.repeat(400)] });
    expect(one.state.actions['1']?.what).toBe('å'.repeat(120));
  });

  it.each([
    ['a week off', '2027-02-23T11:00:00.000Z', '2027-02-23', []],
    ['eight days late', '2027-02-24T11:00:00.000Z', '2027-02-24', ['meeting-1 was held on another day']],
    ['eight days early', '2027-02-08T11:00:00.000Z', '2027-02-08', ['meeting-1 was held on another day']],
  ])(
    'spreads those to come anew where it was held more than a week off: %s',
    async (_what, at, on, reasons) => {
      const one = year({}, at);
      take(one, { meeting: 1, on });
      expect(await replansAskedFor()).toEqual(reasons);
    },
  );

  it('calls the booked day off where it was held before it, and not on the day itself', () => {
    const early = year(invited({ 'meeting-1': '2027-02-18' }), after);
    take(early, { meeting: 1 });
    expect(heldMails(early)).toMatchObject([
      ['2027-02-16T11:05:00.000Z', 'meeting-cancelled', 'customer', 'meeting-1'],
      ['2027-02-16T11:05:00.000Z', 'meeting-blocks', 'consultant', 'meeting-1'],
    ]);
    const onTheDay = year(invited({ 'meeting-1': '2027-02-16' }), after);
    take(onTheDay, { meeting: 1 });
    expect(onTheDay.state.heldMails).toEqual([]);
  });

  it.each<[string, 'none' | 'extra' | 'all', string, number | undefined, number | undefined]>([
    ["the contract's own, where only extra ones draw", 'extra', 'meeting-1', 90, undefined],
    ['an extra one', 'extra', 'meeting-extra-1', 60, 3600],
    ['an extra one, to the minute', 'extra', 'meeting-extra-1', 40, 2400],
    ['an extra one of the usual length', 'extra', 'meeting-extra-1', undefined, 5400],
    ['any, where all draw', 'all', 'meeting-1', 90, 5400],
    ['an extra one, where none draws', 'none', 'meeting-extra-1', 90, undefined],
  ])(
    'draws hours from the bank for %s; others are recorded',
    (_what, drawsFromHourBank, meeting, minutes, seconds) => {
      const extra = withExtra();
      const one = yearAt(after, { plan: { ...extra, meetings: { ...extra.meetings!, drawsFromHourBank } } });
      const detail = take(one, { meeting, ...(minutes && { minutes }) });
      expect(one.state.hoursToBook).toEqual([
        {
          entryId: `testbolaget-2027/1/${meeting}-1`,
          ...{ seconds: seconds ?? 5400, on: '2027-02-16', confirmed: true },
          ...(seconds === undefined && { included: true }),
          service: 'meeting',
          ref: `${meeting}-1-1`,
          by: 'consultant',
          byAssumed: true,
          asOf: after,
        },
      ]);
      expect(detail.hours).toBe(seconds === undefined ? undefined : seconds / 3600);
      expect(one.state.steps[0]?.entryId).toBe(one.state.hoursToBook[0]?.entryId);
    },
  );

  it('takes back what somebody had to look at about it', () => {
    const raised = { detail: 'x', at: since };
    const one = year(
      {
        attention: [
          { code: 'meeting-overdue', subject: 'meeting-1', ...raised },
          { code: 'meeting-moved', subject: 'meeting-1', ...raised },
          { code: 'meeting-overdue', subject: 'meeting-2', ...raised },
        ],
      },
      after,
    );
    take(one);
    expect(one.state.attention.map(({ code, subject }) => [code, subject])).toEqual([
      ['meeting-moved', 'meeting-1'],
      ['meeting-overdue', 'meeting-2'],
    ]);
  });

  it('takes the same once more for a repeat, which takes nothing down', () => {
    const one = year(closed('done', 'meeting-1'), after);
    expect(take(one, { meeting: 1, actions: ['x'] })).toEqual({ obligation: 'meeting-1', repeat: true });
    expect(one.state.actions).toEqual({});
    expect(one.state.steps).toEqual([]);
  });

  it.each([
    ['with words where there were none', {}, { decisions: ['x'] }],
    ['as held on another day', { on: '2027-02-16' }, { on: '2027-02-15' }],
  ])('reported once more %s is refused, and nothing of it is lost unsaid', (_, first, second) => {
    const one = year({}, after);
    take(one, { meeting: 1, ...first });
    expect(refusal(one, { meeting: 1, ...second })).toMatchObject({
      en: expect.stringMatching(/reported already as held on 2027-02-16.*stepUndone/) as string,
    });
  });

  it('takes a report with words once more for a repeat', () => {
    const one = year({}, after);
    take(one, { meeting: 1, decisions: ['x'] });
    expect(take(one, { meeting: 1, decisions: ['x'] })).toEqual({ obligation: 'meeting-1', repeat: true });
  });

  it('that names no meeting is asked about where it is likely to be a repeat, and taken once confirmed', () => {
    const one = year({}, after);
    take(one);
    expect(refusal(one, {})).toEqual({
      en: 'management meeting 1 is reported already as held on 2027-02-16; if management meeting 2 is meant, write it under meeting or send the same with "confirmed": true',
      sv: 'förvaltningsmöte 1 är redan rapporterat som hållet 2027-02-16; är det förvaltningsmöte 2 som menas, skriv det under meeting eller skicka samma sak med "confirmed": true',
    });
    expect(take(one, { confirmed: true })).toMatchObject({ obligation: 'meeting-2' });
    expect(take(one, { meeting: 3 })).toMatchObject({ obligation: 'meeting-3' });
  });

  it('that names no meeting is asked about where the next one is planned more than a month later', () => {
    const held = { ...closed('done', 'meeting-1'), meetings: { 'meeting-1': { heldOn: '2027-02-16' } } };
    expect(refusal(year(held, '2027-04-16T11:00:00.000Z'), {})).toEqual({
      en: 'the next meeting, management meeting 2, is planned for 2027-05-18, more than a month later; if it is meant, write it under meeting or send the same with "confirmed": true',
      sv: 'nästa möte, förvaltningsmöte 2, är planerat till 2027-05-18, mer än en månad senare; är det det som menas, skriv det under meeting eller skicka samma sak med "confirmed": true',
    });
    expect(take(year(held, '2027-04-20T11:00:00.000Z'))).toMatchObject({ obligation: 'meeting-2' });
  });

  it('that names no meeting is taken for the next where that was planned or booked for the day', () => {
    const heldYesterday: Partial<YearState> = {
      closed: { 'meeting-1': { at: '2027-02-16T11:00:00.000Z', state: 'done' } },
      meetings: { 'meeting-1': { heldOn: '2027-02-15' }, 'meeting-2': { booked: booking('2027-02-16') } },
    };
    expect(take(year(heldYesterday, after))).toMatchObject({ obligation: 'meeting-2' });
    expect(take(year(heldYesterday, after), { on: '2027-02-16' })).toMatchObject({ obligation: 'meeting-2' });
    expect(refusal(year(heldYesterday, after), { on: '2027-02-14' })).toMatchObject({
      en: expect.stringContaining('meeting 1 is reported already') as string,
    });
  });

  const action: ActionState = { meeting: 'meeting-1', what: 'x', owner: 'consultant', dueOn: '2027-03-01' };
  const manyActions = (count: number): Partial<YearState> => ({
    actions: {
      ...Object.fromEntries(Array.from({ length: count }, (_, index) => [index + 2, action])),
      1: { ...action, done: true },
    },
  });

  it('takes actions until thirty are open', () => {
    expect(take(year(manyActions(29), after), { actions: ['x'] })).toMatchObject({ actions: ['1'] });
  });

  it.each<[string, Partial<YearState>, Record<string, unknown>, string, string]>([
    [
      'tomorrow',
      {},
      { on: '2027-02-17' },
      'on: expected today or an earlier day, found 2027-02-17',
      'on: förväntade i dag eller en tidigare dag, hittade 2027-02-17',
    ],
    [
      'the right day of the year before',
      {},
      { on: '2026-02-16' },
      'on: expected a day of the agreement year, 2027-01-01 to 2027-12-31, found 2026-02-16',
      'on: förväntade en dag i avtalsåret, 2027-01-01 till 2027-12-31, hittade 2026-02-16',
    ],
    [
      'the last day before the year',
      {},
      { on: '2026-12-31' },
      'on: expected a day of the agreement year, 2027-01-01 to 2027-12-31, found 2026-12-31',
      'on: förväntade en dag i avtalsåret, 2027-01-01 till 2027-12-31, hittade 2026-12-31',
    ],
    [
      'no time at all',
      {},
      { minutes: 0 },
      'minutes: expected a number from 5 to 480, found 0',
      'minutes: förväntade ett tal från 5 till 480, hittade 0',
    ],
    [
      'hours that stand for minutes',
      {},
      { minutes: '1,5' },
      'minutes: expected a number from 5 to 480, found 1.5',
      'minutes: förväntade ett tal från 5 till 480, hittade 1.5',
    ],
    [
      'more than a day',
      {},
      { minutes: 481 },
      'minutes: expected a number from 5 to 480, found 481',
      'minutes: förväntade ett tal från 5 till 480, hittade 481',
    ],
    [
      'somebody who is no contact',
      {},
      { participants: ['contact-1', 'contact-9'] },
      'participants: expected one of contact-1, contact-2, contact-3, consultant, manager, support, customer, found contact-9',
      'participants: förväntade ett av contact-1, contact-2, contact-3, consultant, manager, support, customer, hittade contact-9',
    ],
    [
      'an action of nobody we know',
      {},
      { actions: ['x', { what: 'y', owner: 'karin' }] },
      'actions[1].owner: expected one of contact-1, contact-2, contact-3, consultant, manager, support, customer, found karin',
      'actions[1].owner: förväntade ett av contact-1, contact-2, contact-3, consultant, manager, support, customer, hittade karin',
    ],
    [
      'more than thirty open actions',
      manyActions(29),
      { actions: ['x', 'y'] },
      'there are already 30 open actions; finish some first',
      'det finns redan 30 öppna åtgärder; avsluta några först',
    ],
    [
      'a meeting that was missed',
      closed('missed', 'meeting-1'),
      { meeting: 1 },
      'management meeting 1 is closed as not delivered (2027-01-12)',
      'förvaltningsmöte 1 är avslutat som inte levererat (2027-01-12)',
    ],
    [
      'a meeting there is none of',
      {},
      { meeting: 5 },
      'meeting: expected one of 1, 2, 3, 4, found 5',
      'meeting: förväntade ett av 1, 2, 3, 4, hittade 5',
    ],
  ])('is refused with the reason: %s', (_what, state, input, en, sv) => {
    expect(refusal(year(state, after), input)).toEqual({ en, sv });
  });
});

describe('actionDone', () => {
  const { take, refusal } = messageTo('actionDone', judgeActionDone);
  const open: ActionState = { meeting: 'meeting-1', what: 'x', owner: 'contact-1', dueOn: '2027-03-01' };
  const done: ActionState = { ...open, done: true };

  it.each<[string, Record<string, ActionState>, Record<string, unknown>, string]>([
    ['the one it names', { 1: open, 2: open }, { action: 2 }, '2'],
    ['the only open one', { 1: done, 2: open }, {}, '2'],
  ])('takes down that it is done: %s', (_what, actions, input, id) => {
    const one = year({ actions });
    expect(take(one, { ...input, note: 'by mail' })).toEqual({ action: id, note: 'by mail' });
    expect(one.state.actions).toEqual({ ...actions, [id]: done });
    expect(one.state.journal).toMatchObject([{ kind: 'row', actions: [{ id, state: 'done' }] }]);
  });

  it('takes the same once more for a repeat', () => {
    const one = year({ actions: { 1: done, 2: open } });
    expect(take(one, { action: 1 })).toEqual({ action: '1', repeat: true });
    expect(one.state.steps).toEqual([]);
  });

  it.each<[string, Record<string, ActionState>, Record<string, unknown>, string, string]>([
    [
      'none of several is named',
      { 1: open, 2: done, 3: open },
      {},
      'action: expected 1, 3, found nothing',
      'action: förväntade 1, 3, hittade ingenting',
    ],
    [
      'none is named and none is open',
      { 1: done },
      {},
      'action: no action is open',
      'action: ingen åtgärd är öppen',
    ],
    [
      'there is no such action',
      { 1: open, 2: done },
      { action: 7 },
      'action: expected one of 1, found 7',
      'action: förväntade ett av 1, hittade 7',
    ],
    ['there is none at all', {}, { action: 1 }, 'action: no action is open', 'action: ingen åtgärd är öppen'],
  ])('is refused where %s', (_what, actions, input, en, sv) => {
    expect(refusal(year({ actions }), input)).toEqual({ en, sv });
  });
});
