import type { Contract, LocalDate } from '../contract/contract';
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

/**
 * The ordinary prices of an hour by kind of work on a day, in minor units, but for consulting, whose price is the year's.
 * A price that the contract fixes holds for every kind: then there are none.
 */
export function ratesByKind(
  prices: readonly OrdinaryPrice[],
  { hourlyRate, currency }: Contract['hourBank'],
  on: LocalDate,
): Partial<Record<Service, number>> {
  if (hourlyRate !== undefined) return {};
  const kinds = [...new Set(prices.map(({ service }) => service))].filter((kind) => kind !== 'consulting');
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const rate = ordinaryPrice(prices, kind, currency, on);
      return rate === undefined ? [] : [[kind, rate]];
    }),
  );
}
