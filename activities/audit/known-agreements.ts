/** Every agreement that PostgreSQL knows, as far as an audit of what runs has to know it. */
import type { Queryable } from '../db';

export interface KnownAgreement {
  number: string;
  state: 'signed' | 'live' | 'ended';
  yearNumber: number | null;
  /** It ended more than a week ago: what was left to tell has been told. */
  endedLongAgo: boolean;
}

export async function knownAgreements(db: Queryable): Promise<Map<string, KnownAgreement>> {
  const rows = await db.query<KnownAgreement>(
    `select number, state, year_number as "yearNumber",
            state = 'ended' and coalesce((select max(e.at) from events e where e.agreement = number) < now() - interval '7 days', true)
              as "endedLongAgo"
       from agreements order by number`,
  );
  return new Map(rows.map((row) => [row.number, row]));
}
