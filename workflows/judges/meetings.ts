/**
 * Messages about management meetings (förvaltningsledning): booked, moved, cancelled, declined, held, an extra one asked
 * for, an agreed action done.
 */
import { patched } from '@temporalio/workflow';
import { actionReminders } from '../../rules/engine/plan/action-reminders';
import type { Booking, Obligation } from '../../rules/engine/plan/plan';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { isOpenDayIn, localIn } from '../../rules/engine/calendar/local-time';
import type { Text } from '../../rules/engine/basics/text';
import { inBoth } from '../../rules/engine/basics/text';
import { reasons, toLookAt } from '../../templates/ui/reasons';
import { cutBytes } from '../../templates/ui/text';
import type { Fields } from '../messages/fields';
import { clean, timeField } from '../messages/fields';
import { raise } from '../year/journal';
import { closeObligation, clearSettled } from '../year/obligations';
import { replanSoon } from '../year/plan-year';
import type { TimeSpan, Verdict } from '../year/steps';
import { cancelInvitation, hold, nextEntryNumber, toldBooking, withoutInvitation } from '../year/steps';
import type { Year } from '../year/year';
import type { MeetingState, Step } from '../year/year-state';
import { judgeClosing, named } from './closing';
import { addDays, addMinutes, addMonths, daysBetween } from '../../rules/engine/calendar/dates';
import { parties } from '../../rules/engine/contract/contract';

/** A meeting is at least a quarter of an hour and at most a working day. */
const [shortest, longest] = [15, 480] as const;
/** A held meeting may have been cut short. */
const shortestHeld = 5;
/** A meeting held so few days before or after another is asked about, unless the message names it. */
const daysBetweenMeetings = 7;
/** Most extra meetings a year, and most actions that are open at once: what a run hands on has a size limit. */
const mostExtra = 12;
const mostActions = 30;
/** Longest wording of an action that the state carries, in characters. */
const longestAction = 120;
/** Longest decision that is taken down, in bytes: thirty of them still go into one payload. */
const longestDecision = 1200;
/** After so many moves somebody is asked to look at a meeting. */
const movesToLookAt = 3;
/** Where a meeting is held more than so many days off its date, the year is planned again. */
const daysOff = 7;

/** The id of a meeting from what people write: `2`, `meeting-2`, `extra-1`, `meeting-extra-1`. */
const meetingId = (given: string | undefined): string | undefined =>
  given === undefined ? undefined : /^meeting-/.test(given) ? given : `meeting-${given}`;

const meetingOf = (year: Year, id: string): MeetingState => year.state.meetings[id] ?? {};

/** The meeting a message names; else the first open one that fits, or the first open one if none does. */
function openMeeting(
  year: Year,
  fields: Fields,
  fits: (meeting: Obligation) => boolean = () => true,
): { meeting: Obligation } | { rejected: Text } {
  const open = year.open('meetings');
  const id = meetingId(fields.text('meeting')) ?? (open.find(fits) ?? open[0])?.id;
  const found = named(year, 'meetings', 'meeting', id);
  if ('rejected' in found) return found;
  const closed = year.state.closed[found.id];
  if (closed) return { rejected: reasons.closedAs(found.id, closed.state, closed.at.slice(0, 10)) };
  const meeting = year.obligation(found.id);
  return meeting ? { meeting } : { rejected: reasons.nothingOpen('meetings') };
}

/**
 * Books a meeting, without a date as planned, or moves a booked one: what the message leaves out stays.
 * @param asks whether what looks like a slip is asked about; not where what was taken before is replayed
 */
export function judgeBooking(year: Year, fields: Fields, asks = always): Verdict {
  const found = openMeeting(year, fields, ({ id }) => meetingOf(year, id).booked === undefined);
  if ('rejected' in found) return found;
  const { meeting } = found;
  const before = meetingOf(year, meeting.id).booked;
  const planned = { on: meeting.dueOn, time: year.plan.meetings.startTime };
  const wished = readTime(year, meeting.id, fields, before ?? planned, asks);
  if ('rejected' in wished) return wished;
  const { time } = wished;
  if (before && same(before, time)) return { accept: () => ({ obligation: meeting.id, repeat: true }) };
  return {
    accept: (step) => book(year, step, meeting.id, time, fields),
    during: wished.during,
  };
}

type Time = Omit<Booking, 'revision'>;

