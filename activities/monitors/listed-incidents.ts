/** The incidents of an agreement as its agenda, statement and summary list them, and how soon somebody acted on them. */
import type { Instant } from '../../rules/engine/contract/contract';
import { supportMinutesBetween } from '../../rules/engine/monitoring/act-time';
import type { Text } from '../../rules/engine/basics/text';
import type { SupportTerms } from '../../rules/engine/ruleset/terms';
import type { Queryable } from '../db';
import { loadAgreements } from './desk-agreements';

/** An incident as agenda, statement and summary list it. */
export interface ListedIncident {
  id: number;
  monitor: string;
  /** The check's name; its id where it is not checked any more. */
  name: string;
  class: 'customer' | 'ours';
  severity: string;
  since: Instant;
  openedAt: Instant;
  closedAt: Instant | null;
  /** When support was first told; an incident that healed before has none. */
  toldAt: Instant | null;
  message: Text;
  /** Minutes of support hours until somebody acted, or it was over; none while nobody has. */
  actMinutes: number | null;
}

/** Incidents of an agreement that were open at some time from `from` up to `to`, in order of their opening. */
export async function incidentsOf(
  db: Queryable,
  agreement: string,
  from: Instant,
  to: Instant,
): Promise<ListedIncident[]> {
  const rows = await db.query<Omit<ListedIncident, 'actMinutes'> & { actedAt: Instant | null }>(
    `select incidents.id, monitor, coalesce(watched #>> '{check,name}', monitor) as name, class, severity, since,
            opened_at as "openedAt", closed_at as "closedAt", message, ${firstTold} as "toldAt", ${firstActed} as "actedAt"
       from incidents left join monitors on monitors.agreement = incidents.agreement and monitors.id = monitor
      where incidents.agreement = $1 and opened_at < $3 and (closed_at is null or closed_at >= $2)
      order by opened_at, incidents.id`,
    [agreement, from, to],
  );
  const support = await supportOf(db, agreement);
  return rows.map(({ actedAt, ...row }) => ({
    ...row,
    actMinutes:
      support && row.toldAt !== null && actedAt !== null
        ? supportMinutesBetween(row.toldAt, actedAt, support)
        : null,
  }));
}

/** The first mail about an incident, and the first time somebody acted on it or it was over. By the log, which forgets nothing. */
const firstTold = `(select min(at) from incident_log where incident = incidents.id and what = 'told')`;
const firstActed = `(select min(at) from incident_log where incident = incidents.id
  and what in ('taken', 'mended', 'recovered') and at >= ${firstTold})`;

async function supportOf(db: Queryable, agreement: string): Promise<SupportTerms | undefined> {
  return (await loadAgreements(db, [agreement])).get(agreement)?.support;
}
