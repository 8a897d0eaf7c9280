import fc from 'fast-check';
import {
  addOpenDays,
  instantAt,
  isOpenDay,
  localDateOf,
  nextOpenDay,
} from '../../rules/engine/calendar/calendar';
import { addDays, daysBetween } from '../../rules/engine/calendar/dates';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Booking, MeetingProgress, Obligation, YearPlan } from '../../rules/engine/plan/plan';
import type { MeetingTerms, SupportTerms, Terms } from '../../rules/engine/ruleset/terms';
import { exampleContract, guldTerms, obligation, plan, planBooked, steps } from './fixtures';

let terms: Terms;
let first: YearPlan;
beforeAll(async () => {
  terms = await guldTerms();
  first = plan({ terms });
});

type Settled = Record<string, MeetingProgress>;

const withMeetings = (changed: Partial<MeetingTerms>): Terms => ({
  ...terms,
  meetings: { ...terms.meetings, ...changed },
});
const withSupport = (changed: Partial<SupportTerms>): Terms => ({
  ...terms,
  support: { ...terms.support, ...changed },
});
const withHold = (holdMinutes: number): Terms => ({ ...terms, notices: { ...terms.notices, holdMinutes } });

const booking = (on: LocalDate, how: Partial<Booking> = {}): Booking => ({
  on,
  time: '10:00',
  since: '2027-01-13T09:00:00.000Z',
  revision: 2,
  ...how,
});

interface Now {
  asOf?: Instant;
  under?: Terms;
  previous?: YearPlan;
  closed?: Record<string, Instant>;
}

/** The year planned again with what people have settled. */
function again(
  meetings: Settled,
  { asOf = '2027-01-13T09:00:00.000Z', under = terms, previous = first, closed = {} }: Now = {},
): YearPlan {
  return plan({ terms: under, asOf, progress: { previous, closed, meetings } });
}

const meetingsOf = (year: YearPlan): Obligation[] =>
  year.obligations.filter(({ strand }) => strand === 'meetings');
const dates = (year: YearPlan): Record<string, LocalDate> =>
  Object.fromEntries(meetingsOf(year).map(({ id, dueOn }) => [id, dueOn]));

