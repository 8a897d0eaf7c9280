import fc from 'fast-check';
import { actionReminders } from '../../rules/engine/plan/action-reminders';
import { addDays } from '../../rules/engine/calendar/dates';
import { addOpenDays, instantAt } from '../../rules/engine/calendar/calendar';
import type { YearCalendar } from '../../rules/engine/calendar/local-time';
import type { SupportTerms, Terms } from '../../rules/engine/ruleset/terms';
import { guldTerms, plan } from './fixtures';

let terms: Terms;
beforeAll(async () => {
  terms = await guldTerms();
});

function calendarOf(support: Partial<SupportTerms> = {}): YearCalendar {
  const { calendar } = plan({ terms: { ...terms, support: { ...terms.support, ...support } } });
  if (calendar === undefined) throw new Error('the plan carries no calendar');
  return calendar;
}

test.each([
  ['in a plain week', '2027-03-04', '2027-03-01T07:30', '2027-03-05T07:30'],
  ['over a weekend', '2027-03-09', '2027-03-04T07:30', '2027-03-10T07:30'],
  ['after a Friday', '2027-03-12', '2027-03-09T07:30', '2027-03-15T07:30'],
  ['over Easter', '2027-03-30', '2027-03-23T07:30', '2027-03-31T06:30'],
  ['due on a Sunday', '2027-03-07', '2027-03-03T07:30', '2027-03-08T07:30'],
  ['over the end of the year', '2027-12-30', '2027-12-27T07:30', '2028-01-03T07:30'],
  ['from the year before', '2027-01-05', '2026-12-29T07:30', '2027-01-07T07:30'],
])('an action is reminded of three open days before and one after, %s', (_what, due, remind, overdue) => {
  expect(actionReminders(calendarOf(), due)).toEqual([
    { step: 'remind', at: expect.stringContaining(remind) as string },
    { step: 'overdue', at: expect.stringContaining(overdue) as string },
  ]);
});

test('the days an agreement closes besides do not count, and support opens when its terms say', () => {
  const calendar = calendarOf({ closedDays: ['2027-03-02', '2027-03-05'], opens: '07:00' });
  expect(actionReminders(calendar, '2027-03-04')).toEqual([
    { step: 'remind', at: '2027-02-26T06:00:00.000Z' },
    { step: 'overdue', at: '2027-03-08T06:00:00.000Z' },
  ]);
});

test('reminders of any action fall on open days as the calendar library counts them, in order', () => {
  const day = fc.integer({ min: 0, max: 364 }).map((after) => addDays('2027-01-01', after));
  fc.assert(
    fc.property(day, fc.uniqueArray(day, { maxLength: 20 }), (dueOn, closedDays) => {
      const closed = new Set(closedDays);
      expect(actionReminders(calendarOf({ closedDays }), dueOn)).toEqual([
        { step: 'remind', at: instantAt(addOpenDays(dueOn, -3, closed), '08:30') },
        { step: 'overdue', at: instantAt(addOpenDays(dueOn, 1, closed), '08:30') },
      ]);
    }),
    { numRuns: 50 },
  );
});
