/**
 * What a mail needs to know. One shape for every message: each template's `schema.json` says which of
 * the optional parts it cannot do without. Hours are hundredths of an hour, money is minor units (öre).
 */
import type { Instant, Integration, LocalDate, Party, Person } from '../../rules/engine/contract/contract';
import type { Check, CheckKind } from '../../rules/engine/contract/monitor';
import type { FittingVersions } from '../../rules/engine/plan/goes-to';
import type { Strand } from '../../rules/engine/plan/plan';
import type { SigningService } from '../../rules/engine/signing/signing';
import type { Text, Wording } from '../../rules/engine/basics/text';
import type { ToldHours } from '../statement/data';
import type { FrozenLine } from '../../rules/engine/upgrade/freeze';
import type { PartKind } from '../../rules/engine/upgrade/parts';
import type { UpgradeWay } from '../../rules/engine/upgrade/ways';
import type { SupportHours } from '../../rules/engine/ruleset/terms';

/** A dated thing, named by its id; the parts of the id that wording depends on are given apart. */
export interface MailObligation {
  id: string;
  strand: Strand;
  /** Meetings and statements: which one of the year. */
  number?: number;
  /** A meeting beyond those that the contract promises; `number` counts these apart. */
  extra?: true;
  phase?: string;
  /** Start strand: `kickoff`, `consultant`, `monitoring`. */
  step?: string;
  owner: Party;
  dueOn: LocalDate;
  dueAt: Instant;
  opensAt: Instant;
  endsAt?: Instant;
  late: boolean;
  /** Upgrade: the year that left it unfinished. */
  leftBy?: number;
  /** Upgrade: it is the customer's approval. */
  approval?: true;
  /** Open days since `dueOn`, when it is overdue. */
  overdueOpenDays?: number;
}

/** One of the year's dates, as the customer sees them. */
export interface MailDate {
  id: string;
  strand: Strand;
  number?: number;
  extra?: true;
  phase?: string;
  step?: string;
  on: LocalDate;
  at: Instant;
  endsAt?: Instant;
}

/** The window of an upgrade. */
export interface MailWindow {
  from: Instant;
  to: Instant;
  /** Staff ids: who is on call in it, and who is present the next working morning. */
  onCall?: string;
  present?: string;
  morning?: LocalDate;
  /** Numbers of the agreements that share the installation. */
  shared: string[];
}

/** How an upgrade goes, and what is said of its parts. */
export interface MailUpgrade {
  news?: {
    kind:
      | 'planned'
      | 'upgraded'
      | 'live'
      | 'approved'
      | 'unapproved'
      | 'completed'
      | 'rolledBack'
      | 'restored'
      | 'postponed'
      | 'declined'
      | 'noRelease';
    /** The agreed day, the one to which it is postponed, or on which what is approved on a copy goes live. */
    on?: LocalDate;
    /** The system is upgraded already: what is postponed is the rest. */
    live?: true;
    /** Only the copy is touched: people work as usual. Where it is approved without `on`, the day on which it goes live is to be agreed. */
    onCopy?: true;
    /** What was done in the restored system since then is lost. */
    lostSince?: Instant;
    /** The versions that a restored system has again, and its integrations. */
    versions?: { name: Text; version: string }[];
    reason?: string;
    /** Who of the customer approved, postponed, declined, or had it restored. */
    by?: string;
    /** Number of the attempt that comes next. */
    attempt?: number;
    /** An approval holds again: the results had changed, and are those that it stands for. */
    again?: true;
  };
  /** The report of the upgrade goes with the mail. */
  report?: true;
  /** What was reported so far. */
  parts: {
    kind: PartKind;
    name: string | Text;
    from?: string;
    version?: string;
    ok: boolean;
    waived?: { by: string; reason: string };
  }[];
}

/** What to test in one module: a system, an integration (with the name the contract gives it), or `all`. */
export interface MailModule {
  id: string;
  name?: Text;
  cases: Text[];
}

export type { ToldHours as MailHours };