describe('a booked meeting', () => {
  const meetings = {
    'meeting-1': { booked: booking('2027-02-24', { time: '13:15' }), called: true as const },
  };
  const place = {
    dueOn: '2027-02-24',
    dueAt: '2027-02-24T12:15:00.000Z',
    revision: 2,
    booked: true,
    late: false,
  };

  test.each<[string, () => Terms]>([
    ['more meetings', () => withMeetings({ perYear: 12 })],
    ['fewer meetings', () => withMeetings({ perYear: 1 })],
    ['meetings in given months', () => withMeetings({ spread: 'months', months: [3, 6, 9, 12] })],
    ['another time of day', () => withMeetings({ startTime: '08:30' })],
    [
      'a later invitation',
      () => withMeetings({ inviteDaysBefore: 1, callDaysBefore: 1, agendaDaysBefore: 1 }),
    ],
    ['its day closed', () => withSupport({ closedDays: ['2027-02-24'] })],
    ['its day half', () => withSupport({ halfDays: ['2027-02-24'], halfDayCloses: '10:30' })],
    ['its week to avoid', () => ({ ...terms, calendar: { ...terms.calendar, avoidWeeks: [8] } })],
    [
      'all weeks to avoid',
      () => {
        const avoidWeeks = Array.from({ length: 53 }, (_, index) => index + 1);
        return { ...terms, calendar: { ...terms.calendar, avoidWeeks } };
      },
    ],
  ])('stays where a person put it under terms with %s', (_what, under) => {
    const booked = again(meetings);
    expect(obligation(booked, 'meeting-1')).toMatchObject(place);
    for (const asOf of ['2027-01-20T12:00:00.000Z', '2027-02-24T08:00:00.000Z', '2027-06-01T12:00:00.000Z']) {
      const next = again(meetings, { asOf, under: under(), previous: booked });
      expect([asOf, obligation(next, 'meeting-1')]).toEqual([asOf, expect.objectContaining(place)]);
    }
  });

  test('stays when the terms no longer ask for it, and goes when it is called off', () => {
    const six = plan({ terms: withMeetings({ perYear: 6 }) });
    const { dueOn } = obligation(six, 'meeting-6');
    const last = { 'meeting-6': { booked: booking(dueOn), called: true as const } };
    const four = again(last, {
      previous: again(last, { under: withMeetings({ perYear: 6 }), previous: six }),
    });
    expect(Object.keys(dates(four))).toEqual([
      'meeting-1',
      'meeting-2',
      'meeting-3',
      'meeting-4',
      'meeting-6',
    ]);
    expect(obligation(four, 'meeting-6')).toMatchObject({ dueOn, revision: 2, booked: true });
    const cancelledAt = '2027-03-01T12:00:00.000Z';
    const off = again({ 'meeting-6': { cancelledAt, called: true } }, { asOf: cancelledAt, previous: four });
    expect(Object.keys(dates(off))).not.toContain('meeting-6');
    expect(off.withdrawn).toEqual({ 'meeting-5': 1, 'meeting-6': 2 });
  });

  test('says how long it is and where it is held, if a person said so', () => {
    const said = booking('2027-02-24', { minutes: 45, place: 'Teams' });
    expect(obligation(again({ 'meeting-1': { booked: said } }), 'meeting-1')).toMatchObject({
      minutes: 45,
      place: 'Teams',
    });
    const unsaid = obligation(again(meetings), 'meeting-1');
    expect([unsaid.minutes, unsaid.place]).toEqual([undefined, undefined]);
  });

  test('keeps its number when it is planned again, and asks nothing twice', () => {
    let previous = again(meetings);
    const asked = obligation(previous, 'meeting-1');
    for (const day of [
      '01-13T09:04',
      '01-13T09:05',
      '01-13T10:00',
      '02-19T07:30',
      '02-22T12:00',
      '03-01T12:00',
    ]) {
      const next = again(meetings, { asOf: `2027-${day}:00.000Z`, previous });
      expect([day, obligation(next, 'meeting-1')]).toEqual([day, asked]);
      previous = next;
    }
  });

  test('keeps the invitation that went out when the time to undo changes', () => {
    const previous = again(meetings);
    const asOf = '2027-01-13T09:30:00.000Z';
    expect(obligation(again(meetings, { asOf, under: withHold(120), previous }), 'meeting-1')).toEqual(
      obligation(previous, 'meeting-1'),
    );
  });

  test.each([
    [0, '2027-01-13T09:02:00.000Z'],
    [1, '2027-01-13T09:02:00.000Z'],
    [60, '2027-01-13T10:00:00.000Z'],
  ])(
    'whose invitation still waits when the time to undo becomes %i minutes is invited to at %s',
    (hold, at) => {
      const asOf = '2027-01-13T09:02:00.000Z';
      const next = again(meetings, { asOf, under: withHold(hold), previous: again(meetings) });
      const invite = obligation(next, 'meeting-1').notices.find(({ step }) => step === 'invite');
      const waited = '2027-01-13T09:05:00.000Z';
      // Less time than has gone by already: it goes out no later than it would have.
      expect(invite?.at).toBe(hold < 2 ? waited : at);
      expect(again(meetings, { asOf, under: withHold(hold), previous: next })).toEqual({
        ...next,
        revision: next.revision + 1,
      });
    },
  );

  test('that is moved has exactly the number given, and all its mails anew', () => {
    const since = '2027-02-20T15:00:00.000Z';
    const moved = booking('2027-03-04', { since, revision: 7 });
    const next = again({ 'meeting-1': { booked: moved } }, { asOf: since, previous: again(meetings) });
    expect(obligation(next, 'meeting-1')).toMatchObject({ dueOn: '2027-03-04', revision: 7 });
    expect(steps(obligation(next, 'meeting-1'))).toEqual({
      invite: '2027-02-20T15:05',
      blocks: '2027-02-20T15:05',
      agenda: '2027-02-26T07:30',
      'agenda-consultant': '2027-02-26T07:30',
      remind: '2027-03-01T07:30',
      overdue: '2027-03-08T07:30',
      escalate: '2027-03-11T07:30',
    });
  });

  test('that only changes its time of day has all its mails anew as well', () => {
    const since = '2027-02-23T12:00:00.000Z';
    const moved = booking('2027-02-24', { since, time: '15:00', revision: 3 });
    const next = again({ 'meeting-1': { booked: moved } }, { asOf: since, previous: again(meetings) });
    expect(obligation(next, 'meeting-1')).toMatchObject({ dueAt: '2027-02-24T14:00:00.000Z', revision: 3 });
    expect(steps(obligation(next, 'meeting-1'))).toMatchObject({
      invite: '2027-02-23T12:05',
      agenda: '2027-02-23T12:05',
      remind: '2027-02-24T07:30',
    });
  });
});

