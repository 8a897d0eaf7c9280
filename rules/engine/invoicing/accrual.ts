/** What prepaid hours that nobody has used are worth, for the accounts of both sides. */
import type { LocalDate } from '../contract/contract';
import type { BurnDown, Grant } from '../hours/burn-down';
import { amountOf } from '../hours/price';
import { paidSeconds } from '../hours/termination';
import type { EndOfHours } from '../hours/termination';

/** Unused hours of a grant. Times are whole seconds, money minor units without VAT. */
export interface PrepaidHours {
  grant: string;
  kind: Grant['kind'];
  expires: LocalDate;
  seconds: number;
  priceMinor: number;
  amountMinor: number;
}

/**
 * Hours that are paid for and not used, grant by grant: nobody paid for what we gave, and of a year in instalments only those that
 * have fallen due.
 *
 * @param burned up to the day asked about
 * @param on that day
 * @param prices.of price of an hour of a grant
 * @param prices.paid how a year's contracted hours are paid, if in instalments
 */
export function prepaidHours(
  { grants, left }: Pick<BurnDown, 'grants' | 'left'>,
  on: LocalDate,
  prices: { of: (grant: Grant) => number; paid: (year: number) => EndOfHours['paid'] },
): PrepaidHours[] {
  return grants.flatMap((grant): PrepaidHours[] => {
    const { id, kind, year = 0, seconds: given, from, expires } = grant;
    const unused = left[id] ?? 0;
    if ((grant.heldOf ?? grant).kind === 'goodwill' || from > on) return [];
    const seconds =
      kind === 'contracted'
        ? Math.min(unused, Math.max(0, paidSeconds(given, prices.paid(year)) - (given - unused)))
        : unused;
    const priceMinor = prices.of(grant);
    if (seconds === 0) return [];
    return [
      { ...{ grant: id, kind, expires, seconds, priceMinor }, amountMinor: amountOf(seconds, priceMinor) },
    ];
  });
}
