/** A kept hour statement, as its page reads it: what was sent, whether a newer version was, and what was asked about. */
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { ToldHours } from '../../templates/statement/data';
import { findAgreement } from '../agreements/agreements';
import { findPlan } from '../agreements/plans';
import type { Queryable } from '../db';

export interface StatementPage {
  customer: string;
  year: { number: number; from: LocalDate; to: LocalDate };
  hours: ToldHours;
  version: number;
  /** The newest version of the same statement. */
  newest: number;
  /** When an entry was asked about last, by its number. */
  asked: Record<string, Instant>;
}

interface StatementRow {
  year: number;
  version: number;
  newest: number;
  content: ToldHours;
}

/** @returns undefined if the agreement has no such statement */
export async function readStatementPage(
  db: Queryable,
  agreement: string,
  id: number,
): Promise<StatementPage | undefined> {
  const [row] = await db.query<StatementRow>(
    `select s.year, s.version, s.content, (select max(version) from hour_statements n
        where (n.agreement, n.year, n.obligation) = (s.agreement, s.year, s.obligation)) as newest
       from hour_statements s where s.agreement = $1 and s.id = $2`,
    [agreement, id],
  );
  const known = row && (await findAgreement(db, agreement));
  const stored = row && (await findPlan(db, agreement, row.year));
  if (!row || !known || !stored) return undefined;
  const { from, to } = stored.plan;
  return {
    customer: known.contract.customer.name,
    year: { number: row.year, from, to },
    hours: row.content,
    version: row.version,
    newest: row.newest,
    asked: await askedAbout(db, agreement),
  };
}

/** Entries of an agreement that were asked about on a page. */
async function askedAbout(db: Queryable, agreement: string): Promise<Record<string, Instant>> {
  const rows = await db.query<{ entry: string; at: Instant }>(
    `select e.details ->> 'entry' as entry, max(e.at) as at from page_events e join page_links l on l.id = e.link
      where l.agreement = $1 and e.event = 'line-questioned' group by 1`,
    [agreement],
  );
  return Object.fromEntries(rows.map(({ entry, at }) => [entry, at]));
}
