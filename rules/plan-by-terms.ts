import type { Contract } from './contract';
import type { YearPlan } from './plan';
import type { PlanInput } from './plan-context';
import { planYear } from './plan-year';
import type { YearTerms } from './terms-for';

/** Plans a year by its terms. What a preview shows and what a running year does is this one call. */
export function planByTerms(
  contract: Contract,
  { terms, later }: Pick<YearTerms, 'terms' | 'later'>,
  how: Pick<PlanInput, 'yearNumber' | 'asOf' | 'rulesetHash' | 'prices' | 'progress'>,
): YearPlan {
  const [next] = later;
  return planYear({ ...how, contract, terms, ...(next && { termsChangeOn: next.on }) });
}
