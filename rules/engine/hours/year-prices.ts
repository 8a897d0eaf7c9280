import { BilingualError } from '../basics/bilingual-error';
import { periodOf } from '../calendar/agreement-period';
import type { Contract } from '../contract/contract';
import { toHundredths } from './hour-bank';
import { ordinaryPrice } from './ordinary-price';
import { toMinorUnits } from './price';
import type { OrdinaryPrice } from '../ruleset/read-prices';
import type { HourBankTerms } from '../ruleset/terms';

/** Ordinary prices of an hour before discount, in minor units. */
export interface YearPrices {
  /** The price of the agreement year; it does not change while the year runs. */
  hourlyRateMinor: number;
  /** The price of the next year, if a manager approves it. */
  proposedRateMinor: number;
}

export interface YearPriceInput {
  contract: Pick<Contract, 'startsOn' | 'hourBank'>;
  terms: Pick<HourBankTerms, 'indexPercent'>;
  prices: readonly OrdinaryPrice[];
  yearNumber: number;
  /** The price already decided for the year, in minor units: planned before, approved, or the year before's. */
  decided?: number;
  /** The next year's price, if an amendment fixes it: then nothing else is proposed. */
  signedNext?: number;
}

/** No price can be given; the message says where one was looked for. */
export class PriceError extends BilingualError {
  override readonly name = 'PriceError';
}

/**
 * The price of an agreement year, and the one to propose for the next ("% rabatt jämfört ordinarie timpristaxa").
 *
 * A price fixed in the contract is proposed with the terms' index added, rounded down in the customer's favour;
 * otherwise the ordinary price of consulting that holds on the next period's first day is.
 *
 * @example yearPrices({ contract: fixed at 1450, terms: { indexPercent: 3 }, … }) // 145000, proposed 149350
 * @throws PriceError if neither the contract nor the price list gives one
 */
export function yearPrices(input: YearPriceInput): YearPrices {
  const { contract, terms, prices, yearNumber, decided, signedNext } = input;
  const { hourlyRate, currency } = contract.hourBank;
  const { from, to } = periodOf(contract.startsOn, yearNumber);
  const fixed = hourlyRate === undefined ? undefined : toMinorUnits(hourlyRate);
  const hourlyRateMinor = decided ?? fixed ?? ordinaryPrice(prices, 'consulting', currency, from);
  if (hourlyRateMinor === undefined)
    throw new PriceError({
      sv:
        `förväntade ett pris per timme: hourBank.hourlyRate i avtalet, eller ett ordinarie pris för konsultation i ` +
        `${currency} den ${from} i rules/prices.json; hittade ingetdera`,
      en:
        `expected a price per hour: hourBank.hourlyRate in the contract, or an ordinary price of consulting in ` +
        `${currency} on ${from} in rules/prices.json; found neither`,
    });
  if (signedNext !== undefined) return { hourlyRateMinor, proposedRateMinor: hourlyRateMinor };
  const proposedRateMinor =
    fixed === undefined
      ? (ordinaryPrice(prices, 'consulting', currency, to) ?? hourlyRateMinor)
      : indexed(hourlyRateMinor, terms.indexPercent);
  return { hourlyRateMinor, proposedRateMinor };
}

function indexed(rate: number, indexPercent: number): number {
  const share = 10_000 + toHundredths(indexPercent, 'a percentage');
  return Number((BigInt(rate) * BigInt(share)) / 10_000n);
}
