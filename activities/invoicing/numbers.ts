/** Keeps which invoice the ERP made of a basis, as our clerk reports it. */
import { didYouMean } from '../../rules/engine/basics/did-you-mean';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Db, Queryable } from '../db';

/** An invoice that was made of a basis. */
export interface ReportedNumber {
  /** Line of the file that says it. */
  line: number;
  basis: string;
  invoice: string;
  invoicedOn?: LocalDate;
}

export interface NumberFault {
  line: number;
  message: Text;
}

/** What came of a report: how many are new and how many were known; or all that is wrong with it, and nothing is kept. */
export type ReportOutcome = { added: number; known: number } | { faults: NumberFault[] };

/** Name of the lock under which numbers are reported. */
const lock = 'serviceavtal-invoice-numbers';

/**
 * Keeps reported numbers, all or none. The same number again changes nothing; another one for the same basis is refused.
 * @param options.dryRun nothing is kept
 */
export async function reportNumbers(
  db: Db,
  reported: readonly ReportedNumber[],
  { by, at, dryRun = false }: { by: string; at: Instant; dryRun?: boolean },
): Promise<ReportOutcome> {
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtext($1))', [lock]);
    const known = await knownNumbers(tx);
    const faults = reported.flatMap((one, index) => faultOf(one, reported.slice(0, index), known));
    if (faults.length > 0) return { faults };
    const fresh = reported.filter(
      ({ basis }, index) =>
        known.get(basis) === null && reported.findIndex((one) => one.basis === basis) === index,
    );
    if (!dryRun)
      await tx.query(
        `insert into invoice_numbers (basis, invoice, invoiced_on, by, reported_at)
         select r.basis, r.invoice, r."invoicedOn", $2, $3
           from jsonb_to_recordset($1::jsonb) as r(basis text, invoice text, "invoicedOn" date)`,
        [JSON.stringify(fresh), by, at],
      );
    return { added: fresh.length, known: reported.length - fresh.length };
  });
}

/** All bases, each with the invoice that was made of it. */
async function knownNumbers(tx: Queryable): Promise<Map<string, string | null>> {
  const rows = await tx.query<{ number: string; invoice: string | null }>(
    'select b.number, n.invoice from invoice_bases b left join invoice_numbers n on n.basis = b.number',
  );
  return new Map(rows.map(({ number, invoice }) => [number, invoice]));
}

function faultOf(
  { line, basis, invoice }: ReportedNumber,
  above: readonly ReportedNumber[],
  known: ReadonlyMap<string, string | null>,
): NumberFault[] {
  const before = known.get(basis);
  if (before === undefined) {
    const expected = { sv: 'numret på ett fakturaunderlag', en: 'the number of an invoice basis' };
    const close = didYouMean(basis, [...known.keys()]);
    return [{ line, message: joined(expectedFound(expected, `"${basis}"`), close) }];
  }
  const said = before ?? above.find((one) => one.basis === basis)?.invoice;
  if (said === undefined || said === invoice) return [];
  const expected = {
    sv: `faktura ${said}, som redan är rapporterad för ${basis}`,
    en: `invoice ${said}, which was reported for ${basis} before`,
  };
  return [{ line, message: expectedFound(expected, invoice) }];
}
