/**
 * A step is the change that a person's message makes. It changes the year's state key by key, so that the old values
 * of any step can be put back, and the new ones written to PostgreSQL.
 */
import type { CancelledMeeting } from '../../activities/mail/notice';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Booking } from '../../rules/engine/plan/plan';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { expectedFound } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import { reasons } from '../../templates/ui/reasons';
import { takeBackEnding } from './ending';
import { clear, raiseAsItWas, record } from './journal';
import { isMessage, isSentByPeople } from '../messages/messages';
import { restUntil } from './night-rest';
import { clearSettled, reopenObligation, writeClosed } from './obligations';
import { replanSoon } from './plan-year';
import { writeMeeting, writePart, writePause, writeRow, writeUpgrade } from './projection';
import { takeBackTogether } from './together';
import { mailsOfUndone } from './test-session';
import { isFinished, versionsBefore } from './upgrades';
import type { Year } from './year';
import type { CheckState, HeldMail, Mail, MeetingState, SliceName, Step, Texts } from './year-state';

/** Number of steps that can be undone, one after the other. */
const mostSteps = 5;

const sliceNames: SliceName[] = [
  'closed',
  'meetings',
  'actions',
  'improvements',
  'checks',
  'pauses',
  'upgrades',
];

/** The message that undoes a step; it is no step itself. */
const undoing = 'stepUndone';

/** What the journal tells of a step. */
export type Detail = Record<string, unknown>;

export interface TimeSpan {
  begins: Instant;
  ends: Instant;
}

/**
 * Why a message is not taken, or the function that carries it out. `during` is when the meeting goes on that it books,
 * where the consultant's other agreements are to be asked first.
 */
export type Verdict = { rejected: Text } | { accept: (step: Step) => Detail; during?: TimeSpan | undefined };

/**
 * Takes a step: changes the state, keeps the old values, and writes the new ones.
 * @returns what the journal tells of it
 */
export function takeStep(year: Year, name: string, accept: (step: Step) => Detail): Detail {
  const { state } = year;
  const before = snapshot(year);
  const stood = { attention: [...state.attention], sent: [...state.sent] };
  const step: Step = { number: state.counters.step + 1, name, at: year.now(), before: [] };
  const detail = accept(step);
  if (name === undoing) return detail;
  step.before = changesSince(year, before);
  if (turnsUpgrade(year, step)) noteSettled(year, step, stood);
  if (reopenedBy(year, step).length > 0 || turnsUpgrade(year, step)) step.planned = year.plan.revision;
  // What the dispatcher sends cannot be undone.
  if (isMessage(name) && !isSentByPeople(name)) {
    writeDown(year, step.before);
    return detail;
  }
  if (step.before.length > 0 || step.entryId || step.note || step.terminates) {
    state.counters.step = step.number;
    state.steps = [...state.steps, step].slice(-mostSteps);
    writeDown(year, step.before, step.texts);
    delete step.texts;
  }
  return detail;
}

/** Judges whether the last step can be undone, and undoes it. */
export function judgeUndo(year: Year, number: number | undefined, text: string | undefined): Verdict {
  const { steps, counters, undone } = year.state;
  const last = steps.at(-1);
  if (text !== undefined && number !== last?.number) {
    if (number === undefined || Number.isNaN(number))
      return { rejected: expectedFound({ sv: 'step: ett tal', en: 'step: a number' }, text) };
    // A double click sends the message twice: the step it names is undone already.
    if (number === undone || (last && number > last.number && number <= counters.step))
      return { accept: () => ({ step: number, repeat: true }) };
    if (last) return { rejected: reasons.otherStep(number, last.number, last.name) };
  }
  if (!last) return { rejected: reasons.nothingToUndo };
  return { accept: () => undo(year, last) };
}

function undo(year: Year, step: Step): Detail {
  const { state } = year;
  state.steps = state.steps.filter((other) => other !== step);
  state.undone = step.number;
  const unsent = state.heldMails.filter((held) => held.step === step.number);
  state.heldMails = state.heldMails.filter((held) => held.step !== step.number);
  const live = finishedUpgrades(year);
  const undone = step.before.map(({ slice, key, value }) => {
    const values = state[slice] as Record<string, unknown>;
    const was = values[key];
    if (value === undefined) delete values[key];
    else values[key] = value;
    return { slice, key, value: was };
  });
  for (const { slice, key, value } of undone)
    if (slice === 'meetings') takeBackInvitation(year, key, (value ?? {}) as MeetingState, step);
  // Who was told of the session before it is put back is told so; what was not told is not.
  const isTold = !unsent.some(({ mail }) => mail.template === 'test-session');
  for (const { slice, key, value } of undone)
    if (slice === 'checks' && isTold)
      for (const mail of mailsOfUndone(year, key, value as CheckState | undefined))
        hold(year, undefined, mail);
  for (const id of step.callsOff ?? [])
    if (!unsent.some(({ mail }) => mail.obligation === id && mail.cancelled)) inviteAnew(year, id);
  takeBackEnding(year, step, !unsent.some(({ mail }) => mail.template === 'agreement-ends'));
  if (step.terminates?.before) state.termination = step.terminates.before;
  else if (step.terminates) delete state.termination;
  takeBackTogether(year, step);
  if (step.raised) clear(year, step.raised.code, step.raised.subject);
  for (const item of step.settled?.attention ?? []) raiseAsItWas(year, item);
  state.sent.push(...(step.settled?.sent ?? []).filter((key) => !state.sent.includes(key)));
  // A meeting's own mails wait again as its invitation says, above.
  if (step.withdrew && !step.before.some(({ slice }) => slice === 'meetings'))
    state.heldMails.push(...step.withdrew);
  if (step.entryId !== undefined) unbook(year, step);
  if (step.note)
    record(year, { kind: 'agreement', ref: 'note', detail: {}, note: { ...step.note, withdrawn: true } });
  writeDown(year, undone);
  for (const { slice, key, value } of undone)
    if (slice === 'closed' && value === undefined) writeClosed(year, key);
  writeVersions(year, live);
  if (step.before.some(({ slice }) => /^(meetings|closed|upgrades)$/.test(slice)))
    replanSoon(year, `${step.name} was undone`, undefined, daysBack(year, step));
  return { step: step.number, undone: step.name };
}

