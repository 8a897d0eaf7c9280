/**
 * The invoice basis: what is new of what is owed. What was exported stands as it is: what has changed is credited whole, by a
 * row that names the original, and owed anew by a row of its own.
 */
import { addDays, addMonths, earlier } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import type { OwedLine } from './owed';

/** A row as it was exported. */
export interface IssuedRow extends Omit<OwedLine, 'kind' | 'on' | 'of'> {
  /** Number of its basis, and its own number there. */
  basis: string;
  row: number;
  kind: OwedLine['kind'] | 'credit';
  /** Of a credit, and of a refund: the row that it is about. */
  of?: { basis: string; row: number };
}

/** A row to be exported: of a credit, and of a refund, with the row that it is about. */
export interface RowDraft extends Omit<IssuedRow, 'basis' | 'row' | 'of'> {
  /** Without `basis` it stands in the first document of these. */
  of?: { basis?: string; row: number };
}

/** One basis: rows to invoice, or a credit of rows of another basis. */
export interface DocumentDraft {
  /** The basis whose rows it credits; nothing in `basis` where that is the first document of these. */
  credits?: { basis?: string };
  rows: RowDraft[];
}

/** Until when a month's basis looks. */
export interface Cut {
  /** For instalments in advance. */
  advance: LocalDate;
  /** For all else. */
  others: LocalDate;
}

/**
 * Until when the basis of a month looks: for instalments in advance to the month's last day, so that none of them waits for
 * the next month's; for all else to the day on which it is made, at most that day.
 *
 * @param month as `2027-03`
 * @example cutOf('2027-03', '2027-03-01') // { advance: '2027-03-31', others: '2027-03-01' }
 */
export function cutOf(month: string, today: LocalDate): Cut {
  const last = addDays(addMonths(`${month}-01`, 1), -1);
  return { advance: last, others: earlier(today, last) };
}

/**
 * The documents that a basis is made of: what is owed and was not exported yet, and a credit for each earlier basis of which
 * rows have changed. Nothing where nothing is new.
 *
 * @param issued rows of the agreement so far, in the order in which they were exported
 * @param isHeld whether a line waits for the answer to a question about it: it stays as it is
 */
export function basisOf(
  owed: readonly OwedLine[],
  issued: readonly IssuedRow[],
  cut: Cut,
  isHeld: (line: Pick<OwedLine, 'key' | 'entry'>) => boolean = () => false,
): DocumentDraft[] {
  const standing = standingRows(issued);
  const now = new Map(owed.map((line) => [line.key, line]));
  const gone = [...standing.values()].filter((row) => !isHeld(row) && !isSame(row, now.get(row.key)));
  const changed = new Set(gone.map(({ key }) => key));
  const isDue = (line: OwedLine): boolean =>
    line.on <= (line.kind === 'instalment' ? cut.advance : cut.others);
  const fresh = owed.filter(
    (line) => isDue(line) && !isHeld(line) && (!standing.has(line.key) || changed.has(line.key)),
  );
  const invoice = [
    ...gone.filter(({ amountMinor }) => amountMinor < 0).map(creditOf),
    ...fresh.filter(({ amountMinor }) => amountMinor > 0).map(rowOf),
  ];
  const refunds = fresh.flatMap((line): RowDraft[] => {
    const inInvoice = invoice.findIndex(({ key, kind }) => kind !== 'credit' && key === line.of);
    const row = changed.has(line.of ?? '') ? undefined : standing.get(line.of ?? '');
    if (line.amountMinor > 0 || (inInvoice < 0 && !row)) return [];
    return [{ ...rowOf(line), of: row ? { basis: row.basis, row: row.row } : { row: inInvoice + 1 } }];
  });
  const credits = [...gone.filter(({ amountMinor }) => amountMinor > 0).map(creditOf), ...refunds];
  return [...(invoice.length > 0 ? [{ rows: invoice }] : []), ...byCredited(credits)];
}

/** Of each key the row that stands: nobody has credited it. */
function standingRows(issued: readonly IssuedRow[]): Map<string, IssuedRow> {
  const place = ({ basis, row }: Pick<IssuedRow, 'basis' | 'row'>): string => `${basis}/${row}`;
  const credited = new Set(issued.flatMap(({ kind, of }) => (kind === 'credit' && of ? [place(of)] : [])));
  const standing = issued.filter((row) => row.kind !== 'credit' && !credited.has(place(row)));
  return new Map(standing.map((row) => [row.key, row]));
}

const told = ['from', 'to', 'seconds', 'priceMinor', 'amountMinor'] as const;

/** Whether a row says what is owed. Its article and its words may be others by now: what it was exported with stands. */
function isSame(row: IssuedRow, line: OwedLine | undefined): boolean {
  if (!line) return false;
  return told.every((name) => row[name] === line[name]);
}

const rowOf = ({ on: _, of: __, ...line }: OwedLine): RowDraft => line;

function creditOf({ basis, row, of: _, ...original }: IssuedRow): RowDraft {
  return {
    ...original,
    ...{ kind: 'credit', of: { basis, row } },
    ...{ seconds: -original.seconds, amountMinor: -original.amountMinor },
  };
}

/** A credit note is of one invoice. */
function byCredited(rows: readonly RowDraft[]): DocumentDraft[] {
  const documents = new Map<string, DocumentDraft>();
  for (const row of rows) {
    const basis = row.of?.basis;
    const known = documents.get(basis ?? '');
    if (known) known.rows.push(row);
    else documents.set(basis ?? '', { credits: basis === undefined ? {} : { basis }, rows: [row] });
  }
  return [...documents.values()];
}
