import { periodOf } from './agreement-period';
import { brokenPromises, dearerHours } from './broken-promises';
import { localDateOf } from './calendar';
import { changeAmounts } from './change-amounts';
import type { Amount } from './change-amounts';
import type { Contract, Instant, LocalDate } from './contract';
import { diffPlans } from './diff-plans';
import type { PlanDiff } from './diff-plans';
import type { YearPlan } from './plan';
import { planByTerms } from './plan-by-terms';
import type { Ruleset } from './read-ruleset';
import { diffTerms } from './running-terms';
import type { TermChange } from './running-terms';
import { saidBy } from './said-by';
import type { Said } from './said-by';
import type { WeakerPromise } from './signed-floor';
import type { Terms } from './terms';
import { termsFor, yearTerms } from './terms-for';
import type { Decide, DecidedTerms, YearTerms } from './terms-for';
import { yearPrices } from './year-prices';
import type { YearPrices } from './year-prices';

/** A live agreement as PostgreSQL holds it. */
export interface LiveAgreement {
  contract: Contract;
  yearNumber: number;
  /** The terms its running year goes by. */
  terms: Terms;
  /** The terms it was signed with. */
  signed: Terms;
  /** Ordinary price per hour that was decided for the running year, in minor units; none in plans of long ago. */
  decidedRateMinor?: number;
}

/** The plan of the running year and how far it has come; read only for agreements that a change concerns. */
export interface RunningYear {
  plan: YearPlan;
  /** Closed obligations: id → when. */
  closed: Record<string, Instant>;
}

/** A value that changes, where it is said and by which rule. */
export type ValueChange = Omit<Said<TermChange>, 'amendment'>;

/** A promise that a change would break. */
export type BrokenPromise = Omit<Said<WeakerPromise>, 'amendment'>;

/** What a ruleset would do to the terms of a live agreement. */
export interface TermsPreview {
  values: ValueChange[];
  /** The terms of a period before and after, from a day on: what they mean in money depends on the hours. */
  periods: { on: LocalDate; before: Terms; after: Terms }[];
  proposal: Amount[];
  /** Promises it would break, with the amendment that the rule names, if it names one. */
  broken: Said<WeakerPromise>[];
  /** True if the running year has to be told: its terms or its price's renewal change, now or on a later day of it. */
  running: boolean;
  /** What the running year would go by. */
  year: YearTerms;
  prices: YearPrices;
}

/** What a ruleset would do to one live agreement. */
export interface AgreementPreview extends Pick<TermsPreview, 'values' | 'running'> {
  agreement: string;
  customer: string;
  currency: string;
  yearNumber: number;
  from: LocalDate;
  to: LocalDate;
  amounts: Amount[];
  plan: PlanDiff;
  broken: BrokenPromise[];
}

/** Two rulesets side by side, with their answers remembered. */
export interface Comparison {
  asOf: Instant;
  inForce: { ruleset: Ruleset; decide: Decide };
  proposed: { ruleset: Ruleset; decide: Decide };
}

/**
 * What comes of a live agreement's terms if the proposed ruleset comes into force. The same for all agreements that
 * start on the same day and have the same price and terms, and whose facts both rulesets take alike.
 *
 * @returns nothing if the agreement is untouched
 * @throws TermsError if the proposed ruleset gives the agreement no usable terms, PriceError if no price
 */
export async function previewTerms(
  agreement: LiveAgreement,
  comparison: Comparison,
): Promise<TermsPreview | undefined> {
  const { contract, yearNumber, terms } = agreement;
  const { asOf, inForce, proposed } = comparison;
  const { from } = periodOf(contract.startsOn, yearNumber);
  const today = localDateOf(asOf);
  const day = today < from ? from : today;
  const old = await yearTerms(contract, inForce.ruleset, yearNumber, day, terms, inForce.decide);
  const year = await yearTerms(contract, proposed.ruleset, yearNumber, day, terms, proposed.decide);
  const values = valueChanges(proposed.ruleset, day, terms, old, year);
  const pricesBefore = pricesOf(agreement, inForce.ruleset, old.terms);
  const prices = pricesOf(agreement, proposed.ruleset, year.terms);
  const running =
    values.length > 0 ||
    diffTerms(datesOf(old), datesOf(year)).length > 0 ||
    prices.proposedRateMinor !== pricesBefore.proposedRateMinor;
  const next = await nextPeriod(agreement, comparison);
  values.push(...next.values.filter((value) => !saidAlready(value, values)));
  const broken = [
    ...dearerHours(agreement, comparison, day, year),
    ...(await brokenPromises(agreement, comparison, day)),
  ];
  if (values.length === 0 && !running && broken.length === 0) return undefined;
  const { to } = periodOf(contract.startsOn, yearNumber);
  const proposal: Amount[] =
    prices.proposedRateMinor === pricesBefore.proposedRateMinor
      ? []
      : [
          {
            what: 'proposedPrice',
            on: to,
            from: pricesBefore.proposedRateMinor,
            to: prices.proposedRateMinor,
          },
        ];
  return {
    values,
    periods: [
      { on: day, before: terms, after: year.terms },
      { on: to, before: next.before, after: next.after },
    ],
    proposal,
    broken,
    running,
    year,
    prices,
  };
}

