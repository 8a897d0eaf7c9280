/** Messages from pages to workflows, by the outbox. */
import type { Queryable } from '../db';
import { announceOutbox } from '../outbox';

/** A message to a workflow, by the name of its signal. */
export interface PageMessage {
  signal: string;
  input: Record<string, string | number>;
}

/** Hands a message to the dispatcher; one that waits there already is not added twice. */
export async function enqueue(
  tx: Queryable,
  agreement: string,
  kind: 'monitoring' | 'page',
  { signal, input }: PageMessage,
): Promise<void> {
  await tx.query(
    `insert into outbox (agreement, kind, payload) select $1, $2, $3::jsonb
      where not exists (select 1 from outbox where agreement = $1 and kind = $2 and payload = $3::jsonb
                           and done_at is null)`,
    [agreement, kind, JSON.stringify({ signal, input })],
  );
  await announceOutbox(tx);
}
