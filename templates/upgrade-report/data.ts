/** What the report of an upgrade tells, before it is put into words. Names of people are looked up. */
import type { Text } from '../../rules/engine/basics/text';
import type { Instant, Integration, LocalDate, Party } from '../../rules/engine/contract/contract';
import type { PartKind } from '../../rules/engine/upgrade/parts';

/** A part of a phase, and what was last said of it. */
export interface ReportPart {
  kind: PartKind;
  name: Text;
  /** Of a test case: what its business process is called. */
  process?: Text;
  /** Of an integration: who answers for it. */
  owner?: Integration['owner'];
  /** Versions of a system or an integration, before and after. */
  from?: string;
  version?: string;
  /** None while nobody has reported it. */
  ok?: boolean;
  /** It does not concern the customer, and counts as passed. */
  notApplicable?: true;
  /** It failed, and waits for the customer to test it again. */
  retest?: true;
  on?: LocalDate;
  time?: Instant;
  /** Who approved, tried it or decided. */
  contact?: string;
  /** Who reported it, and when. */
  by?: string;
  at?: Instant;
  /** What was written of a test; what is written of our own checks is ours. */
  note?: string;
  /** Who accepted it though it failed or was not done, and why; without a reason the system was upgraded together with others. */
  waived?: { by: string; reason?: string };
}

export interface ReportPhase {
  id: string;
  /** What the rules call it. */
  name?: Text;
  owner: Party;
  state: 'open' | 'done' | 'missed' | 'cancelled' | 'declined' | 'carried';
  /** The first and the last day on which it was on; of an open one that has not begun none. */
  from?: LocalDate;
  to?: LocalDate;
  dueOn?: LocalDate;
  parts: ReportPart[];
}

/** An attempt that was given up. */
export interface ReportAttempt {
  number: number;
  on: LocalDate;
  phase?: string;
  /** None where the installation was rolled back with others. */
  reason?: string;
  /** People had worked in it: what was done since then was lost. */
  lostSince?: Instant;
  /** Who had it restored. */
  by?: string;
}

export interface UpgradeReport {
  asOf: Instant;
  /** Which one of this upgrade, from 1 on. */
  version: number;
  agreement: { number: string; level: string };
  customer: string;
  /** The year that the upgrade belongs to; `to` is the first day of the next. */
  year: { number: number; from: LocalDate; to: LocalDate };
  /** What is upgraded once, where it has a name. */
  installation?: string;
  testedOn: 'copy' | 'production';
  systems: { id: string; from: string; to?: string }[];
  /** By whom of the customer, or how it ended without their approval; none while it is open. */
  approval?:
    | {
        at: Instant;
        by: string;
        /** Hash of the results that it stands for. */
        shown?: string;
        /** Who of us told it, where it was not given on the customer's page. */
        toldBy?: string;
      }
    | { at: Instant; endedBy: string; reason: string };
  /** In their order. */
  phases: ReportPhase[];
  attempts: ReportAttempt[];
  /** Versions that were withdrawn after the upgrade to them had begun. */
  withdrawn: { system: string; version: string; on: LocalDate; reason: Text }[];
}
