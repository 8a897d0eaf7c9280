/** The incident that an alert is about, for the pages of its answers. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { SupportTerms } from '../../rules/engine/ruleset/terms';
import type { Text } from '../../rules/engine/basics/text';
import type { Terms } from '../../rules/engine/ruleset/terms';
import type { Queryable } from '../db';

/** An incident as the page of an alert shows it. */
export interface ShownIncident {
  id: number;
  monitor: string;
  /** The check's name, or its id where it is not watched any more. */
  name: string;
  severity: 'down' | 'warning' | 'unknown' | 'silent';
  message: Text;
  since: Instant;
  closedAt: Instant | null;
  takenAt: Instant | null;
  takenBy: string | null;
  mendedAt: Instant | null;
  mendedBy: string | null;
}

/** What an alert is about. */
export interface AlertSubject {
  customer: string;
  agreement: string;
  incident: ShownIncident;
  /** When support is there, by the terms of the running year. */
  support?: SupportTerms;
}

/** Reads what an alert is about. @returns undefined if the agreement has no such incident */
export async function readAlertSubject(
  db: Queryable,
  agreement: string,
  id: number,
): Promise<AlertSubject | undefined> {
  const [incident] = await db.query<ShownIncident & { customer: string }>(
    `select a.contract->'customer'->>'name' as customer, i.id, i.monitor,
            coalesce(m.watched->'check'->>'name', i.monitor) as name, i.severity, i.message, i.since,
            i.closed_at as "closedAt", i.taken_at as "takenAt", i.taken_by as "takenBy",
            i.mended_at as "mendedAt", i.mended_by as "mendedBy"
       from incidents i join agreements a on a.number = i.agreement
       left join monitors m on m.agreement = i.agreement and m.id = i.monitor
      where i.agreement = $1 and i.id = $2`,
    [agreement, id],
  );
  if (!incident) return undefined;
  const [plan] = await db.query<{ terms: Pick<Terms, 'support'> }>(
    `select p.terms from plans p join agreements a on a.number = p.agreement where a.number = $1
      order by p.year = a.year_number desc nulls last, p.year desc, p.revision desc limit 1`,
    [agreement],
  );
  return {
    customer: incident.customer,
    agreement,
    incident,
    ...(plan && { support: plan.terms.support }),
  };
}
