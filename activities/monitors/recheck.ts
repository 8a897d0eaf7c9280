/** Requests for a fresh result of a check, sent to the place where it runs. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Recheck } from '../../rules/engine/monitoring/desk';
import type { Queryable } from '../db';
import { announceMonitors, central, tellWatch } from './places';

/** Requests results newer than an instant; the dispatcher tells places other than our own. */
export async function askForResults(tx: Queryable, wanted: readonly Recheck[], at: Instant): Promise<void> {
  if (wanted.length === 0) return;
  const rows = await tx.query<{ agreement: string; place: string; shard: number }>(
    `update monitors set recheck_at = greatest(recheck_at, $3)
       from unnest($1::text[], $2::text[]) as wanted(number, monitor)
      where agreement = number and id = monitor returning agreement, place, shard`,
    [wanted.map(({ agreement }) => agreement), wanted.map(({ monitor }) => monitor), at],
  );
  const watches = new Map(rows.map((row) => [`${row.place}/${row.shard}`, row]));
  for (const { agreement, place, shard } of watches.values()) {
    if (place === central) await announceMonitors(tx, { place, shard });
    else await tellWatch(tx, agreement, { place, shard });
  }
}
