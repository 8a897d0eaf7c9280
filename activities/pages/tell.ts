/** Messages from pages to workflows, by the outbox. */
import type { Queryable } from '../db';
import { announceOutbox } from '../outbox';

/** A message to a workflow, by the name of its signal and update. */
export interface PageMessage {
  signal: string;
  input: Record<string, unknown>;
}

/** What a workflow is asked for somebody who waits for the answer. */
export interface PageQuestion {
  /** The event that keeps what was said, and the link it came by. */
  event: number;
  link: number | null;
  /** Sent as updates, one after the other, up to the first that is refused. */
  updates: readonly PageMessage[];
}

/** Hands a message to the dispatcher; one that waits there already is not added twice. */
export async function enqueue(
  tx: Queryable,
  agreement: string,
  kind: 'monitoring' | 'page',
  message: PageMessage | PageQuestion,
): Promise<void> {
  await tx.query(
    `insert into outbox (agreement, kind, payload) select $1, $2, $3::jsonb
      where not exists (select 1 from outbox where agreement = $1 and kind = $2 and payload = $3::jsonb
                           and done_at is null)`,
    [agreement, kind, JSON.stringify(message)],
  );
  await announceOutbox(tx);
}
