/** Alerts that run: incidents that support was told of and that are open. An agreement's page shows them. */
import type { RunningAlert } from '../../templates/ui/overview';
import { announceOutbox } from '../outbox';
import type { Queryable } from '../db';

/** Most alerts that a page shows. */
const mostShown = 10;

/** What the agreement's workflow is told: the alerts, the oldest first, and how many more there are. */
export interface RunningAlerts {
  alerts: RunningAlert[];
  more: number;
}

/** Has the dispatcher tell agreements' workflows what runs now. Belongs in the transaction that changed it. */
export async function announceAlerts(tx: Queryable, agreements: readonly string[]): Promise<void> {
  if (agreements.length === 0) return;
  await tx.query(
    `insert into outbox (agreement, kind, payload)
     select unnest($1::text[]), 'monitoring', '{"signal": "alertsChanged"}'`,
    [[...new Set(agreements)].sort()],
  );
  await announceOutbox(tx);
}

/** The alerts of an agreement that run now: ids of checks and codes, no names. */
export async function runningAlerts(db: Queryable, agreement: string): Promise<RunningAlerts> {
  const rows = await db.query<RunningAlert & { count: number }>(
    `select monitor, severity, since, count(*) over () as count from incidents
      where agreement = $1 and closed_at is null and told_at is not null order by since, id limit $2`,
    [agreement, mostShown],
  );
  return {
    alerts: rows.map(({ count: _, ...alert }) => alert),
    more: Math.max(0, (rows[0]?.count ?? 0) - rows.length),
  };
}
