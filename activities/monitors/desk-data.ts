/** What a support desk decides by, from PostgreSQL, and what it decided, into it. */
import { periodOf } from '../../rules/agreement-period';
import { instantAt, localDateOf } from '../../rules/calendar';
import type { Contract, Instant, LocalDate } from '../../rules/contract';
import type { ActTimes } from '../../rules/monitoring/act-time';
import { actTimes, supportMinutesBetween } from '../../rules/monitoring/act-time';
import type { DeskDecision } from '../../rules/monitoring/desk';
import {
  digestReach,
  firstOpeningOf,
  lastOpening,
  monthsAround,
  onceOf,
} from '../../rules/monitoring/desk-mails';
import type {
  DeskAgreement,
  DeskCheck,
  DeskIncident,
  DeskMail,
  DeskView,
} from '../../rules/monitoring/desk-view';
import type { WatchedCheck } from '../../rules/monitoring/watched';
import type { Text } from '../../rules/text';
import type { SupportTerms } from '../../rules/terms';
import type { NoiseIncident, NoisyCheck } from '../../rules/monitoring/noise';
import { noisiest } from '../../rules/monitoring/noise';
import { isPermanentDbError } from '../db';
import type { Db, Queryable } from '../db';
import { completeDeskTerms } from '../stored-terms';
import type { StoredTerms } from '../stored-terms';
import { log } from './incidents';
import { askForResults } from './recheck';

/** An agreement of the desk with what its mails say of it. */
export interface OwnAgreement extends DeskAgreement {
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
  const rows = await tx.query<{
    agreement: string;
    contract: OwnAgreement['contract'];
    yearNumber: number;
    terms: Pick<StoredTerms, 'support' | 'monitoring'>;
  }>(
    `select number as agreement, contract - array['monitors', 'systems', 'integrations'] as contract,
            year_number as "yearNumber", newest.terms
       from agreements join lateral (select jsonb_build_object('support', terms -> 'support', 'monitoring', terms -> 'monitoring')
                                            as terms
                                       from plans where agreement = number and year = year_number
                                      order by revision desc limit 1) as newest on true
      where number = any ($1) order by number`,
    [numbers],
  );
  const found = rows.map(({ agreement }) => agreement);
  const checks = await tx.query<{
    agreement: string;
    id: string;
    place: string;
    watched: WatchedCheck;
    configuredAt: Instant;
  }>(
    `select agreement, id, place, watched, configured_at as "configuredAt" from monitors where agreement = any ($1)`,
    [found],
  );
  const pauses = await tx.query<{ agreement: string; monitor: string; from: Instant; until: Instant }>(
    `select agreement, monitor, from_at as from, until_at as until from monitor_pauses where agreement = any ($1)`,
    [found],
  );
  // A phase is on its way from its opening, once the one before it is closed.
  const upgrades = await tx.query<{ agreement: string; phase: string; from: Instant }>(
    `select phase.agreement, split_part(phase.id, '/', 2) as phase, phase.opens_at as from
       from obligations phase join agreements on number = phase.agreement and year_number = phase.year
      where phase.agreement = any ($1) and phase.strand = 'upgrade' and phase.state = 'open'
        and not exists (select 1 from obligations before
                         where before.agreement = phase.agreement and before.year = phase.year
                           and before.id = phase.after and before.state = 'open')`,
    [found],
  );
  return new Map(
    rows.map((row): [string, OwnAgreement] => {
      const { agreement, contract, yearNumber } = row;
      const terms = completeDeskTerms(row.terms);
      const its = <T extends { agreement: string }>(all: T[]): T[] =>
        all.filter((one) => one.agreement === agreement);
      return [
        agreement,
        {
          agreement,
          contract,
          year: { number: yearNumber, ...periodOf(contract.startsOn, yearNumber) },
          customer: contract.customer.id,
          support: terms.support,
          monitoring: terms.monitoring,
          checks: new Map(its(checks).map((check) => [check.id, checkOf(check)])),
          watched: new Map(its(checks).map(({ id, watched }) => [id, watched])),
          pauses: its(pauses),
          upgradesFrom: its(upgrades)
            .filter(({ phase }) => terms.monitoring.pauseDuringUpgrade.some((each) => each === phase))
            .map(({ from }) => from),
          manager: contract.contacts.manager.email,
          consultant: contract.contacts.consultant.email,
        },
      ];
    }),
  );
}

function checkOf(row: {
  id: string;
  place: string;
  watched: WatchedCheck;
  configuredAt: Instant;
}): DeskCheck {
  const { check, settings } = row.watched;
  return {
    id: row.id,
    kind: check.kind,
    place: row.place,
    dependsOn: check.dependsOn ?? [],
    maintenance: check.maintenance ?? [],
    configuredAt: row.configuredAt,
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

/**
 * Loads a desk: incidents that wait for something, and those a digest may tell of where this agreement's last opening
 * has had none yet.
 */
export async function loadDesk(
  tx: Queryable,
  address: string,
  own: OwnAgreement,
  asOf: Instant,
): Promise<LoadedDesk> {
  const opening = lastOpening(asOf, own.support);
  const onces = [onceOf('digest', address, opening), onceOf('noise', address, opening)];
  const decided = await tx.query<{ once: string }>('select once from desk_mails where once = any ($1)', [
    onces,
  ]);
  const isDigested = decided.some(({ once }) => once === onces[0]);
  const incidents = await tx.query<DeskIncident>(
    `select ${incidentColumns} from incidents join agreements on number = agreement
      where state <> 'ended' and ${ofDesk} = $1
        and (closed_at is null or (told_at is not null and recovery_told_at is null)
             or ((agreement = $2 or not $3) and (opened_at >= $4 or closed_at >= $4)))
      order by opened_at, incidents.id`,
    [address, own.agreement, isDigested, digestReach(asOf, own.support)],
  );
  const numbers = new Set(incidents.map(({ agreement }) => agreement));
  numbers.delete(own.agreement);
  const others = await loadAgreements(tx, [...numbers]);
  const sites = await tx.query<{ id: string }>('select id from sites where silent_since is not null');
  return {
    address,
    agreements: new Map([...others, [own.agreement, own]]),
    incidents,
    silentSites: new Set(sites.map(({ id }) => id)),
    decided: new Set(decided.map(({ once }) => once)),
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
              mended_at = $9, mended_by = case when $9::timestamptz is not null then mended_by end
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

/** How long it took to act on what was told from `from` up to `to`, as far as somebody has. */
export async function actTimesOf(
  db: Queryable,
  agreement: string,
  from: Instant,
  to: Instant,
): Promise<ActTimes> {
  const rows = await db.query<{ toldAt: Instant; actedAt: Instant }>(
    `select "toldAt", "actedAt" from (select ${firstTold} as "toldAt", ${firstActed} as "actedAt" from incidents
                                       where agreement = $1 and told_at is not null) as told
      where "toldAt" >= $2 and "toldAt" < $3 and "actedAt" is not null`,
    [agreement, from, to],
  );
  const support = await supportOf(db, agreement);
  return actTimes(
    support ? rows.map(({ toldAt, actedAt }) => supportMinutesBetween(toldAt, actedAt, support)) : [],
  );
}

async function supportOf(db: Queryable, agreement: string): Promise<SupportTerms | undefined> {
  return (await loadAgreements(db, [agreement])).get(agreement)?.support;
}
