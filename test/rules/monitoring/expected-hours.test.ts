import fc from 'fast-check';
import { DateTime } from 'luxon';
import { isOpenDay } from '../../../rules/engine/calendar/calendar';
import type { Hours } from '../../../rules/engine/contract/monitor';
import { weekdays } from '../../../rules/engine/contract/monitor';
import {
  afterMinutesWithin,
  currentWindow,
  expectedAge,
  isWithinHours,
  localTimeOf,
  minutesWithin,
} from '../../../rules/engine/monitoring/expected-hours';

const zone = 'Europe/Stockholm';
const none: ReadonlySet<string> = new Set();
const orders: Hours[] = [{ from: '10:00', to: '14:00' }];
const local = (time: string): string => DateTime.fromISO(time, { zone }).toJSDate().toISOString();
const whole: Hours[] = [{ days: 'all', from: '00:00', to: '24:00' }];

describe('expected hours ("no orders at night is normal; no orders from 10 to 14 on a working day is not")', () => {
  test.each<[string, boolean, string, Hours[] | undefined]>([
    ['2027-05-03T09:59:59', false, 'the second before', orders],
    ['2027-05-03T10:00:00', true, 'the opening', orders],
    ['2027-05-03T13:59:59', true, 'the last second', orders],
    ['2027-05-03T14:00:00', false, 'the closing', orders],
    ['2027-05-02T11:00:00', false, 'a Sunday', orders],
    ['2027-06-25T11:00:00', false, 'Midsummer’s Eve, a Friday', orders],
    ['2027-06-25T11:00:00', true, 'Midsummer’s Eve where Fridays count', [{ ...orders[0]!, days: ['fri'] }]],
    ['2027-06-24T11:00:00', false, 'a Thursday where Fridays count', [{ ...orders[0]!, days: ['fri'] }]],
    ['2027-05-02T23:59:59', true, 'a Sunday’s last second, to 24:00', whole],
    ['2027-05-03T00:00:00', true, 'the midnight after it', whole],
    ['2027-05-02T03:00:00', true, 'no hours at all', undefined],
    ['2027-05-03T12:00:00', false, 'a span of nothing', [{ from: '12:00', to: '12:00' }]],
    ['2027-05-03T12:00:00', false, 'a span the wrong way round', [{ from: '14:00', to: '10:00' }]],
  ])('%s is expected: %s, %s', (time, expected, _, hours) => {
    expect(isWithinHours(local(time), hours, none)).toBe(expected);
  });

  test('nothing is expected on a day the agreement closes', () => {
    expect(isWithinHours(local('2027-05-07T11:00'), orders, new Set(['2027-05-07']))).toBe(false);
    expect(isWithinHours(local('2027-05-07T11:00'), orders, none)).toBe(true);
  });

  test.each<[string, string, number, string, Hours[] | undefined]>([
    ['2027-05-03T13:30', '2027-05-04T10:15', 45, 'a night between', orders],
    ['2027-04-30T13:30', '2027-05-03T10:15', 45, 'a weekend between', orders],
    ['2027-06-24T13:30', '2027-06-28T10:15', 45, 'Midsummer between', orders],
    ['2027-05-03T15:00', '2027-05-03T23:00', 0, 'an evening', orders],
    ['2027-05-03T12:00', '2027-05-03T11:00', 0, 'the wrong way round', orders],
    ['2027-05-03T12:00', '2027-05-03T12:00', 0, 'no time at all', orders],
    ['2027-05-03T22:00', '2027-05-04T01:00', 180, 'no hours at all', undefined],
    ['2027-03-28T00:00', '2027-03-29T00:00', 23 * 60, 'the day summer time begins', whole],
    ['2027-10-31T00:00', '2027-11-01T00:00', 25 * 60, 'the day summer time ends', whole],
    [
      '2027-03-28T00:00',
      '2027-03-29T00:00',
      30,
      'half an hour that is skipped',
      [{ days: 'all', from: '02:30', to: '03:30' }],
    ],
    [
      '2027-10-31T00:00',
      '2027-11-01T00:00',
      60,
      'half an hour that comes twice',
      [{ days: 'all', from: '02:00', to: '02:30' }],
    ],
    [
      '2027-05-03T00:00',
      '2027-05-04T00:00',
      300,
      'spans that overlap count once',
      [
        { from: '12:00', to: '15:00' },
        { from: '10:00', to: '14:00' },
        { from: '11:00', to: '12:00' },
      ],
    ],
  ])('from %s to %s it waits %d minutes: %s', (from, to, expected, _, hours) => {
    expect(minutesWithin(local(from), local(to), hours, none)).toBe(expected);
  });

  test.each<[string, string | undefined, Hours[] | undefined]>([
    ['2027-05-03T11:11', '2027-05-03T11:11', orders],
    ['2027-05-03T14:00', '2027-05-04T10:00', orders],
    ['2027-06-24T14:00', '2027-06-28T10:00', orders],
    ['2027-05-03T03:00', '2027-05-03T03:00', undefined],
    ['2027-05-03T03:00', undefined, [{ from: '10:00', to: '10:00' }]],
    ['2026-12-30T14:00', '2027-01-04T10:00', orders],
  ])('at %s it is next expected at %s', (at, expected, hours) => {
    expect(afterMinutesWithin(local(at), 0, hours, none)).toBe(expected && local(expected));
  });

  test.each<[string, number, string | undefined]>([
    ['2027-05-03T13:30', 45, '2027-05-04T10:15'],
    ['2027-05-03T13:30', 30, '2027-05-03T14:00'],
    ['2027-05-03T13:30', 30 + 10 * 240, '2027-05-18T14:00'],
    ['2027-05-03T20:00', 0, '2027-05-04T10:00'],
  ])('%s and %d expected minutes later is %s', (at, minutes, expected) => {
    expect(afterMinutesWithin(local(at), minutes, orders, none)).toBe(expected && local(expected));
  });

  test('a window is the span of the day, overlapping ones as one', () => {
    const at = local('2027-05-03T12:30');
    expect(currentWindow(at, [...orders, { from: '08:00', to: '10:00' }], none)).toEqual({
      from: local('2027-05-03T08:00'),
      to: local('2027-05-03T14:00'),
    });
    expect(currentWindow(local('2027-05-03T14:00'), orders, none)).toBeUndefined();
    expect(currentWindow(at, undefined, none)).toBeUndefined();
    expect(currentWindow(at, whole, none)?.to).toBe(local('2027-05-04T00:00'));
  });

  test('of what is very old the last year counts', () => {
    const now = Date.parse('2027-05-03T12:00:00.000Z');
    const age = expectedAge(Date.UTC(2, 0, 1), now, orders, none);
    expect(age).toBeGreaterThan(240 * 240);
    expect(age).toBe(expectedAge(now - 366 * 86_400_000, now, orders, none));
    expect(expectedAge(now + 60_000, now, orders, none)).toBe(0);
    expect(expectedAge(now - 90_000, now, undefined, none)).toBe(1.5);
  });

  test.each([
    ['2027-01-04T10:05', '2027-01-04 10:05'],
    ['2027-07-04T10:05', '2027-07-04 10:05'],
    ['2027-03-28T03:00', '2027-03-28 03:00'],
    ['2027-10-31T23:59', '2027-10-31 23:59'],
  ])('%s reads %s', (time, expected) => {
    expect(localTimeOf(local(time))).toBe(expected);
  });
});