/** What a running year's plan becomes: by the very call the year itself makes when it hears of the change. */
export function previewPlan(
  { contract, yearNumber }: LiveAgreement,
  { asOf, proposed }: Comparison,
  { year, prices }: TermsPreview,
  { plan, closed }: RunningYear,
): PlanDiff {
  const after = planByTerms(contract, year, {
    yearNumber,
    asOf,
    rulesetHash: proposed.ruleset.hash,
    prices,
    progress: { previous: plan, closed },
  });
  return diffPlans(plan, after, new Set(Object.keys(closed)), asOf);
}

/** The two as told of one agreement. What an amendment of this very agreement allows is not broken. */
export function previewOf(
  { contract, yearNumber }: LiveAgreement,
  { values, periods, proposal, prices, broken, running }: TermsPreview,
  plan: PlanDiff,
): AgreementPreview {
  return {
    agreement: contract.agreement,
    customer: contract.customer.name,
    currency: contract.hourBank.currency,
    yearNumber,
    ...periodOf(contract.startsOn, yearNumber),
    values,
    amounts: [
      ...periods.flatMap(({ on, before, after }) =>
        changeAmounts(contract, prices.hourlyRateMinor, on, before, after),
      ),
      ...proposal,
    ],
    plan,
    broken: broken
      .filter(({ amendment }) => amendment?.agreements.includes(contract.agreement) !== true)
      .map(({ amendment: _, ...one }) => one),
    running,
  };
}

function pricesOf(
  { contract, yearNumber, decidedRateMinor }: LiveAgreement,
  ruleset: Ruleset,
  terms: Terms,
): YearPrices {
  const decided = decidedRateMinor === undefined ? {} : { decided: decidedRateMinor };
  return yearPrices({ contract, terms: terms.hourBank, prices: ruleset.prices, yearNumber, ...decided });
}

/** Values that change now, and those that come to change on another day of the year than before. */
function valueChanges(
  ruleset: Ruleset,
  day: LocalDate,
  before: Terms,
  old: YearTerms,
  year: YearTerms,
): ValueChange[] {
  const now = diffTerms(before, year.terms).map((change) => valueOf(ruleset, year.decided, day, change));
  const steps = [...new Set([...old.later, ...year.later].map(({ on }) => on))].sort();
  const until = (of: YearTerms, on: LocalDate): Terms =>
    of.later.filter((step) => step.on <= on).at(-1)?.terms ?? of.terms;
  return steps.reduce<ValueChange[]>((changes, on) => {
    const decided = year.later.filter((step) => step.on <= on).at(-1)?.decided ?? year.decided;
    const differs = diffTerms(until(old, on), until(year, on)).filter(
      (change) =>
        !changes.some(
          ({ path, to }) => path === change.path && JSON.stringify(to) === JSON.stringify(change.to),
        ),
    );
    return [...changes, ...differs.map((change) => valueOf(ruleset, decided, on, change))];
  }, now);
}

/** The days on which a year's terms change, as something that can be compared. */
function datesOf({ later }: YearTerms): object {
  return Object.fromEntries(later.map(({ on, terms }) => [on, terms]));
}

/** What the next period will go by, under both rulesets. */
async function nextPeriod(
  { contract, yearNumber }: LiveAgreement,
  { inForce, proposed }: Comparison,
): Promise<{ before: Terms; after: Terms; values: ValueChange[] }> {
  const { to } = periodOf(contract.startsOn, yearNumber);
  const [old, now] = await Promise.all(
    [inForce, proposed].map(({ ruleset, decide }) => termsFor(contract, ruleset, yearNumber + 1, to, decide)),
  );
  if (old === undefined || now === undefined) throw new Error('expected two decisions');
  const values = diffTerms(old.terms, now.terms).map((change) => valueOf(proposed.ruleset, now, to, change));
  return { before: old.terms, after: now.terms, values };
}

/** A value that has changed before stays so in the next period. */
function saidAlready({ path, to }: ValueChange, said: readonly ValueChange[]): boolean {
  return said.some((one) => one.path === path && JSON.stringify(one.to) === JSON.stringify(to));
}

function valueOf(ruleset: Ruleset, decided: DecidedTerms, on: LocalDate, change: TermChange): ValueChange {
  const { amendment: _, ...value } = saidBy(ruleset, decided, on, change);
  return value;
}
