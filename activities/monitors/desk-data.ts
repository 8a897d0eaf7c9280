/** What a support desk decides by, from PostgreSQL, and what it decided, into it. */
import { periodOf } from '../../rules/engine/calendar/agreement-period';
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import { supportMinutesBetween } from '../../rules/engine/monitoring/act-time';
import type { DeskDecision } from '../../rules/engine/monitoring/desk';
import {
  digestReach,
  firstOpeningOf,
  lastOpening,
  monthsAround,
  onceOf,
} from '../../rules/engine/monitoring/desk-mails';
import type {
  DeskAgreement,
  DeskCheck,
  DeskIncident,
  DeskMail,
  DeskView,
} from '../../rules/engine/monitoring/desk-view';
import type { WatchedCheck } from '../../rules/engine/monitoring/watched';
import type { Text } from '../../rules/engine/basics/text';
import type { SupportTerms } from '../../rules/engine/ruleset/terms';
import type { NoiseIncident, NoisyCheck } from '../../rules/engine/monitoring/noise';
import { noisiest } from '../../rules/engine/monitoring/noise';
import { isPermanentDbError } from '../db';
import type { Db, Queryable } from '../db';
import { completeDeskTerms } from '../agreements/stored-terms';
import type { StoredTerms } from '../agreements/stored-terms';
import { log } from './incidents';
import { askForResults } from './recheck';

/** An agreement of the desk with what its mails say of it. */
export interface OwnAgreement extends DeskAgreement {
  state: 'signed' | 'live' | 'ended';
  contract: Pick<Contract, 'agreement' | 'level' | 'customer' | 'contacts' | 'startsOn'>;
  year: { number: number; from: string; to: string };
  /** Names of its checks, and what the mails say to do. */
  watched: ReadonlyMap<string, WatchedCheck>;
}

/** Address of an agreement's support desk, in lower case: what makes two agreements share one. */
export const deskOf = ({ contacts }: Pick<Contract, 'contacts'>): string =>
  contacts.support.email.toLowerCase();

const ofDesk = `lower(contract #>> '{contacts,support,email}')`;

/** Agreements by number as they stand, with their newest terms, checks and pauses; those without a plan are left out. */
export async function loadAgreements(
  tx: Queryable,
  numbers: readonly string[],
): Promise<Map<string, OwnAgreement>> {
  if (numbers.length === 0) return new Map();
  // One statement: a desk is attended often, and what counts then are the ways to the database and back.
  const rows = await tx.query<AgreementRow>(
    `select number as agreement, state, contract - array['monitors', 'systems', 'integrations'] as contract,
            year_number as "yearNumber", newest.terms,
            coalesce((select jsonb_agg(jsonb_build_object('id', id, 'place', place, 'watched', watched,
                                                          'configuredAt', configured_at))
                        from monitors where agreement = number), '[]') as checks,
            coalesce((select jsonb_agg(jsonb_build_object('monitor', monitor, 'from', from_at, 'until', until_at))
                        from monitor_pauses where agreement = number), '[]') as pauses,
            -- A phase is on its way from its opening, once the one before it is closed.
            coalesce((select jsonb_agg(jsonb_build_object('phase', split_part(phase.id, '/', 2), 'from', phase.opens_at))
                        from obligations phase
                       where phase.agreement = number and phase.year = year_number and phase.strand = 'upgrade'
                         and phase.state = 'open'
                         and not exists (select 1 from obligations before
                                          where before.agreement = number and before.year = year_number
                                            and before.id = phase.after and before.state = 'open')), '[]') as upgrades
       from agreements join lateral (select jsonb_build_object('support', terms -> 'support', 'monitoring', terms -> 'monitoring')
                                            as terms
                                       from plans where agreement = number and year = year_number
                                      order by revision desc limit 1) as newest on true
      where number = any ($1) order by number`,
    [numbers],
  );
  return new Map(rows.map((row) => [row.agreement, ownAgreement(row)]));
}

interface CheckRow {
  id: string;
  place: string;
  watched: WatchedCheck;
  configuredAt: string;
}

interface AgreementRow {
  agreement: string;
  state: OwnAgreement['state'];
  contract: OwnAgreement['contract'];
  yearNumber: number;
  terms: Pick<StoredTerms, 'support' | 'monitoring'>;
  checks: CheckRow[];
  pauses: { monitor: string; from: string; until: string }[];
  upgrades: { phase: string; from: string }[];
}

/** A point in time as JSON out of the database has it. */
const instantOf = (text: string): Instant => new Date(text).toISOString();

function ownAgreement(row: AgreementRow): OwnAgreement {
  const { agreement, state, contract, yearNumber, checks, pauses, upgrades } = row;
  const { support, monitoring } = completeDeskTerms(row.terms);
  return {
    agreement,
    state,
    contract,
    year: { number: yearNumber, ...periodOf(contract.startsOn, yearNumber) },
    customer: contract.customer.id,
    support,
    monitoring,
    checks: new Map(checks.map((check) => [check.id, checkOf(check)])),
    watched: new Map(checks.map(({ id, watched }) => [id, watched])),
    pauses: pauses.map(({ monitor, from, until }) => ({
      monitor,
      from: instantOf(from),
      until: instantOf(until),
    })),
    upgradesFrom: upgrades
      .filter(({ phase }) => monitoring.pauseDuringUpgrade.some((each) => each === phase))
      .map(({ from }) => instantOf(from)),
    manager: contract.contacts.manager.email,
    consultant: contract.contacts.consultant.email,
  };
}