/** What the wall clock says, minute by minute, without any arithmetic of ours. */
function naiveMinutes(from: number, to: number, hours: Hours[], closed: ReadonlySet<string>): number {
  let count = 0;
  for (let at = from; at < to; at += 60_000) if (naivelyWithin(at, hours, closed)) count += 1;
  return count;
}

/** The wall clock by the minute, asked of the library once for each: thousands of spans lie around the same days. */
const clock = new Map<number, { date: string; time: string; weekday: number }>();

function wallClock(at: number): { date: string; time: string; weekday: number } {
  const known = clock.get(at);
  if (known !== undefined) return known;
  const moment = DateTime.fromMillis(at, { zone });
  const found = { date: moment.toISODate()!, time: moment.toFormat('HH:mm'), weekday: moment.weekday };
  clock.set(at, found);
  return found;
}

function naivelyWithin(at: number, hours: Hours[], closed: ReadonlySet<string>): boolean {
  const { date, time, weekday } = wallClock(at);
  return hours.some(({ days, from, to }) => {
    const on =
      days === 'all' ||
      (days === undefined || days === 'open'
        ? isOpenDay(date, closed)
        : days.includes(weekdays[weekday - 1]!));
    return on && from <= time && time < to;
  });
}

const time = fc.integer({ min: 0, max: 96 }).map((quarters) => {
  const pad = (number: number): string => String(number).padStart(2, '0');
  return `${pad(Math.floor(quarters / 4))}:${pad((quarters % 4) * 15)}`;
});
const days = fc.oneof(
  fc.constantFrom(undefined, 'open' as const, 'all' as const),
  fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
);
const anyHours = fc.array(
  fc.record({ days, from: time, to: time }).map(({ days: on, from, to }): Hours => ({
    ...(on !== undefined && { days: on }),
    from: from < to ? from : to,
    to: from < to ? to : from,
  })),
  { minLength: 1, maxLength: 4 },
);
/** Around the days that are different: summer time begins and ends, Midsummer, Christmas, and any other. */
const minuteAt = fc
  .tuple(
    fc.constantFrom('2027-03-27', '2027-10-30', '2027-06-24', '2026-12-23', '2028-02-28', '2027-05-05'),
    fc.integer({ min: 0, max: 3 * 1440 }),
  )
  .map(([date, minutes]) => Date.parse(date) + minutes * 60_000);
