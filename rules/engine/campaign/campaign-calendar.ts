/** What a campaign's calendar is made from, and what it says. */
import type { Text } from '../basics/text';
import type { Instant, LocalDate } from '../contract/contract';
import type { Release } from '../releases/release';
import type { Campaign } from '../rollout/campaign';
import type { Installation } from '../rollout/installation';
import type { CalendarTerms, SupportTerms, UpgradeTerms } from '../ruleset/terms';

/** The window of an installation: when its system goes down, and until when. */
export interface UpgradeWindow {
  campaign: string;
  /** The version that it goes to. */
  release: string;
  /** Id of the installation, or the number of an agreement that is one by itself. */
  installation: string;
  round: string;
  from: Instant;
  to: Instant;
  /** Staff id of the one whose upgrade it is: the consultant of the first agreement by number. */
  consultant: string;
  /** Who is on call in the window, and who is present the next morning. */
  onCall: string;
  present: string;
}

/** A live agreement that has the product of the campaign. */
export interface Candidate {
  /** Its number. */
  agreement: string;
  customer: string;
  /** Staff id. */
  consultant: string;
  /** The version of the product that it has now. */
  version: string;
  terms: UpgradeTerms;
  calendar: CalendarTerms;
  support: SupportTerms;
  /** First and last day on which the upgrade of a year may begin: of the running year, and of the next one. */
  yearWindows: { year: number; from: LocalDate; to: LocalDate }[];
  standing: 'open' | 'begun' | 'done' | 'declined';
  postponedUntil?: LocalDate;
  /** The first day before which what precedes the upgrade can be done; not for one that has a window. */
  earliest?: LocalDate;
  /** The day that the customer agreed to. */
  agreed?: LocalDate;
  /** Where it was placed before. */
  window?: UpgradeWindow;
}

export interface Placed {
  window: UpgradeWindow;
  /** Numbers, ascending. */
  agreements: string[];
  /** It was there before. */
  kept: boolean;
  /** A person fixed it, or the customer agreed to its day. */
  fixed: boolean;
}

export interface NotPlaced {
  installation: string;
  agreements: string[];
  round: string;
  why: Text;
  /** The next free window outside the campaign's days and those of the agreement's year. */
  nextFree?: { from: Instant; to: Instant };
}

/** How many more windows a consultant has in a round. */
export interface WindowsLeft {
  consultant: string;
  round: string;
  windows: number;
}

/** Every candidate is in one of `placed`, `notPlaced` and `passed`, once. */
export interface CampaignCalendar {
  campaign: string;
  release: string;
  /** By round, then by time. */
  placed: Placed[];
  notPlaced: NotPlaced[];
  /** Agreements that it does not concern, and why: upgraded, declined, begun. */
  passed: { agreement: string; why: Text }[];
  left: WindowsLeft[];
  /** Rules that a fixed window breaks, and the like. */
  problems: Text[];
}

export interface CampaignInput {
  campaign: Campaign;
  installations: readonly Installation[];
  releases: readonly Release[];
  candidates: readonly Candidate[];
  /** Windows of other campaigns. */
  taken: readonly UpgradeWindow[];
  today: LocalDate;
}
