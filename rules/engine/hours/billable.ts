/** What of reported time counts, by the kind of work. Without libraries: workflows use it. */
import type { HourBankTerms } from '../ruleset/terms';
import { roundDownToUnits } from './entries';

/** The terms by which time is booked. */
export type BookingTermsOfYear = Pick<HourBankTerms, 'roundToMinutes' | 'kinds'>;

/**
 * The time of a kind of work that draws on the hour bank, in whole seconds, rounded down in the customer's favour: first to
 * whole units of minutes, then by the factor of its kind. What the agreement includes is recorded and draws nothing.
 *
 * @param reported whole seconds
 * @param kind of work; nothing where nobody said one
 * @example billableOf(5040, 'technical', { roundToMinutes: 15, kinds: { technical: { factorPercent: 150 } } }) // 6750
 */
export function billableOf(
  reported: number,
  kind: string | undefined,
  { roundToMinutes, kinds = {} }: BookingTermsOfYear,
): number {
  const own = termsOf(kind, kinds);
  if (own?.draws === 'never') return 0;
  const rounded = roundDownToUnits(reported, own?.roundToMinutes ?? roundToMinutes);
  return Math.floor((rounded * (own?.factorPercent ?? 100)) / 100);
}

/** Whether time draws nothing because the agreement includes it, and not because it is less than a whole unit. */
export function isIncluded(
  { reported, billable }: { reported: number; billable: number },
  kind: string | undefined,
  { roundToMinutes, kinds = {} }: BookingTermsOfYear,
): boolean {
  const units = termsOf(kind, kinds)?.roundToMinutes ?? roundToMinutes;
  return billable === 0 && roundDownToUnits(Math.abs(reported), units) > 0;
}

const termsOf = (kind: string | undefined, kinds: NonNullable<BookingTermsOfYear['kinds']>) =>
  Object.entries(kinds).find(([name]) => name === kind)?.[1];
