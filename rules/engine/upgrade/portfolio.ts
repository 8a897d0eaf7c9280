/** How the upgrades of all agreements stand, as a manager looks at them while they are rolled out. */
import type { Text } from '../basics/text';
import type { Instant, LocalDate, Party } from '../contract/contract';
import type { UpgradeStands } from './phases';

/** How an upgrade stands. `failed`: a part failed and nobody has accepted it; `ended`: without the customer's approval. */
export type UpgradeStanding =
  | 'coming'
  | 'running'
  | 'overdue'
  | 'failed'
  | Exclude<UpgradeStands['state'], 'rolledBack' | 'restored' | undefined>
  | 'approved'
  | 'ended'
  | 'missed';

/**
 * What endangers an upgrade.
 * - `failed`: a part that keeps it open
 * - `accepted`: a part that somebody accepted as it is
 * - `overdue`: its phase should be closed
 * - `withdrawn`: the release that it goes to, or was to go to, is withdrawn
 * - `noConsent`: who hosts the servers has not said yes
 * - `noApprover`: no contact has a role that may approve it
 * - `partnerSilent`: nothing is known of an integration that a partner answers for
 * - `restored`: the customer's management had the system restored: what was done since then is lost
 */
export interface UpgradeRisk {
  kind:
    | 'failed'
    | 'accepted'
    | 'overdue'
    | 'noConsent'
    | 'noApprover'
    | 'partnerSilent'
    | 'restored'
    | 'withdrawn';
  since: LocalDate;
  /** Of a system that was restored: the time of that day. */
  time?: string;
  /** A check, whose number counts within its phase, with that: `precheck 2`. */
  part?: { id: string; name: Text };
  /** Who accepted it, or has not said yes. */
  by?: string;
  /** What was said of it. */
  reason?: string;
}

export interface UpgradeOfAgreement {
  agreement: string;
  customer: string;
  consultant: string;
  /** The agreement year that runs, and the one that the upgrade belongs to. */
  year: number;
  ofYear: number;
  standing: UpgradeStanding;
  attempt: number;
  /** The phase that is on, since when, who has to act, and by when; none once all are closed. */
  phase?: string;
  phaseName?: Text;
  since?: Instant;
  waitsFor?: Party;
  dueOn?: LocalDate;
  /** Phases that are closed, of all. */
  done: number;
  phases: number;
  /** Systems with the version before and the one now or, until that is reported, the one that the releases give. */
  systems: { id: string; from: string; to?: string; reported: boolean }[];
  risks: UpgradeRisk[];
  /** When the system goes down, as its campaign has it, until it has; and the agreements with which it shares that. */
  window?: { campaign: string; from: Instant; to: Instant };
  shared?: string[];
  /** The day to which it is postponed, and why it is, or was declined or rolled back. */
  until?: LocalDate;
  reason?: string;
  /** The system was restored by the customer's management: what was done since then is lost. */
  lostSince?: Instant;
}
