/** Figures of the monitoring for the customer's agenda, statement and year summary: what support was alerted of. */
import type { Instant } from '../../rules/engine/contract/contract';
import { actTimes } from '../../rules/engine/monitoring/act-time';
import type { AgendaMonitoring } from '../../templates/agenda/data';
import type { MailMonitoring } from '../../templates/mails/mail-data';
import type { Queryable } from '../db';
import type { ListedIncident } from './listed-incidents';
import { incidentsOf } from './listed-incidents';

interface Agreed {
  name: string;
  state: 'watched' | 'notSetUp' | 'notPossible';
  reason: string | null;
}

/** The checks of an agreement as they are now; empty where nothing was agreed on, or it is not watched yet. */
function agreedOf(db: Queryable, agreement: string): Promise<Agreed[]> {
  return db.query<Agreed>(
    `select watched #>> '{check,name}' as name, state, watched #>> '{check,notPossible}' as reason
       from monitors where agreement = $1 order by id`,
    [agreement],
  );
}

/**
 * The alerts told to support in a period. Checks that could not be run are not counted: that is our fault.
 * @returns also how soon somebody acted, where anybody has
 */
async function alertsOf(
  db: Queryable,
  agreement: string,
  from: Instant,
  to: Instant,
): Promise<{ alerts: ListedIncident[]; acted?: { median: number; longest: number } }> {
  const all = await incidentsOf(db, agreement, from, to);
  const alerts = all.filter((each) => each.class === 'customer' && each.toldAt !== null && each.toldAt < to);
  const { count, median, longest } = actTimes(alerts.flatMap(({ actMinutes }) => actMinutes ?? []));
  return { alerts, ...(count > 0 && { acted: { median, longest } }) };
}

/** Figures for statement and summary; nothing where no check is watched and none has alerted. */
export async function monitoringFigures(
  db: Queryable,
  agreement: string,
  from: Instant,
  to: Instant,
): Promise<MailMonitoring | undefined> {
  const agreed = await agreedOf(db, agreement);
  const { alerts, acted } = await alertsOf(db, agreement, from, to);
  const checks = agreed.filter(({ state }) => state === 'watched').length;
  if (checks === 0) return undefined;
  return {
    checks,
    incidents: alerts.length,
    open: alerts.filter(({ closedAt }) => closedAt === null || closedAt >= to).length,
    ...(acted && { acted }),
  };
}

/** Figures for the agenda of a meeting; nothing where no check was ever agreed on. */
export async function monitoringSince(
  db: Queryable,
  agreement: string,
  from: Instant,
  to: Instant,
): Promise<AgendaMonitoring | undefined> {
  const agreed = await agreedOf(db, agreement);
  if (agreed.length === 0) return undefined;
  const { alerts, acted } = await alertsOf(db, agreement, from, to);
  return {
    checks: agreed.filter(({ state }) => state === 'watched').length,
    incidents: alerts.reverse().map(({ name, severity, since, closedAt, actMinutes }) => ({
      name,
      severity: severity as AgendaMonitoring['incidents'][number]['severity'],
      since,
      ...(closedAt !== null && closedAt < to && { closedAt }),
      ...(actMinutes !== null && { actedAfter: actMinutes }),
    })),
    ...(acted && { acted }),
    notChecked: agreed
      .filter(({ state }) => state !== 'watched')
      .map(({ name, reason }) => ({ name, ...(reason !== null && { reason }) })),
  };
}