describe('the mails of a booked meeting', () => {
  test.each([
    ['in office hours', '2027-01-13T09:00:00.000Z', 5, '2027-01-13T09:05:00.000Z'],
    ['on a Saturday evening', '2027-01-16T20:53:30.000Z', 5, '2027-01-16T20:58:30.000Z'],
    ['with no time to undo it', '2027-01-13T09:00:00.000Z', 0, '2027-01-13T09:00:00.000Z'],
    ['with two hours to undo it', '2027-01-13T09:00:00.000Z', 120, '2027-01-13T11:00:00.000Z'],
  ])('invite when the time to undo the booking is over: %s', (_what, since, hold, at) => {
    const year = again(
      { 'meeting-1': { booked: booking('2027-02-16', { since }) } },
      { asOf: since, under: withHold(hold) },
    );
    const { notices } = obligation(year, 'meeting-1');
    expect(notices.slice(0, 2).map(({ step, at: when, to }) => [step, when, to])).toEqual([
      ['invite', at, 'customer'],
      ['blocks', at, 'consultant'],
    ]);
  });

  test.each<
    [string, Instant, Partial<Booking>, Partial<MeetingProgress>, SupportTerms['outsideHours'], Instant]
  >([
    ['that begins', '2027-01-13T20:56:00.000Z', {}, {}, 'hold', '2027-01-14T07:30:00.000Z'],
    ['before Saturday', '2027-01-15T22:00:00.000Z', {}, {}, 'hold', '2027-01-18T07:30:00.000Z'],
    ['that ends', '2027-01-14T04:54:59.000Z', {}, {}, 'hold', '2027-01-14T07:30:00.000Z'],
    ['that has ended', '2027-01-14T04:55:00.000Z', {}, {}, 'hold', '2027-01-14T05:00:00.000Z'],
    [
      'before a meeting at eight',
      '2027-02-15T22:00:00.000Z',
      { time: '08:00' },
      {},
      'hold',
      '2027-02-15T22:05:00.000Z',
    ],
    [
      'before a meeting at nine',
      '2027-02-15T22:00:00.000Z',
      { time: '09:00' },
      {},
      'hold',
      '2027-02-16T07:30:00.000Z',
    ],
    [
      'before the meeting at eight that was moved',
      '2027-01-13T22:00:00.000Z',
      {},
      { movedFrom: booking('2027-01-14', { time: '08:00' }) },
      'hold',
      '2027-01-13T22:05:00.000Z',
    ],
    [
      'where mails go out at any hour',
      '2027-01-13T22:00:00.000Z',
      {},
      {},
      'send',
      '2027-01-13T22:05:00.000Z',
    ],
  ])('invite the customer after a night %s (booked %s), and fill our calendar at once', (...given) => {
    const [, since, how, told, outsideHours, at] = given;
    const year = again(
      { 'meeting-1': { booked: booking('2027-02-16', { since, ...how }), ...told } },
      { asOf: since, under: withSupport({ outsideHours }) },
    );
    const found = steps(obligation(year, 'meeting-1'));
    expect(year.nightRest).toBe(outsideHours === 'hold' ? true : undefined);
    expect(`${found['invite']}:00`.slice(0, 16)).toBe(at.slice(0, 16));
    expect(found['blocks']).toBe(new Date(Date.parse(since) + 300_000).toISOString().slice(0, 16));
  });

  test.each([
    ['in good time', '2027-01-13T09:00', { agenda: '2027-02-11T07:30', remind: '2027-02-12T07:30' }],
    [
      'the day before the agenda',
      '2027-02-10T12:00',
      { agenda: '2027-02-11T07:30', remind: '2027-02-12T07:30' },
    ],
    [
      'on the day of the agenda',
      '2027-02-11T12:00',
      { agenda: '2027-02-11T12:05', remind: '2027-02-12T07:30' },
    ],
    ['when it is to be reminded of', '2027-02-12T07:27', { agenda: '2027-02-12T07:32' }],
    ['the day before', '2027-02-15T12:00', { agenda: '2027-02-15T12:05', remind: '2027-02-16T07:30' }],
    ['on its day', '2027-02-16T08:00', { agenda: '2027-02-16T08:05' }],
    ['a minute before it begins', '2027-02-16T08:59', {}],
  ])(
    'never give the agenda before the invitation, and remind before the meeting: booked %s',
    (_what, at, expected) => {
      const since = `${at}:00.000Z`;
      const year = again({ 'meeting-1': { booked: booking('2027-02-16', { since }) } }, { asOf: since });
      const told = steps(obligation(year, 'meeting-1'));
      expect(told).toMatchObject({ overdue: '2027-02-18T07:30', escalate: '2027-02-23T07:30' });
      expect([told.agenda, told['agenda-consultant'], told.remind]).toEqual([
        ...['agenda', 'agenda', 'remind'].map((step) => (expected as Record<string, string>)[step]),
      ]);
      expect(told.invite).toBe(new Date(Date.parse(since) + 300_000).toISOString().slice(0, 16));
    },
  );
});

