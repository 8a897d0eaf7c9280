import { periodOf, yearNumberOn } from '../../rules/engine/calendar/agreement-period';
import { addDays } from '../../rules/engine/calendar/dates';

describe('agreement years ("en 12 månaders period")', () => {
  test.each([
    ['2027-01-01', 1, '2027-01-01', '2028-01-01'],
    ['2027-01-01', 6, '2032-01-01', '2033-01-01'],
    ['2028-02-29', 1, '2028-02-29', '2029-02-28'],
    ['2028-02-29', 2, '2029-02-28', '2030-02-28'],
    ['2028-02-29', 4, '2031-02-28', '2032-02-29'],
    ['2028-02-29', 5, '2032-02-29', '2033-02-28'],
    ['2026-08-31', 2, '2027-08-31', '2028-08-31'],
  ])('one that starts %s has year %i from %s to %s', (startsOn, year, from, to) => {
    expect(periodOf(startsOn, year)).toEqual({ from, to });
  });

  test('every date from the start on lies in the year it is numbered by', () => {
    for (const startsOn of ['2026-01-01', '2027-06-30', '2028-02-29', '2026-12-31'])
      for (let day = startsOn; day < '2033-01-01'; day = addDays(day, 1)) {
        const { from, to } = periodOf(startsOn, yearNumberOn(startsOn, day));
        expect([day, from <= day && day < to]).toEqual([day, true]);
      }
  });

  test('a date before the start belongs to the first year', () => {
    expect(yearNumberOn('2027-01-01', '2026-12-31')).toBe(1);
    expect(yearNumberOn('2027-01-01', '2019-01-01')).toBe(1);
  });
});