const same = (a: Time, b: Time): boolean =>
  a.on === b.on && a.time === b.time && a.minutes === b.minutes && a.place === b.place;

/** The time of a meeting from a message; what the message leaves out is taken from `before`. */
function readTime(
  year: Year,
  id: string,
  fields: Fields,
  before: Pick<Booking, 'on' | 'time' | 'minutes' | 'place'> & Partial<Booking>,
  asks: () => boolean,
): { time: Time; during?: TimeSpan | undefined } | { rejected: Text } {
  const { from, to } = year.plan;
  const on = fields.text('on') ?? before.on;
  const time = timeField(fields, 'at') ?? before.time;
  const minutes = fields.number('minutes') ?? before.minutes;
  const place = fields.text('place') ?? before.place;
  if (on < from || on >= to) return { rejected: reasons.withinYear('on', from, lastDayOf(year), on) };
  if (!isOpenDayIn(year.calendar, on)) return { rejected: reasons.closedDay('on', on) };
  if (year.instantOf(on, time) <= year.now()) return { rejected: reasons.later('on', `${on} ${time}`) };
  if (minutes !== undefined && !(minutes >= shortest && minutes <= longest))
    return { rejected: reasons.between('minutes', shortest, longest, String(minutes)) };
  const other = Object.entries(year.state.meetings).find(
    ([otherId, { booked }]) =>
      otherId !== id && booked?.on === on && booked.time === time && !year.isClosed(otherId),
  );
  if (other) return { rejected: reasons.taken(other[0], `${on} ${time}`) };
  const isSettled =
    fields.flag('confirmed') === true ||
    ('since' in before && before.on === on && before.time === time && before.minutes === minutes);
  const during = isSettled ? undefined : goesOn(year, { on, time, minutes });
  const slip = during && slipOf(year, id, { on, time, minutes }, during);
  if (slip && asks()) return { rejected: slip };
  return {
    time: {
      on,
      time,
      ...(minutes === undefined ? {} : { minutes: Math.round(minutes) }),
      ...(place === undefined ? {} : { place: clean(place) }),
      since: year.now(),
    },
    during,
  };
}

type Length = Pick<Booking, 'on' | 'time'> & { minutes: number | undefined };

/** When a meeting begins and ends. */
function goesOn(year: Year, { on, time, minutes }: Length): TimeSpan {
  const begins = year.instantOf(on, time);
  return { begins, ends: addMinutes(begins, minutes ?? year.plan.meetings.lengthMinutes) };
}

/** Everything is asked about, as it is today. */
export const always = (): boolean => true;

/** A meeting that begins before or ends after these times of day is asked about. */
const [early, late] = ['07:00', '19:00'] as const;

/** Why a time is asked about, if it looks like a slip: in the evening or at night, or while another meeting goes on. */
function slipOf(
  year: Year,
  id: string,
  { on, time, minutes }: Length,
  { begins, ends }: TimeSpan,
): Text | undefined {
  const { startTime, lengthMinutes } = year.plan.meetings;
  if (time !== startTime && (time < early || ends > year.instantOf(on, late)))
    return reasons.oddHours(`${on} ${time}`, minutes ?? lengthMinutes, early, late);
  const other = Object.entries(year.state.meetings).find(([otherId, { booked }]) => {
    if (!booked || otherId === id || year.isClosed(otherId)) return false;
    const its = goesOn(year, { minutes: undefined, ...booked });
    return its.begins < ends && its.ends > begins;
  });
  return other && reasons.overlaps(other[0], `${other[1].booked?.on} ${other[1].booked?.time}`);
}

const lastDayOf = ({ plan }: Year): LocalDate => addDays(plan.to, -1);

function book(year: Year, step: Step, id: string, time: Time, fields: Fields): Record<string, unknown> {
  const { cancelledAt: _, reason: __, ...before } = meetingOf(year, id);
  const booked = { ...time, revision: nextEntryNumber(year, id) };
  const moves = before.booked ? (before.moves ?? 0) + 1 : before.moves;
  const movedFrom = before.invited === undefined ? undefined : toldBooking(before);
  const reason = fields.text('reason');
  year.state.meetings[id] = {
    ...before,
    booked,
    called: true,
    organizer: year.plan.ids.consultant,
    ...(moves === undefined ? {} : { moves }),
    ...(movedFrom === undefined ? {} : { movedFrom }),
    ...(reason === undefined ? {} : { reason }),
  };
  // The new invitation replaces a cancellation that still waits.
  const needless = year.state.heldMails.filter(
    ({ mail }) => mail.obligation === id && mail.cancelled && !mail.change && !mail.replacement,
  );
  if (needless.length > 0) step.withdrew = needless;
  year.state.heldMails = year.state.heldMails.filter((held) => !needless.includes(held));
  clearSettled(year, id);
  if (moves !== undefined && moves >= movesToLookAt)
    raise(
      year,
      'meeting-moved',
      id,
      toLookAt.moved(moves, `${booked.on} ${booked.time}`)[year.input.language],
    );
  replanSoon(year, `${id} was ${before.booked ? 'moved' : 'booked'}`);
  return { obligation: id, on: booked.on, at: booked.time, ...(before.booked ? { moves } : {}) };
}