/** A threshold of the hour bank that was passed, or that is said not to be passed any more. */
export interface MailAlert {
  percent: number;
  takenBack?: boolean;
  /** Why it is taken back, where hours that came are the only reason. */
  because?: 'purchased' | 'goodwill' | 'contracted';
}

/** Hours that expire soon, and those that follow to the next year instead. */
export interface MailExpiry {
  /** The first day on which they cannot be used any more. */
  on: LocalDate;
  /** Unused now, if nobody uses any until then. */
  expiring: number;
  rolling: number;
  /** Hours that somebody gave, whose own time runs out. */
  kind?: 'purchased' | 'goodwill';
}

/** Hours that the customer got beside the bank's own. */
export interface MailGivenHours {
  kind: 'purchased' | 'goodwill';
  hours: number;
  /** The first day on which they can be used, and the first on which they cannot any more. */
  from: LocalDate;
  expires: LocalDate;
}

/** What the customer asks about a line of the hour bank, and our answer. Times are seconds. */
export interface MailLineQuestion {
  /** The number of the line, the day and the kind of its work, and for how much it counted when it was asked about. */
  line: number;
  on: LocalDate;
  kind: string;
  seconds: number;
  by?: string;
  note?: string;
  words: string;
  askedBy: string;
  askedOn: LocalDate;
  /** The last day on which we answer, until we have. */
  answerBy?: LocalDate;
  answer?: string;
  answeredBy?: string;
  /** The line was taken back: there is nothing to answer any more. */
  takenBack?: true;
  /** For how much the line counts now, if that is something else. */
  now?: number;
}

/** Hours beyond the hour bank that wait for an order, or one that was placed. Hours are hundredths, amounts minor units excl. VAT. */
export interface MailOrder {
  hours: number;
  amountMinor: number;
  /** Of an hour, where all cost the same. */
  priceMinor?: number;
  currency: string;
  /** The day of the first work that waits, or that an order covers. */
  since: LocalDate;
  lines: {
    number: number;
    on: LocalDate;
    kind: string;
    seconds: number;
    priceMinor: number;
    amountMinor: number;
    note?: string;
  }[];
  /** Packages that the customer can buy. */
  packages: { hours: number; priceMinor: number; amountMinor: number }[];
  /** It was asked before. */
  reminds?: true;
  /** The hours can be taken from the next period. */
  ahead?: true;
  /** What was ordered or decided: its number, how, by whom, when, and the last day of work that it covers. */
  placed?: {
    number: number;
    kind: 'order' | 'ahead' | 'charge' | 'waive';
    until: LocalDate;
    priceMinor: number;
    on: LocalDate;
    /** Nothing where a decision is not the manager's of the agreement. */
    by?: string;
    /** Of what is charged: who ordered it, and when. */
    orderedBy?: string;
    orderedOn?: LocalDate;
  };
}

/** The end of an agreement as it was told, and what becomes of the hours if none is used until then. */
export interface MailEnding {
  /** The end that was told does not hold any more. */
  takenBack?: true;
  on?: LocalDate;
  endedBy?: 'customer' | 'us';
  cause?: 'notice' | 'breach';
  reason?: string;
  /** Hours left now, and what becomes of them. */
  left?: number;
  unused?: 'forfeit' | 'refund';
  refunded?: number;
  refundMinor?: number;
  beyondPaid?: number;
  beyondPaidMinor?: number;
  beyondPaidBy?: 'invoice' | 'manager';
}

/** What monitoring found in a period, and how soon somebody acted. */
export interface MailMonitoring {
  /** Checks that were watched. */
  checks: number;
  /** Alerts that support was told of, and how many of them are still open. */
  incidents: number;
  open: number;
  /** Minutes of support hours from the alert until it was taken, mended or over; only where somebody was told. */
  acted?: { median: number; longest: number };
}

