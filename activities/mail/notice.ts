/** What a mail of an agreement is made from: the notice that asks for it, whom it goes to, and what it tells of. */
import type { Contract, Instant, LocalDate, Party, Person } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { Ending } from '../../rules/engine/hours/termination';
import type { TemplateId, YearPlan } from '../../rules/engine/plan/plan';
import type { UpgradeWay } from '../../rules/engine/upgrade/ways';
import type { Terms } from '../../rules/engine/ruleset/terms';
import type { TestCase } from '../../rules/engine/upgrade/test-cases';
import type { MailUpgrade } from '../../templates/mails/mail-data';

export interface SendNoticeInput {
  agreement: string;
  year: number;
  /** What it is about: `meeting-2`, `upgrade/test`, `agreement`, `close`, … */
  obligation: string;
  step: string;
  revision: number;
  template: TemplateId;
  to: Party;
  roles?: string[];
  /** To this contact alone, for a mail that a person sends again. */
  only?: string;
  /**
   * After a change of contacts, to those alone whom it concerns: `came`, who are to have what was sent and do not have it;
   * `left`, who have it and are not to have it any more.
   */
  change?: 'came' | 'left';
  asOf: Instant;
  /** A threshold of the hour bank that was passed, or that is said not to be passed any more. */
  alert?: { percent: number; takenBack?: boolean };
  /** How the agreement ends: the last day, who ends it and why; or that it does not after all. */
  ending?: ({ on: LocalDate; reason: string } & Partial<Ending>) | 'taken-back';
  /** What somebody has to look at, and the message to send once it is mended, where that is not the obligation's own. */
  attention?: {
    code: string;
    detail: string;
    signal?: { name: string; fields: Record<string, unknown> };
    /** What a customer asked for on a page: the name of what is kept of it, `page-12`. */
    asked?: string;
    ways?: UpgradeWay[];
  };
  /** The meeting as it was before it was cancelled: the plan does not know it any more. */
  cancelled?: CancelledMeeting;
  /** Why somebody moved or cancelled it. */
  reason?: string;
  /** Messages that were not taken, and why, newest first. */
  rejected?: { at: Instant; signal: string; reason: string }[];
  /** What the customer is told of an upgrade. */
  news?: UpgradeNews;
  /** What a partner is asked of its integration: before the upgrade, for the day, or after it; and whether it was asked before. */
  partner?: PartnerQuestion;
  /** What somebody who reported a test case is told of it. */
  tested?: { case: string; kind: 'received' | 'answered' | 'retest' };
  /** The cases for which a test is open again that the customer was asked to make before. */
  reopened?: string[];
  /** The session in which the customer is led through the test: those who test are invited, or told that it is off. */
  session?: TestSession;
  /** What was approved has changed since: it is asked for again. */
  changed?: true;
  /** Another dedicated consultant: number of the change in `consultant_changes`, where the names stand. */
  replacement?: { change: number };
}

/** What a partner is asked. */
export interface PartnerQuestion {
  integration: string;
  question: 'before' | 'after';
  on?: LocalDate;
  /** What was tested on a copy is live: it is asked once more. */
  live?: true;
  reminds?: true;
}

/** What the customer is told of an upgrade; who approved, postponed or declined it is named by the contact's id. */
export type UpgradeNews = Omit<NonNullable<MailUpgrade['news']>, 'by'> & { contact?: string };

/** When and where we lead the customer through the test. */
export interface BookedSession {
  at: Instant;
  place?: string;
}

/** When and where a session is, or would have been. */
export interface TestSession extends CancelledMeeting {
  cancelled?: true;
}

/** When a meeting that is cancelled would have been. */
export interface CancelledMeeting {
  at: Instant;
  minutes: number;
  place?: string;
}

export interface SentNotice {
  sent: number;
  /** Contacts whose address or message the server refuses. */
  refused: { contact: string; reason: string }[];
  /** Keys of mails whose fate is not known. */
  unknown: string[];
}

/** Somebody a mail goes to. `id` is `contact-1` … for the customer's, the party's name for our own. */
export interface Recipient extends Person {
  id: string;
  party: Party;
  /** What a partner's contact reads; the others read what the contract, or we, speak. */
  language?: Language;
  /** Has a mail that this one follows, and is no contact of the agreement any more. */
  left?: true;
}

/** The agreement's year that a mail tells of. */
export interface MailContext {
  contract: Contract;
  plan: YearPlan;
  terms: Terms;
  /** What the customer tests in the upgrade that the mail is about. */
  testCases?: TestCase[];
  /** Of its test that is not led yet: when and where it is led, or `null` where no time is booked. */
  session?: BookedSession | null;
  asOf: Instant;
  /** Link to the agreement's page, for our own people. */
  agreementLink: string;
  /** The same of any agreement. */
  linkTo: (agreement: string) => string;
}
