/** What the agenda of a management meeting tells, before it is put into words. Hours are hundredths of an hour. */
import type { Instant, LocalDate, Party } from '../../rules/engine/contract/contract';
import type { HourCurvePoint } from '../documents/hour-chart';
import type { Text } from '../../rules/engine/basics/text';

/** Time used. A correction is an entry of its own with the difference, and may be negative. */
export interface AgendaEntry {
  on: LocalDate;
  hours: number;
  service?: string;
  note?: string;
  /** The day of the entry it corrects. */
  corrects?: LocalDate;
}

/** A piece of news that a release of a system brings. */
export interface AgendaReleaseNews {
  system: string;
  version: string;
  /** In the reader's language. */
  text: string;
}

/** The systems that people work in a new version of since the last meeting, and the news that this brought. */
export interface AgendaUpgraded {
  on: LocalDate;
  systems: { id: string; from?: string; to: string }[];
  news: AgendaReleaseNews[];
}

/** Something the agreement owed that was closed. */
export interface AgendaClosed {
  id: string;
  on: LocalDate;
  state: 'done' | 'missed';
}

/** The hour bank over the year. */
export interface AgendaHours {
  contracted: number;
  /** Rolled in and not lapsed. */
  rolledIn: number;
  /** Bought, or given by us. */
  added?: number;
  used: number;
  remaining: number;
  overage: number;
  /** Used since the last meeting, whatever year they were booked on. */
  usedSince: number;
  curve: HourCurvePoint[];
}

export interface AgendaCase {
  reference: string;
  title: string;
  category: 'incident' | 'question' | 'request' | 'other';
  state: 'open' | 'waiting' | 'closed';
  openedOn: LocalDate;
  closedOn?: LocalDate;
  hours?: number;
  /** What was done about it. */
  resolution?: string;
}

/** An alert of the monitoring. */
export interface AgendaIncident {
  /** The check's name. */
  name: string;
  severity: 'down' | 'warning' | 'unknown' | 'silent';
  since: Instant;
  /** Absent while it lasts. */
  closedAt?: Instant;
  /** Minutes of support hours from the alert until somebody acted, or it was over. */
  actedAfter?: number;
}

/** Monitoring since the last meeting. */
export interface AgendaMonitoring {
  /** Checks that are watched. */
  checks: number;
  /** The newest first. */
  incidents: AgendaIncident[];
  /** Minutes of support hours until somebody acted, over the alerts that support was told of. */
  acted?: { median: number; longest: number };
  /** Checks that are agreed on and not run, with the reason if they cannot be. */
  notChecked: { name: string; reason?: string }[];
}

export interface AgendaAction {
  what: string;
  /** Somebody's name, or what a party is called. */
  owner: string;
  dueOn: LocalDate;
  state: 'open' | 'done';
  /** When it was done. */
  doneOn?: LocalDate;
}

export interface AgendaNote {
  on: LocalDate;
  text: string;
}

export interface AgendaImprovement {
  title: string;
  note?: string;
  /** Estimate. */
  hours?: number;
  state: 'proposed' | 'accepted' | 'rejected' | 'done';
  addedOn: LocalDate;
  changedOn: LocalDate;
}

export interface AgendaPhase {
  phase: string;
  /** What the rules call it. */
  name?: Text;
  owner: Party;
  dueOn: LocalDate;
  state: 'planned' | 'running' | 'overdue' | 'done' | 'missed' | 'declined' | 'carried';
  closedOn?: LocalDate;
}

/** A date to come; a time of day where it is an appointment. */
export interface AgendaDate {
  id: string;
  on: LocalDate;
  at?: Instant;
}

export interface AgendaData {
  /** When it was written. */
  asOf: Instant;
  agreement: { number: string; level: string };
  customer: string;
  /** Half-open: `to` is the first day of the next year. */
  year: { number: number; from: LocalDate; to: LocalDate };
  meeting: {
    id: string;
    at: Instant;
    minutes: number;
    place?: string;
    /** A person has settled when it is; else it is as planned. */
    booked: boolean;
    participants: string[];
  };
  /** From when it tells: the last meeting, or the agreement's first day. */
  since: { on: LocalDate; meeting?: string; decisions: string[] };
  /** Standing topics: codes, or wordings. */
  topics: (string | Text)[];
  hours: AgendaHours;
  entries: AgendaEntry[];
  closed: AgendaClosed[];
  cases: AgendaCase[];
  /** Absent where nothing was ever agreed on. */
  monitoring?: AgendaMonitoring;
  actions: AgendaAction[];
  training: AgendaNote[];
  proposals: AgendaNote[];
  /** Noted by the consultant, of no other kind. */
  remarks: AgendaNote[];
  improvements: AgendaImprovement[];
  upgrade: {
    systems: { id: string; version: string }[];
    /** What it brings that matters to this customer: as noted by hand, and as the releases say. */
    news: AgendaNote[];
    releaseNews: AgendaReleaseNews[];
    upgraded?: AgendaUpgraded;
    phases: AgendaPhase[];
  };
  dates: AgendaDate[];
}
