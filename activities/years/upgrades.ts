/** Where the upgrades of all live agreements stand: the portfolio that a manager looks at while they are rolled out. */
import { begunFrom } from '../../rules/engine/plan/begun-from';
import { goesTo } from '../../rules/engine/plan/goes-to';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract, Instant, Integration, LocalDate, Party } from '../../rules/engine/contract/contract';
import type { UpgradePlan } from '../../rules/engine/plan/plan';
import type { PartKind } from '../../rules/engine/upgrade/parts';
import { phaseOn } from '../../rules/engine/upgrade/phase-on';
import type { PlannedPhase, UpgradeStands } from '../../rules/engine/upgrade/phases';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import type { UpgradeOfAgreement, UpgradeRisk, UpgradeStanding } from '../../rules/engine/upgrade/portfolio';
import { grouped } from '../../rules/engine/basics/grouped';
import { formatTime } from '../../templates/words/dates';
import type { Queryable } from '../db';
import { partName } from './part-name';
import { personOf } from './person-of';

interface PhaseRow {
  agreement: string;
  id: string;
  owner: Party;
  state: string;
  opensAt: Instant;
  dueOn: LocalDate;
  after: string | null;
  closedAt: Instant | null;
}

interface PartRow {
  agreement: string;
  ofYear: number;
  phase: string;
  part: string;
  kind: PartKind;
  ok: boolean;
  version: string | null;
  note: string | null;
  waivedBy: string | null;
  waivedReason: string | null;
  at: Instant;
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
  integrations: Integration[];
  contacts: Contract['contacts'];
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
            contract->'integrations' as integrations, contract->'contacts' as contacts,
            (select plan->'upgrade' from plans where agreement = number and year = year_number
              order by revision desc limit 1) as upgrade
       from agreements
      where state <> 'ended' and ($1::text is null or contract->'contacts'->'consultant'->>'id' = $1)
      order by customer, number`,
    [consultant ?? null],
  );
  const numbers = agreements.map(({ agreement }) => agreement);
  const phases = await db.query<PhaseRow>(
    `select agreement, id, owner, o.state, opens_at as "opensAt", due_on as "dueOn", after,
            case when o.state <> 'open' then closed_at end as "closedAt"
       from obligations o join agreements on number = agreement and year_number = year
      where agreement = any ($1) and strand = 'upgrade' order by due_on, id`,
    [numbers],
  );
  const parts = await db.query<PartRow>(
    `select distinct on (agreement, of_year, phase, part) agreement, of_year as "ofYear", phase, part, kind, ok, version,
            note, waived_by as "waivedBy", waived_reason as "waivedReason", at
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
      return standingOf(row, name, belongsTo, now, {
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
  row: AgreementRow,
  name: string,
  ofYear: number,
  now: Instant,
  found: Found,
): UpgradeOfAgreement {
  const { agreement, customer, consultant, year, upgrade } = row;
  const { phases, parts, standing } = found;
  const on = phaseOn(phases);
  const of = on && phaseOfUpgrade(on.phase.id);
  const known = (of?.leftBy === undefined ? upgrade : upgrade?.carried) ?? undefined;
  const planned = known?.phases.find(({ id }) => id === of?.phase);
  const risks = risksOf(row, found, known, planned, on, now);
  const { window } = upgrade ?? {};
  // Once somebody has decided to go, it does not go down again, though its phase may be open again.
  const isUp = parts.some(({ kind, ok }) => kind === 'go' && ok);
  const down = isUp
    ? undefined
    : phases.find(({ state, opensAt }) => state === 'open' && opensAt === window?.from);
  return {
    ...{ agreement, customer, consultant, year, ofYear },
    standing: standingIn(found, on?.phase, risks, now),
    attempt: standing?.attempt ?? 1,
    ...(on && {
      phase: of?.phase ?? on.phase.id,
      ...(planned?.name && { phaseName: planned.name }),
      since: on.since,
      waitsFor: on.phase.owner,
      dueOn: on.phase.dueOn,
    }),
    done: phases.filter(({ state }) => state === 'done').length,
    phases: phases.length,
    systems: Object.entries(begunFrom(upgrade ?? undefined, name).systems).map(([id, from]) => {
      const reported = parts.find(({ kind, part }) => kind === 'system' && part === id)?.version ?? undefined;
      const to = reported ?? goesTo(upgrade ?? undefined, name).targets[id];
      return { id, from, ...(to !== undefined && { to }), reported: reported !== undefined };
    }),
    risks,
    ...(down && window && { window }),
    ...(upgrade?.installation && { shared: upgrade.installation.with }),
    ...(standing?.state === 'postponed' && standing.from !== null && { until: standing.from }),
    ...(typeof standing?.reason === 'string' && { reason: standing.reason }),
  };
}

/** What endangers an upgrade: parts that failed in a phase that is open, what is late, what nobody has said, what was accepted. */
function risksOf(
  { integrations, contacts, upgrade }: AgreementRow,
  { phases, parts, standing }: Found,
  known: Pick<UpgradePlan, 'phases' | 'cases'> | undefined,
  planned: PlannedPhase | undefined,
  on: ReturnType<typeof phaseOn<PhaseRow>>,
  now: Instant,
): UpgradeRisk[] {
  const today = localDateOf(now);
  const isOpen = (phase: string): boolean =>
    phases.some(({ id, state }) => state === 'open' && phaseOfUpgrade(id)?.phase === phase);
  const risk = (kind: UpgradeRisk['kind'], row: PartRow, more: Partial<UpgradeRisk>): UpgradeRisk => ({
    ...{ kind, since: localDateOf(row.at) },
    part: { id: partId(row), name: partName(row, known, integrations) },
    ...more,
  });
  const failed = parts.filter(({ ok, waivedBy, phase }) => !ok && waivedBy === null && isOpen(phase));
  const accepted = parts.filter(({ waivedBy }) => waivedBy !== null);
  const rests = standing?.state === 'postponed' && standing.from !== null && standing.from > today;
  const isLate = on !== undefined && !rests && on.phase.dueOn < today;
  const awaited = on !== undefined && !rests && planned?.kind === 'integrations' && on.since <= now;
  const silent = integrations.filter(
    ({ id, owner }) =>
      owner === 'partner' && !parts.some(({ kind, part }) => kind === 'integration' && part === id),
  );
  const lost = standing?.lostSince ?? null;
  const withdrawn = on ? Object.values(upgrade?.withdrawn ?? {}) : [];
  const approval = known?.phases.find(({ kind }) => kind === 'approval')?.id;
  const nobodyApproves = upgrade?.noApprover && approval !== undefined && isOpen(approval);
  return [
    ...withdrawn.map((one) => ({ kind: 'withdrawn' as const, since: one.on })),
    ...(on && upgrade?.noConsent !== undefined
      ? [{ kind: 'noConsent' as const, since: localDateOf(on.since), by: upgrade.noConsent }]
      : []),
    ...(on && nobodyApproves ? [{ kind: 'noApprover' as const, since: localDateOf(on.since) }] : []),
    ...(lost === null
      ? []
      : [{ kind: 'restored' as const, since: localDateOf(lost), time: formatTime(lost) }]),
    ...failed.map((row) => risk('failed', row, row.note === null ? {} : { reason: row.note })),
    ...(isLate ? [{ kind: 'overdue' as const, since: on.phase.dueOn }] : []),
    ...(awaited
      ? silent.map(({ id, name }): UpgradeRisk => ({
          ...{ kind: 'partnerSilent', since: localDateOf(on.since) },
          part: { id, name: { sv: name, en: name } },
        }))
      : []),
    ...accepted.map((row) =>
      risk('accepted', row, { by: personOf(contacts, row.waivedBy ?? ''), reason: row.waivedReason ?? '' }),
    ),
  ];
}

const partId = ({ kind, phase, part }: PartRow): string => (kind === 'check' ? `${phase} ${part}` : part);

function standingIn(
  { phases, parts, standing }: Found,
  on: PhaseRow | undefined,
  risks: readonly UpgradeRisk[],
  now: Instant,
): UpgradeStanding {
  if (standing?.state === 'declined' || standing?.state === 'noRelease') return standing.state;
  if (!on) {
    if (phases.some(({ state }) => state === 'missed')) return 'missed';
    return parts.some(({ kind, waivedBy }) => kind === 'decision' && waivedBy !== null)
      ? 'ended'
      : 'approved';
  }
  if (standing?.state === 'postponed' && standing.from !== null && standing.from > localDateOf(now))
    return 'postponed';
  for (const kind of ['failed', 'overdue'] as const) if (risks.some((one) => one.kind === kind)) return kind;
  const begun = phases.some(({ state }) => state === 'done') || on.opensAt <= now;
  return begun ? 'running' : 'coming';
}
