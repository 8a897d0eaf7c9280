import { addOpenDays, isoWeek, nextOpenDay } from './calendar';
import type { LocalDate } from './contract';

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
  const open: LocalDate[] = [];
  for (let day = nextOpenDay(from); day <= to; day = addOpenDays(day, 1)) open.push(day);
  const free = open.filter((day) => !avoidWeeks.includes(isoWeek(day)));
  return free.length < needed ? open : free;
}
