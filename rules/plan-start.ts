import { addOpenDays, localDateOf, nextOpenDay } from './calendar';
import type { LocalDate } from './contract';
import { owe } from './owe';
import type { NoticeDraft } from './place-notices';
import type { Obligation } from './plan';
import { closedOf, later } from './plan-context';
import type { PlanContext } from './plan-context';
import { settleDate } from './settle-date';
import type { Party } from './terms';

/**
 * The steps that open the first year: the dedicated consultant ("er egna dedikerade konsult"), the kick-off
 * ("vi estimerar tillsammans"), the monitoring ("sätts upp"). Counted in open days from the first one, or from
 * the day the year was planned if that is later.
 */
export function planStart(context: PlanContext): Obligation[] {
  if (context.yearNumber > 1) return [];
  const { terms, from, lastDay, firstDay } = context;
  const firstOpenDay = nextOpenDay(later(from, localDateOf(context.plannedFrom)));
  const late = firstOpenDay > nextOpenDay(from);
  return terms.start.steps.flatMap((step) => {
    const id = `start/${step.id}`;
    if (closedOf(context, id) !== undefined) return [];
    const due = addOpenDays(firstOpenDay, step.dueOpenDays);
    const settled = settleDate(context, id, due < lastDay ? due : lastDay, late);
    const notices = stepNotices(context, step.owner, settled.dueOn);
    return [owe(context, { id, strand: 'start', owner: step.owner, ...settled, opensOn: firstDay, notices })];
  });
}

function stepNotices(context: PlanContext, owner: Party, dueOn: LocalDate): NoticeDraft[] {
  const { start, notices } = context.terms;
  const to = owner === 'customer' ? { to: owner, roles: notices.recipients.welcome } : { to: owner };
  return [
    { step: 'start', on: context.firstDay, kind: 'ask', template: 'start-step', ...to },
    {
      step: 'remind',
      on: addOpenDays(dueOn, -start.remindOpenDaysBefore),
      kind: 'remind',
      template: 'step-reminder',
      ...to,
    },
    {
      step: 'escalate',
      on: addOpenDays(dueOn, start.escalateOpenDaysAfter),
      kind: 'overdue',
      template: 'escalation',
      to: 'manager',
    },
  ];
}
