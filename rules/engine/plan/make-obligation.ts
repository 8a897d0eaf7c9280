import { instantAt } from '../calendar/calendar';
import type { Instant, LocalDate } from '../contract/contract';
import { placeNotices } from './place-notices';
import type { NoticeDraft } from './place-notices';
import type { Obligation } from './plan';
import { previousOf } from './plan-context';
import type { PlanContext } from './plan-context';
import type { ChosenDate } from './choose-date';
import { closingTime, workdayOf } from '../terms/support-hours';

/** What a strand knows about an obligation that it owes. */
export interface Owed extends Pick<Obligation, 'id' | 'strand' | 'owner' | 'after'>, ChosenDate {
  /** From which day it can be acted on; if absent, from its first mail. */
  opensOn?: LocalDate;
  /** If given, it can be acted on from this very instant on, whatever the hours of support are. */
  opensAt?: Instant;
  /** Local time of day it is due; close of business if absent. */
  dueTime?: string;
  /** Meetings: what people have settled about it. */
  settled?: Pick<Obligation, 'booked' | 'extra' | 'noDayLeft' | 'nextYear' | 'minutes' | 'place'>;
  /** The revision that a person's booking gave it; if absent, the revision rises when it moves. */
  revision?: number;
  notices: NoticeDraft[];
}

/**
 * Makes an obligation: its instants, its mails and its revision, which rises when a re-plan moves its date (or, for a
 * meeting, its time of day). An obligation that was due on the same day before and is overdue stays as it is, unless a
 * person has booked it anew or cancelled its booking since.
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
  const opens = workdayOf(context.terms.support).opens;
  const opensAt =
    owed.opensAt ?? (owed.opensOn === undefined ? notices[0]?.at : instantAt(owed.opensOn, opens));
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
