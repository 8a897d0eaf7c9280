import type { LocalDate } from '../contract/contract';
import { toMinorUnits } from './price';
import type { OrdinaryPrice, Service } from '../ruleset/read-prices';

/**
 * The ordinary price of an hour on a day, in minor units: the newest that begins on that day or before.
 *
 * @returns nothing if none holds yet
 */
export function ordinaryPrice(
  prices: readonly OrdinaryPrice[],
  service: Service,
  currency: string,
  on: LocalDate,
): number | undefined {
  const holding = prices
    .filter((price) => price.service === service && price.currency === currency && price.from <= on)
    .reduce<OrdinaryPrice | undefined>(
      (newest, price) => (newest === undefined || price.from > newest.from ? price : newest),
      undefined,
    );
  return holding === undefined ? undefined : toMinorUnits(holding.pricePerHour);
}
