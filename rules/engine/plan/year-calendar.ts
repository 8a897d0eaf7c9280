/** The closed days and clock changes of a year, in a form that workflows carry with the plan and read without a library. */
import { instantAt, isOpenDay } from '../calendar/calendar';
import { addDays, isWeekend } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import type { YearCalendar } from '../calendar/local-time';
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
  const { opens, closes } = terms.support;
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
    opens,
    closes,
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
  const changes: { day: LocalDate; minutes: number }[] = [];
  let before = minutesAhead(`${year - 1}-12-31`);
  for (let day = `${year}-01-01`; day <= `${year}-12-31`; day = addDays(day, 1)) {
    if (!isWeekend(day) && !isOpenDay(day)) closedDays.push(day);
    const minutes = minutesAhead(day);
    if (minutes !== before) changes.push({ day, minutes });
    before = minutes;
  }
  const found = { closedDays, changes };
  calendarYears.set(year, found);
  return found;
}

/** Minutes that Sweden is ahead of UTC at noon. */
function minutesAhead(day: LocalDate): number {
  return (Date.parse(`${day}T12:00Z`) - Date.parse(instantAt(day, '12:00'))) / 60_000;
}
