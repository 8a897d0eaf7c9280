/** Which incidents ended because their check went from one bad state to another: those have not recovered. */
import type { DeskIncident } from './desk-view';

/**
 * The customer's incident that was open when our incident of the same check closed: the check could be made again, and
 * found that something is not well.
 *
 * @param all incidents of at least the same agreement
 */
export function successorOf(
  { agreement, monitor, class: whose, closedAt }: DeskIncident,
  all: readonly DeskIncident[],
): DeskIncident | undefined {
  if (whose !== 'ours' || closedAt === null) return undefined;
  return all.find(
    (other) =>
      other.class === 'customer' &&
      other.agreement === agreement &&
      other.monitor === monitor &&
      other.openedAt <= closedAt &&
      (other.closedAt === null || other.closedAt > closedAt),
  );
}
