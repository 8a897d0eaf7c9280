import { periodOf, yearNumberOn } from './agreement-period';
import { boundaryDates } from './boundary-dates';
import { localDateOf } from './calendar';
import type { Contract, Instant, LocalDate } from './contract';
import { diffPlans } from './diff-plans';
import type { PlanDiff } from './diff-plans';
import { closeHourBank, toCentihours } from './hour-bank';
import { formatPlace, placeOf } from './place-of';
import type { YearPlan } from './plan';
import { planByTerms } from './plan-by-terms';
import { discountedRate } from './price';
import type { Ruleset } from './read-ruleset';
import { diffTerms } from './running-terms';
import type { TermChange } from './running-terms';
import { dearerInPeriod, weakerThanSigned } from './signed-floor';
import type { WeakerPromise } from './signed-floor';
import { originsOf, termValues } from './term-values';
import type { Amendment, Terms } from './terms';
import { yearPrices } from './year-prices';
import type { YearPrices } from './year-prices';
import { termsFor, yearTerms } from './terms-for';
import type { Decide, DecidedTerms, YearTerms } from './terms-for';

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
export interface ValueChange extends TermChange {
  /** The day it takes effect. */
  on: LocalDate;
  rule?: string;
  /** `rules/levels/guld.json:14:9`. */
  place?: string;
}

/** A promise that a change would break. */
export interface BrokenPromise extends WeakerPromise {
  on: LocalDate;
  rule?: string;
  place?: string;
}

/** An amount before and after. */
export interface Amount {
  what: 'hourPrice' | 'bankValue' | 'rolloverAtMost' | 'proposedPrice';
  on: LocalDate;
  /** Minor units of the currency; `rolloverAtMost` in centihours. */
  from: number;
  to: number;
}

/** What a ruleset would do to the terms of a live agreement. */
export interface TermsPreview {
  values: ValueChange[];
  /** The terms of a period before and after, from a day on: what they mean in money depends on the hours. */
  periods: { on: LocalDate; before: Terms; after: Terms }[];
  proposal: Amount[];
  /** Promises it would break, with the amendment that the rule names, if it names one. */
  broken: (BrokenPromise & { amendment?: Amendment })[];
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
  const { to } = periodOf(contract.startsOn, yearNumber);
  values.push(
    ...newlySaid(values, next.before.terms, next.after.terms).map((change) =>
      valueOf(proposed.ruleset, next.after, to, change),
    ),
  );
  const broken = [
    ...dearerInPeriod(terms, year.terms).map((one) => located(proposed.ruleset, year.decided, day, one)),
    ...(await brokenPromises(agreement, comparison, day, year)),
  ];
  if (values.length === 0 && !running && broken.length === 0) return undefined;
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
      { on: to, before: next.before.terms, after: next.after.terms },
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
        amounts(contract, prices.hourlyRateMinor, on, before, after),
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
  return steps.reduce<ValueChange[]>((changes, on) => {
    const decided = year.later.filter((step) => step.on <= on).at(-1)?.decided ?? year.decided;
    const differs = newlySaid(changes, termsOn(old, on), termsOn(year, on));
    return [...changes, ...differs.map((change) => valueOf(ruleset, decided, on, change))];
  }, now);
}

/** The terms that a year goes by on a later day of it. */
function termsOn(year: YearTerms, on: LocalDate): Terms {
  return year.later.filter((step) => step.on <= on).at(-1)?.terms ?? year.terms;
}

/** What differs on a later day and was not said of an earlier one, and what was said and holds no more. */
function newlySaid(said: readonly ValueChange[], before: Terms, after: Terms): TermChange[] {
  const last = new Map(said.map(({ path, to }) => [path, to]));
  const differing = diffTerms(before, after);
  const held = [...last.keys()].filter((path) => !differing.some((change) => change.path === path));
  const values = held.length > 0 ? termValues(after) : new Map<string, unknown>();
  return [
    ...differing.map((change) =>
      last.has(change.path) ? { ...change, from: last.get(change.path) } : change,
    ),
    ...held.map((path) => ({ path, from: last.get(path), to: values.get(path) })),
  ].filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
}

/** The days on which a year's terms change, as something that can be compared. */
function datesOf({ later }: YearTerms): object {
  return Object.fromEntries(later.map(({ on, terms }) => [on, terms]));
}

/** What the next period will go by, under both rulesets. */
async function nextPeriod(
  { contract, yearNumber }: LiveAgreement,
  { inForce, proposed }: Comparison,
): Promise<{ before: DecidedTerms; after: DecidedTerms }> {
  const { to } = periodOf(contract.startsOn, yearNumber);
  const [before, after] = await Promise.all(
    [inForce, proposed].map(({ ruleset, decide }) => termsFor(contract, ruleset, yearNumber + 1, to, decide)),
  );
  if (before === undefined || after === undefined) throw new Error('expected two decisions');
  return { before, after };
}

type Located<T> = T & { on: LocalDate; rule?: string; place?: string };

/**
 * Promises weaker than signed on any day from now on, as far as the rules' dates reach. Each is told once, but again
 * where another amendment, or none, would have to allow it.
 *
 * @param year what the running year would go by until its end
 */
async function brokenPromises(
  { contract, terms, signed, yearNumber }: LiveAgreement,
  { inForce, proposed }: Comparison,
  day: LocalDate,
  year: YearTerms,
): Promise<(Located<WeakerPromise> & { amendment?: Amendment })[]> {
  const { to } = periodOf(contract.startsOn, yearNumber);
  const dates = [...boundaryDates(inForce.ruleset), ...boundaryDates(proposed.ruleset)].filter(
    (on) => on > day,
  );
  const broken = new Map<string, Located<WeakerPromise> & { amendment?: Amendment }>();
  for (const on of [...new Set([day, to, ...dates])].sort()) {
    const number = yearNumberOn(contract.startsOn, on);
    const now = await termsFor(contract, proposed.ruleset, number, on, proposed.decide);
    const before =
      on === day ? terms : (await termsFor(contract, inForce.ruleset, number, on, inForce.decide)).terms;
    const then = on < to ? termsOn(year, on) : now.terms;
    for (const promise of weakerThanSigned(signed, before, then)) {
      const found = located(proposed.ruleset, now, on, promise);
      const key = JSON.stringify([promise.path, promise.now, found.amendment]);
      if (!broken.has(key)) broken.set(key, found);
    }
  }
  return [...broken.values()];
}

function located<T extends { path: string }>(
  ruleset: Ruleset,
  { applied }: DecidedTerms,
  on: LocalDate,
  one: T,
): Located<T> & { amendment?: Amendment } {
  const origin = originsOf(applied).get(one.path);
  if (origin === undefined) return { ...one, on };
  const { amendment } = origin.rule.source;
  return {
    ...one,
    on,
    rule: origin.rule.rule,
    place: formatPlace(placeOf(ruleset, origin)),
    ...(amendment && { amendment }),
  };
}

function valueOf(ruleset: Ruleset, decided: DecidedTerms, on: LocalDate, change: TermChange): ValueChange {
  const { amendment: _, ...value } = located(ruleset, decided, on, change);
  return value;
}

/** What a change means in money and hours, for the period that `on` lies in. */
function amounts(
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
