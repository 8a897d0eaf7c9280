/** An agreement's running year as data: what its page says in words, a query returns as it is. Codes and ids only. */
import type { ContactRole, Instant, LocalDate, Party } from '../../rules/engine/contract/contract';
import type { Strand } from '../../rules/engine/plan/plan';
import type { Text } from '../../rules/engine/basics/text';
import type { FrozenLine } from '../../rules/engine/upgrade/freeze';
import type { PartKind } from '../../rules/engine/upgrade/parts';
import type { UpgradeStands } from '../../rules/engine/upgrade/phases';

/** Something a person has to do next. */
export interface NextStep {
  id: string;
  owner: Party;
  on: LocalDate;
  /** Local time of day, for a meeting. */
  at?: string;
  overdue: boolean;
  /** The year has no day left for it. */
  noDayLeft?: true;
  /** The next agreement year goes on with it. */
  nextYear?: true;
  /** Upgrade: another open phase has to be done on the same day. */
  sharesDay?: true;
  /** Meetings: whether the time is settled, and where it is held and for how long. */
  booked?: boolean;
  place?: string;
  minutes?: number;
}

/** An incident that support was told of and that is open. */
export interface RunningAlert {
  monitor: string;
  /** What the check is called; none if nobody knows. */
  name?: string;
  severity: string;
  since: Instant;
}

/** A part of the upgrade; without `ok` nobody has reported it yet. */
export interface CheckedPart {
  /** Id of the obligation; none where the plan does not tell parts. */
  phase?: string;
  kind: PartKind;
  id: string;
  name: string | Text;
  /** The version before, and the one now. */
  from?: string;
  version?: string;
  ok?: boolean;
  /** Who accepted it as it is, and why. */
  waived?: { by: string; reason: string };
  /** The agreed day, or the day of the session. */
  day?: LocalDate;
  /** When it began, ended, or was decided. */
  time?: Instant;
  /** Of a session that is not reported: when and where it is booked, or `null` where it is not. */
  booked?: { at: Instant; place?: string } | null;
  contact?: string;
  by?: string;
  on?: LocalDate;
  /** The checks of the monitoring, as they are called, that gave the result, and when. */
  monitored?: { checks: string; at: Instant };
  /** Those that are being asked, and since when. */
  asked?: { checks: string; at: Instant };
  /** Of an integration that nobody has reported: why the monitoring says nothing of it. */
  unmonitored?: string | Text;
}

export interface Overview {
  agreement: string;
  /** The company's name; none while the year is not planned. */
  customer?: string;
  year: number;
  from: LocalDate;
  /** First day of the next year. */
  to: LocalDate;
  phase: 'waiting' | 'running' | 'closing';
  /** Hash of the ruleset the year was planned by, and how often the year was planned. */
  ruleset: string;
  planRevision: number;
  next: NextStep[];
  /** For each thing that can be reported now: the message and an example with this agreement's values. */
  messages: {
    name: string;
    example: Record<string, unknown>;
    /** Systems whose version has to be filled in before it is sent. */
    toFill?: string[];
  }[];
  strands: { strand: Strand; done: number; total: number }[];
  /** Alerts that support was told of and that run, the oldest first, how many more, and the path of the page about them. */
  alerts: { running: RunningAlert[]; more: number; path: string };
  /** The customer's contacts, with their roles where the plan tells them. */
  contacts: { id: string; roles: ContactRole[] }[];
  /** Parts of the upgrade, once it has come to them. */
  checks: CheckedPart[];
  /** How upgrades stand that do not simply go on: postponed, declined, rolled back. */
  upgrades?: Omit<UpgradeStands, 'by'>[];
  /** What the rules call phases, by their id. */
  phaseNames?: Record<string, Text>;
  /** The phases that upgrades are in, and since when. */
  upgradePhases?: { phase: string; since: LocalDate; today: LocalDate; owner: Party; dueOn: LocalDate }[];
  /** When the system goes down for the upgrade, until it has, and with which agreements that is shared. */
  upgradeWindow?: { window?: { from: Instant; to: Instant }; shared?: string[] };
  /** Releases that were withdrawn and have no other in their place, by system: the upgrade waits for one. */
  waitsForRelease?: { system: string; version: string; on: LocalDate }[];
  /** The host of the servers, until it has said yes or the upgrade is over. */
  noConsent?: string;
  /** What rests while the system is upgraded, until it is, in the order in which it is stopped. */
  freeze?: FrozenLine[];
  /** The system is up again, and nobody has approved it yet: settings, reports and integrations stay as they are. */
  noChanges?: true;
  /** In hundredths of an hour. */
  hours?: { contracted: number; rolledIn: number; added?: number; used: number };
  /** Agreed at meetings and not done. */
  actions: { id: string; what: string; owner: string; dueOn: LocalDate; overdue: boolean }[];
  /** Proposed and not decided, or decided and not done. */
  improvements: { id: string; title: string; state: 'proposed' | 'accepted' }[];
  /** Monitoring that is paused. */
  paused: { monitor: string; name?: string; until: LocalDate; reason?: string }[];
  attention: { code: string; subject: string; detail: string; at: Instant }[];
  rejected: { at: Instant; signal: string; reason: string }[];
  last: { at: Instant; text: string }[];
  /** The step that `stepUndone` would undo, and until when its mails to the customer wait. */
  undo?: { step: number; name: string; at: Instant; heldUntil?: Instant };
}
