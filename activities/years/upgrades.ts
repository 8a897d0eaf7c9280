/** Where the upgrades of all live agreements stand: the portfolio that a manager looks at while they are rolled out. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant, LocalDate, Party } from '../../rules/engine/contract/contract';
import type { UpgradePlan } from '../../rules/engine/plan/plan';
import { inPhaseOrder } from '../../rules/engine/upgrade/in-phase-order';
import type { UpgradeStands } from '../../rules/engine/upgrade/phases';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { grouped } from '../../rules/engine/basics/grouped';
import type { Queryable } from '../db';

/** How an upgrade stands. `failed`: a part failed and nobody has accepted it; `ended`: without the customer's approval. */
export type UpgradeStanding =
  | 'coming'
  | 'running'
  | 'overdue'
  | 'failed'
  | 'postponed'
  | 'declined'
  | 'noRelease'
  | 'approved'
  | 'ended'
  | 'missed';

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
  since?: Instant;
  waitsFor?: Party;
  dueOn?: LocalDate;
  /** Phases that are closed, of all. */
  done: number;
  phases: number;
  /** Systems with the version before and the one now or, until that is reported, the one that the releases give. */
  systems: { id: string; from: string; to?: string; reported: boolean }[];
  /** Parts that failed and keep it open, and those that somebody accepted as they are. */
  failed: string[];
  accepted: string[];
  /** The day to which it is postponed, and why it is, or was declined or rolled back. */
  until?: LocalDate;
  reason?: string;
  /** The system was restored by the customer's management: what was done since then is lost. */
  lostSince?: Instant;
}

interface PhaseRow {
  agreement: string;
  id: string;
  owner: Party;
  state: string;
  opensAt: Instant;
  dueOn: LocalDate;
  after: string | null;
}

interface PartRow {
  agreement: string;
  ofYear: number;
  phase: string;
  part: string;
  kind: string;
  ok: boolean;
  version: string | null;
  waived: boolean;
  contact: string | null;
}

interface StandingRow {
  agreement: string;
  ofYear: number;
  attempt: number;
  state: UpgradeStands['state'] | null;
  from: LocalDate | null;
  reason: string | null;
  lostSince: Instant | null;
}

interface AgreementRow {
  agreement: string;
  customer: string;
  consultant: string;
  year: number;
  upgrade: UpgradePlan | null;
}

/**
 * The upgrades of agreements that have not ended, in their running years, by customer.
 * @param consultant only those of this dedicated consultant
 */
export async function readUpgrades(
  db: Queryable,
  now: Instant,
  consultant?: string,
): Promise<UpgradeOfAgreement[]> {
  const agreements = await db.query<AgreementRow>(
    `select number as agreement, contract->'customer'->>'name' as customer, year_number as year,
            coalesce(contract->'contacts'->'consultant'->>'id', contract->'contacts'->'consultant'->>'name') as consultant,
            (select plan->'upgrade' from plans where agreement = number and year = year_number
              order by revision desc limit 1) as upgrade
       from agreements
      where state <> 'ended' and ($1::text is null or contract->'contacts'->'consultant'->>'id' = $1)
      order by customer, number`,
    [consultant ?? null],
  );
  const numbers = agreements.map(({ agreement }) => agreement);
  const phases = await db.query<PhaseRow>(
    `select agreement, id, owner, o.state, opens_at as "opensAt", due_on as "dueOn", after
       from obligations o join agreements on number = agreement and year_number = year
      where agreement = any ($1) and strand = 'upgrade' order by due_on, id`,
    [numbers],
  );
  const parts = await db.query<PartRow>(
    `select distinct on (agreement, of_year, phase, part) agreement, of_year as "ofYear", phase, part, kind, ok, version,
            waived_by is not null as waived, contact
       from upgrade_parts where agreement = any ($1) order by agreement, of_year, phase, part, year desc`,
    [numbers],
  );
  const standings = await db.query<StandingRow>(
    `select distinct on (agreement, of_year) agreement, of_year as "ofYear", attempt, state, from_day as "from", reason,
            lost_since as "lostSince"
       from upgrades where agreement = any ($1) order by agreement, of_year, year desc`,
    [numbers],
  );
  const of = <Row extends { agreement: string }>(rows: readonly Row[]): Map<string, Row[]> =>
    grouped(rows, ({ agreement }) => agreement);
  const [phasesOf, partsOf, standingsOf] = [of(phases), of(parts), of(standings)];
  return agreements.flatMap((row) => {
    const own = phasesOf.get(row.agreement) ?? [];
    const names = [...new Set(own.flatMap(({ id }) => phaseOfUpgrade(id)?.upgrade ?? []))];
    return names.sort(carriedFirst).map((name) => {
      const phasesOfIt = own.filter(({ id }) => phaseOfUpgrade(id)?.upgrade === name);
      const belongsTo = (phasesOfIt[0] && phaseOfUpgrade(phasesOfIt[0].id)?.leftBy) ?? row.year;
      return standingOf(row, belongsTo, now, {
        phases: phasesOfIt,
        parts: (partsOf.get(row.agreement) ?? []).filter(({ ofYear }) => ofYear === belongsTo),
        standing: standingsOf.get(row.agreement)?.find(({ ofYear }) => ofYear === belongsTo),
      });
    });
  });
}