describe('a meeting that is called off', () => {
  const off = (on: LocalDate, cancelledAt: Instant, under = terms): YearPlan => {
    const previous = again({ 'meeting-1': { booked: booking(on), called: true } }, { under });
    return again({ 'meeting-1': { cancelledAt, called: true } }, { asOf: cancelledAt, previous, under });
  };

  test.each([
    [
      'goes back to its day where there is time to invite',
      '2027-02-16',
      '2027-01-14T12:00:00.000Z',
      '2027-02-16',
    ],
    ['is owed three weeks later', '2027-02-16', '2027-02-10T12:00:00.000Z', '2027-03-03'],
    ['on the evening before counts the local date', '2027-02-16', '2027-02-09T23:30:00.000Z', '2027-03-03'],
    ['keeps off holidays', '2027-03-10', '2027-03-05T12:00:00.000Z', '2027-03-30'],
    ['keeps off the weeks to avoid', '2027-06-29', '2027-06-22T12:00:00.000Z', '2027-08-09'],
    ['is owed in the year all the same', '2027-12-28', '2027-12-20T12:00:00.000Z', '2027-12-30'],
  ])('%s', (_what, booked, cancelledAt, dueOn) => {
    expect(obligation(off(booked, cancelledAt), 'meeting-1')).toMatchObject({
      dueOn,
      revision: 3,
      late: false,
    });
    expect(obligation(off(booked, cancelledAt), 'meeting-1')).not.toHaveProperty('booked');
  });

  test('calls nobody again, and chases as one that nobody has booked', () => {
    expect(steps(obligation(off('2027-02-16', '2027-02-10T12:00:00.000Z'), 'meeting-1'))).toEqual({
      book: '2027-02-16T07:30',
      'book-escalate': '2027-02-19T07:30',
      overdue: '2027-03-05T07:30',
      escalate: '2027-03-10T07:30',
    });
  });

  test('keeps off half days that are too short for it, and the days the agreement closes', () => {
    const under = withSupport({
      closedDays: ['2027-03-03'],
      halfDays: ['2027-03-04'],
      halfDayCloses: '11:00',
    });
    expect(obligation(off('2027-02-16', '2027-02-10T12:00:00.000Z', under), 'meeting-1').dueOn).toBe(
      '2027-03-05',
    );
  });

  test('keeps off the days of other meetings', () => {
    const cancelledAt = '2027-02-10T12:00:00.000Z';
    const booked = { booked: booking('2027-02-16'), called: true as const };
    const previous = again({
      'meeting-1': booked,
      'meeting-2': { booked: booking('2027-02-17') },
      'meeting-3': { booked: booking('2027-03-04') },
    });
    const meetings: Settled = {
      'meeting-1': { cancelledAt, called: true },
      'meeting-2': { cancelledAt, called: true },
      'meeting-3': { booked: booking('2027-03-04') },
      'meeting-extra-1': { extra: cancelledAt },
    };
    const year = again(meetings, { asOf: cancelledAt, previous });
    const days = Object.values(dates(year));
    expect(new Set(days).size).toBe(days.length);
    expect(dates(year)).toMatchObject({ 'meeting-1': '2027-03-03', 'meeting-3': '2027-03-04' });
    expect(again(meetings, { asOf: cancelledAt, previous: year })).toEqual({
      ...year,
      revision: year.revision + 1,
    });
  });

  test('stays where it went when time passes and nobody books it', () => {
    const cancelledAt = '2027-02-10T12:00:00.000Z';
    const meetings = { 'meeting-1': { cancelledAt, called: true as const } };
    let previous = off('2027-02-16', cancelledAt);
    const owed = obligation(previous, 'meeting-1');
    for (const day of ['02-15', '02-17', '03-02', '03-03', '03-04', '03-20']) {
      previous = again(meetings, { asOf: `2027-${day}T12:00:00.000Z`, previous });
      expect([day, obligation(previous, 'meeting-1')]).toEqual([day, owed]);
    }
  });
});

describe('an extra meeting', () => {
  const extra = '2027-03-01T12:00:00.000Z';

  test('is owed when there was time to invite to it, and the consultant is called at once', () => {
    const year = again({ 'meeting-extra-1': { extra } }, { asOf: extra });
    expect(obligation(year, 'meeting-extra-1')).toMatchObject({
      strand: 'meetings',
      dueOn: '2027-03-22',
      revision: 1,
      extra: true,
      late: false,
    });
    expect(steps(obligation(year, 'meeting-extra-1'))).toEqual({
      call: '2027-03-02T07:30',
      book: '2027-03-05T07:30',
      'book-escalate': '2027-03-10T07:30',
      overdue: '2027-03-24T07:30',
      escalate: '2027-03-31T06:30',
    });
  });

  test('does not move the promised ones, and each has a day of its own', () => {
    const year = again({ 'meeting-extra-1': { extra }, 'meeting-extra-2': { extra } }, { asOf: extra });
    expect(dates(year)).toEqual({
      ...dates(first),
      'meeting-extra-1': '2027-03-22',
      'meeting-extra-2': '2027-03-23',
    });
  });

  test('with a date is booked at once, and owed again as an extra one when it is called off', () => {
    const booked = booking('2027-03-09', { since: extra, revision: 1 });
    const year = again({ 'meeting-extra-1': { extra, booked, called: true } }, { asOf: extra });
    expect(obligation(year, 'meeting-extra-1')).toMatchObject({
      dueOn: '2027-03-09',
      revision: 1,
      extra: true,
      booked: true,
    });
    const cancelledAt = '2027-03-08T12:00:00.000Z';
    const off = again({ 'meeting-extra-1': { extra, cancelledAt } }, { asOf: cancelledAt, previous: year });
    expect(obligation(off, 'meeting-extra-1')).toMatchObject({
      dueOn: '2027-03-30',
      revision: 2,
      extra: true,
    });
  });
});

