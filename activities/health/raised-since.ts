/** What has gone wrong in agreements since an instant: what a new version of the program is judged by. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';

/** Attention of an agreement that nobody has cleared. */
export interface Raised {
  agreement: string;
  code: string;
  subject: string;
}

/** Attention raised since then in these agreements, and not cleared, oldest first. */
export function raisedSince(db: Queryable, since: Instant, agreements: readonly string[]): Promise<Raised[]> {
  return db.query(
    `select agreement, code, subject from attention
      where raised_at >= $1 and cleared_at is null and agreement = any($2)
      order by raised_at, agreement, code, subject`,
    [since, agreements],
  );
}