function checkOf(row: CheckRow): DeskCheck {
  const { check, settings } = row.watched;
  return {
    id: row.id,
    kind: check.kind,
    place: row.place,
    dependsOn: check.dependsOn ?? [],
    maintenance: check.maintenance ?? [],
    configuredAt: instantOf(row.configuredAt),
    settings,
  };
}

const incidentColumns = `incidents.id, agreement, monitor, class, severity, opened_at as "openedAt",
  confirmed_at as "confirmedAt", closed_at as "closedAt", told_at as "toldAt", told_severity as "toldSeverity",
  reminded_at as "remindedAt", escalated_at as "escalatedAt", recovery_told_at as "recoveryToldAt", suppressed,
  taken_at as "takenAt", mended_at as "mendedAt"`;

/** All that a desk decides by, seen from one of its agreements. */
export interface LoadedDesk extends DeskView {
  agreements: ReadonlyMap<string, OwnAgreement>;
}

/** The incidents of one agreement that wait for something, or that a digest may tell of: with those alone, its desk. */
export async function loadOwn(
  tx: Queryable,
  address: string,
  own: OwnAgreement,
  asOf: Instant,
): Promise<LoadedDesk> {
  const opening = lastOpening(asOf, own.support);
  const known = await tx.query<{ site: string | null; once: string | null }>(
    `select id as site, null as once from sites where silent_since is not null
     union all select null, once from desk_mails where once = any ($1)`,
    [[onceOf('digest', address, opening), onceOf('noise', address, opening)]],
  );
  const incidents = await tx.query<DeskIncident>(
    `select ${incidentColumns} from incidents
      where agreement = $1
        and (closed_at is null or (told_at is not null and recovery_told_at is null)
             or opened_at >= $2 or closed_at >= $2)
      order by opened_at, id`,
    [own.agreement, digestReach(asOf, own.support)],
  );
  return {
    address,
    agreements: new Map([[own.agreement, own]]),
    incidents,
    silentSites: new Set(known.flatMap(({ site }) => (site === null ? [] : [site]))),
    decided: new Set(known.flatMap(({ once }) => (once === null ? [] : [once]))),
  };
}

/** The whole desk, seen from one of its agreements; the others' digests only where this one's is not decided. */
export async function loadDesk(
  tx: Queryable,
  desk: LoadedDesk,
  own: OwnAgreement,
  asOf: Instant,
): Promise<LoadedDesk> {
  const once = onceOf('digest', desk.address, lastOpening(asOf, own.support));
  const others = await tx.query<DeskIncident>(
    `select ${incidentColumns} from incidents join agreements on number = agreement
      where state <> 'ended' and number <> $2 and ${ofDesk} = $1
        and (closed_at is null or (told_at is not null and recovery_told_at is null)
             or (not $3 and (opened_at >= $4 or closed_at >= $4)))
      order by opened_at, incidents.id`,
    [desk.address, own.agreement, desk.decided.has(once), digestReach(asOf, own.support)],
  );
  const agreements = await loadAgreements(tx, [...new Set(others.map(({ agreement }) => agreement))]);
  return {
    ...desk,
    agreements: new Map([...agreements, ...desk.agreements]),
    incidents: [...desk.incidents, ...others],
  };
}

/** Stores what was decided, and asks for the results that are waited for. Belongs into the transaction of `loadDesk`. */
export async function saveDecision(
  tx: Queryable,
  address: string,
  { changed, log: entries, mails, rechecks }: Omit<DeskDecision, 'incidents'>,
  asOf: Instant,
): Promise<void> {
  for (const one of changed)
    await tx.query(
      `update incidents set told_at = $2, told_severity = $3, reminded_at = $4, escalated_at = $5,
              recovery_told_at = $6, suppressed = $7, taken_at = $8, taken_by = case when $8::timestamptz is not null then taken_by end,
              mended_at = $9, mended_by = case when $9::timestamptz is not null then mended_by end,
              confirmed_at = greatest(confirmed_at, $10)
        where id = $1`,
      [
        one.id,
        one.toldAt,
        one.toldSeverity,
        one.remindedAt,
        one.escalatedAt,
        one.recoveryToldAt,
        one.suppressed,
        one.takenAt,
        one.mendedAt,
        one.confirmedAt,
      ],
    );
  for (const { incident, what, detail } of entries) await log(tx, incident, asOf, what, detail);
  for (const mail of mails) await saveMail(tx, address, mail, asOf);
  await askForResults(tx, rechecks, asOf);
}

