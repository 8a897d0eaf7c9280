import { addDays, isOpenDay, isoWeek } from './calendar';
import type { LocalDate } from './contract';

/** Kept for the same reason as the calendar's: previews of many agreements ask for the same years. */
const openDaysByYear = new Map<number, readonly { day: LocalDate; week: number }[]>();

/**
 * The open days from one date to another, both included, outside the weeks to avoid. If that leaves fewer than
 * `needed`, all open days: what the agreement owes comes before the weeks we like to keep free.
 */
export function workingDays(
  from: LocalDate,
  to: LocalDate,
  avoidWeeks: readonly number[],
  needed: number,
): LocalDate[] {
  const years = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++) years.push(year);
  const open = years.flatMap(openDaysOf).filter(({ day }) => day >= from && day <= to);
  const free = open.filter(({ week }) => !avoidWeeks.includes(week));
  return (free.length < needed ? open : free).map(({ day }) => day);
}

function openDaysOf(year: number): readonly { day: LocalDate; week: number }[] {
  const known = openDaysByYear.get(year);
  if (known !== undefined) return known;
  const open = [];
  for (let day = `${year}-01-01`; day <= `${year}-12-31`; day = addDays(day, 1))
    if (isOpenDay(day)) open.push({ day, week: isoWeek(day) });
  openDaysByYear.set(year, open);
  return open;
}
