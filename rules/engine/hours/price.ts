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
 * What time costs, in minor units, rounded down to a whole one.
 *
 * @param seconds not below zero
 * @param price of an hour in minor units
 * @example amountOf(51_048, 131_750) // 1868215: 14.18 hours at 1,317.50 kr are 18,682.15 kr
 */
export function amountOf(seconds: number, price: number): number {
  return Number((BigInt(seconds) * BigInt(price)) / 3600n);
}

/**
 * The price of an hour beyond the bank, in minor units.
 *
 * @param rate ordinary price per hour in minor units
 */
export function overagePrice(
  rate: number,
  terms: Pick<HourBankTerms, 'discountPercent' | 'overage'>,
): number {
  return terms.overage.price === 'discounted' ? discountedRate(rate, terms.discountPercent) : rate;
}
