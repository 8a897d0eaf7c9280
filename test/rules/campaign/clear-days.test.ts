import { clearDays } from '../../../rules/engine/campaign/clear-days';
import { topicProblems } from '../../../rules/engine/ruleset/topic-problems';
import type { Terms } from '../../../rules/engine/ruleset/terms';
import { guldTerms } from '../fixtures';

let guld: Terms;
beforeAll(async () => {
  guld = await guldTerms();
});

const none = { avoidWeeks: [], avoidMonthEnds: { openDaysBefore: 0, openDaysAfter: 0 } };

/** The days from 1 May to 31 August 2027 that are kept clear for something. */
const clear = (
  keepClear: Terms['upgrade']['keepClear'],
  calendar: Partial<Terms['calendar']> = {},
  support: Partial<Terms['support']> = {},
): string =>
  [
    ...clearDays(
      {
        terms: { ...guld.upgrade, ...(keepClear && { keepClear }) },
        calendar: { ...guld.calendar, ...none, ...calendar },
        support: { ...guld.support, ...support },
      },
      '2027-05-01',
      '2027-08-31',
    ).keys(),
  ]
    .sort()
    .map((day) => day.slice(5))
    .join(' ');

const term = (parts: object) => ({ one: { sv: 'x', en: 'x', ...parts } });

/** 12 June and 31 July 2027 are Saturdays, 25 June is Midsummer's Eve. */
test.each([
  ['a day of the month', term({ monthDay: 26 }), '05-26 06-24 06-25 06-26 06-27 06-28 07-26 08-26'],
  [
    'open days before and after it',
    term({ monthDay: 12, openDaysBefore: 1, openDaysAfter: 1 }),
    '05-11 05-12 05-13 06-10 06-11 06-12 06-13 06-14 06-15 07-09 07-10 07-11 07-12 07-13 08-11 08-12 08-13',
  ],
  ['the last day of a shorter month', term({ monthDay: 31 }), '05-31 06-30 07-30 07-31 08-01 08-02 08-31'],
  [
    'month-ends, weekends between included',
    term({ monthEnd: true, openDaysBefore: 1, openDaysAfter: 1 }),
    '05-01 05-02 05-03 05-31 06-01 06-30 07-01 07-30 07-31 08-01 08-02 08-31',
  ],
  ['the last days alone', term({ monthEnd: true, openDaysBefore: 1 }), '05-31 06-30 07-30 07-31 08-31'],
  ['days of every year', term({ from: '06-28', to: '07-01' }), '06-28 06-29 06-30 07-01'],
  ['days over the turn of the year', term({ from: '08-30', to: '05-02' }), '05-01 05-02 08-30 08-31'],
  ['dates', term({ days: ['2027-06-15', '2028-06-15'] }), '06-15'],
  ['nothing that is left out', term({ days: ['2027-06-15'], omitted: true }), ''],
])('kept clear: %s', (_, keepClear, days) => {
  expect(clear(keepClear)).toBe(days);
});

test('the calendar keeps weeks and month-ends clear, weekends included, where it applies to upgrades', () => {
  const calendar = { avoidWeeks: [28], avoidMonthEnds: { openDaysBefore: 0, openDaysAfter: 1 } };
  const week = '07-12 07-13 07-14 07-15 07-16 07-17 07-18';
  expect(clear({}, calendar)).toBe(`05-01 05-02 05-03 06-01 07-01 ${week} 08-01 08-02`);
  expect(clear({}, { ...calendar, appliesTo: ['meetings'] })).toBe('');
});

test('a day that the agreement closes is no open day', () => {
  expect(clear(term({ monthDay: 12, openDaysBefore: 1 }), {}, { closedDays: ['2027-05-11'] })).toMatch(
    /^05-10 05-11 05-12 06-10/,
  );
});

test('Guld keeps month-ends, VAT, payroll and the turn of the year clear, each said by name', () => {
  const { upgrade: terms, calendar, support } = guld;
  const days = clearDays({ terms, calendar, support }, '2027-11-01', '2028-01-31');
  const names = ['2027-11-11', '2027-11-12', '2027-11-23', '2027-11-30', '2027-12-20', '2028-01-15'].map(
    (day) => days.get(day)?.sv,
  );
  expect(names).toEqual(['moms', 'moms', 'löner', 'månadsskifte', 'årsskifte', 'årsskifte']);
  expect(days.get('2027-11-10')).toBeUndefined();
});

test.each([
  [
    'two ways',
    { days: ['2027-05-01'] },
    'expected one of monthDay, monthEnd, from and to, days, found monthDay, days',
  ],
  ['no way', { monthDay: undefined }, 'expected one of monthDay, monthEnd, from and to, days, found none'],
  ['half a span', { monthDay: undefined, from: '05-01' }, 'expected both from and to, found none'],
  [
    'a day that no year has',
    { monthDay: undefined, from: '02-30', to: '03-01' },
    'expected a day that exists, as 02-28, found 02-30',
  ],
  [
    'open days around nothing',
    { monthDay: undefined, days: [], openDaysBefore: 1 },
    'expected open days only beside monthDay or monthEnd, found 1',
  ],
  [
    'a month-end of no days',
    { monthDay: undefined, monthEnd: true },
    'expected openDaysBefore, openDaysAfter or both, at least 1, found 0',
  ],
])('days said in %s are refused', (_, parts, message) => {
  const { one } = term({ monthDay: 12, ...parts });
  const said = JSON.parse(JSON.stringify(one)) as typeof one;
  const problems = topicProblems('upgrade', { ...guld.upgrade, keepClear: { one: said } });
  expect(problems.map(({ message: { en } }) => en)).toEqual([message]);
});
