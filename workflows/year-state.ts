/** What a running agreement year knows; plain data, so that it survives continue-as-new. */
import type { SendNoticeInput } from '../activities/mail';
import type { ReportedEntry } from '../activities/hours';
import type { JournalEntry } from '../activities/progress';
import type { Instant, Language } from '../rules/contract';
import type { HourBalance, YearPlan } from '../rules/plan';

export interface ClosedObligation {
  at: Instant;
  state: 'done' | 'missed' | 'cancelled';
  by?: string;
}

export interface Attention {
  code: string;
  subject: string;
  detail: string;
  at: Instant;
}

export interface Termination {
  at: Instant;
  reason: string;
}

/** A price of the next period as a manager approved it. */
export interface Approval {
  priceMinor: number;
  by: string;
  asOf: Instant;
}

/** How last year ended, as far as it still has to be told to people. */
export interface Announcement {
  year: number;
  at: Instant;
}

export interface YearState {
  plan?: YearPlan;
  closed: Record<string, ClosedObligation>;
  /** Notices sent: `<obligation>#<revision>/<step>`. */
  sent: string[];
  /** Mails that fell due and are not through yet. */
  owedMails: SendNoticeInput[];
  /** Mails that failed for good and wait for somebody to mend the cause. */
  failedMails: SendNoticeInput[];
  /** Upgrade phases after whose late completion the year was planned again. */
  replannedAfter: string[];
  /** The period has begun. */
  begun?: boolean;
  /** Reported hours that are not in the ledger yet. */
  hoursToBook: ReportedEntry[];
  /** Reported hours that could not be booked for good and wait for somebody to mend the cause. */
  failedHours: ReportedEntry[];
  /** Approved prices of the next period that are not kept and announced yet. */
  approvals: Approval[];
  /** The price of the next period the customer was last told, and how many mails of its own it took. */
  announcedPrice?: { minor: number; count: number };
  /** The newest digest that was seen to, by who gets it. */
  digested: { consultant?: Instant; manager?: Instant };
  /** Journal entries that could not be written for good, with their year. */
  failedJournal: { year: number; entries: JournalEntry[] }[];
  /** Alerts that were sent, per cent. */
  alerted: number[];
  /** Messages that came before there was a plan. */
  inbox: { name: string; input: unknown }[];
  journal: JournalEntry[];
  /** Numbers journal entries and hour entries within the year. */
  sequence: number;
  attention: Attention[];
  rejected: { at: Instant; signal: string; reason: string }[];
  last: { at: Instant; text: string }[];
  balance?: HourBalance;
  termination?: Termination;
  announcement?: Announcement;
}

export interface AgreementYearInput {
  agreement: string;
  /** Left out when the agreement starts: the year that today falls in. */
  yearNumber?: number;
  /** Milliseconds added to Temporal's clock; 0 in production. */
  clockOffset: number;
  /** Language of what Temporal's Web UI shows. */
  language: Language;
  /** What an earlier run hands over. */
  state?: Partial<YearState>;
}

/** The state a run begins with. */
export function initialState(handedOver: Partial<YearState> = {}): YearState {
  return {
    closed: {},
    sent: [],
    owedMails: [],
    failedMails: [],
    replannedAfter: [],
    hoursToBook: [],
    failedHours: [],
    approvals: [],
    digested: {},
    failedJournal: [],
    alerted: [],
    inbox: [],
    journal: [],
    sequence: 0,
    attention: [],
    rejected: [],
    last: [],
    ...handedOver,
  };
}

/** What the next agreement year takes over from this one: what is still owed to people, never what was closed. */
export function stateForNextYear(state: YearState, announcement: Announcement): Partial<YearState> {
  return {
    owedMails: state.owedMails,
    failedMails: state.failedMails,
    inbox: state.inbox,
    hoursToBook: state.hoursToBook,
    failedHours: state.failedHours,
    failedJournal: state.failedJournal,
    attention: state.attention.filter(({ code }) => code !== 'hours-low'),
    last: state.last,
    ...(state.termination ? { termination: state.termination } : {}),
    announcement,
  };
}