/** How one of the year's obligations ended. */
export interface MailSummaryItem {
  id: string;
  strand: Strand;
  number?: number;
  extra?: true;
  phase?: string;
  step?: string;
  dueOn: LocalDate;
  state: 'done' | 'missed' | 'cancelled' | 'declined' | 'carried';
  /** A meeting that was not held: nobody booked it, or it was booked and came to nothing. */
  missed?: 'notBooked' | 'notHeld';
  closedOn?: LocalDate;
  /** Open days between `dueOn` and `closedOn`, when it was done late. */
  lateDays?: number;
}

/** How the year ended. Meetings beyond the promise are told apart, and not counted. */
export interface MailSummary {
  outcome: 'fulfilled' | 'unfulfilled' | 'terminated';
  counts: Record<MailSummaryItem['state'], number>;
  items: MailSummaryItem[];
  extras: MailSummaryItem[];
}

/** A management meeting as people have booked, moved, cancelled or held it. */
export interface MailMeeting {
  id: string;
  /** Which one of the year, or of the extra ones. */
  number: number;
  extra?: true;
  /** What the plan proposes, until somebody books it; if it is cancelled, when it would have been. */
  at: Instant;
  endsAt: Instant;
  place?: string;
  booked: boolean;
  /** The recipient has been told another time, or another place. */
  moved?: true;
  /** Its place alone is another than the recipient was told. */
  newPlace?: true;
  cancelled?: true;
  /** It takes place, but without the reader: somebody else is invited, or leads it. */
  handedOver?: true;
  /** The customer does not want it. */
  declined?: true;
  /** Why somebody moved or cancelled it. */
  reason?: string;
  /** By when it has to be booked for the customer to be invited in time. */
  bookBy?: LocalDate;
  /** The consultant's time: preparation, the meeting, follow-up. */
  blocks: { kind: string; at: Instant; endsAt: Instant }[];
  heldOn?: LocalDate;
  /** How long it was, once held. */
  minutes?: number;
  participants?: MailPerson[];
  decisions?: string[];
  note?: string;
  /** Drawn from the hour bank. */
  chargedHours?: number;
}

/** Somebody by name; a contact that has left has none any more. */
export interface MailPerson {
  name?: string;
}

/** Who does what by when, as agreed at a meeting. */
export interface MailAction {
  id: string;
  what: string;
  owner: MailPerson;
  dueOn: LocalDate;
  overdue: boolean;
  /** Where it was agreed, and when that was. */
  meeting: string;
  agreedOn?: LocalDate;
}

/** A message from the agreement's page that changed nothing, and why. */
export interface MailRejection {
  at: Instant;
  signal: string;
  reason: string;
}

/** Another dedicated consultant from a day, for good or up to and including another day. */
export interface MailReplacement {
  from: LocalDate;
  until?: LocalDate;
  old: Person;
  new: Person;
  /** Booked meetings that fall to the new one. */
  meetings: MailDate[];
}

/** The agreement's next period, as it stands on the day of the mail. Prices are per hour. */
export interface MailRenewal {
  /** `to` is the first day after it. */
  from: LocalDate;
  to: LocalDate;
  /** Contracted hours. */
  hours: number;
  currency: string;
  discountPercent: number;
  /** Ordinary price of the running year, and what the customer pays after discount. */
  currentRateMinor: number;
  currentDiscountedMinor: number;
  proposedRateMinor: number;
  /** Only once a manager has approved it. */
  approvedRateMinor?: number;
  approvedDiscountedMinor?: number;
  /** The level that this year's use speaks for: hours, what the year uses at its pace, and what a period costs either way. */
  level?: {
    hours: number;
    expected: number;
    used: number;
    currentMinor: number;
    suggestedMinor: number;
  };
  lastNoticeOn: LocalDate;
  /** Last day on which a new price can be approved. */
  announceBy: LocalDate;
  /** Set if that day had passed when the mail fell due. */
  noticePassed?: true;
  announcePassed?: true;
}

/** Something open that a digest lists. */
export interface MailDigestItem {
  id: string;
  owner: Party;
  dueOn: LocalDate;
  /** Open days since `dueOn`; 0 if it is not overdue. */
  overdueOpenDays: number;
}

