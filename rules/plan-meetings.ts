import { addDays, daysBetween, localDateOf, previousOpenDay } from './calendar';
import type { LocalDate } from './contract';
import { escalationNotices, reminderNotices } from './notice-steps';
import { owe } from './owe';
import type { NoticeDraft } from './place-notices';
import type { Obligation } from './plan';
import { closedOf, later } from './plan-context';
import type { PlanContext } from './plan-context';
import { settleDate } from './settle-date';
import { workingDays } from './working-days';

/**
 * The year's management meetings ("minst 4 förvaltningsledningsmöten", "med jämn periodicitet"). If the year was
 * first planned after its start, the part of them that belongs to what was left of it.
 */
export function planMeetings(context: PlanContext): Obligation[] {
  const days = spreadMeetings(context);
  const before = context.previous?.obligations.filter(({ strand }) => strand === 'meetings') ?? [];
  const taken = new Set([...days, ...before.map(({ dueOn }) => dueOn)]);
  return days.flatMap((wanted, index) => {
    const id = `meeting-${index + 1}`;
    if (closedOf(context, id) !== undefined) return [];
    const settled = settleDate(context, id, wanted, false, taken);
    taken.add(settled.dueOn);
    const notices = meetingNotices(context, settled.dueOn);
    const dueTime = context.terms.meetings.startTime;
    return [owe(context, { id, strand: 'meetings', owner: 'consultant', ...settled, dueTime, notices })];
  });
}

/** One day for each meeting, near the middle of its share of the year, outside the weeks to avoid. */
function spreadMeetings(context: PlanContext): LocalDate[] {
  const { from, to, terms, firstDay, lastDay } = context;
  const start = later(from, localDateOf(context.plannedFrom));
  const left = daysBetween(start, to);
  const count = Math.ceil((terms.meetings.perYear * left) / daysBetween(from, to));
  const days = workingDays(firstDay, lastDay, terms.calendar.avoidWeeks, count);
  const chosen: LocalDate[] = [];
  let next = 0;
  for (let index = 0; index < Math.min(count, days.length); index++) {
    const ideal = ((index + 0.5) / count) * left;
    const lastChoice = days.length - Math.min(count, days.length) + index;
    const distance = (at: number) => Math.abs(daysBetween(start, days[at] ?? to) - ideal);
    while (next < lastChoice && distance(next + 1) < distance(next)) next++;
    chosen.push(days[next++] ?? lastDay);
  }
  return chosen;
}

function meetingNotices(context: PlanContext, dueOn: LocalDate): NoticeDraft[] {
  const { meetings, notices } = context.terms;
  const before = (days: number) => previousOpenDay(addDays(dueOn, -days));
  const customer = { to: 'customer', roles: notices.recipients.meeting } as const;
  return [
    {
      step: 'call',
      on: before(meetings.callDaysBefore),
      kind: 'ask',
      template: 'meeting-call',
      to: 'consultant',
    },
    {
      step: 'invite',
      on: before(meetings.inviteDaysBefore),
      kind: 'ask',
      template: 'meeting-invitation',
      ...customer,
    },
    ...reminderNotices(
      meetings.reminders.map(({ daysBefore, to }) => ({ day: before(daysBefore), to })),
      'meeting-reminder',
      'customer',
      notices.recipients.meeting,
    ),
    ...escalationNotices(meetings.escalation, dueOn, notices.recipients.meeting),
  ];
}
