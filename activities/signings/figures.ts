/** How the inbox of signings is doing, in figures: for Prometheus. */
import type { Queryable } from '../db';

/** Ages are in seconds, by the database's clock. */
export interface SigningFigures {
  /** Deliveries that are not done, by state, and the age of the oldest. */
  deliveries: { state: string; count: number; age: number }[];
  /** Signed papers that are still to be fetched. */
  filesWanted: number;
}

/**
 * Reads all figures. What was received a moment ago is about to be processed: it counts once it is overdue by a minute.
 * What a person had tried again is as old as its last try.
 */
export async function readSigningFigures(db: Queryable): Promise<SigningFigures> {
  const deliveries = await db.query<SigningFigures['deliveries'][number]>(
    `select state, count(*)::int as count, max(age)::float8 as age from (
       select state, extract(epoch from now() - greatest(received_at, processed_at)) as age
         from deliveries where state in ('received', 'waiting', 'refused')) as open
      where state <> 'received' or age > 60 group by state`,
  );
  const [files] = await db.query<{ wanted: number }>(
    `select count(*)::int as wanted from signed_files where state = 'wanted'`,
  );
  return { deliveries, filesWanted: files?.wanted ?? 0 };
}
