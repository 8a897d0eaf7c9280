import { DateTime } from 'luxon';
import { instantAt, isOpenDay, localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
import { answerInstant } from '../../rules/engine/terms/support-hours';
import {
  afterNightIn,
  instantIn,
  isLocalTime,
  isOpenDayIn,
  localIn,
  nextWorkingTimeIn,
} from '../../rules/engine/calendar/local-time';
import type { YearCalendar } from '../../rules/engine/calendar/local-time';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { exampleContract, guldTerms, plan } from './fixtures';

let terms: Terms;
beforeAll(async () => {
  terms = await guldTerms();
});

/** Days an agreement closes besides: before, within and after its first year, one of them a Sunday. */
const closedDays = ['2026-12-14', '2027-02-16', '2027-03-28', '2027-05-07', '2028-01-17'];

/** What the year of an agreement carries, from a month before it to a month after. */
function carried(startsOn: string, yearNumber = 1) {
  const { calendar, from, to } = plan({
    terms: { ...terms, support: { ...terms.support, closedDays } },
    contract: { ...exampleContract(), startsOn },
    yearNumber,
    asOf: `${startsOn}T12:00:00.000Z`,
  });
  if (calendar === undefined) throw new Error('the plan carries no calendar');
  const days: string[] = [];
  for (let day = addDays(from, -31); day <= addDays(to, 31); day = addDays(day, 1)) days.push(day);
  return { calendar, from, to, days };
}

/** A calendar year, one from a summer, one from a leap day, and years that begin as summer time begins and ends. */
const years = ['2027-01-01', '2027-07-15', '2028-02-29', '2027-03-28', '2027-10-31', '2030-11-01'];
const times = ['00:00', '01:59', '02:00', '02:30', '02:59', '03:00', '08:30', '10:00', '16:30', '23:59'];

/** Every hour of a day and the minutes around its changes. */
function instantsOf(day: string): string[] {
  const start = Date.parse(`${day}T00:00:00.000Z`);
  return Array.from({ length: 24 }, (_, hour) => [0, 59.99, 30].map((minute) => hour * 60 + minute))
    .flat()
    .map((minute) => new Date(start + minute * 60_000).toISOString());
}

/** What the calendar library says, asked once for each instant: the years overlap. */
const said = new Map<string, { on: string; time: string }>();

function byLibrary(instant: string): { on: string; time: string } {
  const known = said.get(instant);
  if (known !== undefined) return known;
  const { hour, minute } = DateTime.fromMillis(Date.parse(instant), { zone: 'Europe/Stockholm' });
  const time = [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
  const found = { on: localDateOf(instant), time };
  said.set(instant, found);
  return found;
}

/** What was told otherwise than expected: tens of thousands of values are compared faster so than by `toEqual`. */
function differing<T>(told: readonly T[], expected: readonly T[]): { told: T; expected: T | undefined }[] {
  return told.flatMap((one, index) => {
    const other = expected[index];
    return JSON.stringify(one) === JSON.stringify(other) ? [] : [{ told: one, expected: other }];
  });
}

describe.each(years)('within the year from %s', (startsOn) => {
  let year: ReturnType<typeof carried>;
  let calendar: YearCalendar;
  beforeAll(() => {
    year = carried(startsOn);
    ({ calendar } = year);
  });

  test('a local time of day is the instant that the calendar library gives, on every day', () => {
    const local = year.days.flatMap((on) => times.map((time) => ({ on, time })));
    const told = local.map(({ on, time }) => ({ on, time, instant: instantIn(calendar, on, time) }));
    const expected = local.map(({ on, time }) => ({ on, time, instant: instantAt(on, time) }));
    expect(differing(told, expected)).toEqual([]);
  });

  test('an instant is the local date and time that the calendar library gives, at every hour', () => {
    const instants = year.days.flatMap(instantsOf);
    const told = instants.map((instant) => ({ instant, ...localIn(calendar, instant) }));
    const expected = instants.map((instant) => ({ instant, ...byLibrary(instant) }));
    expect(differing(told, expected)).toEqual([]);
  });

  test('people work on the days that the calendar and the agreement say, a month around the year included', () => {
    const closed = new Set(closedDays);
    expect(year.days.map((day) => [day, isOpenDayIn(calendar, day)])).toEqual(
      year.days.map((day) => [day, isOpenDay(day, closed)]),
    );
  });
});

describe('where summer time begins and ends', () => {
  test.each([
    ['a time that is skipped moves forward an hour', '2027-03-28', '02:30', '2027-03-28T01:30:00.000Z'],
    ['the first skipped one too', '2027-03-28', '02:00', '2027-03-28T01:00:00.000Z'],
    ['the last before the gap does not', '2027-03-28', '01:59', '2027-03-28T00:59:00.000Z'],
    ['of one that occurs twice it is the second', '2027-10-31', '02:30', '2027-10-31T01:30:00.000Z'],
    ['the hour before occurs once', '2027-10-31', '01:30', '2027-10-30T23:30:00.000Z'],
    ['and so does the hour after', '2027-10-31', '03:00', '2027-10-31T02:00:00.000Z'],
  ])('%s', (_what, on, time, expected) => {
    expect(instantIn(carried('2027-01-01').calendar, on, time)).toBe(expected);
  });

  test.each([
    ['2027-03-28T00:59:59.999Z', '01:59'],
    ['2027-03-28T01:00:00.000Z', '03:00'],
    ['2027-10-31T00:59:59.999Z', '02:59'],
    ['2027-10-31T01:00:00.000Z', '02:00'],
  ])('at %s clocks show %s', (instant, time) => {
    expect(localIn(carried('2027-01-01').calendar, instant)).toEqual({ on: instant.slice(0, 10), time });
  });

  test('every local time that exists comes back from its instant', () => {
    const { calendar, days } = carried('2027-01-01');
    const skipped = (on: string, time: string) => on === '2027-03-28' && time >= '02:00' && time < '03:00';
    const existing = days.flatMap((on) =>
      times.filter((time) => !skipped(on, time)).map((time) => ({ on, time })),
    );
    const back = existing.map(({ on, time }) => localIn(calendar, instantIn(calendar, on, time)));
    expect(differing(back, existing)).toEqual([]);
  });
});

test('a later year of an agreement carries a calendar of its own', () => {
  const { calendar, from } = carried('2027-01-01', 3);
  expect(from).toBe('2029-01-01');
  expect(instantIn(calendar, '2029-03-25', '02:30')).toBe(instantAt('2029-03-25', '02:30'));
  expect(isOpenDayIn(calendar, '2029-03-30')).toBe(false);
});

test.each([
  ['00:00', true],
  ['09:30', true],
  ['23:59', true],
  ['24:00', false],
  ['9:30', false],
  ['09:60', false],
  ['09:30:00', false],
  ['', false],
])('"%s" is a time of day: %s', (text, expected) => {
  expect(isLocalTime(text)).toBe(expected);
});

it.each([
  ['within the working day: now', '2027-01-13T09:00:00.000Z', '2027-01-13T09:00:00.000Z'],
  ['at midnight: when the day begins', '2027-01-12T23:00:00.000Z', '2027-01-13T07:30:00.000Z'],
  ['at the end of the day: the next day', '2027-01-13T15:30:00.000Z', '2027-01-14T07:30:00.000Z'],
  [
    'at Easter, over the change to summer time: on Tuesday',
    '2027-03-26T20:00:00.000Z',
    '2027-03-30T06:30:00.000Z',
  ],
])('knows when people next work, %s', (_what, now, next) => {
  const calendar = {
    closedDays: ['2027-03-26', '2027-03-29'],
    offsets: [
      { from: '', minutes: 60 },
      { from: '2027-03-28T01:00:00.000Z', minutes: 120 },
    ],
    ...{ opens: '08:30', closes: '16:30' },
  };
  expect(nextWorkingTimeIn(calendar, now)).toBe(next);
});

it('knows when a night ends, as the calendar library does', () => {
  const { calendar, from, to } = carried('2027-01-01');
  const support = { ...terms.support, closedDays, outsideHours: 'hold' } as const;
  let nights = 0;
  for (let day = from; day < to; day = addDays(day, 1))
    for (const instant of instantsOf(day)) {
      const morning = afterNightIn(calendar, instant);
      if (morning !== instant) nights += 1;
      expect(`${instant} ${morning}`).toBe(`${instant} ${answerInstant(instant, support)}`);
    }
  expect(nights).toBeGreaterThan(365 * 8);
});
