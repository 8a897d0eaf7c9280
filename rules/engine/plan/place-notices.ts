import { addOpenDays, instantAt, localDateOf, nextOpenDay } from '../calendar/calendar';
import type { Instant, LocalDate, Party } from '../contract/contract';
import type { Notice, Obligation } from './plan';
import { later } from '../calendar/dates';
import { workdayOf } from '../terms/support-hours';
import type { PlanContext } from './plan-context';

/** A mail an obligation calls for, on the open day the terms put it. */
export interface NoticeDraft extends Omit<Notice, 'at'> {
  on: LocalDate;
  /** If given, it goes out at this very instant instead: a person's message causes it. */
  at?: Instant;
  /**
   * - `ask` tells what is to be done. It keeps its day.
   * - `remind` repeats it. It moves to before days to avoid, and is left out if it would come together with the ask.
   * - `chase` tells, before the due date, what should be done by now and is not. If the ask goes out late, so does the
   *   chase: `daysToAct` open days after it.
   * - `overdue` comes after the due date. It moves to after days to avoid.
   */
  kind: 'ask' | 'remind' | 'chase' | 'overdue';
}

/**
 * Puts times on an obligation's mails: when the working day begins, within the year, and not before `asOf`. A mail whose day
 * has passed, because the year began in the past or a re-plan moved the obligation, goes out at the next opening. A
 * mail that went out for the same date keeps its time. Of two alike at the same time only the first goes out;
 * what went out is kept, whomever the terms now send it to, or the next plan would send it again.
 *
 * @param before the obligation in the previous plan, if it is due on the same day there
 */
export function placeNotices(
  context: PlanContext,
  drafts: readonly NoticeDraft[],
  dueOn: LocalDate,
  before: Obligation | undefined,
): Notice[] {
  const place = (draft: NoticeDraft, at: Instant | undefined): Notice[] => {
    const { on: _on, kind: _kind, at: _at, ...notice } = draft;
    return at !== undefined && at < context.endsAt ? [{ ...notice, at }] : [];
  };
  const asks = drafts
    .filter(({ kind }) => kind === 'ask')
    .flatMap((draft) => place(draft, askTime(context, draft, before)));
  const firstAsk = asks.map(({ at }) => at).sort()[0] ?? '';
  const comesWithAsk = (notice: Notice): boolean =>
    notice.at <= firstAsk || asks.some(({ at, to }) => at === notice.at && to === notice.to);
  const chases = drafts.filter(({ kind }) => kind === 'chase');
  const asksLate = drafts.every(({ kind, on }) => kind !== 'ask' || on < context.earliestDay);
  const lateFrom = chases[0] && lateChase(context, chases[0], asksLate, dueOn, before);
  const repeats = drafts.flatMap((draft) => {
    if (draft.kind === 'ask') return [];
    if (draft.kind === 'chase') {
      const on = chaseDay(context, draft.on, chases.indexOf(draft), lateFrom);
      return place(draft, chaseTime(context, draft.step, on, dueOn, before));
    }
    if (draft.kind === 'remind' && getsDigests(context, draft.to)) return [];
    if (draft.kind === 'overdue') return place(draft, overdueTime(context, draft, dueOn, before));
    return place(draft, reminderTime(context, draft, firstAsk, before)).filter((notice) => {
      return !comesWithAsk(notice);
    });
  });
  const sentOrFirst = (notice: Notice, index: number) =>
    notice.at < context.asOf ||
    repeats.findIndex(({ at, to, template }) => {
      return at === notice.at && to === notice.to && template === notice.template;
    }) === index;
  return [...asks, ...repeats.filter(sentOrFirst)].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}

/** When an ask goes out: on its day, or at the instant that a person's message gives. A sent one keeps its time. */
function askTime(
  context: PlanContext,
  { step, on, at }: NoticeDraft,
  before: Obligation | undefined,
): Instant | undefined {
  if (at === undefined) return timeOf(context, step, on, before);
  const known = knownTime(before, step);
  const { asOf, earliestMail } = context;
  if (known !== undefined && known < asOf) return known;
  if (before === undefined || at >= asOf) return at;
  return known !== undefined && known > earliestMail ? earliestMail : known;
}

