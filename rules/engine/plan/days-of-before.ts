/** The days of obligations as an earlier plan had them, where they were opened by a step that is undone. */
import type { Obligation, YearPlan } from './plan';

/**
 * A plan whose obligations have the days of an earlier one: those of `ids`, which are closed again as they were then. What follows
 * them is planned after those days. The upgrade under way is again the one of that plan: its phases, where it goes, what is tested.
 */
export function withDaysOf<Plan extends Pick<YearPlan, 'obligations' | 'upgrade'>>(
  plan: Plan,
  earlier: Pick<YearPlan, 'obligations' | 'upgrade'>,
  ids: readonly string[],
): Plan {
  const dayOf = (one: Obligation): Obligation => {
    const was = ids.includes(one.id) ? earlier.obligations.find(({ id }) => id === one.id) : undefined;
    if (!was) return one;
    const { opensAt, dueOn, dueAt, late, wantedOn } = was;
    const { wantedOn: _, ...rest } = one;
    return { ...rest, opensAt, dueOn, dueAt, late, ...(wantedOn !== undefined && { wantedOn }) };
  };
  const { upgrade } = earlier;
  return { ...plan, obligations: plan.obligations.map(dayOf), ...(upgrade && { upgrade }) };
}
