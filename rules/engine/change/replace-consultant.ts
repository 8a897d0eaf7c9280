import { addDays } from '../calendar/dates';
import type { LocalDate, Person } from '../contract/contract';

/** A dedicated consultant who can be replaced: known by id. */
export interface Consultant extends Person {
  id: string;
}

/** Who is to stand in for whom, by their ids, and when. */
export interface ReplacementRequest {
  old: string;
  new: string;
  from: LocalDate;
  /** Last day of a leave; for good without it. */
  until?: LocalDate;
}

/** A replacement that is recorded for one agreement. */
export interface RecordedReplacement {
  id: number;
  old: Consultant;
  new: Consultant;
  from: LocalDate;
  /** Nothing: for good. */
  until: LocalDate | null;
}

/** What is known of one agreement's consultants. */
export interface AgreementConsultants {
  /** The consultant at the beginning of the day asked for, by all that is recorded. */
  onFrom: Partial<Consultant>;
  /** Those that still have something to say. */
  replacements: RecordedReplacement[];
  /** Days after that one on which the contract changes its consultant in another way. */
  changesOn: LocalDate[];
}

export type ReplacementDecision =
  /** Another consultant's agreement. */
  | 'unconcerned'
  /** It is recorded already, or has happened. */
  | 'recorded'
  | 'replace'
  /** Another change of consultant falls into the time. */
  | { overlaps: RecordedReplacement | LocalDate };

/**
 * Whether a consultant can be replaced in one agreement. The day after a leave counts as a part of it: the way back
 * takes place then.
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

/** Later than any date, for what has no end. */
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
  // One for good is a matter of its first day; whoever comes on that day may be replaced from then.
  return recorded.from > request.from || (recorded.from === request.from && recorded.old.id === request.old);
}
