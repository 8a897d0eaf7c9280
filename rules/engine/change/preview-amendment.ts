import { periodOf, yearNumberOn } from '../calendar/agreement-period';
import { pricedYear, signedRate } from './amend-contract';
import { instantAt, localDateOf } from '../calendar/calendar';
import type { Amount } from './change-amounts';
import { amountsOf, differingAmounts } from './change-amounts';
import { diffContract } from '../contract/change-contract';
import type { Contract, Instant, LocalDate } from '../contract/contract';
import { doneBy, newlySaid, planAgain, previewPlan, valueChanges, valueOf } from './preview-change';
import type { LiveAgreement, RunningYear } from './live-agreement';
import type { AgreementPreview, PlanPreview, ValueChange } from './preview-change';
import type { Ruleset } from '../ruleset/read-ruleset';
import { diffTerms, termsSoFar, withTerms } from '../terms/running-terms';
import type { Terms } from '../ruleset/terms';
import { termsFor, yearOn, yearTerms } from '../terms/terms-for';
import { amendedHours } from '../hours/amended-hours';
import { toCentihours } from '../hours/hour-bank';
import { yearPrices } from '../hours/year-prices';
import type { StoredPlan } from '../plan/plan';

/** An agreement, its running year if it is planned, and the contract that an amendment makes of it. */
export interface AmendedAgreement extends Pick<
  LiveAgreement,
  'contract' | 'yearNumber' | 'decidedRateMinor' | 'signedNextRateMinor'
> {
  running?: { terms: Terms; year: RunningYear };
  amended: Contract;
  from: LocalDate;
}

/** What an amendment would do. It breaks no promise: what it promises less was signed. */
export interface AmendmentPreview extends AgreementPreview {
  /** The terms on the day the amendment takes effect, without it and with it, by the same rules. */
  promised: { before: Terms; after: Terms };
}

/** What happens to the running year, if it is still there on the day. */
interface RunningPreview extends PlanPreview {
  values: ValueChange[];
  amounts: Amount[];
}

const untouched: RunningPreview = { values: [], amounts: [], now: { obligations: [], mails: [] }, later: [] };

/**
 * What becomes of an agreement when its contract is amended. Makes the same calls as the running year will.
 *
 * @param asOf when it is approved
 * @throws TermsError if the ruleset gives the amended contract no usable terms, PriceError if no price
 */
export async function previewAmendment(
  agreement: AmendedAgreement,
  ruleset: Ruleset,
  asOf: Instant,
): Promise<AmendmentPreview> {
  const { contract, amended, yearNumber, from } = agreement;
  const today = localDateOf(asOf);
  const day = from > today ? from : today;
  const period = periodOf(contract.startsOn, yearNumber);
  const runs = agreement.running !== undefined && day < period.to;
  const running = runs ? await previewRunning(agreement, ruleset, day, asOf) : untouched;
  const number = runs ? yearNumber + 1 : yearNumberOn(contract.startsOn, day);
  const first = periodOf(contract.startsOn, number).from;
  const on = runs || day < first ? first : day;
  const [before, after] = await Promise.all([
    termsFor(contract, ruleset, number, on),
    termsFor(amended, ruleset, number, on),
  ]);
  const values = newlySaid(running.values, before.terms, after.terms).map((change) =>
    valueOf(ruleset, after, on, change),
  );
  const rates = ratesOf(agreement, ruleset, number, { before: before.terms, after: after.terms }, today);
  const amounts = differingAmounts(
    on,
    amountsOf(contract, rates.before, before.terms),
    amountsOf(amended, rates.after, after.terms),
  );
  return {
    agreement: contract.agreement,
    customer: amended.customer.name,
    currency: contract.hourBank.currency,
    yearNumber,
    ...period,
    values: [...running.values, ...values].map((value) => byContract(value, amended)),
    amounts: [...running.amounts, ...amounts.filter((one) => !running.amounts.some(same(one)))],
    plan: day > today ? untouched.now : running.now,
    later: day > today ? [{ on: day, ...running.now }, ...running.later] : running.later,
    broken: [],
    running: runs,
    promised: await promisedOn(agreement, ruleset, day),
  };
}

