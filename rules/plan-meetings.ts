import { addDays, addMonths, daysBetween, localDateOf, previousOpenDay } from './calendar';
import type { LocalDate } from './contract';
import { escalationNotices, reminderNotices } from './notice-steps';
import { owe } from './owe';
import type { NoticeDraft } from './place-notices';
import type { Obligation } from './plan';
import { closedOf, later } from './plan-context';
import type { PlanContext } from './plan-context';
import { settleDate } from './settle-date';
import type { Terms } from './terms';
import { daysToUse } from './working-days';

/**
 * The year's management meetings ("minst 4 förvaltningsledningsmöten", "med jämn periodicitet"). If the year was
 * first planned after its start, the part of them that belongs to what was left of it.
 */
export function planMeetings(context: PlanContext): Obligation[] {
  const days = spreadMeetings(context);
  const before = context.previous?.obligations.filter(({ strand }) => strand === 'meetings') ?? [];
  const taken = new Set([...days, ...before.map(({ dueOn }) => dueOn), ...tooShortDays(context.terms)]);
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

/** One day for each meeting, as near as can be to where it belongs, outside the days to avoid. */
function spreadMeetings(context: PlanContext): LocalDate[] {
  const { terms, avoided, firstDay, lastDay } = context;
  const start = startOf(context);
  const ideals = terms.meetings.spread === 'months' ? middlesOfMonths(context) : evenShares(context);
  const count = ideals.length;
  const left = context.openDays.filter((day) => day >= firstDay);
  const days = daysToUse(daysToUse(left, tooShortDays(terms), count), avoided.meetings, count);
  const offsets = days.map((day) => daysBetween(start, day));
  const chosen: LocalDate[] = [];
  let next = 0;
  for (const [index, ideal] of ideals.slice(0, days.length).entries()) {
    const lastChoice = days.length - Math.min(count, days.length) + index;
    const distance = (at: number) => Math.abs((offsets[at] ?? Infinity) - ideal);
    while (next < lastChoice && distance(next + 1) < distance(next)) next++;
    chosen.push(days[next++] ?? lastDay);
  }
  return chosen;
}

/** The day from which the year's meetings are owed. */
function startOf({ from, plannedFrom }: PlanContext): LocalDate {
  return later(from, localDateOf(plannedFrom));
}

/** "Med jämn periodicitet": the middle of each meeting's share of what is left, in days from its start. */
function evenShares(context: PlanContext): number[] {
  const { from, to, terms } = context;
  const left = daysBetween(startOf(context), to);
  const count = Math.ceil((terms.meetings.perYear * left) / daysBetween(from, to));
  return Array.from({ length: count }, (_, index) => ((index + 0.5) / count) * left);
}

/** The middle of each month a meeting is to be held in, in days from the start; months that have passed are left out. */
function middlesOfMonths(context: PlanContext): number[] {
  const { contract, yearNumber, terms, firstDay } = context;
  const start = startOf(context);
  const startOfMonth = (month: number) => addMonths(contract.startsOn, 12 * (yearNumber - 1) + month - 1);
  return (terms.meetings.months ?? [])
    .filter((month) => startOfMonth(month + 1) > firstDay)
    .map((month) => {
      const begins = daysBetween(start, startOfMonth(month));
      return begins + (daysBetween(start, startOfMonth(month + 1)) - 1 - begins) / 2;
    });
}

/** Half days that close before a meeting would end. */
function tooShortDays({ meetings, support }: Terms): ReadonlySet<LocalDate> {
  const ends = minutesOf(meetings.startTime) + meetings.lengthMinutes;
  const closesBefore = support.halfDayCloses < support.closes && minutesOf(support.halfDayCloses) < ends;
  return new Set(closesBefore ? support.halfDays : []);
}

/** Minutes since midnight of a time of day, `HH:MM`. */
function minutesOf(time: string): number {
  return 60 * Number(time.slice(0, 2)) + Number(time.slice(3));
}

function meetingNotices(context: PlanContext, dueOn: LocalDate): NoticeDraft[] {
  const { meetings, notices } = context.terms;
  const before = (days: number) => previousOpenDay(addDays(dueOn, -days), context.closed);
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
    ...escalationNotices(context, meetings.escalation, dueOn, notices.recipients.meeting),
  ];
}
