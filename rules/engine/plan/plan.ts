/** The plan of one agreement year: the data that the workflow executes and that previews and simulations show. */
import type { Text } from '../basics/text';
import type { ContactRole, Instant, LocalDate, Party } from '../contract/contract';
import type { YearCalendar } from '../calendar/local-time';
import type { HourBalance } from '../hours/hour-bank';
import type { MeetingTerms } from '../ruleset/terms';
import type { Fitting } from '../releases/fits';
import type { FrozenLine } from '../upgrade/freeze';
import type { PlannedPhase } from '../upgrade/phases';
import type { PlannedCase } from '../upgrade/test-cases';

export type Strand = 'start' | 'meetings' | 'upgrade' | 'hourBank' | 'renewal' | 'close';

/** Every message the product sends; one folder each in `templates/`. */
export const templateIds = [
  'welcome',
  'start-step',
  'meeting-call',
  'meeting-invitation',
  'meeting-unbooked',
  'meeting-blocks',
  'meeting-agenda',
  'meeting-reminder',
  'meeting-cancelled',
  'meeting-minutes',
  'action-reminder',
  'signal-rejected',
  'consultant-changed',
  'upgrade-plan',
  'upgrade-precheck',
  'upgrade-phase',
  'upgrade-integrations',
  'upgrade-technical',
  'upgrade-test',
  'upgrade-approval',
  'upgrade-risk',
  'upgrade-news',
  'upgrade-partner',
  'test-invitation',
  'test-session',
  'test-case',
  'test-progress',
  'step-reminder',
  'step-handed-over',
  'escalation',
  'customer-escalation',
  'hours-alert',
  'hour-statement',
  'hours-expiry',
  'hours-given',
  'line-question',
  'overage-order',
  'overage-decision',
  'overage-ordered',
  'line-answer',
  'agreement-ends',
  'year-summary',
  'renewal-proposal',
  'renewal-notice',
  'price-change',
  'digest',
  'attention',
  'monitor-alert',
  'monitor-recovery',
  'monitor-storm',
  'monitor-digest',
  'monitor-noise',
  'signing-waiting',
  'signing-amendment',
  'workflow-sick',
  'audit-findings',
  'record-trouble',
  'page-code',
  'invoice-basis',
] as const;
export type TemplateId = (typeof templateIds)[number];

/** A mail that falls due at `at` as long as its obligation is open. */
export interface Notice {
  /** Name of the step within the obligation: `call`, `invite`, `remind`, `escalate`, … */
  step: string;
  at: Instant;
  template: TemplateId;
  to: Party;
  /** For `to: 'customer'`: the contacts who have one of these roles (all of them if nobody has one). */
  roles?: ContactRole[];
}

/** Something that the agreement owes by a date. */
export interface Obligation {
  /**
   * Stable for the year: `meeting-2`, `upgrade/test`, `start/kickoff`, `hours/statement-1`,
   * `renewal/price`, `close`.
   */
  id: string;
  strand: Strand;
  /** Who has to act. */
  owner: Party;
  /** From when it can be acted on; upgrade phases also wait for the one named by `after`. */
  opensAt: Instant;
  /** Always an open day, except the legal end of the period (`close`). */
  dueOn: LocalDate;
  /** Meetings: when it begins. Others: close of business on `dueOn`. */
  dueAt: Instant;
  /** Obligation that has to be closed before this one. */
  after?: string;
  /** Rises each time a re-plan moves `dueOn`, or a meeting's time of day; part of every mail's key. 1 at first. */
  revision: number;
  /** True if a re-plan or a late start pushed it past where the terms wanted it. */
  late: boolean;
  /**
   * The date that the terms give, if a re-plan found it past and put the next open day in `dueOn` instead. A later
   * re-plan that finds the same date leaves `dueOn` where it is.
   */
  wantedOn?: LocalDate;
  /** Meetings: a person has settled when it is; a re-plan never moves it. */
  booked?: true;
  /** Meetings: asked for beyond those the contract promises. */
  extra?: true;
  /** The year has no day left for it: nobody is mailed about it, and the close tells it as missed unless it is done all the same. */
  noDayLeft?: true;
  /** Beside `noDayLeft`: it is planned for the next agreement year, which goes on with it. */
  nextYear?: true;
  /** Meetings: its length if that differs from the terms, and where it is held. */
  minutes?: number;
  place?: string;
  /** In order of `at`. */
  notices: Notice[];
}

