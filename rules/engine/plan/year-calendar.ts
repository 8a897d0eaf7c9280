/** The closed days and clock changes of a year, in a form that workflows carry with the plan and read without a library. */
import { instantAt, isOpenDay } from '../calendar/calendar';
import { addDays, addMonths, daysBetween, isWeekend } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import type { YearCalendar } from '../calendar/local-time';
import { workdayOf } from '../terms/support-hours';
import type { PlanContext } from './plan-context';

/** How many days before and after the year people may still name in messages. */
const margin = 31;

/** What holds in a calendar year for all agreements. */
interface CalendarYear {
  /** Days from Monday to Friday on which nobody works. */
  closedDays: readonly LocalDate[];
  /** Days on which clocks are changed, and the minutes that Sweden is ahead of UTC from then on. */
  changes: readonly { day: LocalDate; minutes: number }[];
}

/** Cache: previews plan many agreements in the same few years. */
const calendarYears = new Map<number, CalendarYear>();

/** The calendar that a running year carries with its plan. */
export function yearCalendar({ from, to, closed, terms }: PlanContext): YearCalendar {
  const [first, last] = [addDays(from, -margin), addDays(to, margin)];
  const within = (day: LocalDate): boolean => first <= day && day <= last;
  const years = yearsFrom(first, last).map(calendarYear);
  const holidays = years.flatMap(({ closedDays }) => closedDays.filter(within));
  const further = [...closed].filter((day) => within(day) && isOpenDay(day));
  const begins = { day: first, minutes: minutesAhead(first) };
  const changes = years.flatMap(({ changes }) => changes.filter(({ day }) => within(day) && day > first));
  return {
    closedDays: [...holidays, ...further].sort(),
    offsets: [begins, ...changes].map(({ day, minutes }) => ({ from: `${day}${changesAt}`, minutes })),
    ...workdayOf(terms.support),
  };
}

/** The time of day, UTC, at which summer time begins and ends. */
const changesAt = 'T01:00:00.000Z';

function yearsFrom(first: LocalDate, last: LocalDate): number[] {
  const [from, to] = [first, last].map((day) => Number(day.slice(0, 4))) as [number, number];
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function calendarYear(year: number): CalendarYear {
  const known = calendarYears.get(year);
  if (known !== undefined) return known;
  const closedDays: LocalDate[] = [];
  for (let day = `${year}-01-01`; day <= `${year}-12-31`; day = addDays(day, 1))
    if (!isWeekend(day) && !isOpenDay(day)) closedDays.push(day);
  const found = { closedDays, changes: changesIn(year) };
  calendarYears.set(year, found);
  return found;
}

/** The days of a year on which clocks are changed: at most one a month. */
function changesIn(year: number): { day: LocalDate; minutes: number }[] {
  const monthEnds = Array.from({ length: 13 }, (_, months) => addMonths(`${year - 1}-12-31`, months));
  return monthEnds.slice(1).flatMap((end, index) => {
    let [before, changed] = [monthEnds[index] ?? end, end];
    const minutes = minutesAhead(changed);
    if (minutes === minutesAhead(before)) return [];
    while (daysBetween(before, changed) > 1) {
      const middle = addDays(before, Math.floor(daysBetween(before, changed) / 2));
      if (minutesAhead(middle) === minutes) changed = middle;
      else before = middle;
    }
    return [{ day: changed, minutes }];
  });
}

/** Minutes that Sweden is ahead of UTC at noon. */
function minutesAhead(day: LocalDate): number {
  return (Date.parse(`${day}T12:00Z`) - Date.parse(instantAt(day, '12:00'))) / 60_000;
}
