/**
 * Who reads digests. A reader is named by a key that may stand in histories: `consultant-<id>`, `manager-<fingerprint of
 * the address>`, and `agreement-<number>` for the consultant of an agreement whose contract gives no id.
 */
import { createHash } from 'node:crypto';
import { addressKey } from '../../rules/engine/basics/mail-address';
import type { Contract, Instant, LocalDate, Person } from '../../rules/engine/contract/contract';
import type { DigestNotice, DigestReader, DigestTerms } from '../../rules/engine/plan/plan-digests';
import type { UpgradePlan } from '../../rules/engine/plan/plan';
import { digestReaders, planDigests } from '../../rules/engine/plan/plan-digests';
import type { Queryable } from '../db';
import { announceOutbox } from '../outbox';

/** Key of the reader of an agreement's digests. */
export function readerKey({ agreement, contacts }: Contract, to: DigestReader): string {
  if (to === 'manager') return `manager-${fingerprintOf(contacts.manager.email)}`;
  const { id } = contacts.consultant;
  return id === undefined ? `agreement-${agreement}` : `consultant-${id}`;
}

const fingerprintOf = (address: string): string =>
  createHash('sha256').update(addressKey(address)).digest('hex').slice(0, 16);

/** Which of an agreement's parties a reader's key names, or a digest's step: `manager-2027-03-01`. */
export const partyOf = (reader: string): DigestReader =>
  reader.startsWith('manager-') ? 'manager' : 'consultant';

/** A live agreement whose terms want digests to a reader. */
export interface ReadAgreement {
  agreement: string;
  year: number;
  customer: string;
  terms: DigestTerms;
  /** Its plan's upgrade; nothing in plans made before they told it. */
  upgrade: UpgradePlan | null;
  /** The digests of its running year to this reader. */
  digests: DigestNotice[];
}

interface ReadRow extends Omit<ReadAgreement, 'digests'> {
  from: LocalDate;
  to: LocalDate;
  since: Instant;
}

/** The live agreements that a reader gets digests of, by number. */
export async function findReadAgreements(db: Queryable, reader: string): Promise<ReadAgreement[]> {
  const party = partyOf(reader);
  const [isTheirs, known] = await conditionOf(db, reader);
  const rhythm = `#>> array['notices', 'digests', $1]`;
  const rows = await db.query<ReadRow>(
    `select number as agreement, newest.year, contract #>> '{customer,name}' as customer,
            newest.plan ->> 'from' as "from", newest.plan ->> 'to' as "to", newest.plan -> 'upgrade' as upgrade,
            jsonb_build_object('notices', newest.terms -> 'notices', 'support', newest.terms -> 'support') as terms,
            (select min(as_of) from plans p
              where p.agreement = number and p.year = newest.year and p.revision > coalesce(
                    (select max(q.revision) from plans q where q.agreement = number and q.year = newest.year
                        and q.terms ${rhythm} is distinct from newest.terms ${rhythm}), 0)) as since
       from agreements join lateral (select year, plan, terms from plans where agreement = number and year = year_number
                                      order by revision desc limit 1) as newest on true
      where state = 'live' and newest.terms ${rhythm} <> 'never' and ${isTheirs} order by number`,
    [party, known],
  );
  return rows.map(({ from, to, since, ...one }) => ({
    ...one,
    digests: planDigests({ from, to, since, terms: one.terms }, party),
  }));
}

/** A condition on agreements with one parameter, `$2`, and its value. */
async function conditionOf(db: Queryable, reader: string): Promise<[string, unknown]> {
  const known = reader.slice(reader.indexOf('-') + 1);
  if (reader.startsWith('agreement-'))
    return [`number = $2 and contract #>> '{contacts,consultant,id}' is null`, known];
  if (reader.startsWith('consultant-')) return [`contract #>> '{contacts,consultant,id}' = $2`, known];
  const addresses = await db.query<{ email: string }>(
    `select distinct contract #>> '{contacts,manager,email}' as email from agreements where state = 'live'`,
  );
  const theirs = addresses.map(({ email }) => email).filter((email) => fingerprintOf(email) === known);
  return [`contract #>> '{contacts,manager,email}' = any ($2)`, theirs];
}

/** The manager of somebody's agreements; nobody where the reader gets no digests. */
export async function findManagerOf(db: Queryable, reader: string): Promise<Person | undefined> {
  const [first] = await findReadAgreements(db, reader);
  if (!first) return undefined;
  const [row] = await db.query<{ manager: Person }>(
    `select contract #> '{contacts,manager}' as manager from agreements where number = $1`,
    [first.agreement],
  );
  return row?.manager;
}

/**
 * Has the digest clock of each of an agreement's readers run and look at the agreement. Belongs into the transaction
 * that changed its plan, its terms or its readers. A new clock tells only what falls due from now on.
 *
 * @param asOf now, by the agreement's clock
 */
export async function wakeDigestClocks(
  tx: Queryable,
  contract: Contract,
  { notices: { digests } }: DigestTerms,
  asOf: Instant,
): Promise<void> {
  const readers = digestReaders.filter((to) => digests[to] !== 'never').map((to) => readerKey(contract, to));
  for (const reader of readers) {
    await ensureClock(tx, reader, asOf);
    // A row that waits already serves as well: the share lock keeps dispatchers from taking it before this
    // transaction ends.
    await tx.query(
      `insert into outbox (agreement, kind, payload)
       select $1, 'digests', jsonb_build_object('reader', $2::text)
        where not exists (select from (select from outbox where done_at is null and kind = 'digests'
                                          and payload ->> 'reader' = $2 limit 1 for share skip locked) as waiting)`,
      [contract.agreement, reader],
    );
  }
  if (readers.length > 0) await announceOutbox(tx);
}

/** Makes sure that a reader has a clock's row; what was due before `asOf` is not sent by a new one. */
export async function ensureClock(db: Queryable, reader: string, asOf: Instant): Promise<void> {
  await db.query(
    'insert into digest_clocks (reader, told_until) values ($1, $2) on conflict (reader) do nothing',
    [reader, asOf],
  );
}

/** Takes from the outbox what waits for clocks of digests, and for agreements whose digests did not simply go out. */
export function takeWaitingForReaders(
  db: Queryable,
): Promise<{ kind: 'digests' | 'mail-returned'; payload: Record<string, unknown> }[]> {
  return db.query(
    `update outbox set done_at = now() where done_at is null and kind in ('digests', 'mail-returned')
      returning kind, payload`,
  );
}
