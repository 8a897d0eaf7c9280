/** The open days of an agreement year, and which of them the plan uses or avoids. */
import { isOpenDay } from '../calendar/calendar';
import { addDays, isoWeek } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import type { CalendarTerms } from '../ruleset/terms';

interface OpenDay {
  day: LocalDate;
  week: number;
}

/** Caches: previews of many agreements ask for the same years. */
const openDaysByYear = new Map<number, readonly OpenDay[]>();
const remembered = new Map<string, WorkingDays>();
const mostRemembered = 2_000;

/** The open days of an agreement year, and those to avoid. */
export interface WorkingDays {
  open: readonly LocalDate[];
  avoided: ReadonlySet<LocalDate>;
}

/**
 * The open days from one date to another, both included, and the days to avoid: those in the weeks to avoid, and the
 * last and first open days of each month.
 *
 * @param closed days closed besides weekends and holidays
 */
export function workingDays(
  from: LocalDate,
  to: LocalDate,
  terms: Pick<CalendarTerms, 'avoidWeeks' | 'avoidMonthEnds'>,
  closed: ReadonlySet<LocalDate>,
): WorkingDays {
  const { openDaysBefore, openDaysAfter } = terms.avoidMonthEnds;
  const key = [from, to, openDaysBefore, openDaysAfter, ...terms.avoidWeeks, ...closed].join();
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (remembered.size >= mostRemembered) remembered.clear();
  const days = lookUp(from, to, terms, closed);
  remembered.set(key, days);
  return days;
}

function lookUp(
  from: LocalDate,
  to: LocalDate,
  { avoidWeeks, avoidMonthEnds }: Pick<CalendarTerms, 'avoidWeeks' | 'avoidMonthEnds'>,
  closed: ReadonlySet<LocalDate>,
): WorkingDays {
  const years = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++) years.push(year);
  const days = years.flatMap(openDaysOf).filter(({ day }) => !closed.has(day));
  const avoided = new Set(aroundMonthEnds(days, avoidMonthEnds));
  for (const { day, week } of days) if (avoidWeeks.includes(week)) avoided.add(day);
  return { open: days.map(({ day }) => day).filter((day) => day >= from && day <= to), avoided };
}

/**
 * The days without those to avoid; all days if fewer than `needed` would be left: what the agreement owes comes before
 * the days we like to keep free.
 */
export function daysToUse(
  days: readonly LocalDate[],
  avoided: ReadonlySet<LocalDate>,
  needed: number,
): readonly LocalDate[] {
  if (avoided.size === 0) return days;
  const free = days.filter((day) => !avoided.has(day));
  return free.length < needed ? days : free;
}

/** The first and last open days of each month. The days given have to be whole months, in order. */
function aroundMonthEnds(
  days: readonly OpenDay[],
  { openDaysBefore, openDaysAfter }: CalendarTerms['avoidMonthEnds'],
): LocalDate[] {
  if (openDaysBefore === 0 && openDaysAfter === 0) return [];
  const months = new Map<string, LocalDate[]>();
  for (const { day } of days) {
    const month = day.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), day]);
  }
  return [...months.values()].flatMap((month) => [
    ...month.slice(0, openDaysAfter),
    ...month.slice(Math.max(0, month.length - openDaysBefore)),
  ]);
}

function openDaysOf(year: number): readonly OpenDay[] {
  const known = openDaysByYear.get(year);
  if (known !== undefined) return known;
  const open = [];
  for (let day = `${year}-01-01`; day <= `${year}-12-31`; day = addDays(day, 1))
    if (isOpenDay(day)) open.push({ day, week: isoWeek(day) });
  openDaysByYear.set(year, open);
  return open;
}
