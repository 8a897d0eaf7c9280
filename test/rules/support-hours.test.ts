import { nextOpening } from '../../rules/engine/calendar/calendar';
import {
  closedDaysOf,
  closingTime,
  mailInstant,
  nextSupportInstant,
  openDaysBetween,
} from '../../rules/engine/terms/support-hours';
import type { SupportTerms } from '../../rules/engine/ruleset/terms';

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

  test('nothing opens on a closed day', () => {
    const closed = closedDaysOf({ closedDays: ['2027-02-15', '2027-02-16'] });
    expect(nextOpening('2027-02-12T15:00:00.000Z', '08:30', closed)).toBe('2027-02-17T07:30:00.000Z');
  });
});