/** Phases of the upgrade that a step opened again. */
const reopenedBy = ({ state }: Year, { before }: Step): string[] =>
  before.flatMap(({ slice, key, value }) =>
    slice === 'closed' && value !== undefined && state.plan && phaseOfUpgrade(key) ? [key] : [],
  );

/** Whether after a step an upgrade does not simply go on: it begins anew, waits, or is declined. */
const turnsUpgrade = ({ state }: Year, { before }: Step): boolean =>
  state.plan?.upgrade?.reopens === true && before.some(({ slice }) => slice === 'upgrades');

/**
 * Keeps what a step has settled. A release that is withdrawn is asked about with other words once the year is planned after it:
 * what was asked until then is kept, too.
 */
function noteSettled({ state }: Year, step: Step, stood: NonNullable<Step['settled']>): void {
  const attention = stood.attention.filter(
    (item) => item.code === 'release-withdrawn' || !state.attention.includes(item),
  );
  const sent = stood.sent.filter((key) => !state.sent.includes(key));
  if (attention.length + sent.length > 0) step.settled = { attention, sent };
}

/** The days that those phases had before: what follows is planned after them again. */
function daysBack(year: Year, step: Step): { closedAsIn?: { revision: number; ids: string[] } } {
  const ids = reopenedBy(year, step);
  return step.planned === undefined ? {} : { closedAsIn: { revision: step.planned, ids } };
}

/** Upgrades that are approved and live. */
const finishedUpgrades = (year: Year): string[] => {
  const all = year.obligations('upgrade').flatMap(({ id }) => phaseOfUpgrade(id)?.upgrade ?? []);
  return [...new Set(all)].filter((upgrade) => isFinished(year, upgrade));
};

/** Has the contract follow where an upgrade is not live any more, or is again. @param before those that were live */
function writeVersions(year: Year, before: readonly string[]): void {
  const after = finishedUpgrades(year);
  const write = (upgrade: string, more: object): void =>
    record(year, { kind: 'row', ref: upgrade, detail: {}, upgraded: { upgrade, ...more } });
  for (const upgrade of before) if (!after.includes(upgrade)) write(upgrade, versionsBefore(year, upgrade));
  for (const upgrade of after) if (!before.includes(upgrade)) write(upgrade, {});
}

/** The next number of a meeting's calendar entry: calendars keep the entry with the highest one they have seen. */
export function nextEntryNumber(year: Year, id: string): number {
  const { entryNumbers } = year.state;
  const number = Math.max(year.obligation(id)?.revision ?? 0, entryNumbers[id] ?? 0) + 1;
  entryNumbers[id] = number;
  return number;
}

/**
 * Puts right what the customer knows of a meeting after its step was undone. If they were invited meanwhile to what
 * the step had booked, a meeting that is still booked gets a new number, and one that is not is cancelled. If the
 * customer was not told meanwhile, mails that the step withdrew wait again.
 * @param was the meeting as the step had left it
 */
function takeBackInvitation(year: Year, id: string, was: MeetingState, { withdrew = [] }: Step): void {
  const now = year.state.meetings[id];
  const told = was.invited !== undefined && was.invited !== now?.invited;
  if (!was.booked || !told) year.state.heldMails.push(...withdrew);
  else if (now?.booked) renumber(year, id, was.booked);
  else {
    year.state.meetings[id] = { ...now, cancelledAt: year.now() };
    cancelInvitation(year, id, was, undefined);
  }
}

/**
 * Gives a booked meeting a new number. An invitation with it goes out when the time to undo has passed.
 * @param told what the customer knows of it
 */
