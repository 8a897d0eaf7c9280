import { nextOpenDay } from '../calendar/calendar';
import type { LocalDate } from '../contract/contract';
import type { Obligation } from './plan';
import { previousOf } from './plan-context';
import type { PlanContext } from './plan-context';

/** When an open obligation falls due. */
export type ChosenDate = Pick<Obligation, 'dueOn' | 'late' | 'wantedOn'>;

/**
 * Decides when an obligation is due that the terms put on `wanted`. If no mail can go out on that day any more, because
 * it has passed or support has opened: an obligation that was planned for it before is overdue and stays; one that a
 * re-plan moved there falls due on the next open day that need not be avoided, and is late.
 *
 * @param avoided days to avoid if others are left
 * @param taken days of other obligations of the strand, to be avoided if possible
 */
export function chooseDate(
  context: PlanContext,
  id: string,
  wanted: LocalDate,
  late: boolean,
  avoided: ReadonlySet<LocalDate> = new Set(),
  taken: ReadonlySet<LocalDate> = new Set(),
): ChosenDate {
  if (context.previous === undefined || wanted >= context.earliestDay) return { dueOn: wanted, late };
  const before = previousOf(context, id);
  if (before !== undefined && (before.wantedOn ?? before.dueOn) === wanted) {
    const { wantedOn } = before;
    const dueOn = before.dueOn < context.today ? before.dueOn : openFrom(context, before.dueOn);
    return { dueOn, late: late || before.late, ...(wantedOn !== undefined && { wantedOn }) };
  }
  const from = openFrom(context, context.earliestDay);
  const left = context.openDays.filter((day) => day >= from && !taken.has(day));
  const dueOn = left.find((day) => !avoided.has(day)) ?? left[0] ?? context.lastDay;
  return { dueOn, late: true, wantedOn: wanted };
}

/** That day or the next open one, on the year's last open day at the latest. */
function openFrom({ closed, lastDay }: PlanContext, from: LocalDate): LocalDate {
  const day = nextOpenDay(from, closed);
  return day < lastDay ? day : lastDay;
}