/**
 * When a reminder goes out: on its day. If that is to be avoided, on the nearest day before that is not, provided it
 * comes after the ask.
 */
function reminderTime(
  context: PlanContext,
  { step, on }: NoticeDraft,
  firstAsk: Instant,
  before: Obligation | undefined,
): Instant | undefined {
  let free = on;
  while (context.avoided.reminders.has(free)) free = addOpenDays(free, -1, context.closed);
  const at = instantAt(free, workdayOf(context.terms.support).opens);
  const stillToCome = (knownTime(before, step) ?? '') >= context.asOf;
  const tooEarly = at <= firstAsk || (stillToCome && at < context.asOf);
  return timeOf(context, step, tooEarly ? on : free, before);
}

/** Open days from an ask that goes out late to its first chase, and from each chase to the next. */
const daysToAct = 3;

/** The day of a chase: its own, or, if the first one is late, at least `daysToAct` open days after the one before. */
function chaseDay({ closed }: PlanContext, on: LocalDate, index: number, lateFrom?: LocalDate): LocalDate {
  return lateFrom === undefined ? on : later(on, addOpenDays(lateFrom, daysToAct * index, closed));
}

/** When a chase goes out. From the due date on there are none, except those that went out. */
function chaseTime(
  context: PlanContext,
  step: string,
  on: LocalDate,
  dueOn: LocalDate,
  before: Obligation | undefined,
): Instant | undefined {
  const known = knownTime(before, step);
  if (known !== undefined && known < context.asOf) return known;
  const at = on < dueOn ? timeOf(context, step, on, before) : undefined;
  return at !== undefined && localDateOf(at) < dueOn ? at : undefined;
}

/**
 * The day of the first chase if it comes later than the terms put it, because the ask went out late. A re-plan keeps
 * that day. Nothing if the chases keep their days; the due date if there is no time for any.
 */
function lateChase(
  { earliestDay, closed }: PlanContext,
  first: NoticeDraft,
  asksLate: boolean,
  dueOn: LocalDate,
  before: Obligation | undefined,
): LocalDate | undefined {
  const soon = addOpenDays(earliestDay, daysToAct, closed);
  if (before === undefined) return asksLate && first.on < soon ? soon : undefined;
  const known = knownTime(before, first.step);
  // The previous plan had no time for the first chase: there is none for those that follow it.
  if (known === undefined) return first.on < earliestDay || soon >= dueOn ? dueOn : undefined;
  const day = localDateOf(known);
  if (day <= first.on) return undefined;
  if (day <= soon) return nextOpenDay(day, closed);
  return first.on < earliestDay ? soon : undefined;
}

/** When an overdue mail goes out: on its day or the nearest one after that need not be avoided, within the year. */
function overdueTime(
  context: PlanContext,
  { step, on }: NoticeDraft,
  dueOn: LocalDate,
  before: Obligation | undefined,
): Instant | undefined {
  const { avoided, closed, lastDay } = context;
  let day = on;
  while (day < lastDay && avoided.escalations.has(day)) day = addOpenDays(day, 1, closed);
  if (day > lastDay) day = lastDay;
  return day > dueOn ? timeOf(context, step, day, before) : undefined;
}

/** Whether a party gets digests. They take the place of its reminders. */
function getsDigests({ terms }: PlanContext, to: Party): boolean {
  const { consultant, manager } = terms.notices.digests;
  return (to === 'consultant' && consultant !== 'never') || (to === 'manager' && manager !== 'never');
}

/** When a mail goes out on a day; nothing if that has passed and the previous plan did not have the mail. */
function timeOf(
  context: PlanContext,
  step: string,
  on: LocalDate,
  before: Obligation | undefined,
): Instant | undefined {
  const planned = later(instantAt(on, workdayOf(context.terms.support).opens), context.firstMoment);
  if (before === undefined) return later(planned, context.earliestMail);
  const known = knownTime(before, step);
  if (known !== undefined && known < context.asOf) return known;
  if (planned >= context.asOf) return planned;
  return known === undefined ? undefined : context.earliestMail;
}

/** When the mail goes out by the previous plan. */
function knownTime(before: Obligation | undefined, step: string): Instant | undefined {
  return before?.notices.find((notice) => notice.step === step)?.at;
}
