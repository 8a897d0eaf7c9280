/** A whole year planned from its terms, begun or taken over, and refused if it is too large to be carried. */
import type { Contract } from '../contract/contract';
import { TermsError } from '../terms/effective-terms';
import type { YearPlan } from './plan';
import type { PlanInput } from './plan-context';
import { planYear } from './plan-year';
import type { TakeOver } from './take-over';
import { planTakenOver } from './take-over';
import type { YearTerms } from '../terms/terms-for';

/** The largest plan. A run passes its plan and state to the next run in one message of at most 64 KiB. */
const mostKibibytes = 44;

/**
 * Plans a year by its terms. Previews and running years both make this call.
 *
 * @param how with `takeOver` for the first plan of a year that is taken over in its middle
 * @throws TermsError if the terms ask for more than a running year can carry
 */
export function planByTerms(
  contract: Contract,
  { terms, later }: Pick<YearTerms, 'terms' | 'later'>,
  {
    takeOver,
    ...how
  }: Pick<
    PlanInput,
    | 'yearNumber'
    | 'asOf'
    | 'rulesetHash'
    | 'prices'
    | 'progress'
    | 'carried'
    | 'releases'
    | 'findings'
    | 'window'
    | 'installation'
    | 'noConsent'
  > & {
    takeOver?: TakeOver;
  },
): YearPlan {
  const [next] = later;
  const input = { ...how, contract, terms, ...(next && { termsChangeOn: next.on }) };
  const plan = takeOver ? planTakenOver(input, takeOver) : planYear(input);
  const kibibytes = Math.ceil(Buffer.byteLength(JSON.stringify(plan)) / 1024);
  if (kibibytes <= mostKibibytes) return plan;
  throw new TermsError({
    sv: `förväntade en årsplan på högst ${mostKibibytes} KiB, fann ${kibibytes}: färre möten, påminnelser eller eskaleringar`,
    en: `expected a plan of the year of at most ${mostKibibytes} KiB, found ${kibibytes}: fewer meetings, reminders or escalations`,
  });
}
