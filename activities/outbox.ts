/** How a new outbox row makes itself heard. */
import type { Queryable } from './db';

/** Channel on which a new outbox row is announced. */
export const outboxChannel = 'serviceavtal_outbox';

/** Wakes the dispatcher once the transaction is committed. */
export async function announceOutbox(tx: Queryable): Promise<void> {
  await tx.query(`select pg_notify($1, '')`, [outboxChannel]);
}
