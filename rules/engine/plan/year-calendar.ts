/** The closed days and clock changes of a year, in a form that workflows carry with the plan and read without a library. */
import { instantAt, isOpenDay } from '../calendar/calendar';
import { addDays, isWeekend } from '../calendar/dates';
import type { Instant, LocalDate } from '../contract/contract';
import type { YearCalendar } from '../calendar/local-time';
import type { PlanContext } from './plan-context';

/** How many days before and after the year people may still name in messages. */
const margin = 31;

/** The calendar that a running year carries with its plan. */
export function yearCalendar({ from, to, closed, terms }: PlanContext): YearCalendar {
  const { opens, closes } = terms.support;
  const [first, last] = [addDays(from, -margin), addDays(to, margin)];
  const days: LocalDate[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  const workless = (day: LocalDate): boolean => !isWeekend(day) && !isOpenDay(day, closed);
  return { closedDays: days.filter(workless), offsets: offsetsOf(days), opens, closes };
}

/** The time of day, UTC, at which summer time begins and ends. */
const changesAt = 'T01:00:00.000Z';

function offsetsOf(days: readonly LocalDate[]): YearCalendar['offsets'] {
  const offsets: { from: Instant; minutes: number }[] = [];
  for (const day of days) {
    const noon = `${day}T12:00`;
    const minutes = (Date.parse(`${noon}Z`) - Date.parse(instantAt(day, '12:00'))) / 60_000;
    if (offsets.at(-1)?.minutes !== minutes) offsets.push({ from: `${day}${changesAt}`, minutes });
  }
  return offsets;
}
