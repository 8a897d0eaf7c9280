/** Brings the checks of an agreement up to date with its contract and the terms of its plan. */
import { instantAt } from '../../rules/engine/calendar/calendar';
import type { Contract, Instant } from '../../rules/engine/contract/contract';
import { agreedChecks } from '../../rules/engine/monitoring/watched-checks';
import type { AgreedCheck } from '../../rules/engine/monitoring/watched-checks';
import { findAgreement } from '../agreements/agreements';
import type { Db, Queryable } from '../db';
import { permanent } from '../permanent';
import { findPlan } from '../agreements/plans';
import { log } from './incidents';
import { renewDeadlines } from './heartbeats';
import { announceAlerts } from './running-alerts';
import { announceMonitors, central, centralShardOf, tellWatch } from './places';
import type { Watch } from './places';

export interface Configured {
  /** `waiting`: not planned, or not begun yet; `ended`: nothing is watched any more. */
  state: 'watching' | 'waiting' | 'ended';
  /** When the agreement begins, while it has not. */
  startsAt?: Instant;
  /** Ids of the checks, whatever their state. */
  monitors: string[];
}

interface Row extends Watch {
  id: string;
}

/** The watch that runs a check. All checks of a site are in one watch. */
function watchOf(contract: Contract, { watched }: AgreedCheck): Watch {
  const { site } = watched.check;
  return site === undefined
    ? { place: central, shard: centralShardOf(contract.agreement) }
    : { place: site, shard: 1 };
}

export function createConfigureActivities({ db }: { db: Db }) {
  return {
    /**
     * Stores which checks the agreement has now, and wakes the watches concerned. An unchanged check keeps its state and
     * its schedule; the incidents of one that is not watched any more are closed.
     */
    async configureMonitors({ agreement, asOf }: { agreement: string; asOf: Instant }): Promise<Configured> {
      const found = await findAgreement(db, agreement);
      if (!found) throw permanent('NotFound', `expected a signed agreement, found none: ${agreement}`);
      if (found.state === 'ended') {
        await db.transaction((tx) => writeChecks(tx, found.contract, [], asOf));
        return { state: 'ended', monitors: [] };
      }
      const startsAt = instantAt(found.contract.startsOn, '00:00');
      const planned = found.yearNumber === null ? undefined : await findPlan(db, agreement, found.yearNumber);
      const monitors = found.contract.monitors.map(({ id }) => id);
      if (!planned) return { state: 'waiting', monitors };
      if (asOf < startsAt) return { state: 'waiting', startsAt, monitors };
      const checks = agreedChecks(found.contract, planned.terms);
      await db.transaction((tx) => writeChecks(tx, found.contract, checks, asOf));
      return { state: 'watching', monitors: checks.map(({ watched }) => watched.check.id) };
    },
  };
}

async function writeChecks(
  tx: Queryable,
  contract: Contract,
  checks: readonly AgreedCheck[],
  asOf: Instant,
): Promise<void> {
  const { agreement } = contract;
  const before = await tx.query<Row>(
    'select id, place, shard from monitors where agreement = $1 order by id for update',
    [agreement],
  );
  const now = checks.map((check) => ({ ...watchOf(contract, check), id: check.watched.check.id, check }));
  const gone = before.filter(({ id }) => !now.some((other) => other.id === id)).map(({ id }) => id);
  await tx.query('delete from monitors where agreement = $1 and id = any ($2)', [agreement, gone]);
  await tx.query(
    `insert into monitors (agreement, id, customer, place, shard, state, watched, configured_at)
     select $1, m.id, $2, m.place, m.shard, m.state, m.watched, $4
       from jsonb_to_recordset($3::jsonb) as m(id text, place text, shard int, state text, watched jsonb)
     on conflict (agreement, id) do update set customer = excluded.customer, place = excluded.place,
            shard = excluded.shard, state = excluded.state, watched = excluded.watched,
            configured_at = case when monitors.watched -> 'check' is distinct from excluded.watched -> 'check'
                                 then excluded.configured_at else monitors.configured_at end
      where (monitors.place, monitors.shard, monitors.state, monitors.watched)
            is distinct from (excluded.place, excluded.shard, excluded.state, excluded.watched)`,
    [
      agreement,
      contract.customer.id,
      JSON.stringify(
        now.map(({ id, place, shard, check }) => ({
          id,
          place,
          shard,
          state: check.state,
          watched: check.watched,
        })),
      ),
      asOf,
    ],
  );
  await renewDeadlines(tx, agreement, asOf);
  const watched = now.filter(({ check }) => check.state === 'watched');
  await closeUnwatched(
    tx,
    agreement,
    watched.map(({ id }) => id),
    asOf,
  );
  for (const watch of watchesOf([...before, ...watched])) {
    await announceMonitors(tx, watch);
    await tellWatch(tx, agreement, watch);
  }
}

const watchesOf = (rows: readonly Watch[]): Watch[] => [
  ...new Map(rows.map(({ place, shard }) => [`${place}/${shard}`, { place, shard }])).values(),
];

/**
 * Closes the incidents of checks that were removed or are not watched now: no result would ever close them. A site's
 * silence is not theirs, and stays open.
 */
async function closeUnwatched(
  tx: Queryable,
  agreement: string,
  watched: readonly string[],
  asOf: Instant,
): Promise<void> {
  const closed = await tx.query<{ id: number; told: boolean }>(
    `update incidents set closed_at = greatest($3::timestamptz, opened_at), recovery_told_at = $3
      where agreement = $1 and monitor <> all ($2) and monitor not like 'site:%' and closed_at is null
      returning id, told_at is not null as told`,
    [agreement, watched, asOf],
  );
  for (const { id } of closed) await log(tx, id, asOf, 'removed', {});
  if (closed.some(({ told }) => told)) await announceAlerts(tx, [agreement]);
}