test.each(['declined', 'held'])('a meeting that is closed, as one that was %s, stays as it was', (how) => {
  const asOf = '2027-02-16T12:00:00.000Z';
  const meetings = { 'meeting-1': { booked: booking('2027-02-16'), called: true as const } };
  const previous = again(meetings);
  const settled: Settled =
    how === 'held'
      ? { 'meeting-1': { ...meetings['meeting-1'], heldOn: '2027-02-16' } }
      : { 'meeting-1': { called: true } };
  const next = again(settled, { asOf, previous, closed: { 'meeting-1': asOf } });
  expect(meetingsOf(next)).toEqual(meetingsOf(previous));
});

describe('a booking that is undone', () => {
  test('leaves the meeting where it was, without calling the consultant again', () => {
    const asOf = '2027-01-13T09:03:00.000Z';
    const year = again(
      { 'meeting-1': { called: true } },
      { asOf, previous: planBooked({ terms }, 'meeting-1') },
    );
    expect(obligation(year, 'meeting-1')).toMatchObject({ dueOn: '2027-02-16', revision: 3 });
    expect(steps(obligation(year, 'meeting-1'))).toEqual({
      book: '2027-01-26T07:30',
      'book-escalate': '2027-01-29T07:30',
      overdue: '2027-02-18T07:30',
      escalate: '2027-02-23T07:30',
    });
  });

  test('leaves time to act where the customer should have been invited meanwhile', () => {
    const asOf = '2027-02-08T09:03:00.000Z';
    const year = again(
      { 'meeting-1': { called: true } },
      { asOf, previous: planBooked({ terms }, 'meeting-1') },
    );
    expect(steps(obligation(year, 'meeting-1'))).toEqual({
      book: '2027-02-12T07:30',
      overdue: '2027-02-18T07:30',
      escalate: '2027-02-23T07:30',
    });
  });

  test('whose day has passed is owed on that day, and booked no more', () => {
    const asOf = '2027-02-18T12:00:00.000Z';
    const year = again(
      { 'meeting-1': { called: true } },
      { asOf, previous: planBooked({ terms }, 'meeting-1') },
    );
    const meeting = obligation(year, 'meeting-1');
    expect(meeting).toMatchObject({ dueOn: '2027-02-16', revision: 3 });
    expect(meeting.booked).toBeUndefined();
    const next = again({ 'meeting-1': { called: true } }, { asOf, previous: year });
    expect(obligation(next, 'meeting-1')).toEqual(meeting);
  });

  test('is booked anew on a day that has passed, at another time', () => {
    const previous = planBooked({ terms }, 'meeting-1');
    const booked = booking('2027-02-16', { time: '15:00', revision: 3 });
    const year = again({ 'meeting-1': { booked } }, { asOf: '2027-02-18T12:00:00.000Z', previous });
    expect(obligation(year, 'meeting-1')).toMatchObject({
      dueAt: '2027-02-16T14:00:00.000Z',
      revision: 3,
      booked: true,
    });
  });
});

