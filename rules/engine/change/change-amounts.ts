/** What a change of terms means in money and hours, for previews. */
import type { Contract, LocalDate } from '../contract/contract';
import { closeHourBank, toCentihours } from '../hours/hour-bank';
import { discountedRate, overagePrice } from '../hours/price';
import type { Terms } from '../ruleset/terms';

/** An amount before and after a change. */
export interface Amount {
  what: 'hourPrice' | 'overagePrice' | 'bankValue' | 'rolloverAtMost' | 'proposedPrice';
  on: LocalDate;
  /** Minor units of the currency; `rolloverAtMost` in centihours. */
  from: number;
  to: number;
}

/**
 * What a change of terms means in money and hours, for the period that `on` lies in.
 *
 * @param hourlyRateMinor ordinary price per hour in minor units
 */
export function changeAmounts(
  contract: Contract,
  hourlyRateMinor: number,
  on: LocalDate,
  before: Terms,
  after: Terms,
): Amount[] {
  const [old, now] = [
    amountsOf(contract, hourlyRateMinor, before),
    amountsOf(contract, hourlyRateMinor, after),
  ];
  return differingAmounts(on, old, now);
}

/** A period's terms as amounts: the price of an hour, and beyond the bank, the value of the bank, the hours that may roll over. */
export type Amounts = Record<Exclude<Amount['what'], 'proposedPrice'>, number>;

/** @param hourlyRateMinor ordinary price per hour in minor units */
export function amountsOf(
  { hourBank: { hours } }: Pick<Contract, 'hourBank'>,
  hourlyRateMinor: number,
  { hourBank }: Terms,
): Amounts {
  const contracted = toCentihours(hours);
  const hourPrice = discountedRate(hourlyRateMinor, hourBank.discountPercent);
  const full = { contracted, rolledIn: 0, used: 0, remaining: contracted, overage: 0 };
  return {
    hourPrice,
    overagePrice: overagePrice(hourlyRateMinor, hourBank),
    bankValue: Number((BigInt(contracted) * BigInt(hourPrice)) / 100n),
    rolloverAtMost: closeHourBank(full, hourBank).rolledOut,
  };
}

/** The amounts that differ. */
export function differingAmounts(on: LocalDate, before: Amounts, after: Amounts): Amount[] {
  // Beyond the bank an hour costs as much as in it, unless the terms say otherwise: then it is not told twice.
  const isSame = [before, after].every((one) => one.overagePrice === one.hourPrice);
  const told = (['hourPrice', 'overagePrice', 'bankValue', 'rolloverAtMost'] as const).filter(
    (what) => what !== 'overagePrice' || !isSame,
  );
  return told.flatMap((what) =>
    before[what] === after[what] ? [] : [{ what, on, from: before[what], to: after[what] }],
  );
}
