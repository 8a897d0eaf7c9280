import { addOpenDays, localDateOf, nextOpenDay } from '../calendar/calendar';
import type { LocalDate, Party } from '../contract/contract';
import { addressed, escalationNotices, reminderNotices } from './notice-steps';
import { makeObligation } from './make-obligation';
import type { NoticeDraft } from './place-notices';
import type { Obligation } from './plan';
import { closedOf } from './plan-context';
import { earlier, later } from '../calendar/dates';
import type { PlanContext } from './plan-context';
import { chooseDate } from './choose-date';
import { firstMeetingDay } from './plan-meetings';
import { startStepOrder } from '../ruleset/phases';
import { daysToUse } from '../terms/working-days';

/**
 * The steps that open the first year: the dedicated consultant ("er egna dedikerade konsult"), the kick-off
 * ("vi estimerar tillsammans"), the monitoring ("sätts upp"). Counted in open days outside those to avoid from the first one,
 * or from the day the year was planned if that is later. The consultant and the kick-off come before the first meeting, also
 * where a late start leaves few days. An agreement that was taken over has none.
 */
export function planStart(context: PlanContext): Obligation[] {
  if (context.yearNumber > 1 || context.previous?.takenOver) return [];
  const { terms, from, lastDay, firstDay, closed, avoided } = context;
  const firstOpenDay = nextOpenDay(later(from, localDateOf(context.plannedFrom)), closed);
  const late = firstOpenDay > nextOpenDay(from, closed);
  const left = context.openDays.filter((day) => day >= firstOpenDay);
  const meeting = firstMeetingDay(context);
  const before = left.filter((day) => meeting !== undefined && day >= firstDay && day < meeting);
  const beforeMeeting = daysToUse(before, avoided.start, 1).at(-1) ?? meeting;
  return startStepOrder.flatMap((name) => {
    const step = terms.start.steps[name];
    if (step === undefined) return [];
    const id = `start/${name}`;
    if (closedOf(context, id) !== undefined) return [];
    const counted = daysToUse(left, avoided.start, step.dueOpenDays + 1)[step.dueOpenDays] ?? lastDay;
    const due = name === 'monitoring' ? counted : earlier(counted, beforeMeeting ?? counted);
    const settled = chooseDate(context, id, due, late, avoided.start);
    const notices = stepNotices(context, step.owner, settled.dueOn);
    return [
      makeObligation(context, {
        id,
        strand: 'start',
        owner: step.owner,
        ...settled,
        opensOn: firstDay,
        notices,
      }),
    ];
  });
}

function stepNotices(context: PlanContext, owner: Party, dueOn: LocalDate): NoticeDraft[] {
  const { start, notices } = context.terms;
  const roles = notices.recipients.welcome;
  return [
    { step: 'start', on: context.firstDay, kind: 'ask', template: 'start-step', ...addressed(owner, roles) },
    ...reminderNotices(
      start.reminders.map(({ openDaysBefore }) => ({
        day: addOpenDays(dueOn, -openDaysBefore, context.closed),
        to: owner,
      })),
      'step-reminder',
      owner,
      roles,
    ),
    ...escalationNotices(context, start.escalation, dueOn, roles),
  ];
}