/** The price of the next agreement year, as far as this one needs it. */
export interface RenewalPlan {
  /** Ordinary price of an hour in minor units that is proposed; the year's own if nothing changes. */
  proposedRateMinor: number;
  /** Until when a new price can be approved, so that the customer is told as early as promised. */
  announceBy: Instant;
  /** The customer's contacts who are told. */
  roles: ContactRole[];
}

export interface YearPlan {
  agreement: string;
  yearNumber: number;
  /** Half-open: `to` is the first day of the next year. */
  from: LocalDate;
  to: LocalDate;
  /** Midnight in Europe/Stockholm of `from` and `to`. */
  startsAt: Instant;
  endsAt: Instant;
  /** When the welcome mail falls due (first year only), and when the closed year is summed up. */
  welcome?: Notice;
  announceAt: Instant;
  /** The instant the year was first planned; a re-plan keeps it, so that open obligations keep their days. */
  plannedFrom: Instant;
  /** The day a dated rule next changes the year's terms, and its first instant: it is planned again then. */
  termsChangeOn?: LocalDate;
  termsChangeAt?: Instant;
  /** 1 at first, one more for each re-plan. */
  revision: number;
  rulesetHash: string;
  /** Ordinary price of an hour in minor units, decided when the year was first planned. */
  hourlyRateMinor: number;
  renewal: RenewalPlan;
  /** The calendar by which the running year reads dates and times of day: a library's would change with upgrades. */
  calendar: YearCalendar;
  /** What a person can name in a message. */
  ids: KnownIds;
  /** What the page says beside the ids; in plans made before 0.3.0 not told. */
  called?: Called;
  /** Minutes that a mail to the customer waits if a person's message causes it: time to undo the message. */
  holdMinutes: number;
  /** Mails to the customer do not go out at night; in plans made before 0.3.0 not told: they do. */
  nightRest?: true;
  /** What the meetings strand needs while the year runs. */
  meetings: Pick<MeetingTerms, 'lengthMinutes' | 'startTime' | 'drawsFromHourBank'> & {
    roles: ContactRole[];
  };
  /** What people had settled about meetings when it was planned. */
  settled?: Record<string, MeetingProgress>;
  /** What the hour bank strand needs while the year runs. */
  alertPercents: number[];
  statementRoles: ContactRole[];
  /** Packages of hours that the customer can buy, with the price of an hour in minor units. */
  packages?: { hours: number; priceMinor: number }[];
  /** Who of the customer is told of the agreement's end; in plans made before 0.3.0 nobody. */
  endRoles?: ContactRole[];
  /** Roles of the customer's contacts that get the year's summary; in plans made before 0.3.0 not told: all. */
  summaryRoles?: ContactRole[];
  /** The upgrade's phases; in plans made before 0.3.0 not told: then its phases close without being asked for anything. */
  upgrade?: UpgradePlan;
  obligations: Obligation[];
  /** Given for a year that began before the agreement came to us; a re-plan keeps it. */
  takenOver?: TakenOver;
  /** Obligations that a re-plan withdrew, with their last revision: one that is owed again goes on from there. */
  withdrawn?: Record<string, number>;
}

