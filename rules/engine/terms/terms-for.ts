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

/** Decides the terms for some facts. */
export type Decide = (facts: Facts) => ReturnType<typeof effectiveTerms>;

/** Makes a `Decide` that asks the engine only once for facts that the ruleset does not tell apart. */
export function rememberingDecide(ruleset: Ruleset): Decide {
  const classOf = factsKeys(ruleset);
  const decide = memoize((_class: string, facts: Facts) => effectiveTerms(ruleset, facts));
  return (facts) => decide(classOf(facts), facts);
}

/**
 * The terms of an agreement on one day: those of the ruleset, with the contract's discount instead if it fixes one
 * ("med timbanken lämnar vi % rabatt" leaves it blank).
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

/** The terms of a year from a day on. */
export interface YearTerms {
  terms: Terms;
  decided: DecidedTerms;
  /** Changes of the rules that wait for the next period. */
  waiting: TermChange[];
  /** The later days of the year on which dated rules change the terms, each with the terms from then on. */
  later: { on: LocalDate; terms: Terms; decided: DecidedTerms }[];
}

/**
 * The terms of an agreement year from a day on, and the later days on which dated rules change them. What is fixed for
 * a period is as in `before`, or as on the period's first day.
 *
 * @param date the day, within the year
 * @param before the running year's terms so far; none for a year planned for the first time
 * @throws TermsError as `termsFor`
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

/** The terms of a year on a later day of it, and the decision behind them. */
export function yearOn(year: YearTerms, on: LocalDate): Pick<YearTerms, 'terms' | 'decided'> {
  return year.later.filter((step) => step.on <= on).at(-1) ?? year;
}
