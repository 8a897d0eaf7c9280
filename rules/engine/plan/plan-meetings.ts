import { addOpenDays, instantAt, localDateOf, previousOpenDay } from '../calendar/calendar';
import { addDays, addMinutes, addMonths, daysBetween, earlier, later } from '../calendar/dates';
import type { Instant, LocalDate } from '../contract/contract';
import { addressed, escalationNotices, reminderNotices } from './notice-steps';
import { makeObligation } from './make-obligation';
import type { NoticeDraft } from './place-notices';
import type { Booking, MeetingProgress, Notice, Obligation } from './plan';
import { closedOf } from './plan-context';
import type { PlanContext } from './plan-context';
import { chooseDate } from './choose-date';
import type { ChosenDate } from './choose-date';
import type { Terms } from '../ruleset/terms';
import { answerInstant, workdayOf } from '../terms/support-hours';
import { daysToUse } from '../terms/working-days';

/**
 * The year's management meetings ("minst 4 förvaltningsledningsmöten", "med jämn periodicitet"). If the contract was
 * signed after the year's start, only its share for the rest of the year. A meeting that a person has booked stays on its
 * day; those not booked yet keep an even distance to it.
 */
export function planMeetings(context: PlanContext): Obligation[] {
  const days = spreadMeetings(context);
  const before = context.previous?.obligations.filter(({ strand }) => strand === 'meetings') ?? [];
  const booked = Object.values(context.progress?.meetings ?? {}).flatMap(({ booked: at }) => at?.on ?? []);
  const taken = new Set([
    ...days,
    ...before.map(({ dueOn }) => dueOn),
    ...booked,
    ...tooShortDays(context.terms),
  ]);
  const promised = days.map((wanted, index) => ({ id: `meeting-${index + 1}`, wanted }));
  const meetings: Wanted[] = [...promised, ...beyondPromised(context, promised.length)];
  const placed: LocalDate[] = [...booked];
  return meetings.flatMap(({ id, wanted }) => {
    if (closedOf(context, id) !== undefined) return [];
    const booking = meetingOf(context, id).booked;
    const others = meetings.flatMap((other) => (other.id === id ? [] : (other.wanted ?? [])));
    const day = dayWanted(context, id, wanted, new Set([...others, ...placed]));
    const open = (): Obligation => {
      const settled = chooseDate(context, id, day, false, context.avoided.meetings, taken);
      const noDayLeft = meetingOf(context, id).extra === undefined && placed.includes(settled.dueOn);
      return openMeeting(context, id, settled, noDayLeft);
    };
    const meeting = booking ? bookedMeeting(context, id, booking) : open();
    taken.add(meeting.dueOn);
    placed.push(meeting.dueOn);
    return [meeting];
  });
}

/** A meeting, and the day that the spread gives it; an extra meeting has none. */
interface Wanted {
  id: string;
  wanted?: LocalDate;
}

const meetingOf = ({ progress }: PlanContext, id: string): MeetingProgress => progress?.meetings?.[id] ?? {};

/** Extra meetings, and booked ones beyond those the terms ask for: a re-plan does not cancel what a person settled. */
function beyondPromised(context: PlanContext, promised: number): Wanted[] {
  return Object.entries(context.progress?.meetings ?? {}).flatMap(([id, { booked, extra }]) => {
    const number = Number(/^meeting-(\d+)$/.exec(id)?.[1]);
    return extra !== undefined || (booked !== undefined && number > promised) ? [{ id }] : [];
  });
}

/**
 * The day for a meeting that nobody has booked. If its booking was cancelled, or it is an extra one, not before there
 * is time to invite to it.
 *
 * @param others days of other meetings
 */
function dayWanted(
  context: PlanContext,
  id: string,
  wanted: LocalDate | undefined,
  others: ReadonlySet<LocalDate>,
): LocalDate {
  const { cancelledAt, extra } = meetingOf(context, id);
  const since = cancelledAt ?? extra;
  return since === undefined
    ? (wanted ?? context.lastDay)
    : later(wanted ?? '', inGoodTime(context, since, others));
}

/** The first day that leaves as much time from invitation to meeting as the terms promise the customer. */
function inGoodTime(context: PlanContext, since: Instant, others: ReadonlySet<LocalDate>): LocalDate {
  const { terms, openDays, avoided, lastDay } = context;
  const earliest = addDays(localDateOf(since), terms.meetings.inviteDaysBefore);
  const tooShort = tooShortDays(terms);
  const fits = (day: LocalDate): boolean =>
    day >= earliest && !avoided.meetings.has(day) && !tooShort.has(day) && !others.has(day);
  return openDays.find(fits) ?? lastDay;
}

