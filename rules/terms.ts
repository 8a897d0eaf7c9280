/** The terms a ruleset yields for one agreement: one entry per topic (`event.type` in the rule files). */
import type { ContactRole } from './contract';

/** Who has to act, or who a mail goes to. */
export type Party = 'consultant' | 'manager' | 'support' | 'customer';

/** Phases of the annual upgrade, in the order the agreement gives them. */
export type UpgradePhaseId = 'precheck' | 'integrations' | 'technical' | 'test' | 'approval';

/** Förvaltningsledning: management meetings. */
export interface MeetingTerms {
  /** "Minst 4 förvaltningsledningsmöten": the floor is four. */
  perYear: number;
  lengthMinutes: number;
  /** Local time of day the plan proposes, `HH:MM`. */
  startTime: string;
  /** Calendar days before the meeting; each mail falls on an open day at or before. */
  callDaysBefore: number;
  inviteDaysBefore: number;
  remindDaysBefore: number;
  /** Open days after the meeting's date until the consultant is reminded and the manager told. */
  overdueRemindOpenDaysAfter: number;
  escalateOpenDaysAfter: number;
  /** Codes of the agenda's standing topics; the wording is in `templates/`. */
  agenda: string[];
}

/** One phase of the annual upgrade. */
export interface UpgradePhaseTerms {
  id: UpgradePhaseId;
  /** Who completes it. */
  owner: Party;
  /** Length in open days, at least 1. */
  openDays: number;
  /** Added open days per integration in the contract. */
  openDaysPerIntegration?: number;
}

/** Uppgradering: the annual upgrade. */
export interface UpgradeTerms {
  /** First month of the agreement year in which the upgrade starts; 1 is the first month. */
  startsInMonth: number;
  phases: UpgradePhaseTerms[];
  /** Open days before a phase's due date that its owner is reminded. */
  remindOpenDaysBefore: number;
  /** Open days after a phase's due date that the manager is told. */
  escalateOpenDaysAfter: number;
}

/** Timbank: the hour bank. */
export interface HourBankTerms {
  /** Discount on ordinary prices, per cent. */
  discountPercent: number;
  /** Price of hours beyond the bank. */
  overage: { price: 'discounted' | 'ordinary' };
  /** Shares of the available hours at which customer and consultant are told, per cent, ascending. */
  alertPercents: number[];
  /** Statements a year, the final one included. */
  statementsPerYear: number;
  rollover: { percent: number; basis: 'contracted' | 'unused'; expiresAfterMonths: number };
}

/** Supporttid: when we act. */
export interface SupportTerms {
  /** Local times of day, `HH:MM`. */
  opens: string;
  closes: string;
}

/** Övervakning: kept with the agreement. */
export interface MonitoringTerms {
  intervalMinutes: number;
  failuresBeforeAlert: number;
}

/** Which of the customer's contacts get which mail. */
export interface NoticeTerms {
  recipients: {
    welcome: ContactRole[];
    meeting: ContactRole[];
    upgrade: ContactRole[];
    test: ContactRole[];
    hours: ContactRole[];
    summary: ContactRole[];
  };
}

/** Opening of the first year: kick-off, dedicated consultant, what is to be monitored. */
export interface StartTerms {
  steps: { id: 'kickoff' | 'consultant' | 'monitoring'; owner: Party; dueOpenDays: number }[];
  remindOpenDaysBefore: number;
  escalateOpenDaysAfter: number;
}

/** Days to keep free, besides closed days. */
export interface CalendarTerms {
  /** ISO week numbers in which no meeting or upgrade phase is planned. */
  avoidWeeks: number[];
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

/** The topics every level must give. */
export const topics = [
  'meetings',
  'upgrade',
  'hourBank',
  'support',
  'monitoring',
  'notices',
  'start',
  'calendar',
] as const satisfies readonly (keyof Terms)[];

/** What the rule conditions may ask about. Flat, so that a missing one is an error, not `undefined`. */
export interface Facts {
  level: string;
  customer: string;
  language: string;
  /** First day of the agreement year being planned, `YYYY-MM-DD`. */
  date: string;
  yearNumber: number;
  contractedHours: number;
  integrationCount: number;
}

/** A rule file: a stock json-rules-engine loads `rules`. */
export interface RuleFile {
  $schema?: string;
  about: { sv: string; en: string };
  rules: {
    name: string;
    priority: number;
    conditions: Record<string, unknown>;
    event: { type: string; params: Record<string, unknown> };
  }[];
}

/** All rule files together: path relative to `rules/` with `/` (as `levels/guld.json`) → its text. */
export type RulesetFiles = Record<string, string>;
