/** Prices in minor units (öre), exact integers, rounded down: in the customer's favour. */
import { toHundredths } from './hour-bank';
import type { HourBankTerms } from '../ruleset/terms';

/**
 * An amount of whole currency units, as a contract's `hourlyRate`, in minor units.
 *
 * @example toMinorUnits(1450.5) // 145050
 */
export function toMinorUnits(amount: number): number {
  return toHundredths(amount, 'an amount');
}

/**
 * The price of an hour after discount ("% rabatt jämfört ordinarie timpristaxa").
 *
 * @param rate ordinary price per hour in minor units
 * @param discountPercent at most two decimals
 * @example discountedRate(145000, 15) // 123250
 */
export function discountedRate(rate: number, discountPercent: number): number {
  const share = 10_000 - toHundredths(discountPercent, 'a percentage');
  return Number((BigInt(rate) * BigInt(share)) / 10_000n);
}

/**
 * What hours beyond the bank cost, in minor units: hours × the price per hour as it is quoted.
 *
 * @param overage in centihours
 * @param rate ordinary price per hour in minor units
 */
export function overageAmount(
  overage: number,
  rate: number,
  terms: Pick<HourBankTerms, 'discountPercent' | 'overage'>,
): number {
  const price = terms.overage.price === 'discounted' ? discountedRate(rate, terms.discountPercent) : rate;
  return Number((BigInt(overage) * BigInt(price)) / 100n);
}
