/** The days on which the system of an agreement is not to go down for an upgrade. */
import type { Text } from '../basics/text';
import { addOpenDays, nextOpenDay, previousOpenDay } from '../calendar/calendar';
import { addDays, addMonths, daysBetween, isoWeek, mondayOf } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import type { CalendarTerms, SupportTerms, UpgradeTerms } from '../ruleset/terms';
import { closedDaysOf } from '../terms/support-hours';
import type { KeepClear } from './placing-terms';
import { placingTerms } from './placing-terms';

/** Both days included; empty where the first comes after the last. */
interface Days {
  first: LocalDate;
  last: LocalDate;
  what: Text;
}

type Closed = ReadonlySet<LocalDate>;
type ClearDays = ReadonlyMap<LocalDate, Text>;

interface ClearTerms {
  terms: UpgradeTerms;
  calendar: CalendarTerms;
  support: SupportTerms;
}

/** Cache: most agreements of a campaign have the same terms. */
const remembered = new Map<string, ClearDays>();
const mostRemembered = 200;

/**
 * What each day from one to another is kept clear for, weekends between such days included: the weeks and month-ends
 * of the calendar, where it applies to the upgrade, then what the terms of the upgrade name.
 */
export function clearDays(of: ClearTerms, from: LocalDate, to: LocalDate): ClearDays {
  const key = JSON.stringify([of.terms.keepClear, of.calendar, of.support.closedDays, from, to]);
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (remembered.size >= mostRemembered) remembered.clear();
  const days = findClearDays(of, from, to);
  remembered.set(key, days);
  return days;
}

function findClearDays({ terms, calendar, support }: ClearTerms, from: LocalDate, to: LocalDate): ClearDays {
  const closed = closedDaysOf(support);
  const months = monthsAround(from, to);
  const ranges = [
    ...(calendar.appliesTo.includes('upgrade') ? ofCalendar(calendar, months, from, to, closed) : []),
    ...placingTerms(terms).keepClear.flatMap((one) => ofTerm(one, months, closed)),
  ];
  const clear = new Map<LocalDate, Text>();
  for (const { first, last, what } of ranges)
    for (let day = first < from ? from : first; day <= last && day <= to; day = addDays(day, 1))
      if (!clear.has(day)) clear.set(day, what);
  return clear;
}

/** The first days of the months from the one before to the one after; days are counted from them. */
function monthsAround(from: LocalDate, to: LocalDate): LocalDate[] {
  const first = addMonths(`${from.slice(0, 7)}-01`, -1);
  const count = Math.ceil(daysBetween(first, to) / 28) + 2;
  return Array.from({ length: count }, (_, index) => addMonths(first, index));
}

function ofCalendar(
  { avoidWeeks, avoidMonthEnds }: CalendarTerms,
  months: readonly LocalDate[],
  from: LocalDate,
  to: LocalDate,
  closed: Closed,
): Days[] {
  const weeks: Days[] = [];
  for (let monday = mondayOf(from); monday <= to; monday = addDays(monday, 7)) {
    const week = isoWeek(monday);
    const what = { sv: `vecka ${week}`, en: `week ${week}` };
    if (avoidWeeks.includes(week)) weeks.push({ first: monday, last: addDays(monday, 6), what });
  }
  return [...weeks, ...months.map((first) => aroundMonthEnd(first, avoidMonthEnds, monthEnd, closed))];
}

const monthEnd: Text = { sv: 'månadsskifte', en: 'the turn of the month' };

/** The last open days of a month and the first ones of the next, with what lies between. */
function aroundMonthEnd(
  next: LocalDate,
  { openDaysBefore = 0, openDaysAfter = 0 }: { openDaysBefore?: number; openDaysAfter?: number },
  what: Text,
  closed: Closed,
): Days {
  const last = addDays(next, -1);
  return {
    first: openDaysBefore === 0 ? next : addOpenDays(next, -openDaysBefore, closed),
    last: openDaysAfter === 0 ? last : addOpenDays(last, openDaysAfter, closed),
    what,
  };
}

function ofTerm(term: KeepClear, months: readonly LocalDate[], closed: Closed): Days[] {
  const { sv, en, monthDay, from, to, days = [] } = term;
  const what = { sv, en };
  if (term.monthEnd === true) return months.map((first) => aroundMonthEnd(first, term, what, closed));
  if (monthDay !== undefined)
    return months.map((first) => aroundDay(dayOfMonth(first, monthDay), term, what, closed));
  if (from !== undefined && to !== undefined) return everyYear(months, from, to, what);
  return days.map((day) => ({ first: day, last: day, what }));
}

/** A day of a month; the last one of a shorter month. */
const dayOfMonth = (first: LocalDate, day: number): LocalDate => {
  const last = addDays(addMonths(first, 1), -1);
  const wanted = `${first.slice(0, 8)}${String(day).padStart(2, '0')}`;
  return wanted < last ? wanted : last;
};

/** A day that is closed stands for the open days around it: VAT is then paid on the next, salaries on the one before. */
function aroundDay(
  day: LocalDate,
  { openDaysBefore = 0, openDaysAfter = 0 }: Pick<KeepClear, 'openDaysBefore' | 'openDaysAfter'>,
  what: Text,
  closed: Closed,
): Days {
  return {
    first: addOpenDays(previousOpenDay(day, closed), -openDaysBefore, closed),
    last: addOpenDays(nextOpenDay(day, closed), openDaysAfter, closed),
    what,
  };
}

/** Days of every year, as 12-20 to 01-15. */
function everyYear(months: readonly LocalDate[], from: string, to: string, what: Text): Days[] {
  const years = [...new Set(months.map((month) => Number(month.slice(0, 4))))];
  return [Number(years[0]) - 1, ...years].map((year) => ({
    first: dayOfYear(year, from),
    last: dayOfYear(from <= to ? year : year + 1, to),
    what,
  }));
}

const dayOfYear = (year: number, day: string): LocalDate =>
  dayOfMonth(`${year}-${day.slice(0, 2)}-01`, Number(day.slice(3)));
