/** The terms a ruleset yields for one agreement: one entry per topic (`event.type` in the rule files). */
import type { ContactRole, LocalDate } from '../contract/contract';
import type { Check, CheckKind, CheckSettings, CheckTerms } from '../contract/monitor';
import type { Text } from '../basics/text';

/** Who has to act, or who a mail goes to. */
export type Party = 'consultant' | 'manager' | 'support' | 'customer';

/** Phases of the annual upgrade, in the order the agreement gives them. */
export type UpgradePhaseId = 'precheck' | 'integrations' | 'technical' | 'test' | 'approval';

/** Somebody is told so long before a due date, or after it if it was not done. */
export interface EscalationStep {
  openDaysAfter: number;
  to: Party;
}

/** Förvaltningsledning: management meetings. */
export interface MeetingTerms {
  perYear: number;
  /** Evenly over the year ("med jämn periodicitet"), or one in the middle of each of `months`. */
  spread: 'even' | 'months';
  /** Months of the agreement year, 1 is the first. */
  months?: number[];
  lengthMinutes: number;
  /** The consultant's time before and after the meeting. */
  preparationMinutes: number;
  followUpMinutes: number;
  /** Local time of day the plan proposes, `HH:MM`. */
  startTime: string;
  /**
   * Calendar days before the meeting; each mail falls on an open day at or before. The customer is to be invited
   * by `inviteDaysBefore`; until the meeting is booked the consultant, then others, are told.
   */
  callDaysBefore: number;
  inviteDaysBefore: number;
  /** The agenda goes to both sides. */
  agendaDaysBefore: number;
  reminders: { daysBefore: number; to: Party }[];
  /** Open days after the meeting's date, if nobody reported it held. */
  escalation: EscalationStep[];
  /** Open days after the customer was to be invited, if the meeting is not booked. */
  bookingEscalation: EscalationStep[];
  /** Which meetings use hours from the hour bank. */
  drawsFromHourBank: 'none' | 'extra' | 'all';
  /** Standing topics: codes whose wording is in `templates/`, or wordings. */
  agenda: (string | Text)[];
}

/** One phase of the annual upgrade. */
export interface UpgradePhaseTerms {
  /** Who completes it. */
  owner: Party;
  /** Length in open days, at least 1. */
  openDays: number;
  /** Added open days per integration in the contract. */
  openDaysPerIntegration?: number;
  /** Open days it has at least, also where the time left is short. */
  minimumOpenDays?: number;
  /** What is checked in the phase. */
  checks?: Text[];
}

/** Uppgradering: the annual upgrade. */
export interface UpgradeTerms {
  /** Months of the agreement year, 1 is the first: in which it starts, and in which it is to be finished. */
  window: { fromMonth: number; toMonth: number };
  /** Carried out in the order of the agreement text, whatever order they stand in. */
  phases: Partial<Record<UpgradePhaseId, UpgradePhaseTerms>>;
  /** By module: a system's or an integration's id, or `all`. */
  testCases: Record<string, Text[]>;
  /** Open days before a phase's due date that its owner is reminded. */
  reminders: { openDaysBefore: number }[];
  escalation: EscalationStep[];
}

/** Timbank: the hour bank. */
export interface HourBankTerms {
  /** Discount on ordinary prices, per cent. */
  discountPercent: number;
  /** Price of hours beyond the bank. */
  overage: { price: 'discounted' | 'ordinary' };
  /** Rise of the ordinary price that is proposed at renewal, per cent; a manager approves it. */
  indexPercent: number;
  /** Shares of the available hours at which customer and consultant are told, per cent, ascending. */
  alertPercents: number[];
  /** Statements a year, the final one included. */
  statementsPerYear: number;
  /** Reported time is rounded down to whole units of so many minutes; 0 does not round. */
  roundToMinutes: number;
  orderOfUse: 'rolledFirst' | 'contractedFirst';
  rollover: { percent: number; basis: 'contracted' | 'unused'; expiresAfterMonths: number };
}

