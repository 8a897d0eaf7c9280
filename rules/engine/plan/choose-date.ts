import { addOpenDays, nextOpenDay } from '../calendar/calendar';
import type { LocalDate } from '../contract/contract';
import type { Obligation } from './plan';
import { previousOf } from './plan-context';
import type { PlanContext } from './plan-context';

/** When an open obligation falls due. */
export type ChosenDate = Pick<Obligation, 'dueOn' | 'late' | 'wantedOn'>;

/**
 * Decides when an obligation is due that the terms put on `wanted`. If no mail can go out on that day any more, because
 * it has passed or support has opened: an obligation that was planned for it before is overdue and stays; one that a
 * re-plan moved there falls due on the next open day and is late.
 *
 * @param taken days of other obligations of the strand, to be avoided if possible
 */
export function chooseDate(
  context: PlanContext,
  id: string,
  wanted: LocalDate,
  late: boolean,
  taken: ReadonlySet<LocalDate> = new Set(),
): ChosenDate {
  if (context.previous === undefined || wanted >= context.earliestDay) return { dueOn: wanted, late };
  const before = previousOf(context, id);
  if (before !== undefined && (before.wantedOn ?? before.dueOn) === wanted) {
    const { wantedOn } = before;
    const dueOn = before.dueOn < context.today ? before.dueOn : openFrom(context, before.dueOn);
    return { dueOn, late: late || before.late, ...(wantedOn !== undefined && { wantedOn }) };
  }
  let dueOn = openFrom(context, context.earliestDay);
  while (taken.has(dueOn) && dueOn < context.lastDay) dueOn = addOpenDays(dueOn, 1, context.closed);
  return { dueOn, late: true, wantedOn: wanted };
}

/** That day or the next open one, on the year's last open day at the latest. */
function openFrom({ closed, lastDay }: PlanContext, from: LocalDate): LocalDate {
  const day = nextOpenDay(from, closed);
  return day < lastDay ? day : lastDay;
}