/** Cancels a booking: the meeting is to be booked anew. */
export function judgeCancelling(year: Year, fields: Fields): Verdict {
  const isBooked = ({ id }: Obligation): boolean => meetingOf(year, id).booked !== undefined;
  if (fields.text('meeting') === undefined && !year.open('meetings').some(isBooked))
    return { rejected: reasons.noneBooked };
  const found = openMeeting(year, fields, isBooked);
  if ('rejected' in found) return found;
  const { id } = found.meeting;
  const before = meetingOf(year, id);
  if (!before.booked)
    return before.cancelledAt === undefined
      ? { rejected: reasons.notBooked(id) }
      : { accept: () => ({ obligation: id, repeat: true }) };
  return {
    accept: (step) => {
      year.state.meetings[id] = { ...withoutBooking(before), cancelledAt: year.now() };
      cancelInvitation(year, id, before, step, fields.text('reason'));
      replanSoon(year, `${id} was cancelled`);
      return { obligation: id, ...reasonOf(fields) };
    },
  };
}

/** Closes a meeting that the customer does without; it does not count as missed. */
export function judgeDeclining(year: Year, fields: Fields): Verdict {
  const id = meetingId(fields.text('meeting'));
  if (id !== undefined && year.state.closed[id]?.state === 'declined')
    return { accept: () => ({ obligation: id, repeat: true }) };
  const found = openMeeting(year, fields);
  if ('rejected' in found) return found;
  const { meeting } = found;
  return {
    accept: (step) => {
      const before = meetingOf(year, meeting.id);
      const note = fields.text('reason');
      closeObligation(year, meeting.id, {
        state: 'declined',
        by: fields.text('by') ?? 'consultant',
        ...(note === undefined ? {} : { note }),
      });
      if (before.booked) {
        year.state.meetings[meeting.id] = withoutBooking(before);
        cancelInvitation(year, meeting.id, before, step, note);
      }
      clearSettled(year, meeting.id);
      return { obligation: meeting.id, ...reasonOf(fields) };
    },
  };
}

/** A meeting that nobody is invited to any more. */
function withoutBooking(meeting: MeetingState): MeetingState {
  const { booked: _, ...unbooked } = withoutInvitation(meeting);
  return unbooked;
}

const reasonOf = (fields: Fields): { reason?: string } => fields.optional({ reason: 'reason' });

/** Adds an extra meeting: with a date it is booked at once, without one the consultant is called to plan it. */
export function judgeExtra(year: Year, fields: Fields, asks = always): Verdict {
  if (year.obligations('meetings').filter(({ extra }) => extra).length >= mostExtra)
    return { rejected: reasons.tooMany({ sv: 'extramöten', en: 'extra meetings' }, mostExtra) };
  const dated = fields.text('on') !== undefined;
  const proposed = { on: year.today().on, time: year.plan.meetings.startTime };
  const wished = dated ? readTime(year, '', fields, proposed, asks) : undefined;
  if (wished && 'rejected' in wished) return wished;
  return {
    during: wished?.during,
    accept: (step) => {
      const { counters, meetings } = year.state;
      counters.extra += 1;
      const id = `meeting-extra-${counters.extra}`;
      meetings[id] = { extra: year.now() };
      if (wished) return book(year, step, id, wished.time, fields);
      replanSoon(year, 'an extra meeting was asked for');
      return { obligation: id };
    },
  };
}

