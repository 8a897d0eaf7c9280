/** The obligations of the renewal: approval of a new price, notice of the next period, and the days they depend on. */
import { addOpenDays, instantAt, nextOpenDay, previousOpenDay } from '../calendar/calendar';
import { addDays, addMonths, later } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import { reminderNotices } from './notice-steps';
import { makeObligation } from './make-obligation';
import type { Obligation, RenewalPlan } from './plan';
import { closedOf, previousOf } from './plan-context';
import type { PlanContext } from './plan-context';
import { workdayOf } from '../terms/support-hours';
import { chooseDate } from './choose-date';

/** So many open days before the last day for a new price, the manager is reminded. */
const remindOpenDaysBefore = 5;

/**
 * The renewal of the agreement for its next period: a manager approves the price if a new one is proposed, and the
 * customer is told of the period to come. What fell due before the year was planned is not owed.
 */
export function planRenewal(context: PlanContext): Obligation[] {
  return [...planPrice(context), ...planNotice(context)];
}

/** What the running year needs to know of the next one's price. */
export function renewalOf(context: PlanContext): RenewalPlan {
  const { support, notices } = context.terms;
  return {
    proposedRateMinor: context.prices.proposedRateMinor,
    announceBy: instantAt(announceDay(context), workdayOf(support).closes),
    roles: [...notices.recipients.renewal],
  };
}

/**
 * The last day for giving notice: the notice period before the period's end, counted in the customer's favour.
 *
 * @param to the first day of the next period
 * @example lastNoticeDay('2028-01-01', 3) // '2027-10-01'
 */
export function lastNoticeDay(to: LocalDate, noticePeriodMonths: number): LocalDate {
  return noticePeriodMonths === 0 ? addDays(to, -1) : addMonths(to, -noticePeriodMonths);
}

/** The last day on which a new price can be approved: one later would reach the customer after what was promised. */
function announceDay({ terms, to, lastDay, closed }: PlanContext): LocalDate {
  const day = previousOpenDay(addDays(to, -terms.notices.priceChangeDaysBefore), closed);
  return day < lastDay ? day : lastDay;
}

/** The manager's approval of a new price. Not owed if the price stays the same, nor if its day has passed. */
function planPrice(context: PlanContext): Obligation[] {
  const id = 'renewal/price';
  const { to, terms, prices } = context;
  const dueOn = announceDay(context);
  const passed = dueOn < context.earliestDay && previousOf(context, id)?.dueOn !== dueOn;
  const unchanged = prices.proposedRateMinor === prices.hourlyRateMinor;
  if (closedOf(context, id) !== undefined || passed || unchanged) return [];
  const asked = previousOpenDay(addDays(to, -terms.notices.renewal.managerDaysBefore), context.closed);
  const day = addOpenDays(dueOn, -remindOpenDaysBefore, context.closed);
  const ask = {
    step: 'ask',
    on: asked < dueOn ? asked : dueOn,
    kind: 'ask',
    template: 'renewal-proposal',
    to: 'manager',
  } as const;
  const notices = [ask, ...reminderNotices([{ day, to: 'manager' }], 'step-reminder', 'manager', [])];
  return [makeObligation(context, { id, strand: 'renewal', owner: 'manager', dueOn, late: false, notices })];
}

function planNotice(context: PlanContext): Obligation[] {
  const id = 'renewal/notice';
  const { from, to, terms } = context;
  const before = previousOpenDay(addDays(to, -terms.notices.renewal.customerDaysBefore), context.closed);
  const wanted = later(before, nextOpenDay(from, context.closed));
  const missed = wanted < context.today && previousOf(context, id) === undefined;
  if (closedOf(context, id) !== undefined || wanted < context.firstDay || missed) return [];
  const settled = chooseDate(context, id, wanted, false);
  const send = {
    step: 'send',
    on: settled.dueOn,
    kind: 'ask',
    template: 'renewal-notice',
    to: 'customer',
    roles: terms.notices.recipients.renewal,
  } as const;
  const opensOn = settled.dueOn;
  return [
    makeObligation(context, {
      id,
      strand: 'renewal',
      owner: 'consultant',
      ...settled,
      opensOn,
      notices: [send],
    }),
  ];
}
