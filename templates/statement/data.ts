/** What is told of an hour bank: in mails, and line by line in a statement. Hours are hundredths, money is minor units (öre). */
import type { LocalDate } from '../../rules/engine/contract/contract';
import type { HourBalance } from '../../rules/engine/hours/hour-bank';

/** A line of a year's hours: hours given, used, lapsed, rolled over or expired. */
export interface StatementLine {
  on: LocalDate;
  /** Of an entry: its number, the kind of work, who did it and what was written. */
  number?: number;
  /** A kind of work, or what happened to hours. */
  kind: string;
  by?: string;
  note?: string;
  /** What the hours to use gain, in whole seconds; below zero what was used, or is gone. */
  seconds: number;
  /** Of a use: seconds that were reported, where others count. */
  reported?: number;
  /** The agreement includes it. */
  included?: boolean;
  /** The day on which the customer asked about it, where that is not answered yet. */
  asked?: LocalDate;
  /** Of a use, or what of it went beyond the bank: prices of an hour, several where it drew on hours of several prices. */
  prices?: number[];
  /** What went beyond the bank costs this by the agreement. */
  amountMinor?: number;
}

/** A line that the statement before had otherwise, or not at all: seconds, none where it has no such line. */
export interface ChangedLine extends Omit<
  StatementLine,
  'seconds' | 'reported' | 'included' | 'asked' | 'prices' | 'amountMinor'
> {
  before?: number;
  after?: number;
}

/** What the statement before told, where this one takes its place. */
export interface ToldBefore {
  on: LocalDate;
  /** Its version; statements of before 0.3.0 were not kept and have none. */
  version?: number;
  used: number;
  rolledOut: number;
  expired: number;
  overage: number;
  /** Of those that expire now: those that did not before, so that nobody could use them. */
  freed?: number;
  /** Line by line what differs. */
  changes?: ChangedLine[];
}

/** The hour bank as of a day. */
export interface ToldHours extends HourBalance {
  /** Rolled in and lapsed within the year; no longer counted in `rolledIn`. */
  lapsed?: number;
  /** Rolled in, not used yet, and lost on `lapsesOn` if nobody uses them. */
  lapsing?: number;
  lapsesOn?: LocalDate;
  /** The day on which the hours are used up at the pace so far, if that is within the year. */
  usedUpOn?: LocalDate;
  /** Only when the year is closed. */
  rolledOut?: number;
  expired?: number;
  /** Held for questions about lines: they can be used later. */
  held?: number;
  /** Paid back since the agreement has ended, and what for, without VAT. */
  refunded?: number;
  refundMinor?: number;
  /** Used beyond what was paid in instalments when the agreement ended, and whether it is invoiced or a manager decides. */
  beyondPaid?: number;
  beyondPaidMinor?: number;
  beyondPaidBy?: 'invoice' | 'manager';
  /** The last day of an agreement that has ended. */
  endedOn?: LocalDate;
  /** While it is not: what would roll over, and expire, if no more hours were used. */
  wouldRoll?: number;
  wouldExpire?: number;
  /** Of those bought, or given by us: those that can be used in the next year. */
  addedLeft?: number;
  currency: string;
  discountedRateMinor: number;
  /** Of what went beyond the bank: the price of what waits for an order, and how much is ordered or approved, with its price. */
  overageAmountMinor: number;
  waiting?: number;
  /** Of an hour that waits, where all cost the same. */
  waitingPriceMinor?: number;
  ordered?: number;
  orderedAmountMinor?: number;
  /** Of a statement: all lines of the year, in the order in which they count. */
  lines?: StatementLine[];
  /** Of a statement: which one of its kind, from 1 on. */
  version?: number;
  told?: ToldBefore;
  final: boolean;
  asOf: LocalDate;
}

/** What the document of a statement is written from. */
export interface StatementData {
  agreement: { number: string; level: string };
  customer: { name: string };
  /** `to` is the first day of the next year. */
  year: { number: number; from: LocalDate; to: LocalDate };
  hours: ToldHours;
}