/** What the upgrade strand needs while the year runs. */
export interface UpgradePlan {
  /** In their order. An upgrade that has begun keeps them; other rules change the next one. */
  phases: PlannedPhase[];
  /** Versions of the contract's systems when it was planned, by id. */
  systems: Record<string, string>;
  /** Those of its integrations, as far as they were known; in plans made before not told. */
  integrations?: Record<string, string>;
  /** What the customer tests; in plans made before not told: then each module as a whole. */
  cases?: PlannedCase[];
  /** Who of ours is told that a case failed, where it is not the consultant alone. */
  tellFailedTests?: ('consultant' | 'manager')[];
  /** The versions that it goes to, by system, as far as the releases tell. */
  targets?: Record<string, string>;
  /** What these releases say of the contract's other systems: a version that does not fit is asked about; in plans made before not told. */
  goesWith?: Fitting[];
  /** Contacts who may approve it. */
  approvers: string[];
  /** No contact has a role that may approve on the page; in plans made before not told. */
  noApprover?: true;
  /**
   * Who may accept that a part failed or is missing: contacts, and of us the consultant and the manager. In plans made before
   * not told: then anybody.
   */
  acceptors?: string[];
  /** Days that are likely to be slips are asked about; in plans made before they are taken. */
  asksAboutDays?: true;
  /**
   * What was told before a phase opened again is not told anew, closed late again it moves what follows again, and an attempt's alarms
   * end with it; in plans made before not.
   */
  reopens?: true;
  /** Days of the weekend on which the terms have windows: an agreed one is none to ask about. 6 is Saturday, 0 Sunday. */
  weekendWindows?: number[];
  /** Roles of the customer's contacts who are told how it goes. */
  roles: ContactRole[];
  /** Our own people get the report of its end, too, and both sides once more when its last phase is closed; in plans made before not told. */
  reports?: true;
  /** Integrations whose owner is a partner with a contact, who is asked before and after. */
  partners?: string[];
  /** How long these are given; in plans made before not told: then the usual days, and no question after a copy went live. */
  partnerDays?: PartnerDays;
  /** What rests while the system is upgraded, in the order in which it is stopped. */
  freeze?: FrozenLine[];
  /** Integrations that we do not answer for; in plans made before not told: then anybody of ours accepts them as they are. */
  others?: string[];
  /** The checks that are asked for an integration after the upgrade, by its id; those of others people look at. */
  monitors?: Record<string, string[]>;
  /** How often people are reminded of a phase that is overdue; in plans made before not told: then no more than once. */
  remindsAgain?: RemindsAgain;
  /** The upgrade that an earlier year left unfinished, which comes first. */
  carried?: CarriedUpgrade;
  /** How far upgrades had come when it was planned. */
  progress?: Record<string, UpgradeProgress>;
  /** When its campaign has the system upgraded. */
  window?: PlannedWindow;
  /**
   * A release that was decided for it and is withdrawn, while nothing of it is done: what replaces that is where it goes, without
   * a window, until a campaign says otherwise.
   */
  stopped?: Goal;
  /** What is upgraded once, together with other agreements. */
  installation?: SharedInstallation;
  /** The host of the servers, where it has not said yes to the upgrade. */
  noConsent?: string;
  /**
   * Targets that were withdrawn and have no other in their place, by system. One under way asks people how it goes on; one
   * that has not begun waits for a release.
   */
  withdrawn?: Record<string, WithdrawnTarget>;
  /**
   * All releases of the contract's systems that are withdrawn, or will be: one that is reported is asked about; in plans made before
   * not told.
   */
  recalled?: Recalled[];
}

/** A release of a system that nobody may begin with from a day on. */
export interface Recalled extends Goal {
  on: LocalDate;
}

/** Days that partners are given to answer for their integrations, from the question on. */
export interface PartnerDays {
  /** Until they are asked again, and until the consultant is told of their silence. */
  remindDays: number;
  silentDays: number;
  /** Where the upgrade is further away than so many days, the two below hold. */
  soonDays: number;
  earlyRemindDays: number;
  earlySilentDays: number;
}

/** How often people are reminded of a phase that is overdue, and the days on which they are not. */
export interface RemindsAgain {
  everyDays: number;
  avoid?: LocalDate[];
}

/** The window of an upgrade, as its campaign places it; two instants of any days. */
export interface PlannedWindow {
  campaign: string;
  from: Instant;
  to: Instant;
  /** The release that the campaign takes a system to. */
  goesTo?: Goal;
}

/** A release that a system is taken to. */
export interface Goal {
  system: string;
  version: string;
}

/** An installation that several agreements share. */
export interface SharedInstallation {
  id: string;
  /** The system that is shared; other systems of an agreement are its own. In plans made before not told: then all are shared. */
  product?: string;
  /** Numbers of the other agreements. */
  with: string[];
  /** The release that it is taken to where no campaign says: one for all its agreements. */
  goesTo?: Goal;
}

/** A release that an upgrade was to go to, and that nobody may begin with any more. */
export interface WithdrawnTarget {
  version: string;
  /** Since when. */
  on: LocalDate;
  reason: Text;
  replacedBy?: string;
}

