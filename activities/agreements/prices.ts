/** Prices per hour: which one an agreement year has, and which one a manager approved for the next. */
import { periodOf } from '../../rules/engine/calendar/agreement-period';
import type { Contract } from '../../rules/engine/contract/contract';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { ratesByKind } from '../../rules/engine/hours/ordinary-price';
import type { YearPrices } from '../../rules/engine/hours/year-prices';
import { PriceError, yearPrices } from '../../rules/engine/hours/year-prices';
import type { Queryable } from '../db';
import { permanent } from '../permanent';
import { loadRuleset, rulesetInForce } from './rulesets';

/**
 * The price of a year and the one to propose for the next. A price never rises without an approval: a year keeps the
 * price it was first planned with, and a new year has the price that a manager approved for it, else that of the year
 * before. A price signed before the first year began replaces the one that year was planned with.
 */
export async function decidePrices(
  db: Queryable,
  { contract, terms, ruleset, yearNumber }: PricedYear,
): Promise<YearPrices> {
  const [known] = await db.query<{ rate: number | null; signedNext: number | null }>(
    `select coalesce(
       (select price_minor from approved_prices where agreement = $1 and year = $2 and year = 1 and amendment is not null),
       (select (plan->>'hourlyRateMinor')::int from plans where agreement = $1 and year = $2
         order by revision desc limit 1),
       (select price_minor from approved_prices where agreement = $1 and year = $2),
       (select (plan->>'hourlyRateMinor')::int from plans where agreement = $1 and year = $2::int - 1
         order by revision desc limit 1)) as rate,
       (select price_minor from approved_prices
         where agreement = $1 and year = $2::int + 1 and amendment is not null) as "signedNext"`,
    [contract.agreement, yearNumber],
  );
  const decided = known?.rate ?? undefined;
  const signedNext = known?.signedNext ?? undefined;
  const { prices } = ruleset;
  try {
    return yearPrices({
      contract,
      terms: terms.hourBank,
      prices,
      yearNumber,
      ...(decided !== undefined && { decided }),
      ...(signedNext !== undefined && { signedNext }),
    });
  } catch (error) {
    if (error instanceof PriceError) throw permanent('TermsUnusable', error.message, error);
    throw error;
  }
}

/**
 * The ordinary prices of kinds of work in a year, in minor units. They stay those of the year before until a manager
 * approves a price for the year; then they are those of the price list.
 */
export async function decideRates(
  db: Queryable,
  { contract, ruleset, yearNumber }: Omit<PricedYear, 'terms'>,
): Promise<Record<string, number>> {
  const [known] = await db.query<{ rates: Record<string, number> | null }>(
    `select plan -> 'ratesMinor' as rates from plans
      where agreement = $1 and (year = $2 or year = $2::int - 1 and not exists
            (select 1 from approved_prices where agreement = $1 and year = $2))
      order by year desc, revision desc limit 1`,
    [contract.agreement, yearNumber],
  );
  const { from } = periodOf(contract.startsOn, yearNumber);
  return known?.rates ?? ratesByKind(ruleset.prices, contract.hourBank, from);
}

interface PricedYear {
  contract: Contract;
  terms: Terms;
  ruleset: Ruleset;
  yearNumber: number;
}

/**
 * Refuses a contract for which there is no price per hour at all; which price holds is decided when its year is
 * planned. Before the first ruleset is published there are no prices to look in, and only the planning can refuse it.
 */
export async function requirePrice(db: Queryable, { hourBank }: Contract): Promise<void> {
  if (hourBank.hourlyRate !== undefined) return;
  const hash = await rulesetInForce(db);
  if (hash === undefined) return;
  const { prices } = await loadRuleset(db, hash);
  const priced = prices.some(
    ({ service, currency }) => service === 'consulting' && currency === hourBank.currency,
  );
  if (!priced)
    throw new PriceError({
      sv:
        `förväntade hourBank.hourlyRate i avtalet, eller ordinarie priser för konsultation i ${hourBank.currency} i ` +
        `rules/prices.json; hittade ingetdera`,
      en:
        `expected hourBank.hourlyRate in the contract, or ordinary prices of consulting in ${hourBank.currency} in ` +
        `rules/prices.json; found neither`,
    });
}