const carriedFirst = (a: string, b: string): number => b.length - a.length;

interface Found {
  phases: PhaseRow[];
  parts: PartRow[];
  standing: StandingRow | undefined;
}

function standingOf(
  { agreement, customer, consultant, year, upgrade }: AgreementRow,
  ofYear: number,
  now: Instant,
  { phases, parts, standing }: Found,
): UpgradeOfAgreement {
  const open = inPhaseOrder(phases).filter(({ state }) => state === 'open');
  const [on] = open;
  const isOn = (phase: string): boolean => open.some(({ id }) => phaseOfUpgrade(id)?.phase === phase);
  const failed = parts.filter(({ ok, waived, phase }) => !ok && !waived && isOn(phase)).map(named);
  return {
    ...{ agreement, customer, consultant, year, ofYear },
    standing: standingIn({ phases, parts, standing }, on, failed.length > 0, now),
    attempt: standing?.attempt ?? 1,
    ...(on && {
      phase: phaseOfUpgrade(on.id)?.phase ?? on.id,
      since: on.opensAt,
      waitsFor: on.owner,
      dueOn: on.dueOn,
    }),
    done: phases.length - open.length,
    phases: phases.length,
    systems: Object.entries(upgrade?.systems ?? {}).map(([id, from]) => {
      const reported = parts.find(({ kind, part }) => kind === 'system' && part === id)?.version ?? undefined;
      const to = reported ?? upgrade?.targets?.[id];
      return { id, from, ...(to !== undefined && { to }), reported: reported !== undefined };
    }),
    failed,
    accepted: parts.filter(({ waived, kind }) => waived && kind !== 'decision').map(named),
    ...(standing?.state === 'postponed' && standing.from !== null && { until: standing.from }),
    ...(typeof standing?.reason === 'string' && { reason: standing.reason }),
    ...(standing?.state === 'restored' && standing.lostSince !== null && { lostSince: standing.lostSince }),
  };
}

/** A part by its id; a check, whose number counts within its phase, with that. */
const named = ({ kind, phase, part }: PartRow): string => (kind === 'check' ? `${phase} ${part}` : part);

function standingIn(
  { phases, parts, standing }: Found,
  on: PhaseRow | undefined,
  hasFailed: boolean,
  now: Instant,
): UpgradeStanding {
  if (standing?.state === 'declined' || standing?.state === 'noRelease') return standing.state;
  if (!on) {
    if (phases.some(({ state }) => state === 'missed')) return 'missed';
    return parts.some(({ kind, waived }) => kind === 'decision' && waived) ? 'ended' : 'approved';
  }
  if (standing?.state === 'postponed' && standing.from !== null && standing.from > localDateOf(now))
    return 'postponed';
  if (hasFailed) return 'failed';
  if (on.dueOn < localDateOf(now)) return 'overdue';
  const begun = phases.some(({ state }) => state === 'done') || on.opensAt <= now;
  return begun ? 'running' : 'coming';
}