describe('the spread stays even ("med jämn periodicitet")', () => {
  const interval = 365 / 4;
  /** Without weeks to avoid, which push meetings off their places. */
  const free = (): Terms => ({ ...terms, calendar: { ...terms.calendar, avoidWeeks: [] } });
  const daysInto = (on: LocalDate): number => daysBetween('2027-01-01', on);
  /** Half of the usual distance is left at both ends of the year. */
  const [start, end] = [-interval / 2, 365 + interval / 2];

  /** As even as days that must be open allow. */
  const expectEven = (places: number[]): void => {
    const distances = places.slice(1).map((place, index) => place - (places[index] ?? place));
    const mean = distances.reduce((sum, one) => sum + one, 0) / distances.length;
    for (const one of distances) expect(Math.abs(one - mean)).toBeLessThanOrEqual(4);
  };

  test.each([
    ['meeting-1', '2027-04-15'],
    ['meeting-2', '2027-04-05'],
    ['meeting-2', '2027-06-24'],
    ['meeting-3', '2027-09-24'],
    ['meeting-3', '2027-06-15'],
  ])('when %s is booked on %s: the others stand evenly on both sides of it', (id, on) => {
    const next = again({ [id]: { booked: booking(on) } }, { under: free() });
    const places = meetingsOf(next).map(({ dueOn }) => daysInto(dueOn));
    const at = places.indexOf(daysInto(on));
    expect(at).toBe(Number(id.slice(-1)) - 1);
    expectEven([start, ...places.slice(0, at + 1)]);
    expectEven([...places.slice(at), end]);
  });

  test('as told day by day', () => {
    expect(dates(again({ 'meeting-1': { booked: booking('2027-04-15') } }))).toEqual({
      'meeting-1': '2027-04-15',
      'meeting-2': '2027-07-01',
      'meeting-3': '2027-09-15',
      'meeting-4': '2027-12-01',
    });
  });

  test('between two that are settled', () => {
    const meetings = {
      'meeting-1': { booked: booking('2027-03-25') },
      'meeting-4': { booked: booking('2027-10-14') },
    };
    const next = again(meetings, { under: free() });
    expect(dates(next)).toMatchObject({ 'meeting-1': '2027-03-25', 'meeting-4': '2027-10-14' });
    expectEven(meetingsOf(next).map(({ dueOn }) => daysInto(dueOn)));
  });

  test('after one that was held on another day than planned', () => {
    const asOf = '2027-04-20T12:00:00.000Z';
    const meetings = { 'meeting-1': { heldOn: '2027-04-20' } };
    const next = again(meetings, { asOf, closed: { 'meeting-1': asOf }, under: free() });
    expect(obligation(next, 'meeting-1')).toEqual(obligation(first, 'meeting-1'));
    const open = meetingsOf(next).filter(({ id }) => id !== 'meeting-1');
    expectEven([daysInto('2027-04-20'), ...open.map(({ dueOn }) => daysInto(dueOn)), end]);
  });

  test.each([-22, -7, -1, 1, 7, 22])(
    'and is left alone by a move of %i days, within a quarter of the distance',
    (by) => {
      expect(Math.abs(by)).toBeLessThan(interval / 4);
      const on = nextOpenDay(addDays('2027-05-17', by));
      const next = again({ 'meeting-2': { booked: booking(on) } });
      expect(dates(next)).toEqual({ ...dates(first), 'meeting-2': on });
    },
  );

  test('and is not by one further off', () => {
    const next = again({ 'meeting-2': { booked: booking('2027-06-11') } });
    expect(dates(next)).not.toEqual({ ...dates(first), 'meeting-2': '2027-06-11' });
  });

  test('but not of meetings that the terms put into months', () => {
    const under = withMeetings({ spread: 'months', months: [2, 5, 8, 11] });
    const previous = plan({ terms: under });
    const next = again({ 'meeting-1': { booked: booking('2027-04-15') } }, { under, previous });
    expect(dates(next)).toEqual({ ...dates(previous), 'meeting-1': '2027-04-15' });
  });
});

describe('what chases a booking', () => {
  const chasers = [2, 4, 6, 20].map((openDaysAfter) => ({ openDaysAfter, to: 'manager' as const }));
  const chasesOf = ({ notices }: Obligation) => notices.filter(({ step }) => step.startsWith('book'));

  test('that went out at the same time to two parties stays when the terms send both to one', () => {
    const step = (openDaysAfter: number, to: 'consultant' | 'customer') => ({ openDaysAfter, to });
    const before = withMeetings({ bookingEscalation: [step(5, 'consultant'), step(5, 'customer')] });
    const after = withMeetings({ bookingEscalation: [step(1, 'customer'), step(6, 'customer')] });
    const asOf = '2027-02-09T07:31:00.000Z';
    const first = plan({ terms: before });
    const sent = ['book', 'book-escalate', 'book-escalate-2'];
    expect(chasesOf(obligation(first, 'meeting-1')).filter(({ at }) => at < asOf)).toHaveLength(sent.length);
    const changed = plan({ terms: after, asOf, progress: { previous: first, closed: {} } });
    expect(chasesOf(obligation(changed, 'meeting-1')).map(({ step: name }) => name)).toEqual(sent);
    const again = plan({ terms: after, asOf, progress: { previous: changed, closed: {} } });
    expect(again).toEqual({ ...changed, revision: 3 });
  });

  test('leaves three open days after a late call, and as many each time again, until the meeting’s day', () => {
    const year = plan({
      terms: withMeetings({ bookingEscalation: chasers }),
      contract: { ...exampleContract(), signedOn: '2027-11-22' },
      asOf: '2027-11-22T12:00:00.000Z',
    });
    expect(steps(obligation(year, 'meeting-1'))).toEqual({
      call: '2027-11-23T07:30',
      book: '2027-11-26T07:30',
      'book-escalate': '2027-12-01T07:30',
      'book-escalate-2': '2027-12-06T07:30',
      'book-escalate-3': '2027-12-09T07:30',
      overdue: '2027-12-15T07:30',
      escalate: '2027-12-20T07:30',
    });
  });

  test('is nothing where there is no time for it, and stays so', () => {
    const under = withMeetings({ perYear: 12 });
    const asOf = '2027-12-23T12:00:00.000Z';
    const year = plan({ terms: under, asOf });
    const [meeting] = meetingsOf(year);
    expect(meeting?.dueOn).toBe('2027-12-27');
    expect(Object.keys(steps(meeting as Obligation))).toEqual(['call', 'overdue', 'escalate']);
    const next = again({}, { asOf: '2027-12-27T08:00:00.000Z', under, previous: year });
    expect(next).toEqual({ ...year, revision: 2 });
  });

  test('of any year planned at any time comes in order, three open days after a call that came late', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 365 * 24 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }),
        fc.integer({ min: 0, max: 60 * 24 }),
        (hours, after, later) => {
          const bookingEscalation = after
            .sort((a, b) => a - b)
            .map((openDaysAfter) => ({ openDaysAfter, to: 'manager' as const }));
          const under = withMeetings({ bookingEscalation });
          const at = (more: number) =>
            new Date(Date.parse('2026-12-31T23:00:00.000Z') + more * 3_600_000).toISOString();
          const year = plan({ terms: under, asOf: at(hours) });
          for (const meeting of meetingsOf(year)) {
            const chases = chasesOf(meeting);
            if (meeting.noDayLeft) expect(meeting.notices).toEqual([]);
            expect(chases.map(({ step }) => step)).toEqual(
              [
                'book',
                ...after.map((_, index) => `book-escalate${index === 0 ? '' : `-${index + 1}`}`),
              ].slice(0, chases.length),
            );
            const call = localDateOf(meeting.notices[0]?.at ?? year.startsAt);
            for (const { at: chased } of chases) {
              expect(localDateOf(chased) >= addOpenDays(call, 3)).toBe(true);
              expect(localDateOf(chased) < meeting.dueOn).toBe(true);
            }
          }
          const asOf = at(hours + later);
          if (asOf < year.endsAt)
            expect(again({}, { asOf, under, previous: year })).toEqual({ ...year, revision: 2 });
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** What a person does, or a manager, and how many hours after what was done before. */
type Act =
  | { kind: 'book'; which: number; day: number; time: string }
  | { kind: 'cancel' | 'undo' | 'hold' | 'decline'; which: number }
  | { kind: 'extra' }
  | {
      kind: 'terms';
      perYear: number;
      closedDays: LocalDate[];
      avoidWeeks: number[];
      chase: number;
      hold: number;
    };

const which = fc.nat({ max: 30 });
const act: fc.Arbitrary<Act & { hours: number }> = fc
  .tuple(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('book' as const),
          which,
          day: fc.nat({ max: 250 }),
          time: fc.constantFrom('08:00', '10:00', '15:30'),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constantFrom('cancel' as const, 'undo', 'hold', 'decline'), which }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('extra' as const) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('terms' as const),
          perYear: fc.integer({ min: 1, max: 8 }),
          closedDays: fc.uniqueArray(
            fc.nat({ max: 364 }).map((after) => addDays('2027-01-01', after)),
            { maxLength: 30 },
          ),
          avoidWeeks: fc.uniqueArray(fc.integer({ min: 1, max: 52 }), { maxLength: 20 }),
          chase: fc.integer({ min: 1, max: 30 }),
          hold: fc.nat({ max: 120 }),
        }),
      },
    ),
    fc.nat({ max: 60 * 24 }),
  )
  .map(([done, hours]) => ({ ...done, hours }));