/** Supporttid: when we act. */
export interface SupportTerms {
  /** Local times of day, `HH:MM`. */
  opens: string;
  closes: string;
  /** Closed besides weekends and holidays. */
  closedDays: LocalDate[];
  /** Open days that close at `halfDayCloses`. */
  halfDays: LocalDate[];
  halfDayCloses: string;
  /** Mail about what happens outside support hours. */
  outsideHours: 'hold' | 'send';
}

/** Övervakning: what is checked besides what the contract declares, and how support is told. */
export interface MonitoringTerms extends CheckTerms {
  /** Alerts outside support hours. */
  outsideHours: 'hold' | 'send';
  /** Minutes of support hours; 0 never escalates. */
  takeWithinMinutes: number;
  escalateTo: 'manager' | 'consultant';
  /** So many alerts to a desk at once become one mail. */
  stormIncidents: number;
  flapping: CheckSettings['flapping'];
  morningDigest: boolean;
  monthlyNoise: boolean;
  pauseDuringUpgrade: UpgradePhaseId[];
  checks: Record<string, Partial<Check>>;
  kinds: Partial<Record<CheckKind, Partial<CheckTerms>>>;
}

/** Which of the customer's contacts get which mail, and when contract matters are told. */
export interface NoticeTerms {
  recipients: {
    welcome: ContactRole[];
    meeting: ContactRole[];
    upgrade: ContactRole[];
    test: ContactRole[];
    hours: ContactRole[];
    summary: ContactRole[];
    renewal: ContactRole[];
  };
  /** Calendar days before the period's end. */
  renewal: { managerDaysBefore: number; customerDaysBefore: number };
  noticePeriodMonths: number;
  /** Calendar days before the period's end by which a new price must have been announced. */
  priceChangeDaysBefore: number;
  /** Minutes that a mail to the customer waits which a person's message causes. */
  holdMinutes: number;
  /** One mail with all that is open, instead of single reminders. */
  digests: { consultant: DigestRhythm; manager: DigestRhythm };
}

export type DigestRhythm = 'never' | 'weekly' | 'monthly';

/** Opening of the first year: kick-off, dedicated consultant, what is to be monitored. */
export interface StartTerms {
  steps: Partial<Record<StartStepId, { owner: Party; dueOpenDays: number }>>;
  reminders: { openDaysBefore: number }[];
  escalation: EscalationStep[];
}

export type StartStepId = 'consultant' | 'kickoff' | 'monitoring';

/** Days to keep free, besides closed days. */
export interface CalendarTerms {
  /** ISO week numbers. */
  avoidWeeks: number[];
  /** Open days at the end and at the beginning of each month. */
  avoidMonthEnds: { openDaysBefore: number; openDaysAfter: number };
  /** What keeps clear of them. */
  appliesTo: ('meetings' | 'upgrade' | 'reminders' | 'escalations')[];
}

export interface Terms {
  meetings: MeetingTerms;
  upgrade: UpgradeTerms;
  hourBank: HourBankTerms;
  support: SupportTerms;
  monitoring: MonitoringTerms;
  notices: NoticeTerms;
  start: StartTerms;
  calendar: CalendarTerms;
}

/** Phases in the order the agreement text gives them. */
export const phaseOrder = [
  'precheck',
  'integrations',
  'technical',
  'test',
  'approval',
] as const satisfies readonly UpgradePhaseId[];

/** Steps of the start in the order they fall due. */
export const startStepOrder = [
  'consultant',
  'kickoff',
  'monitoring',
] as const satisfies readonly StartStepId[];

/** The signed amendment that lets a rule promise less than what was signed. */
export interface Amendment {
  reference: string;
  signedOn: LocalDate;
  /** Numbers of the agreements it amends. */
  agreements: string[];
}

export interface Rule {
  name: string;
  priority: number;
  conditions: Record<string, unknown>;
  event: { type: string; params: Record<string, unknown> };
  /** When changed values take effect in running years; the terms have their own default. */
  appliesFrom?: 'now' | 'nextPeriod';
  amendment?: Amendment;
}

/** A rule file: a stock json-rules-engine loads `rules`. */
export interface RuleFile {
  $schema?: string;
  about: Text;
  rules: Rule[];
}

/** All rule files together: path relative to `rules/` with `/` (as `levels/guld.json`) → its text. */
export type RulesetFiles = Record<string, string>;
