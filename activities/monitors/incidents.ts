/** Incidents: reports of the watches open and close them, the desk sends mails about them. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Transition } from '../../rules/engine/monitoring/check-state';
import { announceOutbox } from '../outbox';
import { announceAlerts } from './running-alerts';
import type { Queryable } from '../db';

type Class = 'customer' | 'ours';

/** Which incident a state opens: one of the customer's, one of ours, or none. */
const classOf: Record<Transition['to'], Class | undefined> = {
  ok: undefined,
  warning: 'customer',
  down: 'customer',
  unknown: 'ours',
};

/**
 * Stores changes of state: opens, worsens, confirms and closes incidents, and wakes the monitoring of each agreement.
 * A transition stored before changes nothing. A check that could not be run leaves the customer's incident as it is;
 * our own incident about that closes once the check runs again.
 */
export async function recordTransitions(tx: Queryable, transitions: readonly Transition[]): Promise<void> {
  const ordered = [...transitions].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  for (const transition of ordered) await recordTransition(tx, transition);
  const agreements = [...new Set(transitions.map(({ agreement }) => agreement))].sort();
  for (const agreement of agreements) await wakeMonitoring(tx, agreement);
}

/** Wakes an agreement's monitoring, to look at its incidents or at the checks it has. */
export async function wakeMonitoring(
  tx: Queryable,
  agreement: string,
  signal: 'incidentsChanged' | 'configurationChanged' = 'incidentsChanged',
): Promise<void> {
  await tx.query(`insert into outbox (agreement, kind, payload) values ($1, 'monitoring', $2)`, [
    agreement,
    JSON.stringify({ signal }),
  ]);
  await announceOutbox(tx);
}

async function recordTransition(tx: Queryable, transition: Transition): Promise<void> {
  const { agreement, monitor, at, to } = transition;
  const wanted = classOf[to];
  const closes: Class[] = wanted === undefined ? ['customer', 'ours'] : wanted === 'customer' ? ['ours'] : [];
  for (const each of closes) await close(tx, agreement, monitor, each, at, transition);
  if (wanted !== undefined) await openOrConfirm(tx, transition, wanted);
}

async function close(
  tx: Queryable,
  agreement: string,
  monitor: string,
  each: Class,
  at: Instant,
  { message }: Pick<Transition, 'message'>,
): Promise<void> {
  const closed = await tx.query<{ id: number; told: boolean }>(
    `update incidents set closed_at = $4 where agreement = $1 and monitor = $2 and class = $3 and closed_at is null
        and opened_at <= $4 returning id, told_at is not null as told`,
    [agreement, monitor, each, at],
  );
  for (const { id } of closed) await log(tx, id, at, 'recovered', { message });
  if (closed.some(({ told }) => told)) await announceAlerts(tx, [agreement]);
}

async function openOrConfirm(tx: Queryable, transition: Transition, each: Class): Promise<void> {
  const { agreement, monitor, at, to, since, lastGoodAt, message, answer } = transition;
  const [open] = await tx.query<{ id: number; severity: string; confirmedAt: Instant }>(
    `select id, severity, confirmed_at as "confirmedAt" from incidents
      where agreement = $1 and monitor = $2 and class = $3 and closed_at is null for update`,
    [agreement, monitor, each],
  );
  if (!open) {
    const [fresh] = await tx.query<{ id: number }>(
      `insert into incidents (agreement, monitor, class, severity, since, opened_at, last_good_at, message, answer, confirmed_at)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $6
        where not exists (select 1 from incidents where agreement = $1 and monitor = $2 and class = $3 and opened_at = $6)
       returning id`,
      [agreement, monitor, each, to, since, at, lastGoodAt ?? null, JSON.stringify(message), answer ?? null],
    );
    if (fresh) await log(tx, fresh.id, at, 'opened', { severity: to, message });
    return;
  }
  if (open.confirmedAt >= at) return;
  await tx.query(
    `update incidents set severity = $2, confirmed_at = $3, message = $4, answer = $5 where id = $1`,
    [open.id, to, at, JSON.stringify(message), answer ?? null],
  );
  if (open.severity !== to)
    await log(tx, open.id, at, to === 'down' ? 'worsened' : 'eased', { severity: to, message });
  else await log(tx, open.id, at, 'confirmed', {});
}

/** Adds a line to an incident's log. */
export async function log(
  tx: Queryable,
  incident: number,
  at: Instant,
  what: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await tx.query('insert into incident_log (incident, at, what, detail) values ($1, $2, $3, $4)', [
    incident,
    at,
    what,
    JSON.stringify(detail),
  ]);
}
