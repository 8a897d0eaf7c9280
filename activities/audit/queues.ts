/** Audits what waits to be taken: rows for Temporal, and deliveries of signing services. */
import type { Queryable } from '../db';
import { outboxAge } from '../health/metrics';
import type { AuditFinding } from './findings';

/** Rows that nobody took within five minutes; a sweep comes every twenty seconds. */
export async function outboxStuck(db: Queryable): Promise<AuditFinding[]> {
  const rows = await db.query<{
    id: number;
    agreement: string;
    kind: string;
    age: number;
    error: string | null;
  }>(
    `select id, agreement, kind, ${outboxAge}::int as age, last_error as error from outbox
      where done_at is null and (due_at <= now() or attempts > 0) and ${outboxAge} > 300 order by id`,
  );
  return rows.map(({ id, agreement, kind, age, error }) => {
    const why = error === null ? '' : `: ${error}`;
    return {
      kind: 'outboxStuck',
      subject: String(id),
      agreement,
      detail: { sv: `${kind}, sedan ${age} s${why}`, en: `${kind}, for ${age} s${why}` },
    };
  });
}

/** Deliveries that nobody processes, that wait without a reason, or of which nobody was told for a day. */
export async function deliveriesStuck(db: Queryable): Promise<AuditFinding[]> {
  const rows = await db.query<{ id: number; service: string; agreement: string | null; state: string }>(
    `select id, service, agreement, state from deliveries
      where (state = 'received' and due_at < now() - interval '10 minutes' and received_at < now() - interval '10 minutes')
         or (state = 'waiting' and (reasons = '[]' or (told_at is null and received_at < now() - interval '1 day')))
      order by id`,
  );
  return rows.map(({ id, service, agreement, state }) => ({
    kind: 'deliveryStuck',
    subject: String(id),
    agreement,
    detail:
      state === 'received'
        ? { sv: `${service}: ingen har behandlat den`, en: `${service}: nobody has processed it` }
        : {
            sv: `${service}: väntar på en människa som inget vet`,
            en: `${service}: waits for a person who was not told`,
          },
  }));
}