/** What is open in one of the reader's agreements. */
export interface MailDigestAgreement {
  agreement: string;
  /** The customer's name. */
  customer: string;
  /** The agreement's page. */
  link: string;
  /** What the rules of this agreement call phases of the upgrade, by their id. */
  phaseNames: Record<string, Text>;
  overdue: MailDigestItem[];
  coming: MailDigestItem[];
}

/** Something that is monitored and is, or was, not well. */
export interface MailIncident {
  id: number;
  agreement: string;
  /** The customer's name. */
  customer: string;
  /** The agreement's page. */
  link: string;
  /** The check's name and kind; a site whose worker is silent has its id and `site`. */
  name: string;
  kind: CheckKind | 'site';
  /** The site in the customer's network where it is checked. */
  site?: string;
  severity: 'warning' | 'down' | 'unknown' | 'silent';
  /** It was told before with a lower severity. */
  worsened?: true;
  since: Instant;
  lastGoodAt?: Instant;
  /** A check that was never good since it was set up, or whose job never went well. */
  neverGood?: true;
  /** What was expected and what came. */
  message: Text;
  /** The beginning of what was answered; of a job's output the end. */
  answer?: string;
  /** What to do about it. */
  runbook?: string;
  /** When it was over, and after how many minutes. */
  closedAt?: Instant;
  lastedMinutes?: number;
  takenBy?: string;
  /** Nobody was mailed about it. */
  untold?: true;
  /** Why not: the gate that is closed, and the check or site that closes it. */
  gate?: { code: string; by?: string };
  /** Links to what may be done with it. */
  actions: { action: string; link: string }[];
}

/** A check that alerted often, and what would have kept it quiet. */
export interface MailNoise {
  agreement: string;
  customer: string;
  link: string;
  name: string;
  incidents: number;
  told: number;
  healedSoon: number;
  /** A limit is named by what it is set on and which bound it is: `value.warnAbove`. */
  suggestions: { term: string; from: number; to: number; incidents: number }[];
}

/** What a support desk, or whom it escalates to, is told of monitoring. */
export interface MailDesk {
  kind: 'alert' | 'reminder' | 'escalation' | 'recovery' | 'digest' | 'noise';
  /** All incidents of the mail; of many only the first are told one by one. */
  count: number;
  incidents: MailIncident[];
  more: number;
  /** How many incidents each customer has, most first. */
  customers: { customer: string; count: number }[];
  /** Minutes of support hours within which somebody was to take it. */
  takeWithinMinutes?: number;
  /** Digest: from when it tells; the incidents that are still open, and those that are over. */
  since?: Instant;
  open?: MailIncident[];
  closed?: MailIncident[];
  /** The month whose noisy checks are listed: its first day. */
  month?: LocalDate;
  noise?: MailNoise[];
}

/** A delivery from a signing service that no agreement could be made of. */
export interface MailDelivery {
  id: number;
  service: SigningService;
  receivedAt: Instant;
  /** The service's own id of the document, where it could be read. */
  document?: string;
  title?: string;
  /** The agreement it is about, where there is one. */
  agreement?: string;
  /** Names of those who signed. */
  signers: string[];
  /** Why: of many only the first. */
  reasons: { about?: string; message: Text }[];
  moreReasons: number;
  /** The file that says where its document holds what. */
  mapping: string;
}

/** What waits for a person in the inbox of signings: of many only the first are told one by one. */
export interface MailInbox {
  count: number;
  deliveries: MailDelivery[];
  more: number;
  /** They have started agreements, in which something is to be mended; else they wait. */
  started?: true;
}

/** A mail about deliveries that belong to no agreement yet; to our own people only. */
export interface InboxMailData {
  recipient: { name: string; party: Party };
  inbox: MailInbox;
}

/** A contract signed later, which changes the agreement if a manager approves it. */
export interface MailAmendment {
  number: number;
  from: LocalDate;
  service: SigningService;
  document: string;
  title?: string;
  signers: string[];
  /** What differs from the contract in force: of much only the first. */
  changes: { path: string; what?: Text; from: Text; to: Text }[];
  more: number;
}

