import { instantAt } from '../calendar/calendar';
import type { LocalDate } from '../contract/contract';
import { placeNotices } from './place-notices';
import type { NoticeDraft } from './place-notices';
import type { Obligation } from './plan';
import { previousOf } from './plan-context';
import type { PlanContext } from './plan-context';
import type { SettledDate } from './settle-date';
import { closingTime } from '../terms/support-hours';

/** What a strand says about one thing it owes. */
export interface Owed extends Pick<Obligation, 'id' | 'strand' | 'owner' | 'after'>, SettledDate {
  /** The day it can be acted on; without one, the first mail's. */
  opensOn?: LocalDate;
  /** Local time of day it is due; close of business if absent. */
  dueTime?: string;
  /** Meetings: what is settled about it. */
  settled?: Pick<Obligation, 'booked' | 'extra' | 'minutes' | 'place'>;
  /** The number a person's booking gave it; without one it rises when it moves. */
  revision?: number;
  notices: NoticeDraft[];
}

/**
 * Makes the obligation: instants, mails, and the revision, which rises when a re-plan moves its date (or, for
 * a meeting, the time of day it was called for). One that is overdue on the same day as before stays as it is, unless
 * a person has booked it anew or undone its booking since.
 */
export function makeObligation(context: PlanContext, owed: Owed): Obligation {
  const { id, strand, owner, after, dueOn, late, wantedOn } = owed;
  const before = previousOf(context, id);
  const settledAnew =
    owed.revision === undefined
      ? before?.booked !== owed.settled?.booked
      : before?.revision !== owed.revision;
  if (before?.dueOn === dueOn && dueOn < context.today && !settledAnew) return before;
  const dueAt = instantAt(dueOn, owed.dueTime ?? closingTime(dueOn, context.terms.support));
  const moved =
    settledAnew ||
    (owed.revision === undefined &&
      (before?.dueOn !== dueOn || (owed.dueTime !== undefined && before.dueAt !== dueAt)));
  const notices = placeNotices(context, owed.notices, dueOn, moved ? undefined : before);
  const opens = context.terms.support.opens;
  const opensAt = owed.opensOn === undefined ? notices[0]?.at : instantAt(owed.opensOn, opens);
  return {
    id,
    strand,
    owner,
    opensAt: opensAt ?? instantAt(dueOn, opens),
    dueOn,
    dueAt,
    ...(after !== undefined && { after }),
    revision: owed.revision ?? nextRevision(context, id, before, moved),
    late,
    ...owed.settled,
    ...(wantedOn !== undefined && { wantedOn }),
    notices,
  };
}

function nextRevision(
  { previous }: PlanContext,
  id: string,
  before: Obligation | undefined,
  moved: boolean,
): number {
  return before === undefined ? 1 + (previous?.withdrawn?.[id] ?? 0) : before.revision + Number(moved);
}
