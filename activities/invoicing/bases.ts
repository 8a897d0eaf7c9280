/** Reads invoice bases as they were exported. */
import type { Contract } from '../../rules/engine/contract/contract';
import { billedTo } from '../../rules/engine/invoicing/billed-to';
import type { BilledTo } from '../../rules/engine/invoicing/billed-to';
import type { IssuedRow } from '../../rules/engine/invoicing/basis';
import type { InvoiceBasis, InvoiceRow } from '../../templates/invoice-words';
import type { Queryable } from '../db';

interface BasisRow extends Omit<InvoiceBasis, 'rows' | 'credits' | 'invoice'> {
  contract: Contract;
  credits: string | null;
  creditedInvoice: string | null;
  invoice: string | null;
}

interface StoredRow extends Omit<InvoiceRow, 'entry' | 'of'> {
  basis: string;
  entry: number | null;
  ofBasis: string | null;
  ofRow: number | null;
}

const rowColumns = `r.basis, r.row, r.key, r.kind, r.of_basis as "ofBasis", r.of_row as "ofRow", r.year, r.entry, r.from_day as from,
  r.to_day as to, r.seconds, r.price_minor as "priceMinor", r.amount_minor as "amountMinor", r.article, r.vat_code as "vatCode", r.text`;

const rowOf = ({ basis: _, entry, ofBasis, ofRow, ...row }: StoredRow): InvoiceRow => ({
  ...row,
  ...(entry !== null && { entry }),
  ...(ofBasis !== null && ofRow !== null && { of: { basis: ofBasis, row: ofRow } }),
});

/**
 * Bases with their rows, in the order of their numbers. The customer's number in the ERP is that of the contract now, where none
 * was known when the basis was exported.
 *
 * @param which all of them without it
 */
export async function readBases(
  db: Queryable,
  which: { month?: string; agreement?: string; numbers?: readonly string[] } = {},
): Promise<InvoiceBasis[]> {
  const { month = null, agreement = null, numbers = null } = which;
  const bases = await db.query<BasisRow>(
    `select b.number, b.agreement, a.contract #>> '{customer,name}' as customer, b.month, b.credits, c.invoice as "creditedInvoice",
            n.invoice, b.issued_at as "issuedAt", b.currency, b.bill_to as "billTo", a.contract
       from invoice_bases b join agreements a on a.number = b.agreement
            left join invoice_numbers n on n.basis = b.number left join invoice_numbers c on c.basis = b.credits
      where ($1::text is null or b.month = $1) and ($2::text is null or b.agreement = $2) and ($3::text[] is null or b.number = any ($3))
      order by b.number`,
    [month, agreement, numbers],
  );
  const rows = await db.query<StoredRow>(
    `select ${rowColumns} from invoice_rows r where r.basis = any ($1) order by r.basis, r.row`,
    [bases.map(({ number }) => number)],
  );
  return bases.map(({ credits, creditedInvoice, invoice, contract, ...basis }) => ({
    ...basis,
    billTo: { ...numberOf(contract), ...basis.billTo },
    ...(credits !== null && {
      credits: { basis: credits, ...(creditedInvoice !== null && { invoice: creditedInvoice }) },
    }),
    ...(invoice !== null && { invoice }),
    rows: rows.filter((row) => row.basis === basis.number).map(rowOf),
  }));
}

function numberOf(contract: Contract): Pick<BilledTo, 'number'> {
  const { number } = billedTo(contract);
  return number === undefined ? {} : { number };
}

/** The rows of an agreement so far, in the order in which they were exported. */
export async function issuedRows(db: Queryable, agreement: string): Promise<IssuedRow[]> {
  const rows = await db.query<StoredRow>(
    `select ${rowColumns} from invoice_rows r join invoice_bases b on b.number = r.basis where b.agreement = $1 order by r.basis, r.row`,
    [agreement],
  );
  return rows.map((row) => {
    const { text: _, ...issued } = rowOf(row);
    return { ...issued, basis: row.basis };
  });
}
