/** How those who write the outbox wake those who read it. */
import type { Queryable } from './db';

/** Channel on which a new outbox row is announced. */
export const outboxChannel = 'serviceavtal_outbox';

/** Announces new outbox rows when the transaction is committed. */
export async function announceOutbox(tx: Queryable): Promise<void> {
  await tx.query(`select pg_notify($1, '')`, [outboxChannel]);
}
