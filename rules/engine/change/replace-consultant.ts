import { addDays } from '../calendar/dates';
import type { LocalDate, Person } from '../contract/contract';

/** A dedicated consultant who can be replaced: known by id. */
export interface Consultant extends Person {
  id: string;
}

/** A wish to replace a consultant by another, by their ids, and when. */
export interface ReplacementRequest {
  old: string;
  new: string;
  from: LocalDate;
  /** Last day of a leave; absent for a replacement that is permanent. */
  until?: LocalDate;
}

/** A replacement that is recorded for one agreement. */
export interface RecordedReplacement {
  id: number;
  old: Consultant;
  new: Consultant;
  from: LocalDate;
  /** `null`: permanent. */
  until: LocalDate | null;
}

/** What is known of one agreement's consultants. */
export interface AgreementConsultants {
  /** The consultant at the beginning of the day asked for, after all recorded replacements. */
  onFrom: Partial<Consultant>;
  /** Those that can still matter for the request. */
  replacements: RecordedReplacement[];
  /** Days after that one on which the contract changes its consultant in another way. */
  changesOn: LocalDate[];
}

export type ReplacementDecision =
  /** Another consultant's agreement. */
  | 'unconcerned'
  /** The same replacement is recorded already, or has taken place. */
  | 'recorded'
  | 'replace'
  /** Another change of consultant falls into the same time. */
  | { overlaps: RecordedReplacement | LocalDate };

/**
 * Decides whether a consultant can be replaced in one agreement. The day after a leave counts as part of it: on that
 * day the consultant returns.
 */
export function decideReplacement(
  { onFrom, replacements, changesOn }: AgreementConsultants,
  request: ReplacementRequest,
): ReplacementDecision {
  const theirs = onFrom.id === request.old;
  if (!theirs && replacements.some((one) => isSame(one, request))) return 'recorded';
  const overlapping = replacements.find((one) => overlaps(one, request));
  if (!theirs && overlapping?.old.id !== request.old) return 'unconcerned';
  if (overlapping) return { overlaps: overlapping };
  const change = changesOn.find((day) => day <= lastDayOf(request));
  return change === undefined ? 'replace' : { overlaps: change };
}

/** Later than any date: the end of a permanent replacement. */
const noEnd = '9999-12-31';
const lastDayOf = ({ until }: ReplacementRequest): LocalDate =>
  until === undefined ? noEnd : addDays(until, 1);

function isSame(recorded: RecordedReplacement, request: ReplacementRequest): boolean {
  return (
    recorded.old.id === request.old &&
    recorded.new.id === request.new &&
    recorded.from <= request.from &&
    recorded.until === (request.until ?? null)
  );
}

function overlaps(recorded: RecordedReplacement, request: ReplacementRequest): boolean {
  if (recorded.from > lastDayOf(request)) return false;
  if (recorded.until !== null) return recorded.until >= request.from;
  // A permanent replacement takes only its first day; who comes on that day can be replaced from then on.
  return recorded.from > request.from || (recorded.from === request.from && recorded.old.id === request.old);
}
