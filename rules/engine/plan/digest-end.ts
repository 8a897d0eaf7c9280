import type { Instant } from '../contract/contract';
import type { YearPlan } from './plan';

/**
 * Up to when a digest tells of what falls due: the party's next one, or the end of the year. Without libraries: workflows
 * use it.
 */
export function digestEnd(
  { digests = [], endsAt }: Pick<YearPlan, 'digests' | 'endsAt'>,
  step: string,
): Instant {
  const index = digests.findIndex((digest) => digest.step === step);
  const next = digests.slice(index + 1).find(({ to }) => to === digests[index]?.to);
  return next?.at ?? endsAt;
}