export function renumber(year: Year, id: string, told?: Booking): void {
  const meeting = year.state.meetings[id];
  if (!meeting?.booked) return;
  const booked = { ...meeting.booked, since: year.now(), revision: nextEntryNumber(year, id) };
  const movedFrom = told ?? (meeting.invited === undefined ? undefined : toldBooking(meeting));
  year.state.meetings[id] = { ...meeting, booked, ...(movedFrom && { movedFrom }) };
}

/** A meeting as it is once nobody has an invitation to it. */
export function withoutInvitation(meeting: MeetingState): MeetingState {
  const { invited: _, invitedAt: __, movedFrom: ___, ...rest } = meeting;
  return rest;
}

/** Invites again to a meeting whose cancellation was undone after the customer was told: no calendar has it now. */
function inviteAnew(year: Year, id: string): void {
  const meeting = withoutInvitation(year.state.meetings[id] ?? {});
  year.state.meetings[id] = meeting;
  const { booked } = meeting;
  if (booked && year.instantOf(booked.on, booked.time) > year.now()) renumber(year, id);
}

/** Tells the customer, and the consultant's calendar, that a meeting they were invited to is off. */
export function cancelInvitation(
  year: Year,
  id: string,
  was: MeetingState,
  step: Step | undefined,
  reason?: string,
): void {
  if (was.invited === undefined || !was.booked) return;
  const cancelled = cancelledOf(year, toldBooking(was) ?? was.booked);
  const { roles } = year.plan.meetings;
  const revision = nextEntryNumber(year, id);
  const about = { obligation: id, revision, cancelled, ...(reason ? { reason } : {}) };
  if (step) step.callsOff = [...(step.callsOff ?? []), id];
  hold(year, step, {
    ...about,
    step: 'cancel',
    template: 'meeting-cancelled',
    to: 'customer',
    roles,
  });
  hold(year, step, { ...about, step: 'cancel-blocks', template: 'meeting-blocks', to: 'consultant' });
}

/** The booking as those who are invited know it: a move may not have been told yet. */
export function toldBooking({ booked, invited, movedFrom }: MeetingState): Booking | undefined {
  return booked?.revision === invited ? booked : (movedFrom ?? booked);
}

/** What a mail says of a cancelled booking. */
export function cancelledOf(year: Year, booked: Booking): CancelledMeeting {
  return {
    at: year.instantOf(booked.on, booked.time),
    minutes: booked.minutes ?? year.plan.meetings.lengthMinutes,
    ...(booked.place === undefined ? {} : { place: booked.place }),
  };
}

/**
 * Has a mail wait while its step can be undone; without a step it is due at once. One to the customer rests at night.
 * @param at when it is due instead
 */
export function hold(
  year: Year,
  step: Step | undefined,
  mail: Mail,
  at = restUntil(year, mail, step === undefined ? year.now() : year.heldUntil()),
): void {
  year.state.heldMails.push({ at, step: step?.number ?? 0, mail });
}

/**
 * Takes back mails that still wait; undoing the step has them wait again.
 * @param step none where the system makes them needless
 */
export function withdraw(year: Year, step: Step | undefined, isNeedless: (held: HeldMail) => boolean): void {
  const needless = year.state.heldMails.filter(isNeedless);
  if (step && needless.length > 0) step.withdrew = [...(step.withdrew ?? []), ...needless];
  year.state.heldMails = year.state.heldMails.filter((held) => !needless.includes(held));
}

/** Takes back the hours that a step reported, or its correction of them. */
function unbook(year: Year, { entryId = '' }: Step): void {
  year.state.hoursToBook.push({
    entryId: `${entryId}-undone`,
    undoes: { entryId },
    by: 'consultant',
    byAssumed: true,
    asOf: year.now(),
  });
}

type Snapshot = Record<SliceName, Record<string, unknown>>;

function snapshot({ state }: Year): Snapshot {
  return Object.fromEntries(sliceNames.map((name) => [name, { ...state[name] }])) as Snapshot;
}

/** The old values of all changed keys. Values are never changed in place: comparing references is enough. */
function changesSince({ state }: Year, before: Snapshot): Step['before'] {
  return sliceNames.flatMap((slice) => {
    const [then, now] = [before[slice], state[slice] as Record<string, unknown>];
    return [...new Set([...Object.keys(then), ...Object.keys(now)])]
      .filter((key) => then[key] !== now[key])
      .map((key) => ({ slice, key, ...(then[key] === undefined ? {} : { value: then[key] }) }));
  });
}

/** Writes the present value of everything that a step, or undoing it, has changed. */
function writeDown(year: Year, before: Step['before'], texts?: Texts): void {
  for (const { slice, key, value } of before) {
    if (slice === 'closed') writeReopened(year, key);
    else if (slice === 'meetings') writeMeeting(year, key, texts);
    else if (slice === 'actions' || slice === 'improvements') writeRow(year, slice, key, value, texts);
    else if (slice === 'pauses') writePause(year, key);
    else if (slice === 'checks') writePart(year, key);
    else if (slice === 'upgrades') writeUpgrade(year, key);
  }
}

function writeReopened(year: Year, id: string): void {
  if (year.isClosed(id)) return clearSettled(year, id);
  reopenObligation(year, id);
}
