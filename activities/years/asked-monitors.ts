/** Has the checks of an integration made now: through the outbox, and the dispatcher starts what makes them. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';
import { announceOutbox } from '../outbox';

/** The name under which the outbox carries it, among what concerns the monitoring. */
export const integrationAsked = 'integrationAsked';

/** Checks that are to say how an integration is. */
export interface RecordedAsk {
  integration: string;
  /** Ids of the checks. */
  monitors: string[];
  /** When they were asked; the answer names it. */
  asked: Instant;
}

/** Hands it to the dispatcher. What is written again is asked once. */
export async function askMonitors(tx: Queryable, agreement: string, ask: RecordedAsk): Promise<void> {
  const rows = await tx.query(
    `insert into outbox (agreement, kind, payload)
     select $1, 'monitoring', jsonb_build_object('signal', $2::text, 'input', $3::jsonb)
      where not exists (select 1 from outbox where agreement = $1 and kind = 'monitoring'
                           and payload->>'signal' = $2 and payload->'input' = $3::jsonb)
     returning id`,
    [agreement, integrationAsked, JSON.stringify(ask)],
  );
  if (rows.length > 0) await announceOutbox(tx);
}

/** Takes from the outbox what checks were asked. */
export async function takeAskedMonitors(db: Queryable): Promise<RecordedAsk[]> {
  const rows = await db.query<{ ask: RecordedAsk }>(
    `update outbox set done_at = now() where done_at is null and kind = 'monitoring' and payload->>'signal' = $1
      returning payload->'input' as ask`,
    [integrationAsked],
  );
  return rows.map(({ ask }) => ask);
}