/** Plans the running year again on the day, assuming that all that falls due before is done on its date. */
async function previewRunning(
  agreement: AmendedAgreement,
  ruleset: Ruleset,
  day: LocalDate,
  asOf: Instant,
): Promise<RunningPreview> {
  const { contract, amended, yearNumber, running } = agreement;
  if (!running) return untouched;
  const today = localDateOf(asOf);
  const at = day === today ? asOf : instantAt(day, '00:00');
  const begun = at >= running.year.plan.startsAt;
  const untilThen = await yearTerms(contract, ruleset, yearNumber, today, running.terms);
  const soFar = day === today ? running.terms : yearOn(untilThen, day).terms;
  const before = await yearTerms(contract, ruleset, yearNumber, day, soFar);
  const held = termsSoFar(soFar, amended, begun);
  const year = await yearTerms(amended, ruleset, yearNumber, day, held);
  const prices = pricesOf(agreement, ruleset, yearNumber, year.terms, today);
  const side = { ruleset };
  const closed = doneBy(running.year, at);
  const then: RunningYear =
    day === today
      ? running.year
      : {
          ...running.year,
          closed,
          plan: planAgain(
            contract,
            before,
            { ...running.year, closed },
            {
              ...{ yearNumber, asOf: at, rulesetHash: ruleset.hash },
              prices: pricesOf({ ...agreement, amended: contract }, ruleset, yearNumber, before.terms, today),
            },
          ),
        };
  const { from: first } = periodOf(contract.startsOn, yearNumber);
  // An earlier amendment of the year may have given a part of its hours.
  const { contractedHours, contractedFor } = running.year.plan as Partial<StoredPlan>;
  const of = contractedFor ?? toCentihours(contract.hourBank.hours);
  const had = contractedFor === undefined ? of : (contractedHours ?? of);
  const { hours } = amendedHours(
    { hours: had, of },
    toCentihours(amended.hourBank.hours),
    { from: first, begun },
    day,
    year.terms.hourBank,
  );
  const bankOf = (centihours: number) => ({
    hourBank: { ...contract.hourBank, hours: centihours / 100 },
  });
  const old = pricesOf({ ...agreement, amended: contract }, ruleset, yearNumber, soFar, today);
  return {
    values: valueChanges(ruleset, day, soFar, before, year),
    amounts: differingAmounts(
      day < first ? first : day,
      amountsOf(bankOf(had), old.hourlyRateMinor, soFar),
      amountsOf(bankOf(hours), prices.hourlyRateMinor, year.terms),
    ),
    ...previewPlan(
      { contract, yearNumber, terms: soFar },
      { asOf: at, inForce: side, proposed: side },
      { before, year, prices },
      then,
      amended,
    ),
  };
}

/** The year's price and the one proposed for the next, once the amendment is approved. */
function pricesOf(
  { contract, amended, from, yearNumber, decidedRateMinor, signedNextRateMinor }: AmendedAgreement,
  ruleset: Ruleset,
  number: number,
  terms: Terms,
  today: LocalDate,
) {
  const rate = signedRate(diffContract(contract, amended));
  const priced = pricedYear(contract.startsOn, from, today);
  const decided = rate !== undefined && priced === number ? rate : decidedRateMinor;
  const signedNext = rate !== undefined && priced === yearNumber + 1 ? rate : signedNextRateMinor;
  return yearPrices({
    contract: amended,
    terms: terms.hourBank,
    prices: ruleset.prices,
    yearNumber: number,
    ...(decided !== undefined && { decided }),
    ...(signedNext !== undefined && { signedNext }),
  });
}

/** The price of a coming period, without the amendment and with it: the running year's, unless another is signed. */
function ratesOf(
  agreement: AmendedAgreement,
  ruleset: Ruleset,
  number: number,
  terms: { before: Terms; after: Terms },
  today: LocalDate,
): { before: number; after: number } {
  const { contract, amended, from, decidedRateMinor, signedNextRateMinor } = agreement;
  const price = (of: Contract, { hourBank }: Terms): number => {
    const decided = signedNextRateMinor ?? decidedRateMinor;
    const known = decided === undefined ? {} : { decided };
    return yearPrices({
      ...{ contract: of, terms: hourBank, prices: ruleset.prices, yearNumber: number },
      ...known,
    }).hourlyRateMinor;
  };
  const rate = signedRate(diffContract(contract, amended));
  const signed =
    rate !== undefined && pricedYear(contract.startsOn, from, today) <= number ? rate : undefined;
  return { before: price(contract, terms.before), after: signed ?? price(amended, terms.after) };
}

/** What the rules promise on the day the amendment takes effect, by the contract as it was and as it becomes. */
async function promisedOn(
  { contract, amended }: AmendedAgreement,
  ruleset: Ruleset,
  day: LocalDate,
): Promise<AmendmentPreview['promised']> {
  const { startsOn } = contract;
  const on = day < startsOn ? startsOn : day;
  const number = yearNumberOn(startsOn, on);
  const [before, after] = await Promise.all([
    termsFor(contract, ruleset, number, on),
    termsFor(amended, ruleset, number, on),
  ]);
  return { before: before.terms, after: after.terms };
}

/**
 * The promises that later changes may not go below, after an amendment. With another level they are all new; otherwise
 * only those that the amendment itself changes, and the others stay as signed.
 */
export function amendedFloor(
  signed: Terms,
  { before, after }: AmendmentPreview['promised'],
  levelChanges: boolean,
): Terms {
  return levelChanges ? after : withTerms(signed, diffTerms(before, after));
}

/** Removes the rule from a discount that the contract fixes: no rule gave it. */
function byContract(value: ValueChange, { hourBank }: Contract): ValueChange {
  if (value.path !== 'hourBank.discountPercent' || hourBank.discountPercent === undefined) return value;
  const { rule: _, place: __, ...rest } = value;
  return rest;
}

/** Whether two amounts change in the same way: one that goes on into the next period is listed once. */
const same =
  (one: Amount) =>
  (other: Amount): boolean =>
    other.what === one.what && other.from === one.from && other.to === one.to;