const iso = (at: number): string => new Date(at).toISOString();
const closedDays = fc.constantFrom(none, new Set(['2027-05-07', '2027-06-24']));

test('minutes are those a naive count by the wall clock gives', () => {
  fc.assert(
    fc.property(
      minuteAt,
      fc.integer({ min: 0, max: 2 * 1440 }),
      anyHours,
      closedDays,
      (from, length, hours, closed) => {
        const to = from + length * 60_000;
        expect(minutesWithin(iso(from), iso(to), hours, closed)).toBe(naiveMinutes(from, to, hours, closed));
        expect(isWithinHours(iso(from), hours, closed)).toBe(naivelyWithin(from, hours, closed));
      },
    ),
    { numRuns: 150 },
  );
});

test('minutes add up, and so many later is where they have passed', () => {
  const instants = fc
    .array(
      fc.tuple(minuteAt, fc.integer({ min: 0, max: 59_999 })).map(([at, ms]) => at + ms),
      { minLength: 3, maxLength: 3 },
    )
    .map((some) => some.sort((a, b) => a - b) as [number, number, number]);
  fc.assert(
    fc.property(instants, anyHours, closedDays, ([a, b, c], hours, closed) => {
      const count = (from: number, to: number): number => minutesWithin(iso(from), iso(to), hours, closed);
      expect(count(a, b) + count(b, c)).toBeCloseTo(count(a, c), 6);
      const minutes = Math.floor(count(a, b));
      const later = afterMinutesWithin(iso(a), minutes, hours, closed);
      if (later !== undefined) expect(count(a, Date.parse(later))).toBeCloseTo(minutes, 6);
      const next = afterMinutesWithin(iso(a), 0, hours, closed);
      if (next !== undefined) {
        expect(isWithinHours(next, hours, closed)).toBe(true);
        expect(count(a, Date.parse(next))).toBe(0);
      }
    }),
  );
});
