import { daysToUse, workingDays } from '../../rules/engine/terms/working-days';

const none = new Set<string>();
const monthEnds = (openDaysBefore: number, openDaysAfter: number) => ({ openDaysBefore, openDaysAfter });

describe('working days', () => {
  test('are the open days of the agreement, both ends included', () => {
    const { open } = workingDays(
      '2027-03-24',
      '2027-04-01',
      { avoidWeeks: [], avoidMonthEnds: monthEnds(0, 0) },
      new Set(['2027-03-31']),
    );
    expect(open).toEqual(['2027-03-24', '2027-03-25', '2027-03-30', '2027-04-01']);
  });

  test.each([
    ['a week', [13], monthEnds(0, 0), ['2027-03-30', '2027-03-31', '2027-04-01', '2027-04-02']],
    [
      'two days before a month-end',
      [],
      monthEnds(2, 0),
      ['2027-03-30', '2027-03-31', '2027-04-29', '2027-04-30'],
    ],
    ['a day after', [], monthEnds(0, 1), ['2027-03-01', '2027-04-01']],
    [
      'a week and a day after',
      [13],
      monthEnds(0, 1),
      ['2027-03-01', '2027-03-30', '2027-03-31', '2027-04-01', '2027-04-02'],
    ],
  ])('know which of them to keep clear: %s', (_what, avoidWeeks, avoidMonthEnds, expected) => {
    const { avoided } = workingDays('2027-03-10', '2027-04-20', { avoidWeeks, avoidMonthEnds }, none);
    const around = [...avoided].filter((day) => day >= '2027-03-01' && day <= '2027-04-30');
    expect(around.sort()).toEqual(expected);
  });

  test('a closed day is no last day of a month', () => {
    const calendar = { avoidWeeks: [], avoidMonthEnds: monthEnds(1, 0) };
    const { avoided } = workingDays('2027-03-10', '2027-03-31', calendar, new Set(['2027-03-31']));
    expect(avoided.has('2027-03-30')).toBe(true);
  });

  test('are used outside those to avoid, or all where too few are left', () => {
    const days = ['2027-03-24', '2027-03-25', '2027-03-30'];
    expect(daysToUse(days, new Set(['2027-03-25']), 2)).toEqual(['2027-03-24', '2027-03-30']);
    expect(daysToUse(days, new Set(['2027-03-25']), 3)).toEqual(days);
  });
});
