import { instantAt } from './calendar';
import type { Instant, LocalDate } from './contract';
import type { Notice, Obligation } from './plan';
import { later } from './plan-context';
import type { PlanContext } from './plan-context';
import type { Party } from './terms';

/** A mail an obligation calls for, on the open day the terms put it. */
export interface NoticeDraft extends Omit<Notice, 'at'> {
  on: LocalDate;
  /**
   * `ask` tells what is to be done; `remind` repeats it and is left out where it would come together with the
   * asking; `overdue` is for after the due date.
   */
  kind: 'ask' | 'remind' | 'overdue';
}

/**
 * Puts times on an obligation's mails: when support opens, within the year, and not before `asOf`. What is
 * past because the start is, or because a re-plan moved the obligation, goes out at the next opening. What
 * already went out for the same date keeps its time.
 *
 * @param before the obligation in the previous plan, if it is due on the same day there
 */
export function placeNotices(
  context: PlanContext,
  drafts: readonly NoticeDraft[],
  dueOn: LocalDate,
  before: Obligation | undefined,
): Notice[] {
  const placed = drafts.flatMap((draft) => {
    const { on, kind, ...notice } = draft;
    if (kind === 'remind' && getsDigests(context, notice.to)) return [];
    const day = kind === 'overdue' && on > context.lastDay ? context.lastDay : on;
    const at = timeOf(context, notice.step, day, before);
    const sent = at !== undefined && at < context.endsAt && !(kind === 'overdue' && day <= dueOn);
    return sent ? [{ notice: { ...notice, at }, kind }] : [];
  });
  const asked = placed.filter(({ kind }) => kind === 'ask').map(({ notice }) => notice.at);
  return placed
    .filter(({ notice, kind }) => kind !== 'remind' || asked.every((at) => at < notice.at))
    .map(({ notice }) => notice)
    .sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}

/** A party with digests is reminded by them alone. */
function getsDigests({ terms }: PlanContext, to: Party): boolean {
  const { consultant, manager } = terms.notices.digests;
  return (to === 'consultant' && consultant !== 'never') || (to === 'manager' && manager !== 'never');
}

/** Nothing if its time passed without the previous plan knowing the mail: what is underway is not re-asked. */
function timeOf(
  context: PlanContext,
  step: string,
  on: LocalDate,
  before: Obligation | undefined,
): Instant | undefined {
  const planned = later(instantAt(on, context.terms.support.opens), context.firstMoment);
  if (before === undefined) return later(planned, context.earliestMail);
  const known = before.notices.find((notice) => notice.step === step)?.at;
  if (known !== undefined && known < context.asOf) return known;
  if (planned >= context.asOf) return planned;
  return known === undefined ? undefined : context.earliestMail;
}
