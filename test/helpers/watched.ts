/** Checks for tests of watching, written straight into PostgreSQL. */
import type { Db } from '../../activities/db';
import { announceMonitors } from '../../activities/monitors/places';
import type { WatchedCheck } from '../../rules/engine/monitoring/watched';

export type ChangedCheck = Partial<WatchedCheck['settings']> & {
  agreement?: string;
  dependsOn?: string[];
  url?: string;
};

/** A check that is down after two failures in a row, and well again after two good results. */
export function watchedCheck(id: string, changed: ChangedCheck = {}): WatchedCheck {
  const { agreement = 'testbolaget-2027', dependsOn, url, ...settings } = changed;
  return {
    agreement,
    customer: 'testbolaget',
    closedDays: [],
    check: { id, kind: 'http', name: id, ...(dependsOn && { dependsOn }), ...(url && { url }) },
    settings: {
      intervalMinutes: 5,
      failuresBeforeAlert: 2,
      failuresWithin: 2,
      retrySeconds: 30,
      goodBeforeRecovery: 2,
      graceMinutes: 0,
      repeatMinutes: 0,
      groupBy: 'customer',
      flapping: { recoveries: 100, withinMinutes: 60 },
      ...settings,
    },
  };
}

/** Sets the checks that are watched at a place to these. */
export async function placeChecks(
  db: Db,
  place: string,
  shard: number,
  checks: readonly WatchedCheck[],
): Promise<void> {
  await db.transaction(async (tx) => {
    const ids = checks.map(({ agreement, check }) => `${agreement}/${check.id}`);
    await tx.query(
      `delete from monitors where place = $1 and shard = $2 and agreement || '/' || id <> all ($3)`,
      [place, shard, ids],
    );
    for (const watched of checks)
      await tx.query(
        `insert into monitors (agreement, id, customer, place, shard, state, watched)
         values ($1, $2, $3, $4, $5, 'watched', $6)
         on conflict (agreement, id) do update set watched = excluded.watched`,
        [watched.agreement, watched.check.id, watched.customer, place, shard, JSON.stringify(watched)],
      );
    await announceMonitors(tx, { place, shard });
  });
}