/** What those who test after an upgrade are told. */
export interface MailTest {
  /** An invitation: who asks, what is tested (nothing where it is all), and how many cases that is. */
  invitedBy?: string;
  processes?: Text[];
  cases?: number;
  /** What is told of a case to who reported it, with what they wrote and what we answer. */
  case?: { title: Text; kind: 'received' | 'answered' | 'retest'; said?: string; answer?: string };
  /** How it stands: cases passed, accepted as they are and left, those that failed or are to be tested again, and who has not begun. */
  progress?: {
    passed: number;
    accepted?: number;
    failed: Text[];
    left: number;
    all: number;
    notBegun: string[];
  };
}

/** The session in which we lead the customer through the test; without `at` no time is booked. */
export interface MailSession {
  at?: Instant;
  /** In the mails that invite to it or call it off. */
  endsAt?: Instant;
  place?: string;
  cancelled?: true;
  /** Its reader was told another time before. */
  moved?: true;
}

/** A question to a partner: before the upgrade, is its integration supported and does the day suit; after it, does it work? */
export interface MailPartner {
  integration: string;
  question: 'before' | 'after';
  on?: LocalDate;
  /** What was tested on a copy is live. */
  live?: true;
  /** It was asked before. */
  reminds?: true;
  /** The systems with the version before and the one that they go to, or have now. */
  systems: { id: string; from: string; to?: string }[];
  /** Which versions of the integration go with the releases that the systems go to, where those know. */
  fitting?: FittingVersions[];
}

export interface MailData {
  agreement: { number: string; level: string };
  customer: { id: string; name: string };
  /** `to` is the first day of the next year. `begun` if the first one had passed when the mail fell due. */
  year: { number: number; from: LocalDate; to: LocalDate; begun?: true };
  /** `noPrices`: a contact whose roles see no prices, where another's do. */
  recipient: { name: string; party: Party; noPrices?: true };
  consultant: Person;
  manager: Person;
  support: Person;
  /**
   * `agreement` is shown to our own people only, never to a customer; `page` is what the mail asks its reader to do, `mine` the
   * reader's page of the agreement.
   */
  links: {
    agreement: string;
    page?: string;
    mine?: string;
    /** Where our own people report on an upgrade. */
    worksheet?: string;
    /** To order what waits beyond the hour bank. */ order?: string;
  };
  /** What a personal page asks for, and for how many minutes it is good. */
  code?: { digits: string; minutes: number };
  obligation?: MailObligation;
  dates?: MailDate[];
  /** How many of the year's meetings cannot be held any more, if any. */
  unheldMeetings?: number;
  /** The agenda's topics: codes, or wordings, from the terms. */
  agenda?: (string | Text)[];
  /** The consultant's time around a meeting, where the terms set some aside. */
  ownTime?: { preparationMinutes: number; followUpMinutes: number };
  upgrade?: MailUpgrade;
  /** What a partner is asked of its integration. */
  partner?: MailPartner;
  test?: MailTest;
  session?: MailSession;
  /** What was approved has changed since: it is asked for again. */
  changed?: true;
  /** The cases for which a test is open again, with what was said to fail. */
  reopened?: { title: Text; said?: string }[];
  /** What is checked in a phase of the upgrade. */
  checks?: Text[];
  /** What is tested after the upgrade, of what the customer has. */
  testCases?: MailModule[];
  /** What rests while the system is upgraded, in the order in which it is stopped. */
  freeze?: FrozenLine[];
  /** When the system goes down, as the campaign of the upgrade has it. */
  window?: MailWindow;
  /** The phase is carried out on a copy, in which nobody works. */
  onCopy?: true;
  /** In the phase, what was tested on a copy goes live. */
  goesLive?: true;
  /** Integrations that the customer answers for, or a partner, and of which nobody has said how they are. */
  silent?: Integration[];
  integrations?: Integration[];
  /** With the version that an upgrade goes to, or has been reported; or which versions fit. */
  systems?: { id: string; version: string; to?: Wording }[];
  /** The releases have no newer version: why, and the messages that say that the upgrade falls away or waits. */
  noRelease?: { why: Text[]; notNeeded: string; postponed: string };
  /** What the rules call phases, by their id. */
  phaseNames?: Record<string, Text>;
  monitors?: Pick<Check, 'id' | 'kind' | 'name'>[];
  hours?: ToldHours;
  expiry?: MailExpiry;
  given?: MailGivenHours;
  question?: MailLineQuestion;
  order?: MailOrder;
  ending?: MailEnding;
  /** How unused hours follow to the next period. */
  rollover?: { percent: number; basis: 'contracted' | 'unused' };
  /** When support acts. */
  supportHours?: readonly SupportHours[];
  alert?: MailAlert;
  summary?: MailSummary;
  monitoring?: MailMonitoring;
  renewal?: MailRenewal;
  /** What is overdue, how much in all, and what falls due before `until`, in the agreements that have any of it. */
  digest?: { until: LocalDate; overdue: number; agreements: MailDigestAgreement[] };
  /** What to send from the agreement's page; shown to our own people only. */
  signal?: {
    name: string;
    example: string;
    /** Systems whose version has to be filled in before it is sent. */
    toFill?: string[];
    /** Fields that are left blank: only who sends it knows. */
    blank?: string[];
  };
  attention?: { code: string; detail: string };
  /** The ways on from what failed in an upgrade, each with the message that takes it. */
  ways?: (Pick<UpgradeWay, 'way' | 'part' | 'phase'> & { name: string; example: string })[];
  meeting?: MailMeeting;
  /** In order of their dates. */
  actions?: MailAction[];
  /** Newest first. */
  rejections?: MailRejection[];
  replacement?: MailReplacement;
  desk?: MailDesk;
  amendment?: MailAmendment;
}

