/** What a proposed ruleset would do to every live agreement; reads PostgreSQL alone and writes nothing. */
import type { Contract, Instant } from '../rules/contract';
import { previewChange } from '../rules/preview-change';
import type { AgreementPreview, Comparison, LiveAgreement, RunningYear } from '../rules/preview-change';
import { toMinorUnits } from '../rules/price';
import type { Ruleset } from '../rules/read-ruleset';
import type { Terms } from '../rules/terms';
import { rememberingDecide } from '../rules/terms-for';
import type { YearPlan } from '../rules/plan';
import type { Queryable } from './db';

/** Agreements read at once: memory stays flat however many there are. */
const batch = 250;

/** One live agreement after the other: its preview, that it is untouched, or why the ruleset does not fit it. */
export type PreviewResult =
  | { agreement: string; preview: AgreementPreview }
  | { agreement: string; preview?: undefined; error?: string };

interface LiveRow {
  number: string;
  contract: Contract;
  yearNumber: number;
  terms: Terms;
  signed: Terms;
  revision: number;
}

async function readLive(db: Queryable, after: string): Promise<LiveRow[]> {
  return db.query<LiveRow>(
    `select a.number, a.contract, a.year_number as "yearNumber", p.terms, p.revision,
            coalesce(a.signed_terms,
                     (select f.terms from plans f where f.agreement = a.number order by f.year, f.revision limit 1)) as signed
       from agreements a
       join lateral (select terms, revision from plans
                      where agreement = a.number and year = a.year_number order by revision desc limit 1) p on true
      where a.state = 'live' and a.number > $1 order by a.number limit $2`,
    [after, batch],
  );
}

async function readYear(db: Queryable, { number, yearNumber, revision }: LiveRow): Promise<RunningYear> {
  const [row] = await db.query<{ plan: YearPlan }>(
    'select plan from plans where agreement = $1 and year = $2 and revision = $3',
    [number, yearNumber, revision],
  );
  if (!row) throw new Error(`expected the plan of year ${yearNumber} of ${number}, found none`);
  const closed = await db.query<{ id: string; at: Instant }>(
    `select id, closed_at as at from obligations
      where agreement = $1 and year = $2 and state in ('done', 'missed')`,
    [number, yearNumber],
  );
  return { plan: row.plan, closed: Object.fromEntries(closed.map(({ id, at }) => [id, at])) };
}

/** How many agreements a preview goes over. */
export async function countLive(db: Queryable): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select count(*)::int as count from agreements where state = 'live'`,
  );
  return row?.count ?? 0;
}

/**
 * Goes over all live agreements, in the order of their numbers.
 *
 * @param asOf the instant the change would be made
 */
export async function* previewRuleset(
  db: Queryable,
  inForce: Ruleset,
  proposed: Ruleset,
  asOf: Instant,
): AsyncGenerator<PreviewResult> {
  const comparison: Comparison = {
    asOf,
    inForce: { ruleset: inForce, decide: rememberingDecide(inForce) },
    proposed: { ruleset: proposed, decide: rememberingDecide(proposed) },
  };
  for (
    let rows = await readLive(db, '');
    rows.length > 0;
    rows = await readLive(db, rows.at(-1)?.number ?? '')
  )
    for (const row of rows) yield await previewOne(db, row, comparison);
}

async function previewOne(db: Queryable, row: LiveRow, comparison: Comparison): Promise<PreviewResult> {
  const { number: agreement, contract, yearNumber, terms, signed } = row;
  const live: LiveAgreement = {
    contract,
    yearNumber,
    terms,
    signed,
    hourlyRateMinor: toMinorUnits(contract.hourBank.hourlyRate),
  };
  try {
    const preview = await previewChange(live, comparison, () => readYear(db, row));
    return preview === undefined ? { agreement } : { agreement, preview };
  } catch (error) {
    return { agreement, error: (error as Error).message };
  }
}