/** A year as people act in it: what they have settled, and the plan that follows. */
interface Played {
  under: Terms;
  meetings: Settled;
  closed: Record<string, Instant>;
  plan: YearPlan;
}

const openOf = ({ plan: { obligations }, closed }: Played): Obligation[] =>
  obligations.filter(({ id, strand }) => strand === 'meetings' && closed[id] === undefined);

/** What is settled after an act, or nothing where it cannot be done. */
function settle(
  year: Played,
  done: Act,
  asOf: Instant,
): Pick<Played, 'under' | 'meetings' | 'closed'> | undefined {
  const { under, meetings, closed } = year;
  if (done.kind === 'extra') {
    const id = `meeting-extra-${Object.keys(meetings).filter((one) => one.includes('extra')).length + 1}`;
    return { under, closed, meetings: { ...meetings, [id]: { extra: asOf } } };
  }
  if (done.kind === 'terms') {
    const { perYear, closedDays, avoidWeeks, chase, hold } = done;
    const bookingEscalation = [chase, chase + 5].map((openDaysAfter) => ({
      openDaysAfter,
      to: 'manager' as const,
    }));
    return {
      meetings,
      closed,
      under: {
        ...under,
        meetings: { ...under.meetings, perYear, bookingEscalation },
        support: { ...under.support, closedDays },
        calendar: { ...under.calendar, avoidWeeks },
        notices: { ...under.notices, holdMinutes: hold },
      },
    };
  }
  const open = openOf(year).filter(
    ({ booked }) => booked === true || !['cancel', 'undo'].includes(done.kind),
  );
  const meeting = open[done.which % Math.max(open.length, 1)];
  if (meeting === undefined) return undefined;
  const { id, revision } = meeting;
  const { booked: _, cancelledAt: __, ...rest } = meetings[id] ?? {};
  const settled = (one: MeetingProgress) => ({ under, closed, meetings: { ...meetings, [id]: one } });
  switch (done.kind) {
    case 'cancel':
      return settled({ ...rest, called: true, cancelledAt: asOf });
    case 'undo':
      return settled({ ...rest, called: true });
    case 'book': {
      const on = nextOpenDay(addDays(localDateOf(asOf), done.day), new Set(under.support.closedDays));
      if (on < year.plan.from || on >= year.plan.to || instantAt(on, done.time) <= asOf) return undefined;
      const booked = { on, time: done.time, since: asOf, revision: revision + 1 };
      return settled({ ...rest, called: true, booked });
    }
    default:
      return {
        under,
        closed: { ...closed, [id]: asOf },
        meetings: {
          ...meetings,
          [id]: done.kind === 'hold' ? { ...meetings[id], heldOn: localDateOf(asOf) } : rest,
        },
      };
  }
}