/** Closes a meeting as held; takes down what was agreed and mails the minutes, where the message says anything. */
export function judgeHeld(year: Year, fields: Fields, asks = always): Verdict {
  const found = named(year, 'meetings', 'meeting', meetingId(fields.text('meeting')));
  if ('rejected' in found) return found;
  const { id } = found;
  const today = year.today().on;
  const on = fields.text('on') ?? today;
  const minutes = fields.number('minutes');
  if (on > today) return { rejected: reasons.notLater('on', on) };
  // Somebody wrote another year, or reports in the new year what was held in the old one.
  if (on < year.plan.from && asks())
    return { rejected: reasons.withinYear('on', year.plan.from, lastDayOf(year), on) };
  if (minutes !== undefined && !(minutes >= shortestHeld && minutes <= longest)) {
    // Less than five minutes was taken once.
    if (!(minutes > 0 && minutes <= longest) || asks())
      return { rejected: reasons.between('minutes', shortestHeld, longest, String(minutes)) };
  }
  const unknown = unknownPeople(year, fields);
  if (unknown) return { rejected: unknown };
  const open = Object.values(year.state.actions).filter(({ done }) => done !== true).length;
  if (open + fields.actions('actions').length > mostActions)
    return { rejected: reasons.tooMany({ sv: 'öppna åtgärder', en: 'open actions' }, mostActions) };
  if (saysOther(year, id, fields) && asks())
    return { rejected: reasons.reportedAlready(id, year.state.meetings[id]?.heldOn ?? on) };
  const doubt = fields.text('meeting') === undefined ? doubtOf(year, id, on, fields) : undefined;
  if (doubt && asks()) return { rejected: doubt };
  return judgeClosing(year, id, fields, (step) => noteHeld(year, step, id, on, fields));
}

/**
 * Why a report that names no meeting is asked about, if it is likely to be a repeat: another meeting was held in the days
 * around it or is reported today, or the next one is planned more than a month later.
 */
function doubtOf(year: Year, next: string, on: LocalDate, fields: Fields): Text | undefined {
  const dueOn = meetingOf(year, next).booked?.on ?? year.obligation(next)?.dueOn ?? on;
  if (fields.flag('confirmed') === true || dueOn === on) return undefined;
  const today = year.today().on;
  const isRecent = (id: string, { heldOn }: MeetingState): boolean =>
    heldOn !== undefined &&
    year.state.closed[id]?.state === 'done' &&
    (Math.abs(daysBetween(heldOn, on)) <= daysBetweenMeetings ||
      localIn(year.calendar, year.state.closed[id].at).on === today);
  const other = Object.entries(year.state.meetings).find(([id, meeting]) => isRecent(id, meeting));
  if (other) return reasons.heldLately(other[0], other[1].heldOn ?? on, next);
  return dueOn > addMonths(on, 1) ? reasons.farAhead(next, dueOn) : undefined;
}

/** Whether a message says anything besides that the meeting was held, for its minutes. */
const isWorded = (fields: Fields): boolean =>
  fields.number('minutes') !== undefined ||
  fields.text('note') !== undefined ||
  [fields.texts('participants'), fields.texts('decisions'), fields.actions('actions')].some(
    (list) => list.length > 0,
  );

/** Whether a meeting is reported once more and another way: on another day, or with words where there were none. */
function saysOther(year: Year, id: string, fields: Fields): boolean {
  const meeting = year.state.meetings[id];
  if (year.state.closed[id]?.state !== 'done' || meeting?.heldOn === undefined) return false;
  const on = fields.text('on');
  return (on !== undefined && on !== meeting.heldOn) || (isWorded(fields) && meeting.worded !== true);
}

/** Why a participant or an owner is refused: each has to be a contact of the agreement, or a party. */
function unknownPeople(year: Year, fields: Fields): Text | undefined {
  const known = [...year.plan.ids.contacts, ...parties];
  const participant = fields.texts('participants').find((id) => !known.includes(id));
  if (participant !== undefined) return reasons.oneOf('participants', known, participant);
  for (const [index, { owner }] of fields.actions('actions').entries())
    if (owner !== undefined && !known.includes(owner))
      return reasons.oneOf(`actions[${index}].owner`, known, owner);
  return undefined;
}

/** An action without a date is due in two weeks. */
const daysToAct = 14;