/** A meeting that a person has booked: the customer is invited, gets the agenda and is reminded. */
function bookedMeeting(context: PlanContext, id: string, booking: Booking): Obligation {
  const { on, time, minutes, place, revision } = booking;
  const meeting = makeObligation(context, {
    id,
    strand: 'meetings',
    owner: 'consultant',
    dueOn: on,
    late: false,
    dueTime: time,
    settled: {
      booked: true,
      ...extraOf(context, id),
      ...(minutes !== undefined && { minutes }),
      ...(place !== undefined && { place }),
    },
    revision,
    notices: bookedNotices(context, booking, meetingOf(context, id).movedFrom),
  });
  const inTime = ({ step, at }: Notice): boolean =>
    at < meeting.dueAt || /^(invite|blocks|overdue|escalate)/.test(step);
  return { ...meeting, notices: meeting.notices.filter(inTime) };
}

/** A meeting that is still to be booked. Where no day is left for it, nobody is called to plan it. */
function openMeeting(context: PlanContext, id: string, settled: ChosenDate, noDayLeft: boolean): Obligation {
  return makeObligation(context, {
    id,
    strand: 'meetings',
    owner: 'consultant',
    ...settled,
    dueTime: context.terms.meetings.startTime,
    settled: { ...extraOf(context, id), ...(noDayLeft && { noDayLeft: true }) },
    notices: noDayLeft ? [] : openNotices(context, settled.dueOn, meetingOf(context, id).called === true),
  });
}

const extraOf = (context: PlanContext, id: string): Pick<Obligation, 'extra'> =>
  meetingOf(context, id).extra === undefined ? {} : { extra: true };

/**
 * One day for each meeting, as near as possible to its place in the spread, outside the days to avoid. If fewer days than
 * meetings are left, the others are put on the last day, where they cannot be held: no two meetings share an hour.
 */
function spreadMeetings(context: PlanContext): LocalDate[] {
  const { terms, avoided, firstDay, lastDay } = context;
  const start = startOf(context);
  const ideals =
    terms.meetings.spread === 'months'
      ? middlesOfMonths(context)
      : aroundSettled(context, evenShares(context));
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
  return [...chosen, ...ideals.slice(days.length).map(() => lastDay)];
}

/** The day that the spread gives the first meeting, if there is one and nobody has closed it. */
export function firstMeetingDay(context: PlanContext): LocalDate | undefined {
  return closedOf(context, 'meeting-1') === undefined ? spreadMeetings(context)[0] : undefined;
}

/** The day from which the year's meetings are owed. */
function startOf({ from, plannedFrom }: PlanContext): LocalDate {
  return later(from, localDateOf(plannedFrom));
}

/** The day from which the signed contract promises meetings: a late entry in our books takes none away. */
function promisedFrom(context: PlanContext): LocalDate {
  const signed = later(context.from, context.contract.signedOn);
  return earlier(signed, startOf(context));
}

/**
 * "Med jämn periodicitet": the middle of each meeting's share of the rest of the year, in days from its start. As many
 * meetings as the part of the year holds that the contract was signed for.
 */
function evenShares(context: PlanContext): number[] {
  const { from, to, terms } = context;
  const left = daysBetween(startOf(context), to);
  const promised = daysBetween(promisedFrom(context), to);
  const count = Math.ceil((terms.meetings.perYear * promised) / daysBetween(from, to));
  return Array.from({ length: count }, (_, index) => ((index + 0.5) / count) * left);
}

/** A meeting held or booked further from its place than this share of the distance between two moves its neighbours. */
const tolerance = 1 / 4;

/**
 * Keeps the spread even when a meeting moves: those around one that was held or booked far from its place are spread
 * evenly between it and the next settled one, or the end of the year. If no meeting moved far, nothing changes.
 */
function aroundSettled(context: PlanContext, ideals: readonly number[]): number[] {
  const start = startOf(context);
  const length = daysBetween(start, context.to);
  const interval = length / ideals.length;
  const anchors = ideals.flatMap((ideal, index) => {
    const id = `meeting-${index + 1}`;
    // Meetings before the take over move no others: the open ones keep their ordinary days.
    if (context.previous?.takenOver?.closed[id]) return [{ index, at: ideal }];
    const { booked, heldOn } = meetingOf(context, id);
    const day = heldOn ?? booked?.on;
    if (day === undefined) return [];
    const at = daysBetween(start, day);
    return [{ index, at: Math.abs(at - ideal) > tolerance * interval ? at : ideal }];
  });
  const first = { index: -1, at: -interval / 2 };
  const last = { index: ideals.length, at: length + interval / 2 };
  // Between two meetings at their places nothing is computed anew: rounding could move a meeting by a day.
  const stands = ({ index, at }: { index: number; at: number }): boolean => at === (ideals[index] ?? at);
  return ideals.map((ideal, index) => {
    const before = anchors.findLast((anchor) => anchor.index <= index) ?? first;
    const after = anchors.find((anchor) => anchor.index > index) ?? last;
    if (before.at >= after.at || (stands(before) && stands(after))) return ideal;
    return before.at + ((after.at - before.at) * (index - before.index)) / (after.index - before.index);
  });
}

/**
 * The middle of each month a meeting is to be held in, in days from the start. A month that had passed when the contract
 * was signed is left out; a meeting of one that has passed since is put where there is most room.
 */