/** What holds for the meetings of any plan, whatever people have settled. All facts are expected at once: it is faster. */
function expectSound({ plan: year, meetings, closed, under }: Played, before: YearPlan, asOf: Instant): void {
  const wrong: unknown[] = [];
  const holds = (fact: boolean, ...about: unknown[]): void => void (fact || wrong.push(about));
  const ids = year.obligations.map(({ id }) => id);
  holds(new Set(ids).size === ids.length, ids, 'are each there once');
  const closedDays = new Set(under.support.closedDays);
  for (const one of meetingsOf(year)) {
    const { id, dueOn, dueAt, revision, notices, booked } = one;
    const was = before.obligations.find((other) => other.id === id);
    if (closed[id] !== undefined) {
      expect(one).toEqual(was);
      continue;
    }
    const booking = meetings[id]?.booked;
    holds(booked === (booking && true), id, booked, 'is as', booking);
    if (booking) {
      const booked = [booking.on, instantAt(booking.on, booking.time), booking.revision];
      expect([dueOn, dueAt, revision]).toEqual(booked);
    } else if (dueOn >= localDateOf(asOf)) holds(isOpenDay(dueOn, closedDays), id, dueOn, 'is open');
    holds(dueOn >= year.from && dueOn < year.to, id, dueOn, 'is within the year');
    holds(revision >= (was?.revision ?? 1), id, revision, 'is not less than', was?.revision);
    const times = notices.map(({ at }) => at);
    holds(times.join() === [...times].sort().join(), id, times, 'are in order');
    const names = notices.map(({ step }) => step);
    holds(new Set(names).size === names.length, id, names, 'are each there once');
    const asked = names.some((step) => /^(call|book)/.test(step));
    holds(!(asked && names.includes('invite')), id, names, 'do not both call and invite');
    const invited = notices.find(({ step }) => step === 'invite')?.at ?? '';
    for (const { step, at } of notices) {
      holds(at < year.endsAt, id, step, at, 'is within the year');
      if (/^(agenda|remind)/.test(step))
        holds(at >= invited && at < dueAt, id, step, at, 'is between', invited, dueAt);
      if (/^(overdue|escalate)/.test(step)) holds(at > dueAt, id, step, at, 'is after', dueAt);
      // What is past was in the plan before, at that time: nothing is asked anew without going out.
      if (at < asOf)
        holds(was?.revision === revision && sentAt(was, step) === at, id, step, at, 'was there before');
    }
  }
  expect(wrong).toEqual([]);
}

const sentAt = (of: Obligation | undefined, name: string) =>
  of?.notices.find(({ step }) => step === name)?.at;

/** A reminder that would have come on the day that its step is due was in one plan, and not in the next. */
const lateReminder: [number, (Act & { hours: number })[]] = [
  27,
  [
    { kind: 'book', which: 0, day: 0, time: '08:00', hours: 589 },
    { kind: 'terms', perYear: 1, closedDays: [], avoidWeeks: [24], chase: 1, hold: 0, hours: 143 },
    { kind: 'book', which: 0, day: 0, time: '08:00', hours: 1338 },
    { kind: 'terms', perYear: 1, closedDays: [], avoidWeeks: [], chase: 1, hold: 0, hours: 1430 },
    { kind: 'cancel', which: 0, hours: 0 },
  ],
];

test('whatever people settle, in any order and under any terms, the plan keeps to it and is stable', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -40, max: 300 }),
      fc.array(act, { minLength: 1, maxLength: 12 }),
      (begins, acts) => {
        let asOf = new Date(Date.parse('2027-01-01T11:00:00.000Z') + begins * 86_400_000).toISOString();
        let year: Played = { under: terms, meetings: {}, closed: {}, plan: plan({ terms, asOf }) };
        for (const { hours, ...done } of acts) {
          asOf = new Date(Date.parse(asOf) + hours * 3_600_000).toISOString();
          if (asOf >= year.plan.endsAt) return;
          const settled = settle(year, done as Act, asOf);
          if (settled === undefined) continue;
          const { under, meetings, closed } = settled;
          const before = year.plan;
          const next = again(meetings, { asOf, under, closed, previous: before });
          year = { ...settled, plan: next };
          expectSound(year, before, asOf);
          expect(again(meetings, { asOf, under, closed, previous: next })).toEqual({
            ...next,
            revision: next.revision + 1,
          });
        }
      },
    ),
    { numRuns: 150, examples: [lateReminder] },
  );
});