/** An upgrade that goes on after the year it belongs to. */
export interface CarriedUpgrade {
  /** The year it belongs to. */
  year: number;
  phases: PlannedPhase[];
  cases?: PlannedCase[];
  /** Versions that it began from, by id; in plans made before not told: then those of the year. */
  systems?: Record<string, string>;
  integrations?: Record<string, string>;
  /** Where it goes, and what that says of other systems; in plans made before not told: then where the year's own goes. */
  targets?: Record<string, string>;
  goesWith?: Fitting[];
  /** Something of it was done when the year ended. */
  begun?: true;
  /** Those of its releases that are withdrawn, as of the year's own. */
  withdrawn?: Record<string, WithdrawnTarget>;
  /** Phases that were closed when the year ended. */
  closed: string[];
  /** Phases that were asked for by then: they are not asked for as if they were new. */
  asked?: string[];
  /** The day to which it is postponed. */
  from?: LocalDate;
}

/** What people have settled about an upgrade under way. */
export interface UpgradeProgress {
  /** Something of it was reported. */
  begun?: true;
  /** Its open phases are planned from this day on: it was postponed, or rolled back. */
  from?: LocalDate;
  /** The day that the customer agreed to: the technical phase is planned for it. */
  agreed?: LocalDate;
  /** What an earlier year had closed of it is to be done again: it was rolled back since. */
  again?: true;
  /** The system was restored: it has the versions that the upgrade began from, whatever was reported since. */
  restored?: true;
  /** Versions of systems that were upgraded to another line than the one planned. */
  elsewhere?: Record<string, string>;
  /** It takes the phases of the rules, where what is done of it fits; asked for once, and not kept in the plan. */
  move?: true;
}

/** A plan as it is stored, once the year's hour bank is open. */
export interface StoredPlan extends YearPlan {
  /** Contracted hours in centihours. Within a begun year they only grow; fewer ones wait for the next. */
  contractedHours: number;
  /** The contract's hours that they were given for, where an amendment of the begun year gave a part of them. */
  contractedFor?: number;
  /** The hour bank when it was planned. */
  balance: HourBalance;
  /** Services that have a price; in plans made before 0.3.0 not told. */
  services?: string[];
  /** Ordinary prices of an hour by kind of work, in minor units; other kinds have the year's. Not told before 0.3.0. */
  ratesMinor?: Record<string, number>;
}

/** What was done or past when an agreement was taken over in its year. It is closed, and nothing is mailed for it. */
export interface TakenOver {
  /** The instant it was planned here. */
  at: Instant;
  /** By id: since when it is closed, and whether somebody told so or its day had simply passed. */
  closed: Record<string, { at: Instant; how: 'told' | 'passed' }>;
  /** The days on which meetings were held. */
  meetings: Record<string, LocalDate>;
  /** If the upgrade should have begun and is not done: the day from which it is planned instead. */
  upgradeFrom?: LocalDate;
}

/** Ids of the contract that messages name. */
export interface KnownIds {
  /** The dedicated consultant's. */
  consultant: string;
  contacts: string[];
  integrations: string[];
  /** What is tested: systems and integrations. */
  modules: string[];
  /** Checks, those that only the rules declare among them. */
  monitors: string[];
}

/** What ids of the contract are called, and what contacts answer for. Names of persons are not among it. */
export interface Called {
  customer: string;
  /** By contact. */
  roles: Record<string, ContactRole[]>;
  /** By integration. */
  integrations: Record<string, string>;
  /** By check; in plans made before 0.3.0 not told. */
  monitors?: Record<string, string>;
}

/** When a meeting is, as a person booked it. */
export interface Booking {
  on: LocalDate;
  /** Local time of day, `HH:MM`. */
  time: string;
  minutes?: number;
  place?: string;
  /** When it was booked. */
  since: Instant;
  /** Of the meeting; one more for each booking, so that an invitation replaces the one before. */
  revision: number;
}

/** What people have settled about a meeting. */
export interface MeetingProgress {
  booked?: Booking;
  /** When the booking was cancelled. */
  cancelledAt?: Instant;
  /** What the customer was told, where it has been moved since and they have not been told that. */
  movedFrom?: Booking;
  /** When it was asked for, beyond those the contract promises. */
  extra?: Instant;
  /** The consultant has been called to plan it. */
  called?: true;
  /** The day it was held. */
  heldOn?: LocalDate;
}

/** How far the year has come: what a re-plan must keep. */
export interface Progress {
  previous: YearPlan;
  /** Closed obligations: id → when. */
  closed: Record<string, Instant>;
  meetings?: Record<string, MeetingProgress>;
  /** By upgrade: `upgrade`, or `upgrade-1` for the one that year 1 left. */
  upgrades?: Record<string, UpgradeProgress>;
}
