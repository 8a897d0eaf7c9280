/** The session in which we lead the customer through the test of an upgrade, as PostgreSQL knows it. */
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';

export interface KnownSession {
  /** When it begins and where it is, where one is booked. */
  booked?: { at: Instant; place?: string };
  /** The day on which it was held. */
  heldOn?: LocalDate;
}

/** @param ofYear the year that the upgrade belongs to */
export async function findSession(db: Queryable, agreement: string, ofYear: number): Promise<KnownSession> {
  const rows = await db.query<{
    kind: 'booked' | 'session';
    at: Instant | null;
    on: LocalDate | null;
    place: string | null;
  }>(
    `select distinct on (kind) kind, moment as at, coalesce(on_day, (at at time zone 'Europe/Stockholm')::date) as "on",
            note as place
       from upgrade_parts
      where agreement = $1 and of_year = $2 and kind in ('booked', 'session') order by kind, year desc`,
    [agreement, ofYear],
  );
  const booked = rows.find(({ kind }) => kind === 'booked');
  const held = rows.find(({ kind }) => kind === 'session');
  return {
    ...(booked?.at && { booked: { at: booked.at, ...(booked.place !== null && { place: booked.place }) } }),
    ...(held?.on && { heldOn: held.on }),
  };
}
