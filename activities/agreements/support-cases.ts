/** Support cases in PostgreSQL: imported from the help desk's files, told on the agenda of the next meeting. */
import type { LocalDate } from '../../rules/engine/contract/contract';
import type { Db, Queryable } from '../db';
import { storable } from '../storable';

/** A case of one agreement. Hours are hundredths. */
export interface SupportCase {
  agreement: string;
  reference: string;
  title: string;
  category: 'incident' | 'question' | 'request' | 'other';
  state: 'open' | 'waiting' | 'closed';
  openedOn: LocalDate;
  closedOn: LocalDate | null;
  hours: number | null;
  resolution: string | null;
}

/** A case as a file tells it, with every agreement it concerns: at least one. */
export interface ImportedCase extends Omit<SupportCase, 'agreement'> {
  agreements: string[];
}

/** How many cases an import added, changed, or found as they were. */
export interface ImportSummary {
  added: number;
  updated: number;
  unchanged: number;
}

/** An agreement that a case can belong to. */
export interface CaseOwner {
  agreement: string;
  ended: boolean;
  customerId: string;
  customerName: string;
}

const batchSize = 500;

const columns = `agreement, reference, title, category, state, opened_on as "openedOn", closed_on as "closedOn", hours,
  resolution`;

/** Every agreement with its customer, by number. */
export async function caseOwners(db: Queryable): Promise<CaseOwner[]> {
  return db.query<CaseOwner>(
    `select number as agreement, state = 'ended' as ended, contract #>> '{customer,id}' as "customerId",
            contract #>> '{customer,name}' as "customerName" from agreements order by number`,
  );
}

/**
 * Imports cases in one transaction. A reference that is known is brought up to date, also where it has come to belong to
 * another agreement.
 * @param cases each reference once
 * @param options.dryRun writes nothing, and tells what would be
 * @param options.onProgress called with how many cases are done
 */
export async function importSupportCases(
  db: Db,
  cases: readonly ImportedCase[],
  { dryRun = false, onProgress }: { dryRun?: boolean; onProgress?: (done: number) => void } = {},
): Promise<ImportSummary> {
  const summary: ImportSummary = { added: 0, updated: 0, unchanged: 0 };
  await db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('support-cases'))`);
    for (let start = 0; start < cases.length; start += batchSize) {
      const batch = storable(cases.slice(start, start + batchSize));
      const known = await knownCases(tx, batch);
      const changed = batch.filter((each) => {
        const before = known.get(each.reference);
        const how =
          before === undefined
            ? 'added'
            : fingerprint(before) === fingerprint(rowsOf(each))
              ? 'unchanged'
              : 'updated';
        summary[how] += 1;
        return how !== 'unchanged';
      });
      if (!dryRun) await write(tx, changed);
      onProgress?.(Math.min(cases.length, start + batchSize));
    }
  });
  return summary;
}

async function knownCases(
  tx: Queryable,
  batch: readonly ImportedCase[],
): Promise<Map<string, SupportCase[]>> {
  const rows = await tx.query<SupportCase>(
    `select ${columns} from support_cases where reference = any ($1)`,
    [batch.map(({ reference }) => reference)],
  );
  const known = new Map<string, SupportCase[]>();
  for (const row of rows) known.set(row.reference, [...(known.get(row.reference) ?? []), row]);
  return known;
}

function rowsOf({ agreements, ...told }: ImportedCase): SupportCase[] {
  return agreements.map((agreement) => ({ agreement, ...told }));
}

/** A text that is equal for cases with the same content, in whatever order they stand. */
function fingerprint(rows: readonly SupportCase[]): string {
  const of = (row: SupportCase): string =>
    JSON.stringify([
      row.agreement,
      row.title,
      row.category,
      row.state,
      row.openedOn,
      row.closedOn,
      row.hours,
      row.resolution,
    ]);
  return rows.map(of).sort().join('\n');
}

async function write(tx: Queryable, cases: readonly ImportedCase[]): Promise<void> {
  if (cases.length === 0) return;
  await tx.query('delete from support_cases where reference = any ($1)', [
    cases.map(({ reference }) => reference),
  ]);
  await tx.query(
    `insert into support_cases (agreement, reference, title, category, state, opened_on, closed_on, hours, resolution)
     select agreement, reference, title, category, state, "openedOn", "closedOn", hours, resolution
       from jsonb_to_recordset($1::jsonb) as c(agreement text, reference text, title text, category text, state text,
            "openedOn" date, "closedOn" date, hours int, resolution text)`,
    [JSON.stringify(cases.flatMap(rowsOf))],
  );
}

/** All cases, of one agreement or of all; the newest first. */
export async function listSupportCases(db: Queryable, agreement?: string): Promise<SupportCase[]> {
  return db.query<SupportCase>(
    `select ${columns} from support_cases where $1::text is null or agreement = $1
      order by opened_on desc, reference, agreement`,
    [agreement ?? null],
  );
}

/** Cases of an agreement that were opened or closed since a day, or are open still; the oldest first. */
export async function supportCasesSince(
  db: Queryable,
  agreement: string,
  since: LocalDate,
  until: LocalDate,
): Promise<SupportCase[]> {
  return db.query<SupportCase>(
    `select ${columns} from support_cases
      where agreement = $1 and opened_on <= $3 and (opened_on >= $2 or closed_on >= $2 or state <> 'closed')
      order by opened_on, reference`,
    [agreement, since, until],
  );
}
