/** Where checks run: at our own worker's, or in a customer's network; and how what is watched there is told. */
import type { Queryable } from '../db';
import { announceOutbox } from '../outbox';

export { central } from '../../rules/engine/monitoring/place';

/** Watches that share the checks of our own place: with more than one worker they are spread. */
export const centralShards = 4;

/** Channel on which a change of what is watched, or a wish for a fresh result, is announced. */
export const monitorsChannel = 'serviceavtal_monitors';

/** A place's watch. */
export interface Watch {
  place: string;
  shard: number;
}

/** The watch of our own place that has an agreement's checks: all of them, so that children know their parents. */
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

/** Has the dispatcher see to it that a watch runs, and tell it that something changed. */
export async function tellWatch(tx: Queryable, agreement: string, watch: Watch): Promise<void> {
  await tx.query(`insert into outbox (agreement, kind, payload) values ($1, 'watch', $2)`, [
    agreement,
    JSON.stringify(watch),
  ]);
  await announceOutbox(tx);
}
