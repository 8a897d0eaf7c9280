/** The data that the desk decides from: agreements, their checks and pauses, and their incidents. */
import type { Instant } from '../contract/contract';
import type { MonitoringTerms, SupportTerms } from '../ruleset/terms';
import type { CheckKind, CheckSettings, Hours } from '../contract/monitor';

export type DeskSeverity = 'warning' | 'down' | 'unknown' | 'silent';

export interface DeskIncident {
  id: number;
  agreement: string;
  monitor: string;
  class: 'customer' | 'ours';
  severity: DeskSeverity;
  openedAt: Instant;
  confirmedAt: Instant;
  closedAt: Instant | null;
  /** When it was alerted as new, and how bad it was at the last alert; without a severity it is due as new. */
  toldAt: Instant | null;
  toldSeverity: DeskSeverity | null;
  remindedAt: Instant | null;
  escalatedAt: Instant | null;
  recoveryToldAt: Instant | null;
  /** The gate that is closed, or `recheck:<instant>`: it opened then, and the desk waits for a later result. */
  suppressed: string | null;
  takenAt: Instant | null;
  mendedAt: Instant | null;
}

/** A check, as far as the desk needs it. */
export interface DeskCheck {
  id: string;
  kind: CheckKind;
  /** `central`, or a site's id. */
  place: string;
  dependsOn: string[];
  maintenance: Hours[];
  configuredAt: Instant;
  settings: Pick<CheckSettings, 'graceMinutes' | 'repeatMinutes' | 'groupBy'>;
}

export interface DeskPause {
  /** A check's id, or `all`. */
  monitor: string;
  from: Instant;
  until: Instant;
}

export interface DeskAgreement {
  agreement: string;
  /** The customer's id; incidents of all agreements of a customer share mails. */
  customer: string;
  support: SupportTerms;
  monitoring: MonitoringTerms;
  checks: ReadonlyMap<string, DeskCheck>;
  pauses: DeskPause[];
  /** For each open upgrade phase that the terms name: from when monitoring is suspended for it, past or to come. */
  upgradesFrom: Instant[];
  /** Addresses of those whom an escalation can go to. */
  manager: string;
  consultant: string;
}

export interface DeskView {
  /** Address of the desk. */
  address: string;
  agreements: ReadonlyMap<string, DeskAgreement>;
  /** Those that are open, those whose recovery has not been mailed, and those that a digest may list. */
  incidents: DeskIncident[];
  /** Sites whose worker is silent. */
  silentSites: ReadonlySet<string>;
  /** Keys of the mails that are sent only once and were decided before. */
  decided: ReadonlySet<string>;
}

/** A step in an incident's log. */
export interface DeskLogEntry {
  incident: number;
  what: string;
  detail: Record<string, unknown>;
}

export type DeskMailKind = 'alert' | 'reminder' | 'recovery' | 'escalation' | 'digest' | 'noise';

/** A mail the desk has decided. */
export interface DeskMail {
  kind: DeskMailKind;
  /** True if there are so many incidents at once that the mail only counts them. */
  storm: boolean;
  /** The agreement under which the mail is recorded. */
  agreement: string;
  /** Who gets it: the desk itself, or whom an escalation goes to. */
  to: 'support' | 'manager' | 'consultant';
  recipient: string;
  /** In order of their opening. */
  incidents: number[];
  detail: Record<string, unknown>;
  once: string | null;
  dueAt: Instant;
}
