/** The contracted hours of a year that has begun, once an amendment asks for more. */
import { addMonths } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import type { HourBankTerms } from '../ruleset/terms';

/**
 * The hours of a year after an amendment, in hundredths. In a year that has begun fewer hours wait for the next; more are added whole, or
 * by the months that are left of it, a begun one counted, rounded up to a hundredth: in the customer's favour.
 *
 * @param had what the year has, and for how many hours of the contract it has that
 * @param asked what the contract says now
 * @param year its first day, and whether it has begun
 * @example amendedHours({ hours: 12000, of: 12000 }, 18000, { from: '2027-01-01', begun: true }, '2027-07-15', { amendment: { proration: 'byMonth' } }) // 15000
 */
export function amendedHours(
  had: { hours: number; of: number },
  asked: number,
  { from, begun }: { from: LocalDate; begun: boolean },
  day: LocalDate,
  { amendment }: Pick<HourBankTerms, 'amendment'>,
): { hours: number; of: number } {
  const more = asked - had.of;
  if (more === 0 || (more < 0 && begun)) return had;
  const months = amendment?.proration === 'byMonth' && begun ? monthsLeft(from, day) : 12;
  return { hours: had.hours + Math.ceil((more * months) / 12), of: asked };
}

/** Months of a year that are not over on a day, the begun one counted. */
const monthsLeft = (from: LocalDate, day: LocalDate): number =>
  Array.from({ length: 12 }, (_, month) => addMonths(from, month + 1)).filter((end) => end > day).length;
