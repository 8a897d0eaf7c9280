/** Places where checks run: our own worker, or a customer's network; and how their watches are woken. */
import type { Queryable } from '../db';
import { announceOutbox } from '../outbox';

export { central } from '../../rules/engine/monitoring/place';

/** Number of watches that share our own place's checks, so that several workers can share them. */
export const centralShards = 4;

/** PostgreSQL channel that announces changed checks and requests for a fresh result. */
export const monitorsChannel = 'serviceavtal_monitors';

/** One watch of a place. */
export interface Watch {
  place: string;
  shard: number;
}

/** The watch of our own place that runs an agreement's checks: all of them, since they depend on each other. */
export function centralShardOf(agreement: string): number {
  let hash = 7;
  for (const character of agreement) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return (hash % centralShards) + 1;
}

/** Wakes the watches of a place once the transaction is committed. */
export async function announceMonitors(tx: Queryable, { place, shard }: Watch): Promise<void> {
  await tx.query(`select pg_notify($1, $2)`, [monitorsChannel, `${place}/${shard}`]);
}

/** Id of a watch's workflow. */
export const watchIdOf = ({ place, shard }: Watch): string => `watching-${place}-${shard}`;

/** Has the dispatcher start a watch if it does not run, and signal it that something changed. */
export async function tellWatch(tx: Queryable, agreement: string, watch: Watch): Promise<void> {
  await tx.query(`insert into outbox (agreement, kind, payload) values ($1, 'watch', $2)`, [
    agreement,
    JSON.stringify(watch),
  ]);
  await announceOutbox(tx);
}
