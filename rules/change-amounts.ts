import type { Contract, LocalDate } from './contract';
import { closeHourBank, toCentihours } from './hour-bank';
import { discountedRate } from './price';
import type { Terms } from './terms';

/** An amount before and after a change. */
export interface Amount {
  what: 'hourPrice' | 'bankValue' | 'rolloverAtMost' | 'proposedPrice';
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
  const contracted = toCentihours(contract.hourBank.hours);
  const price = ({ hourBank }: Terms): number => discountedRate(hourlyRateMinor, hourBank.discountPercent);
  const bank = (terms: Terms): number => Number((BigInt(contracted) * BigInt(price(terms))) / 100n);
  const rolls = ({ hourBank }: Terms): number =>
    closeHourBank({ contracted, rolledIn: 0, used: 0, remaining: contracted, overage: 0 }, hourBank)
      .rolledOut;
  const all: [Amount['what'], (terms: Terms) => number][] = [
    ['hourPrice', price],
    ['bankValue', bank],
    ['rolloverAtMost', rolls],
  ];
  return all.flatMap(([what, of]) => {
    const [from, to] = [of(before), of(after)];
    return from === to ? [] : [{ what, on, from, to }];
  });
}
