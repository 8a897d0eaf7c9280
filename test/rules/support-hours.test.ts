import { instantAt, nextOpening } from '../../rules/engine/calendar/calendar';
import {
  closedDaysOf,
  closingTime,
  lastOpening,
  mailInstant,
  nextSupportInstant,
  openDaysBetween,
  openingAfter,
  workdayOf,
} from '../../rules/engine/terms/support-hours';
import type { SupportHours, SupportTerms } from '../../rules/engine/ruleset/terms';

/** Closed on the Friday after Ascension Day, half open on the day before Epiphany. */
const support: SupportTerms = {
  opens: '08:30',
  closes: '16:30',
  closedDays: ['2027-05-07'],
  halfDays: ['2027-01-05'],
  halfDayCloses: '12:00',
  outsideHours: 'hold',
};

describe('support hours ("08:30-16:30 helgfria vardagar om ej annat avtalas")', () => {
  test.each([
    ['2027-01-04T15:29:59.000Z', '2027-01-04T15:29:59.000Z', 'the last second of a day'],
    ['2027-01-04T15:30:00.000Z', '2027-01-05T07:30:00.000Z', 'closing time'],
    ['2027-01-05T10:59:59.000Z', '2027-01-05T10:59:59.000Z', 'the last second of a half day'],
    ['2027-01-05T11:00:00.000Z', '2027-01-07T07:30:00.000Z', 'closing time of a half day'],
    ['2027-05-05T15:00:00.000Z', '2027-05-10T06:30:00.000Z', 'over Ascension Day and a closed Friday'],
    ['2027-05-07T10:00:00.000Z', '2027-05-10T06:30:00.000Z', 'a closed Friday'],
  ])('at %s we next act at %s: %s', (instant, expected) => {
    expect(nextSupportInstant(instant, support)).toBe(expected);
    expect(mailInstant(instant, support)).toBe(expected);
  });

  test('a mail waits for nothing where the terms send it at once', () => {
    const at = '2027-05-07T22:00:00.000Z';
    expect(mailInstant(at, { ...support, outsideHours: 'send' })).toBe(at);
  });

  test.each([
    ['2027-01-04', '16:30'],
    ['2027-01-05', '12:00'],
  ])('%s closes at %s', (date, time) => {
    expect(closingTime(date, support)).toBe(time);
  });

  test('a half day does not close later than others', () => {
    expect(closingTime('2027-01-05', { ...support, halfDayCloses: '18:00' })).toBe('16:30');
  });

  test.each([
    ['2027-05-04', '2027-05-10', 2],
    ['2027-05-05', '2027-05-09', 0],
    ['2027-05-10', '2027-05-04', 0],
  ])('from %s to %s something is %i open days late', (from, to, days) => {
    expect(openDaysBetween(from, to, closedDaysOf(support))).toBe(days);
  });

  const roundTheClock = { ...support, hours: [{ days: 'all' as const, from: '00:00', to: '24:00' }] };

  test.each([
    ['2027-12-25T02:00:00.000Z', 'Christmas night'],
    ['2027-05-07T10:00:00.000Z', 'a closed Friday'],
    ['2027-01-05T20:00:00.000Z', 'the evening of a half day'],
    ['2027-03-28T01:30:00.000Z', 'the night in which summer time begins'],
  ])('around the clock is %s as well: %s', (instant) => {
    expect(nextSupportInstant(instant, roundTheClock)).toBe(instant);
    expect([lastOpening(instant, roundTheClock), openingAfter(instant, roundTheClock)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('around the clock for support leaves the working day as it is: no customer is mailed at night', () => {
    expect(mailInstant('2027-01-04T23:00:00.000Z', roundTheClock)).toBe('2027-01-05T07:30:00.000Z');
    expect(closingTime('2027-01-04', roundTheClock)).toBe('16:30');
  });

  test.each([
    ['00:00', '24:00', { opens: '08:30', closes: '16:30' }],
    ['05:59', '14:00', { opens: '08:30', closes: '16:30' }],
    ['06:00', '24:00', { opens: '08:30', closes: '16:30' }],
    ['06:00', '23:59', { opens: '06:00', closes: '23:59' }],
  ])('support from %s to %s on working days makes no working day of the night', (opens, closes, workday) => {
    expect(workdayOf({ opens, closes })).toEqual(workday);
    const at = instantAt('2027-01-04', opens);
    expect(nextSupportInstant(at, { ...support, opens, closes })).toBe(at);
  });

  test.each([
    ['2027-01-08T20:00:00.000Z', '2027-01-08T21:00:00.000Z', 'a Friday evening'],
    ['2027-01-09T04:59:00.000Z', '2027-01-09T04:59:00.000Z', 'the morning after it'],
    ['2027-01-09T05:00:00.000Z', '2027-01-09T09:00:00.000Z', 'a Saturday'],
    ['2027-01-09T13:00:00.000Z', '2027-01-15T21:00:00.000Z', 'a Saturday afternoon'],
    ['2027-05-01T08:00:00.000Z', '2027-05-01T10:00:00.000Z', 'a Saturday that is a holiday'],
  ])('with Friday nights, Saturdays and holidays, at %s we next act at %s: %s', (instant, expected) => {
    const hours: SupportHours[] = [
      { days: ['fri'], from: '22:00', to: '06:00' },
      { days: ['sat'], from: '10:00', to: '14:00' },
      { days: ['holidays'], from: '12:00', to: '13:00' },
    ];
    expect(nextSupportInstant(instant, { ...support, hours })).toBe(expected);
  });

  test('nothing opens on a closed day', () => {
    const closed = closedDaysOf({ closedDays: ['2027-02-15', '2027-02-16'] });
    expect(nextOpening('2027-02-12T15:00:00.000Z', '08:30', closed)).toBe('2027-02-17T07:30:00.000Z');
  });
});
