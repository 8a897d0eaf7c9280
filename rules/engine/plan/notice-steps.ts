import { addOpenDays } from '../calendar/calendar';
import type { ContactRole, LocalDate, Party } from '../contract/contract';
import type { NoticeDraft } from './place-notices';
import type { PlanContext } from './plan-context';
import { overdueNames } from './remind-again';
import type { EscalationStep } from '../ruleset/terms';

/** Who a mail goes to; with the contacts' roles if it goes to the customer. */
export const addressed = (to: Party, roles: ContactRole[]): Pick<NoticeDraft, 'to' | 'roles'> =>
  to === 'customer' ? { to, roles } : { to };

/**
 * The mails that remind those who have to act.
 *
 * @param on when each reminder falls due, and who gets it
 * @param first the party whose reminders are named `remind`; others' are named `remind-<party>`
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

/** The mails after the due date, if nothing was reported: an escalation to the manager, a reminder to others. */
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

/** Numbers a party's steps: `remind`, `remind-2`, …. A step that is added last changes no other's name. */
function numbered(count: Map<Party, number>, to: Party, base: string): string {
  const number = (count.get(to) ?? 0) + 1;
  count.set(to, number);
  return number === 1 ? base : `${base}-${number}`;
}