function noteHeld(
  year: Year,
  step: Step,
  id: string,
  on: LocalDate,
  fields: Fields,
): Record<string, unknown> {
  const { state } = year;
  const before = meetingOf(year, id);
  const minutes = fields.number('minutes');
  // One person may be named by two roles, or spelled two ways.
  const participants = [...new Set(fields.texts('participants'))];
  const decisions = fields.texts('decisions').map((text) => cutBytes(text, longestDecision));
  const note = fields.text('note');
  state.meetings[id] = {
    ...before,
    heldOn: on,
    ...(minutes === undefined ? {} : { heldMinutes: Math.round(minutes) }),
    ...(isWorded(fields) && { worded: true }),
  };
  step.texts = {
    ...(participants.length > 0 ? { participants } : {}),
    ...(decisions.length > 0 ? { decisions } : {}),
    ...(note === undefined ? {} : { note }),
  };
  const actions = takeDownActions(year, id, on, fields);
  clearSettled(year, id);
  const charged = charge(year, step, id, on);
  // Held before the day it was booked for: the calendar entry of that day is cancelled.
  if (before.booked && before.booked.on > year.today().on) cancelInvitation(year, id, before, step);
  if (isWorded(fields)) mailMinutes(year, step, id);
  const due = year.obligation(id)?.dueOn ?? on;
  if (Math.abs(daysBetween(due, on)) > daysOff) replanSoon(year, `${id} was held on another day`);
  return {
    on,
    ...(actions.length > 0 ? { actions } : {}),
    ...(charged > 0 ? { hours: charged / 3600 } : {}),
  };
}

/** Takes down the actions; reminders whose time has passed already are not sent. @returns the actions' numbers */
function takeDownActions(year: Year, meeting: string, on: LocalDate, fields: Fields): string[] {
  const { state } = year;
  return fields.actions('actions').map(({ what, owner, due }) => {
    state.counters.action += 1;
    const key = String(state.counters.action);
    const dueOn = due ?? addDays(on, daysToAct);
    const reminded = actionReminders(year.calendar, dueOn).flatMap(({ step, at }) =>
      at <= year.now() ? [step] : [],
    );
    state.actions[key] = {
      meeting,
      what: clean(what, longestAction),
      owner: owner ?? 'consultant',
      dueOn,
      ...(reminded.length > 0 ? { reminded } : {}),
    };
    return key;
  });
}

/** Has the time of the meeting booked; one that the agreement includes is recorded and draws nothing. @returns whole seconds that it draws */
function charge(year: Year, step: Step, id: string, on: LocalDate): number {
  const { drawsFromHourBank } = year.plan.meetings;
  const meeting = year.obligation(id);
  const draws = drawsFromHourBank === 'all' || (drawsFromHourBank === 'extra' && meeting?.extra === true);
  const minutes =
    year.state.meetings[id]?.heldMinutes ?? meeting?.minutes ?? year.plan.meetings.lengthMinutes;
  const seconds = minutes * 60;
  if (seconds === 0 || (!draws && !patched('record-meetings-2026-11-30'))) return 0;
  step.entryId = `${year.agreement}/${year.number}/${id}-${step.number}`;
  year.state.hoursToBook.push({
    ...{ entryId: step.entryId, seconds, on, confirmed: true },
    ...(!draws && { included: true }),
    service: 'meeting',
    ref: `${id}-${year.number}-${step.number}`,
    by: 'consultant',
    byAssumed: true,
    asOf: year.now(),
  });
  return draws ? seconds : 0;
}

function mailMinutes(year: Year, step: Step, id: string): void {
  const { roles } = year.plan.meetings;
  const about = { obligation: id, revision: step.number, template: 'meeting-minutes' } as const;
  hold(year, step, { ...about, step: 'minutes', to: 'customer', roles });
  hold(year, step, { ...about, step: 'minutes-consultant', to: 'consultant' });
}

export function judgeActionDone(year: Year, fields: Fields): Verdict {
  const { actions } = year.state;
  const open = Object.entries(actions)
    .filter(([, { done }]) => done !== true)
    .map(([id]) => id);
  const id = fields.text('action') ?? (open.length === 1 ? open[0] : undefined);
  const action = actions[id ?? ''];
  if (!action && open.length === 0)
    return {
      rejected: reasons.noneOpen('action', { sv: 'ingen åtgärd är öppen', en: 'no action is open' }),
    };
  if (id === undefined) return { rejected: reasons.missing('action', inBoth(open.join(', '))) };
  if (!action) return { rejected: reasons.oneOf('action', open, id) };
  if (action.done) return { accept: () => ({ action: id, repeat: true }) };
  return {
    accept: () => {
      actions[id] = { ...action, done: true };
      return { action: id, ...fields.optional({ note: 'note' }) };
    },
  };
}
