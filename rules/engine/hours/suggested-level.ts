/** The level of the hour bank that suits the next period ("Vi estimerar tillsammans en bra nivå"). */
import { daysBetween } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';

/** Days after the beginning of a year until its pace says what a year takes. */
const daysUntilKnown = 90;

export interface SuggestedLevel {
  /** Hours of the next period, in hundredths: whole fives, from a hundred hours on whole tens. */
  hours: number;
  /** What the year uses at its pace so far, in hundredths of an hour. */
  expected: number;
}

/**
 * The level that covers what a year uses at the pace so far, rounded up. Only a proposal.
 *
 * @param used so far, in hundredths of an hour; what went beyond the bank included
 * @param year its first day, and the first of the next
 * @returns nothing if none are used or the year is too young
 * @example suggestedLevel(4200, { from: '2027-01-01', to: '2028-01-01' }, '2027-07-01') // { hours: 8500, expected: 8470 }
 */
export function suggestedLevel(
  used: number,
  { from, to }: { from: LocalDate; to: LocalDate },
  today: LocalDate,
): SuggestedLevel | undefined {
  const days = daysBetween(from, today);
  if (days < daysUntilKnown || used <= 0) return undefined;
  const length = daysBetween(from, to);
  const expected = Math.ceil((used * length) / Math.min(days, length));
  const unit = expected > 10_000 ? 1000 : 500;
  return { hours: Math.ceil(expected / unit) * unit, expected };
}
