import { addOpenDays } from '../calendar/calendar';
import type { ContactRole, LocalDate, Party } from '../contract/contract';
import type { NoticeDraft } from './place-notices';
import type { PlanContext } from './plan-context';
import type { EscalationStep } from '../ruleset/terms';

/** Which party hears of what is overdue under which step name; the first of each has the plain name. */
const overdueNames: Record<Party, string> = {
  consultant: 'overdue',
  manager: 'escalate',
  support: 'escalate-support',
  customer: 'overdue-customer',
};

/** The customer's roles a mail goes to, if it goes to the customer. */
export const addressed = (to: Party, roles: ContactRole[]): Pick<NoticeDraft, 'to' | 'roles'> =>
  to === 'customer' ? { to, roles } : { to };

/**
 * The mails that remind whoever has to act.
 *
 * @param on when each reminder falls due, and who gets it; the first of a party keeps its plain name
 */
export function reminderNotices(
  on: readonly { day: LocalDate; to: Party }[],
  template: NoticeDraft['template'],
  first: Party,
  roles: ContactRole[],
): NoticeDraft[] {
  const count = new Map<Party, number>();
  return on.map(({ day, to }) => {
    const base = to === first ? 'remind' : `remind-${to}`;
    return { step: numbered(count, to, base), on: day, kind: 'remind', template, ...addressed(to, roles) };
  });
}

/** The mails that tell somebody that nothing was reported: the manager that it escalates, others that it is due. */
export function escalationNotices(
  { closed }: PlanContext,
  steps: readonly EscalationStep[],
  dueOn: LocalDate,
  roles: ContactRole[],
): NoticeDraft[] {
  const count = new Map<Party, number>();
  return steps.map(({ openDaysAfter, to }) => ({
    step: numbered(count, to, overdueNames[to]),
    on: addOpenDays(dueOn, openDaysAfter, closed),
    kind: 'overdue',
    template: to === 'manager' ? 'escalation' : 'step-reminder',
    ...addressed(to, roles),
  }));
}

/** `remind`, `remind-2`, …: names stay put when a later step is added. */
function numbered(count: Map<Party, number>, to: Party, base: string): string {
  const number = (count.get(to) ?? 0) + 1;
  count.set(to, number);
  return number === 1 ? base : `${base}-${number}`;
}
