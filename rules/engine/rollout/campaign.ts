/** `rules/campaigns/<id>.json`: a campaign, which takes a release to all live agreements, round by round. */
import type { Text } from '../basics/text';
import type { LocalDate } from '../contract/contract';

/** A local date and time of day in Sweden, `2027-05-08T17:00`. */
export type LocalTime = string;

/** A round begins when the one before it has ended. */
export interface Round extends Text {
  id: string;
  from?: LocalDate;
  /** The last day on which one of its windows may begin. */
  to?: LocalDate;
  /** Calendar days from the last window of the round before to the first of this one; 1 if absent. */
  daysAfterRoundBefore?: number;
}

/** A window that a person fixed. */
export interface FixedWindow {
  from: LocalTime;
  to: LocalTime;
}

/** A campaign, read and checked. */
export interface Campaign {
  /** The name of its file. */
  id: string;
  about: Text;
  /** Id of the system in contracts. */
  product: string;
  /** The version that it goes to, as AA.BC.D. */
  release: string;
  from: LocalDate;
  /** The last day on which a window may begin. */
  to: LocalDate;
  rounds: Round[];
  /** Who is on call during the windows, and who is present the next morning; the agreement's consultant if absent. */
  onCall?: string;
  present?: string;
  /** By id of an installation or number of an agreement. */
  windows?: Record<string, FixedWindow>;
}
