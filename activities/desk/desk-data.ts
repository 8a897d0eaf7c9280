/** What a support desk decides by, from PostgreSQL, and what it decided, into it. */
import { instantAt, localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { DeskDecision } from '../../rules/engine/monitoring/desk';
import { digestReach, firstWorkdayOf, monthsAround, onceOf } from '../../rules/engine/monitoring/desk-mails';
import type { DeskIncident, DeskMail, DeskView } from '../../rules/engine/monitoring/desk-view';
import type { NoiseIncident, NoisyCheck } from '../../rules/engine/monitoring/noise';
import { noisiest } from '../../rules/engine/monitoring/noise';
import { lastOpening, lastWorkday } from '../../rules/engine/terms/support-hours';
import { isPermanentDbError } from '../db';
import type { Db, Queryable } from '../db';
import { loadAgreements } from '../monitors/desk-agreements';
import type { OwnAgreement } from '../monitors/desk-agreements';
import { log } from '../monitors/incidents';
import { announceAlerts } from '../monitors/running-alerts';
import { askForResults } from '../monitors/recheck';

/** Address of an agreement's support desk, in lower case. Agreements with the same address share a desk. */
export const deskOf = ({ contacts }: Pick<Contract, 'contacts'>): string => deskAt(contacts.support.email);

const deskAt = (email: string): string => email.toLowerCase();

const deskAddress = `contract #>> '{contacts,support,email}'`;

/** How agreements write a desk's address. PostgreSQL's `lower` knows letters as Å in some databases, and not in others. */
async function writtenAs(tx: Queryable, address: string): Promise<string[]> {
  const rows = await tx.query<{ email: string }>(
    `select distinct ${deskAddress} as email from agreements where state <> 'ended'`,
  );
  return rows.map(({ email }) => email).filter((email) => deskAt(email) === address);
}

const incidentColumns = `incidents.id, agreement, monitor, class, severity, opened_at as "openedAt",
  confirmed_at as "confirmedAt", closed_at as "closedAt", told_at as "toldAt", told_severity as "toldSeverity",
  reminded_at as "remindedAt", escalated_at as "escalatedAt", recovery_told_at as "recoveryToldAt", suppressed,
  taken_at as "takenAt", mended_at as "mendedAt"`;

/** All that a desk decides by, seen from one of its agreements. */
export interface LoadedDesk extends DeskView {
  agreements: ReadonlyMap<string, OwnAgreement>;
}

/** The desk with one of its agreements alone: the incidents that wait for something, or that a digest may tell of. */
export async function loadOwn(
  tx: Queryable,
  address: string,
  own: OwnAgreement,
  asOf: Instant,
): Promise<LoadedDesk> {
  const opening = lastOpening(asOf, own.support);
  const once = [
    ...(opening === undefined ? [] : [onceOf('digest', address, opening)]),
    onceOf('noise', address, lastWorkday(asOf, own.support)),
  ];
  const known = await tx.query<{ site: string | null; once: string | null }>(
    `select id as site, null as once from sites where silent_since is not null
     union all select null, once from desk_mails where once = any ($1)`,
    [once],
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

/** The desk with all its agreements; once this one's digest is decided, without incidents only a digest tells of. */
export async function loadDesk(
  tx: Queryable,
  desk: LoadedDesk,
  own: OwnAgreement,
  asOf: Instant,
): Promise<LoadedDesk> {
  const opening = lastOpening(asOf, own.support);
  const digestIsSettled = opening === undefined || desk.decided.has(onceOf('digest', desk.address, opening));
  const others = await tx.query<DeskIncident>(
    `select ${incidentColumns} from incidents join agreements on number = agreement
      where state <> 'ended' and number <> $2 and ${deskAddress} = any ($1)
        and (closed_at is null or (told_at is not null and recovery_told_at is null)
             or (not $3 and (opened_at >= $4 or closed_at >= $4)))
      order by opened_at, incidents.id`,
    [await writtenAs(tx, desk.address), own.agreement, digestIsSettled, digestReach(asOf, own.support)],
  );
  const agreements = await loadAgreements(tx, [...new Set(others.map(({ agreement }) => agreement))]);
  return {
    ...desk,
    agreements: new Map([...agreements, ...desk.agreements]),
    incidents: [...desk.incidents, ...others],
  };
}

/** Stores what was decided, and asks for results that are waited for. Belongs in the transaction of `loadDesk`. */
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
  const told = changed.filter(({ toldAt, closedAt }) => toldAt === asOf && closedAt === null);
  await announceAlerts(
    tx,
    told.map(({ agreement }) => agreement),
  );
  for (const { incident, what, detail } of entries) await log(tx, incident, asOf, what, detail);
  for (const mail of mails) await saveMail(tx, address, mail, asOf);
  await askForResults(tx, rechecks, asOf);
}

/** Stores a decided mail. One with a `once` that is stored already changes nothing. */
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
 * Runs a decision of a desk, one at a time for each desk. Another transaction that writes incidents may lock the same
 * rows in another order; if the database then ends this one as a deadlock, it is tried again.
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

/** Last month's noisiest checks, over those of a desk's agreements that list them on this working day. */
export async function noiseOf(
  tx: Queryable,
  address: string,
  own: OwnAgreement,
  asOf: Instant,
): Promise<NoisyCheck[]> {
  const workday = lastWorkday(asOf, own.support);
  const { before, own: month } = monthsAround(localDateOf(workday));
  const rows = await tx.query<NoiseIncident>(
    `select agreement, monitor, opened_at as "openedAt", closed_at as "closedAt", told_at as "toldAt", message,
            (taken_at is not null or mended_at is not null) as "actedOn"
       from incidents join agreements on number = agreement
      where state <> 'ended' and ${deskAddress} = any ($1) and class = 'customer' and opened_at >= $2 and opened_at < $3`,
    [await writtenAs(tx, address), instantAt(before, '00:00'), instantAt(month, '00:00')],
  );
  const agreements = await loadAgreements(tx, [...new Set(rows.map(({ agreement }) => agreement))]);
  const listing = rows.filter(({ agreement }) => {
    const of = agreements.get(agreement);
    return of?.monitoring.monthlyNoise === true && firstWorkdayOf(month, of.support) === workday;
  });
  return noisiest(listing, (agreement, monitor) => agreements.get(agreement)?.watched.get(monitor));
}

/** The checks that had incidents in the month that begins on a day, until now: one entry for each incident. */
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
