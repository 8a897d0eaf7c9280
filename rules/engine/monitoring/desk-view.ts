/** What the desk knows when it decides: agreements, their checks and pauses, and their incidents. */
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
  /** When it was last told as news, and how bad it was then; without a severity it has to be told anew. */
  toldAt: Instant | null;
  toldSeverity: DeskSeverity | null;
  remindedAt: Instant | null;
  escalatedAt: Instant | null;
  recoveryToldAt: Instant | null;
  /** The gate that is closed, or `recheck:<instant>`: it opened then, and a result from after it is waited for. */
  suppressed: string | null;
  takenAt: Instant | null;
  mendedAt: Instant | null;
}

/** What the desk has to know of a check. */
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
  /** The customer's id: all agreements of one share its mails. */
  customer: string;
  support: SupportTerms;
  monitoring: MonitoringTerms;
  checks: ReadonlyMap<string, DeskCheck>;
  pauses: DeskPause[];
  /** From when monitoring rests for each open phase of the upgrade that the terms name; past or coming. */
  upgradesFrom: Instant[];
  /** Addresses of those whom an escalation can go to. */
  manager: string;
  consultant: string;
}

export interface DeskView {
  /** Address of the desk. */
  address: string;
  agreements: ReadonlyMap<string, DeskAgreement>;
  /** Those that are open, those whose recovery has not been told, and those that a digest may tell of. */
  incidents: DeskIncident[];
  /** Sites whose worker is silent. */
  silentSites: ReadonlySet<string>;
  /** What was decided and is decided only once. */
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
  /** So many at once that they are told as a count. */
  storm: boolean;
  /** The agreement under which it is kept. */
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
