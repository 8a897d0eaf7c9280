import { instantAt } from './calendar';
import type { LocalDate } from './contract';
import { placeNotices } from './place-notices';
import type { NoticeDraft } from './place-notices';
import type { Obligation } from './plan';
import { previousOf } from './plan-context';
import type { PlanContext } from './plan-context';
import type { SettledDate } from './settle-date';
import { closingTime } from './support-hours';

/** What a strand says about one thing it owes. */
export interface Owed extends Pick<Obligation, 'id' | 'strand' | 'owner' | 'after'>, SettledDate {
  /** The day it can be acted on; without one, the first mail's. */
  opensOn?: LocalDate;
  /** Local time of day it is due; close of business if absent. */
  dueTime?: string;
  notices: NoticeDraft[];
}

/**
 * Makes the obligation: instants, mails, and the revision, which rises when a re-plan moves its date (or, for
 * a meeting, the time of day it was called for). One that is overdue on the same day as before stays as it is.
 */
export function owe(context: PlanContext, owed: Owed): Obligation {
  const { id, strand, owner, after, dueOn, late, wantedOn } = owed;
  const before = previousOf(context, id);
  if (before?.dueOn === dueOn && dueOn < context.today) return before;
  const dueAt = instantAt(dueOn, owed.dueTime ?? closingTime(dueOn, context.terms.support));
  const moved = before?.dueOn !== dueOn || (owed.dueTime !== undefined && before.dueAt !== dueAt);
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
    revision:
      before === undefined ? 1 + (context.previous?.withdrawn?.[id] ?? 0) : before.revision + Number(moved),
    late,
    ...(wantedOn !== undefined && { wantedOn }),
    notices,
  };
}