function middlesOfMonths(context: PlanContext): number[] {
  const { contract, yearNumber, terms, firstDay, to } = context;
  const start = startOf(context);
  const signed = promisedFrom(context);
  const startOfMonth = (month: number) => addMonths(contract.startsOn, 12 * (yearNumber - 1) + month - 1);
  const months = terms.meetings.months ?? [];
  const isMissed = (month: number): boolean =>
    signed < start && startOfMonth(month + 1) > signed && startOfMonth(month + 1) <= firstDay;
  const middles = months
    .filter((month) => startOfMonth(month + 1) > firstDay)
    .map((month) => {
      const begins = daysBetween(start, startOfMonth(month));
      return begins + (daysBetween(start, startOfMonth(month + 1)) - 1 - begins) / 2;
    });
  return months.filter(isMissed).reduce((days) => withOneMore(days, daysBetween(start, to)), middles);
}

/** Days in order, with one more in the middle of the longest time without any. */
function withOneMore(days: readonly number[], length: number): number[] {
  const edges = [0, ...days, length];
  const gaps = edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0));
  const longest = gaps.indexOf(Math.max(...gaps));
  return days.toSpliced(longest, 0, (edges[longest] ?? 0) + (gaps[longest] ?? 0) / 2);
}

/** The half days on which support closes before a meeting would end. */
function tooShortDays({ meetings, support }: Terms): ReadonlySet<LocalDate> {
  const ends = minutesOf(meetings.startTime) + meetings.lengthMinutes;
  const closesBefore =
    support.halfDayCloses < workdayOf(support).closes && minutesOf(support.halfDayCloses) < ends;
  return new Set(closesBefore ? support.halfDays : []);
}

/** Minutes since midnight of a time of day, `HH:MM`. */
function minutesOf(time: string): number {
  return 60 * Number(time.slice(0, 2)) + Number(time.slice(3));
}

/** The mails of a meeting that is not booked: a call to plan it; chases once the customer should have been invited. */
function openNotices(context: PlanContext, dueOn: LocalDate, called: boolean): NoticeDraft[] {
  const { terms, closed } = context;
  const { meetings, notices } = terms;
  const invitedBy = daysBefore(context, dueOn, meetings.inviteDaysBefore);
  const call: NoticeDraft = {
    step: 'call',
    on: daysBefore(context, dueOn, meetings.callDaysBefore),
    kind: 'ask',
    template: 'meeting-call',
    to: 'consultant',
  };
  const unbooked = { kind: 'chase', template: 'meeting-unbooked' } as const;
  return [
    ...(called ? [] : [call]),
    { ...unbooked, step: 'book', on: invitedBy, to: 'consultant' },
    ...meetings.bookingEscalation.map(({ openDaysAfter, to }, index) => ({
      ...unbooked,
      step: `book-escalate${index === 0 ? '' : `-${index + 1}`}`,
      on: addOpenDays(invitedBy, openDaysAfter, closed),
      ...addressed(to, notices.recipients.meeting),
    })),
    ...escalationNotices(context, meetings.escalation, dueOn, notices.recipients.meeting),
  ];
}

/**
 * The mails of a booked meeting: the invitation after the time to undo the booking, then those before the meeting.
 * @param movedFrom what the customer was told, where that is another time
 */
function bookedNotices(context: PlanContext, booking: Booking, movedFrom?: Booking): NoticeDraft[] {
  const { on: dueOn, since } = booking;
  const { meetings, notices, support } = context.terms;
  const undoable = addMinutes(since, notices.holdMinutes);
  const morning = answerInstant(undoable, support);
  const begins = [booking, movedFrom ?? booking].map(({ on, time }) => instantAt(on, time));
  // By then somebody would wait where no meeting is, or be missed where one is.
  const isUrgent = begins.some((instant) => since < instant && instant <= morning);
  const at = isUrgent ? undoable : morning;
  const roles = notices.recipients.meeting;
  const today = localDateOf(since);
  const agendaOn = daysBefore(context, dueOn, meetings.agendaDaysBefore);
  const agenda = {
    on: agendaOn,
    kind: 'ask',
    template: 'meeting-agenda',
    // Never before the invitation itself.
    ...(instantAt(agendaOn, workdayOf(support).opens) < at && { at }),
  } as const;
  return [
    {
      step: 'invite',
      on: today,
      at,
      kind: 'ask',
      template: 'meeting-invitation',
      to: 'customer',
      roles,
    },
    { step: 'blocks', on: today, at: undoable, kind: 'ask', template: 'meeting-blocks', to: 'consultant' },
    { ...agenda, step: 'agenda', to: 'customer', roles },
    { ...agenda, step: 'agenda-consultant', to: 'consultant' },
    ...reminderNotices(
      meetings.reminders.map((reminder) => ({
        day: daysBefore(context, dueOn, reminder.daysBefore),
        to: reminder.to,
      })),
      'meeting-reminder',
      'customer',
      roles,
    ),
    ...escalationNotices(context, meetings.escalation, dueOn, roles),
  ];
}

const daysBefore = ({ closed }: PlanContext, dueOn: LocalDate, days: number): LocalDate =>
  previousOpenDay(addDays(dueOn, -days), closed);
