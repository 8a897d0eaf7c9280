/** What a change of terms means in money and hours, for previews. */
import type { Contract, LocalDate } from '../contract/contract';
import { closeHourBank, toCentihours } from '../hours/hour-bank';
import { discountedRate, overagePrice } from '../hours/price';
import type { Terms } from '../ruleset/terms';

/** An amount before and after a change. */
export interface Amount {
  what: 'hourPrice' | 'overagePrice' | 'bankValue' | 'instalment' | 'rolloverAtMost' | 'proposedPrice';
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

/**
 * A period's terms as amounts: the price of an hour, and beyond the bank, the value of the bank, an instalment of it (0 where we do
 * not invoice it), the hours that may roll over.
 */
export type Amounts = Record<Exclude<Amount['what'], 'proposedPrice'>, number>;

/** @param hourlyRateMinor ordinary price per hour in minor units */
export function amountsOf(
  { hourBank: { hours } }: Pick<Contract, 'hourBank'>,
  hourlyRateMinor: number,
  { hourBank, invoicing }: Terms,
): Amounts {
  const contracted = toCentihours(hours);
  const hourPrice = discountedRate(hourlyRateMinor, hourBank.discountPercent);
  const full = { contracted, rolledIn: 0, used: 0, remaining: contracted, overage: 0 };
  const bankValue = Number((BigInt(contracted) * BigInt(hourPrice)) / 100n);
  return {
    hourPrice,
    overagePrice: overagePrice(hourlyRateMinor, hourBank),
    bankValue,
    instalment: invoicing?.instalments === undefined ? 0 : Math.floor(bankValue / invoicing.instalments),
    rolloverAtMost: closeHourBank(full, hourBank).rolledOut,
  };
}

/** The amounts that differ. */
export function differingAmounts(on: LocalDate, before: Amounts, after: Amounts): Amount[] {
  // Beyond the bank an hour costs as much as in it, unless the terms say otherwise, and a year is paid at once: then it is not told twice.
  const isSame = [before, after].every((one) => one.overagePrice === one.hourPrice);
  const isWhole = [before, after].every(({ instalment, bankValue }) => instalment === bankValue);
  const untold = [...(isSame ? ['overagePrice'] : []), ...(isWhole ? ['instalment'] : [])];
  const told = (['hourPrice', 'overagePrice', 'bankValue', 'instalment', 'rolloverAtMost'] as const).filter(
    (what) => !untold.includes(what),
  );
  return told.flatMap((what) =>
    before[what] === after[what] ? [] : [{ what, on, from: before[what], to: after[what] }],
  );
}