/** Decides a mail; one of which there is only one was perhaps decided before. */
export async function saveMail(tx: Queryable, address: string, mail: DeskMail, asOf: Instant): Promise<void> {
  const { kind, storm, to, detail, agreement, incidents, once, dueAt, recipient } = mail;
  await tx.query(
    `insert into desk_mails (desk, kind, agreement, incidents, detail, once, due_at, decided_at, recipient)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (once) do nothing`,
    [
      address,
      kind,
      agreement,
      incidents,
      JSON.stringify({ ...detail, to, ...(storm && { storm }) }),
      once,
      dueAt,
      asOf,
      recipient,
    ],
  );
}

/**
 * Runs a decision of a desk, one at a time for each desk. Whoever writes incidents meanwhile may lock the same rows in
 * another order: the database then undoes one of the two, and this one is tried again.
 */
export async function decideAlone<T>(
  db: Db,
  address: string,
  decide: (tx: Queryable) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction(async (tx) => {
        await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`desk/${address}`]);
        return decide(tx);
      });
    } catch (error) {
      const isDeadlock = (error as { code?: string }).code === '40P01';
      if (!isDeadlock || isPermanentDbError(error) || attempt === 3) throw error;
    }
  }
}

/** The incidents that opened in the month before a date's, of those of a desk's agreements that list them now. */
export async function noiseOf(
  tx: Queryable,
  address: string,
  own: OwnAgreement,
  asOf: Instant,
): Promise<NoisyCheck[]> {
  const opening = lastOpening(asOf, own.support);
  const { before, own: month } = monthsAround(localDateOf(opening));
  const rows = await tx.query<NoiseIncident>(
    `select agreement, monitor, opened_at as "openedAt", closed_at as "closedAt", told_at as "toldAt", message,
            (taken_at is not null or mended_at is not null) as "actedOn"
       from incidents join agreements on number = agreement
      where state <> 'ended' and ${ofDesk} = $1 and class = 'customer' and opened_at >= $2 and opened_at < $3`,
    [address, instantAt(before, '00:00'), instantAt(month, '00:00')],
  );
  const agreements = await loadAgreements(tx, [...new Set(rows.map(({ agreement }) => agreement))]);
  const listing = rows.filter(({ agreement }) => {
    const of = agreements.get(agreement);
    return of?.monitoring.monthlyNoise === true && firstOpeningOf(month, of.support) === opening;
  });
  return noisiest(listing, (agreement, monitor) => agreements.get(agreement)?.watched.get(monitor));
}

/** The checks that had an incident in the month that begins on a day, each as often as it had one until now. */
export async function noisyMonitors(
  tx: Queryable,
  agreement: string,
  month: LocalDate,
  at: Instant,
): Promise<string[]> {
  const until = instantAt(monthsAround(month).after, '00:00');
  const rows = await tx.query<{ monitor: string }>(
    `select monitor from incidents where agreement = $1 and class = 'customer' and opened_at >= $2 and opened_at < $3`,
    [agreement, instantAt(month, '00:00'), until < at ? until : at],
  );
  return rows.map(({ monitor }) => monitor);
}

/** An incident as agenda, statement and summary list it. */
export interface ListedIncident {
  id: number;
  monitor: string;
  /** The check's name; its id where it is not checked any more. */
  name: string;
  class: 'customer' | 'ours';
  severity: string;
  since: Instant;
  openedAt: Instant;
  closedAt: Instant | null;
  /** When support was first told; an incident that healed before has none. */
  toldAt: Instant | null;
  message: Text;
  /** Minutes of support hours until somebody acted, or it was over; none while nobody has. */
  actMinutes: number | null;
}

/** Incidents of an agreement that were open at some time from `from` up to `to`, in order of their opening. */
export async function incidentsOf(
  db: Queryable,
  agreement: string,
  from: Instant,
  to: Instant,
): Promise<ListedIncident[]> {
  const rows = await db.query<Omit<ListedIncident, 'actMinutes'> & { actedAt: Instant | null }>(
    `select incidents.id, monitor, coalesce(watched #>> '{check,name}', monitor) as name, class, severity, since,
            opened_at as "openedAt", closed_at as "closedAt", message, ${firstTold} as "toldAt", ${firstActed} as "actedAt"
       from incidents left join monitors on monitors.agreement = incidents.agreement and monitors.id = monitor
      where incidents.agreement = $1 and opened_at < $3 and (closed_at is null or closed_at >= $2)
      order by opened_at, incidents.id`,
    [agreement, from, to],
  );
  const support = await supportOf(db, agreement);
  return rows.map(({ actedAt, ...row }) => ({
    ...row,
    actMinutes:
      support && row.toldAt !== null && actedAt !== null
        ? supportMinutesBetween(row.toldAt, actedAt, support)
        : null,
  }));
}

/** The first mail about an incident, and the first time somebody acted on it or it was over. By the log, which forgets nothing. */
const firstTold = `(select min(at) from incident_log where incident = incidents.id and what = 'told')`;
const firstActed = `(select min(at) from incident_log where incident = incidents.id
  and what in ('taken', 'mended', 'recovered') and at >= ${firstTold})`;

async function supportOf(db: Queryable, agreement: string): Promise<SupportTerms | undefined> {
  return (await loadAgreements(db, [agreement])).get(agreement)?.support;
}
