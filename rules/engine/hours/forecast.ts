/** When an hour bank is used up, if people go on as they have. */
import { addDays, daysBetween } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import type { HourBalance } from './hour-bank';

/** Days after the beginning of a year until its pace says anything. */
const daysUntilKnown = 30;

/**
 * The day on which the hours that are left are used at the pace of the year so far.
 *
 * @param year its first day, and the first of the next
 * @returns nothing if they last the year out, none are left or used, or the year is too young
 * @example usedUpOn({ used: 9000, remaining: 3000 }, { from: '2027-01-01', to: '2028-01-01' }, '2027-07-01') // '2027-08-30'
 */
export function usedUpOn(
  { used, remaining }: Pick<HourBalance, 'used' | 'remaining'>,
  { from, to }: { from: LocalDate; to: LocalDate },
  today: LocalDate,
): LocalDate | undefined {
  const days = daysBetween(from, today);
  if (days < daysUntilKnown || used === 0 || remaining === 0) return undefined;
  const on = addDays(today, Math.floor((remaining * days) / used));
  return on < to ? on : undefined;
}