/** A workflow that is not well, or is well again. */
export interface SickMailWorkflow {
  id: string;
  kind: string;
  agreement?: string;
  /** The customer's name. */
  customer?: string;
  reason: Text;
  since: Instant;
  /** It was brought back without a person. */
  broughtBack?: true;
}

/** A mail about workflows that are not well: to our own people only. Of many only the first are told one by one. */
export interface SickMailData {
  recipient: { name: string; party: Party };
  workflows: {
    count: number;
    sick: SickMailWorkflow[];
    more: number;
    healedCount: number;
    healed: SickMailWorkflow[];
    moreHealed: number;
  };
}

/** A mail about what an audit found since the last one: to our own people only. Of many of a kind only the first are told. */
export interface AuditMailData {
  recipient: { name: string; party: Party };
  audit: {
    count: number;
    kinds: {
      kind: string;
      means: Text;
      /** What `audit --repair` does, where it does something. */
      mends?: Text;
      todo: Text;
      findings: { subject: string; detail: Text }[];
      more: number;
    }[];
  };
}

/** A mail about the record outside of the database: that it cannot be written, or is written again. To our own people only. */
export interface RecordMailData {
  recipient: { name: string; party: Party };
  record: {
    /** The machine, and the folder there. */
    place: string;
    why: string;
    since: Instant;
    /** Entries that are not in it. */
    lost: number;
    /** It is written again. */
    healed?: true;
  };
}

/** The invoice basis of a month, to our clerk. Money is minor units without VAT; of many bases only the first are told. */
export interface InvoiceMailData {
  recipient: { name: string; party: Party };
  invoices: {
    /** Its first day. */
    month: LocalDate;
    count: number;
    credits: number;
    totals: { currency: string; minor: number }[];
    bases: { number: string; customer: string; credits?: string; currency: string; minor: number }[];
    more: number;
    /** A file for the ERP goes with it. */
    exported?: true;
    /** Agreements whose customer's number in the ERP, or whose reference, is not known. */
    unnumbered: string[];
    unreferenced: string[];
    /** Agreements that could not be made up, and why. */
    failed: { agreement: string; reason: Text }[];
  };
}

/** What any mail is given. */
export type AnyMailData =
  MailData | InboxMailData | SickMailData | AuditMailData | RecordMailData | InvoiceMailData;
