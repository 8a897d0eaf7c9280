import { periodOf } from '../calendar/agreement-period';
import { boundaryDates } from './boundary-dates';
import { addDays } from '../calendar/dates';
import type { Contract, LocalDate } from '../contract/contract';
import { TermsError, effectiveTerms } from './effective-terms';
import type { AppliedRule, MatchedRule } from './effective-terms';
import { factsKeys } from './facts-key';
import { factsFor } from '../ruleset/facts';
import type { Facts } from '../ruleset/facts';
import type { Ruleset } from '../ruleset/read-ruleset';
import { checkProblems } from './check-problems';
import { memoize } from '../basics/memoize';
import { diffTerms, runningTerms } from './running-terms';
import type { TermChange } from './running-terms';
import type { Terms } from '../ruleset/terms';
import { joined } from '../basics/text';

/** What a ruleset decided for one agreement on one day. */
export interface DecidedTerms {
  terms: Terms;
  matched: MatchedRule[];
  applied: AppliedRule[];
  facts: Facts;
}

/** Decides terms; the same question is asked of the engine once. */
export type Decide = (facts: Facts) => ReturnType<typeof effectiveTerms>;

/** Asks the engine once for each class of facts that the ruleset tells apart. */
export function rememberingDecide(ruleset: Ruleset): Decide {
  const classOf = factsKeys(ruleset);
  const decide = memoize((_class: string, facts: Facts) => effectiveTerms(ruleset, facts));
  return (facts) => decide(classOf(facts), facts);
}

/**
 * The terms of an agreement on one day: what the ruleset gives, and the discount the contract fixes instead if it
 * does ("med timbanken lämnar vi % rabatt" leaves it blank).
 *
 * @param date within the year, or its first day
 * @throws TermsError if the ruleset gives no complete terms, or checks that cannot be made with this contract
 */
export async function termsFor(
  contract: Contract,
  ruleset: Ruleset,
  yearNumber: number,
  date: LocalDate,
  decide: Decide = (facts) => effectiveTerms(ruleset, facts),
): Promise<DecidedTerms> {
  const facts = factsFor(contract, yearNumber, date);
  const { terms, matched, applied } = await decide(facts);
  const [wrong, ...more] = checkProblems(contract, terms);
  if (wrong) throw new TermsError([wrong, ...more].reduce((a, b) => joined(a, '; ', b)));
  const fixed = contract.hourBank.discountPercent;
  if (fixed === undefined) return { terms, matched, applied, facts };
  return {
    terms: { ...terms, hourBank: { ...terms.hourBank, discountPercent: fixed } },
    matched,
    applied,
    facts,
  };
}

/** The terms a year goes by from a day on. */
export interface YearTerms {
  terms: Terms;
  decided: DecidedTerms;
  /** What the rules say and the running period does not follow. */
  waiting: TermChange[];
  /** The next days of the year on which the terms change by their dates, each with the terms from then on. */
  later: { on: LocalDate; terms: Terms; decided: DecidedTerms }[];
}

/**
 * The terms of an agreement year from a day on: those of that day, with what is fixed for a period as it was
 * before, or as it was on the period's first day; and the days still to come on which a dated rule changes them.
 *
 * @param date the day, within the year
 * @param before the terms the running year has gone by so far; none for a year planned for the first time
 * @throws TermsError
 */
export async function yearTerms(
  contract: Contract,
  ruleset: Ruleset,
  yearNumber: number,
  date: LocalDate,
  before?: Terms,
  decide?: Decide,
): Promise<YearTerms> {
  const { from, to } = periodOf(contract.startsOn, yearNumber);
  const on = (day: LocalDate) => termsFor(contract, ruleset, yearNumber, day, decide);
  const day = date < from ? from : date >= to ? addDays(to, -1) : date;
  const decided = await on(day);
  const fixed = before ?? (day === from ? decided.terms : (await on(from)).terms);
  const { terms, waiting } = runningTerms(fixed, decided);
  const later: YearTerms['later'] = [];
  let latest = terms;
  for (const boundary of boundaryDates(ruleset, contract.customer.id)) {
    if (boundary <= day || boundary >= to) continue;
    const then = await on(boundary);
    const running = runningTerms(latest, then).terms;
    if (diffTerms(latest, running).length > 0) later.push({ on: boundary, terms: running, decided: then });
    latest = running;
  }
  return { terms, decided, waiting, later };
}

/** What a year goes by on a later day of it, and what decided it. */
export function yearOn(year: YearTerms, on: LocalDate): Pick<YearTerms, 'terms' | 'decided'> {
  return year.later.filter((step) => step.on <= on).at(-1) ?? year;
}
