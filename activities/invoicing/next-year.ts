/** The year to come as it stands now: its instalments in advance are invoiced before it is planned. */
import { periodOf } from '../../rules/engine/calendar/agreement-period';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { secondsOfHundredth, toCentihours } from '../../rules/engine/hours/hour-bank';
import { discountedRate } from '../../rules/engine/hours/price';
import type { InvoicedYear } from '../../rules/engine/invoicing/owed';
import { termsFor } from '../../rules/engine/terms/terms-for';
import { contractOn } from '../agreements/agreements';
import type { AgreementRow } from '../agreements/agreements';
import { decidePrices } from '../agreements/prices';
import { loadRuleset, rulesetInForce } from '../agreements/rulesets';
import type { Queryable } from '../db';
import type { HourFacts } from '../hours/facts';
import { isInvoiced } from './facts';

/** Days before a year on which the earliest of its instalments can be invoiced, as the terms let it. */
const mostDaysBefore = 90;

/**
 * The year after the last that is planned, if it comes: by the contract with the amendments that wait, the rules in force and
 * the price that was approved. If it comes otherwise, what was invoiced is credited.
 *
 * @param until the last day looked at
 */
export async function nextYear(
  db: Queryable,
  agreement: AgreementRow,
  { periods }: HourFacts,
  until: LocalDate,
): Promise<InvoicedYear | undefined> {
  const last = periods.at(-1);
  if (!last?.rollover || (await endsWith(db, agreement, last.number))) return undefined;
  const { from, to } = periodOf(agreement.contract.startsOn, last.number + 1);
  if (liesFarAhead(until, from)) return undefined;
  const hash = await rulesetInForce(db);
  if (hash === undefined) return undefined;
  const ruleset = await loadRuleset(db, hash);
  const contract = await contractOn(db, agreement, from);
  const yearNumber = last.number + 1;
  const { terms } = await termsFor(contract, ruleset, yearNumber, from);
  if (!isInvoiced(terms.invoicing)) return undefined;
  const { hourlyRateMinor } = await decidePrices(db, { contract, terms, ruleset, yearNumber });
  return {
    ...{ number: yearNumber, from, to, terms: terms.invoicing },
    priceMinor: discountedRate(hourlyRateMinor, terms.hourBank.discountPercent),
    given: [{ seconds: toCentihours(contract.hourBank.hours) * secondsOfHundredth, on: from }],
  };
}

/** Whether the year lies further ahead than anything of it can be invoiced. */
const liesFarAhead = (until: LocalDate, from: LocalDate): boolean =>
  Date.parse(from) - Date.parse(until) > mostDaysBefore * 86_400_000;

/** Whether the agreement has ended, or was given notice of: then its year struck the renewal. */
async function endsWith(db: Queryable, { number, state }: AgreementRow, year: number): Promise<boolean> {
  if (state === 'ended') return true;
  const [struck] = await db.query(
    `select 1 from obligations where agreement = $1 and year = $2 and id = 'renewal/notice' and state = 'cancelled' and closed_by = 'system'`,
    [number, year],
  );
  return struck !== undefined;
}
