/** How the inbox of signings is doing, in figures: for Prometheus. */
import type { Queryable } from '../db';

/** Ages are in seconds, by the database's clock. */
export interface SigningFigures {
  /** Deliveries that are not done, by state, and the age of the oldest. */
  deliveries: { state: string; count: number; age: number }[];
  /** Signed papers that are still to be fetched. */
  filesWanted: number;
  /** Amendments that wait for a manager's answer. */
  amendmentsProposed: number;
  /** Mails about what waits, and about amendments, that have not gone out. */
  mailsUnsent: number;
}

/**
 * Reads all figures. A delivery that has just come in is counted once it is overdue by a minute. The age of one that
 * a person had tried again counts from that last try.
 */
export async function readSigningFigures(db: Queryable): Promise<SigningFigures> {
  const deliveries = await db.query<SigningFigures['deliveries'][number]>(
    `select state, count(*)::int as count, max(age)::float8 as age from (
       select state, extract(epoch from now() - greatest(received_at, processed_at)) as age
         from deliveries where state in ('received', 'waiting', 'refused')) as open
      where state <> 'received' or age > 60 group by state`,
  );
  const [counted] = await db.query<Omit<SigningFigures, 'deliveries'>>(
    `select (select count(*) from signed_files where state = 'wanted')::int as "filesWanted",
            (select count(*) from amendments where state = 'proposed')::int as "amendmentsProposed",
            ((select count(*) from signing_mails where sent_at is null)
              + (select count(*) from amendments where state = 'proposed' and told_at is null))::int as "mailsUnsent"`,
  );
  if (!counted) throw new Error('expected counts of papers, amendments and mails, found no row');
  return { deliveries, ...counted };
}
