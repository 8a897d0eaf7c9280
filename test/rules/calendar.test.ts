import { DateTime } from 'luxon';
import {
  addOpenDays,
  instantAt,
  isOpenDay,
  localDateOf,
  nextOpenDay,
  nextOpening,
  previousOpenDay,
} from '../../rules/engine/calendar/calendar';
import { addDays, addMonths, addYears, isoWeek, mondayOf } from '../../rules/engine/calendar/dates';

describe('the Swedish business calendar ("helgfria vardagar")', () => {
  test.each([
    ['2026-06-19', 'Midsummer’s Eve 2026'],
    ['2027-06-25', 'Midsummer’s Eve 2027'],
    ['2028-06-23', 'Midsummer’s Eve 2028'],
    ['2029-06-22', 'Midsummer’s Eve 2029'],
    ['2030-06-21', 'Midsummer’s Eve 2030'],
    ['2031-06-20', 'Midsummer’s Eve 2031'],
    ['2032-06-25', 'Midsummer’s Eve 2032'],
    ['2026-12-24', 'Christmas Eve'],
    ['2029-12-26', 'Boxing Day'],
    ['2030-12-31', 'New Year’s Eve'],
    ['2031-01-01', 'New Year’s Day'],
    ['2032-01-06', 'Epiphany'],
    ['2027-03-26', 'Good Friday'],
    ['2028-04-17', 'Easter Monday'],
    ['2030-05-01', 'May Day'],
    ['2027-05-06', 'Ascension Day'],
    ['2028-06-06', 'National Day'],
    ['2027-11-06', 'All Saints’ Day'],
    ['2027-02-13', 'a Saturday'],
    ['2027-02-14', 'a Sunday'],
  ])('%s is closed: %s', (date) => {
    expect(isOpenDay(date)).toBe(false);
  });

  test.each([
    ['2027-01-05', 'Twelfth Night, a half day elsewhere'],
    ['2027-03-25', 'Maundy Thursday'],
    ['2027-04-30', 'Walpurgis Night'],
    ['2027-05-17', 'Whit Monday, a holiday until 2004'],
    ['2028-02-29', 'leap day'],
    ['2026-12-23', 'the day before Christmas Eve'],
  ])('%s is open: %s', (date) => {
    expect(isOpenDay(date)).toBe(true);
  });

  test('the next open day is the day itself if it is open', () => {
    expect(nextOpenDay('2027-02-15')).toBe('2027-02-15');
    expect(nextOpenDay('2026-12-24')).toBe('2026-12-28');
    expect(previousOpenDay('2027-03-29')).toBe('2027-03-25');
  });

  test.each([
    ['2027-03-25', 1, '2027-03-30'],
    ['2027-03-30', -1, '2027-03-25'],
    ['2027-06-24', 2, '2027-06-29'],
    ['2026-12-23', 3, '2026-12-30'],
    ['2027-02-13', 1, '2027-02-15'],
    ['2027-02-15', 0, '2027-02-15'],
  ])('%s plus %i open days is %s', (date, count, expected) => {
    expect(addOpenDays(date, count)).toBe(expected);
  });

  test.each([
    ['2027-02-15', '10:00', '2027-02-15T09:00:00.000Z', 'winter'],
    ['2027-07-15', '10:00', '2027-07-15T08:00:00.000Z', 'summer'],
    ['2027-03-28', '01:59', '2027-03-28T00:59:00.000Z', 'the minute before summer time'],
    ['2027-03-28', '02:30', '2027-03-28T01:30:00.000Z', 'a time that summer time skips moves forward'],
    ['2027-03-28', '08:30', '2027-03-28T06:30:00.000Z', 'after summer time began'],
    ['2027-10-31', '02:30', '2027-10-31T01:30:00.000Z', 'the second of two'],
    ['2027-10-31', '08:30', '2027-10-31T07:30:00.000Z', 'after summer time ended'],
    ['2028-03-26', '00:00', '2028-03-25T23:00:00.000Z', 'midnight of a day of 23 hours'],
    ['2028-10-29', '00:00', '2028-10-28T22:00:00.000Z', 'midnight of a day of 25 hours'],
  ])('%s %s in Sweden is %s: %s', (date, time, expected) => {
    expect(instantAt(date, time)).toBe(expected);
  });

  test('an instant has its date in Sweden', () => {
    expect(localDateOf('2026-12-31T22:59:59.999Z')).toBe('2026-12-31');
    expect(localDateOf('2026-12-31T23:00:00.000Z')).toBe('2027-01-01');
    expect(localDateOf('2027-06-30T22:00:00.000Z')).toBe('2027-07-01');
  });

  test('a time or an instant that is none is refused by name', () => {
    expect(() => instantAt('2027-02-30', '10:00')).toThrow('found "2027-02-30" and "10:00"');
    expect(() => localDateOf('soon')).toThrow('found "soon"');
  });

  test('months are counted from the original date', () => {
    const dates = [1, 2, 3, 13].map((months) => addMonths('2027-01-31', months));
    expect(dates).toEqual(['2027-02-28', '2027-03-31', '2027-04-30', '2028-02-29']);
    expect(addYears('2028-02-29', 1)).toBe('2029-02-28');
    expect(addYears('2028-02-29', 4)).toBe('2032-02-29');
  });

  test.each([
    ['2027-02-15T07:30:00.000Z', '2027-02-15T07:30:00.000Z', 'the very moment'],
    ['2027-02-15T07:30:00.001Z', '2027-02-16T07:30:00.000Z', 'a moment too late'],
    ['2027-02-12T15:00:00.000Z', '2027-02-15T07:30:00.000Z', 'Friday afternoon'],
    ['2027-03-26T12:00:00.000Z', '2027-03-30T06:30:00.000Z', 'over Easter and into summer time'],
  ])('at %s the next opening is %s: %s', (instant, expected) => {
    expect(nextOpening(instant, '08:30')).toBe(expected);
  });

  test('weeks follow ISO 8601', () => {
    for (let day = '2026-01-01'; day < '2033-01-01'; day = addDays(day, 1)) {
      const date = DateTime.fromISO(day);
      expect([day, isoWeek(day), mondayOf(day)]).toEqual([
        day,
        date.weekNumber,
        date.startOf('week').toISODate(),
      ]);
    }
  });
});
