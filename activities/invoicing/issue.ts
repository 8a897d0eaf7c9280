/** Makes up a month: what there is to invoice of each agreement becomes bases, once. */
import { ApplicationFailure } from '@temporalio/common';
import { BilingualError, textOf } from '../../rules/engine/basics/bilingual-error';
import type { Text } from '../../rules/engine/basics/text';
import type { Contract, Instant, LocalDate } from '../../rules/engine/contract/contract';
import { questionsOf } from '../../rules/engine/hours/questions';
import { basisOf, cutOf } from '../../rules/engine/invoicing/basis';
import type { DocumentDraft } from '../../rules/engine/invoicing/basis';
import { billedTo } from '../../rules/engine/invoicing/billed-to';
import { owedLines } from '../../rules/engine/invoicing/owed';
import { rowText } from '../../templates/invoice-words';
import type { InvoiceBasis, TextedRow } from '../../templates/invoice-words';
import { findAgreement } from '../agreements/agreements';
import type { AgreementRow } from '../agreements/agreements';
import { NoRoomError } from '../db';
import type { Db, Queryable } from '../db';
import { inTransaction } from '../hours/change';
import { readHours } from '../hours/facts';
import type { HourFacts } from '../hours/facts';
import { lockHours } from '../hours/ledger';
import { issuedRows, readBases } from './bases';
import { invoicedFacts } from './facts';
import { nextYear } from './next-year';

export interface MonthRun {
  /** As `2027-03`. */
  month: string;
  today: LocalDate;
  at: Instant;
  /** One agreement alone. */
  agreement?: string;
  /** What would be exported, and nothing is kept: neither rows nor numbers. */
  dryRun?: boolean;
  /** Called with the share of the agreements that is done, from 0 to 1. */
  onProgress?: (share: number) => void;
}

/** A month as it stands, with what this run added. */
export interface MadeUpMonth {
  bases: InvoiceBasis[];
  /** Numbers of those that are new. */
  fresh: string[];
  /** Agreements that could not be made up, and why: they are left for the next run. */
  failed: { agreement: string; reason: Text }[];
}

/**
 * Makes up a month for all agreements, each in a transaction of its own: a run that was cut short goes on where it ended. An
 * agreement whose month, or a later one, was made up before stays as it is.
 */
export async function makeUpMonth(db: Db, run: MonthRun): Promise<MadeUpMonth> {
  const { month, agreement = null } = run;
  const open = await db.query<{ number: string }>(
    `select number from agreements a
      where ($2::text is null or number = $2) and exists (select 1 from plans p where p.agreement = number)
        and not exists (select 1 from invoice_months m where m.agreement = a.number and m.month >= $1) order by number`,
    [month, agreement],
  );
  const before = await readBases(db, {
    month,
    ...(run.agreement !== undefined && { agreement: run.agreement }),
  });
  const made: InvoiceBasis[] = [];
  const failed: MadeUpMonth['failed'] = [];
  for (const [index, { number }] of open.entries()) {
    try {
      made.push(...(await makeUp(db, number, run, run.dryRun ? made.length : 0)));
    } catch (error) {
      if (!isOfAgreement(error)) throw error;
      failed.push({ agreement: number, reason: textOf(error) });
    }
    run.onProgress?.((index + 1) / open.length);
  }
  const bases = [...before, ...made].sort((a, b) => (a.number < b.number ? -1 : 1));
  return { bases, fresh: made.map(({ number }) => number), failed };
}

function makeUp(
  db: Db,
  number: string,
  { month, today, at, dryRun = false }: MonthRun,
  ahead: number,
): Promise<InvoiceBasis[]> {
  return inTransaction(db, async (tx) => {
    await lockHours(tx, number);
    const nothing = { result: [], keep: false };
    const [known] = await tx.query('select 1 from invoice_months where agreement = $1 and month >= $2', [
      number,
      month,
    ]);
    const agreement = await findAgreement(tx, number);
    if (known || !agreement) return nothing;
    const hours = await readHours(tx, number);
    const cut = cutOf(month, today);
    const facts = await invoicedFacts(tx, number, hours, cut.others);
    const next = await nextYear(tx, agreement, hours, cut.advance);
    const years = [...facts.years, ...(next ? [next] : [])];
    if (years.length === 0) return nothing;
    const owed = owedLines({ ...facts, years });
    const documents = basisOf(owed, await issuedRows(tx, number), cut, isAskedAbout(hours));
    await tx.query('insert into invoice_months (agreement, month, made_at) values ($1, $2, $3)', [
      number,
      month,
      at,
    ]);
    const numbers = await store(tx, agreement, documents, { month, at, ahead });
    const result = numbers.length === 0 ? [] : await readBases(tx, { numbers });
    return { result, keep: !dryRun };
  });
}

/** Whether the customer has asked about the line of a use, and waits for the answer. */
function isAskedAbout({ entries }: HourFacts): (line: { entry?: number }) => boolean {
  const asked = new Set(questionsOf(entries).flatMap(({ use, answer }) => (answer ? [] : [use.number])));
  return ({ entry = 0 }) => asked.has(entry);
}

/** Whether it is the fault of one agreement: its rules or its price. Others go on. */
const isOfAgreement = (error: unknown): boolean =>
  (error instanceof BilingualError && !(error instanceof NoRoomError)) ||
  (error instanceof ApplicationFailure && error.nonRetryable === true);

/** Stores documents under the next numbers. @returns the numbers */
async function store(
  tx: Queryable,
  { number: agreement, contract }: AgreementRow,
  documents: readonly DocumentDraft[],
  { month, at, ahead }: { month: string; at: Instant; ahead: number },
): Promise<string[]> {
  const numbers: string[] = [];
  for (const { credits, rows } of documents) {
    const number = await nextNumber(tx, month.slice(0, 4), ahead);
    numbers.push(number);
    await tx.keep?.({ kind: 'invoice', number, agreement, month });
    const [first = number] = numbers;
    await tx.query(
      `insert into invoice_bases (number, agreement, month, credits, issued_at, currency, bill_to) values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        ...[number, agreement, month, credits ? (credits.basis ?? first) : null],
        ...[
          at,
          contract.hourBank.currency,
          JSON.stringify({ ...billedTo(contract), language: contract.customer.language }),
        ],
      ],
    );
    const [invoice] = await tx.query<{ number: string }>(
      'select invoice as number from invoice_numbers where basis = $1',
      [credits?.basis ?? null],
    );
    const named = rows.map((row, index) =>
      numbered({ ...row, ...(invoice && { invoice: invoice.number }) }, index, first, contract),
    );
    await tx.query(
      `insert into invoice_rows (basis, row, key, kind, of_basis, of_row, year, entry, from_day, to_day, seconds, price_minor,
                                 amount_minor, article, vat_code, text)
       select $1, r.row, r.key, r.kind, r.of_basis, r.of_row, r.year, r.entry, r.from, r.to, r.seconds, r."priceMinor",
              r."amountMinor", r.article, r."vatCode", r.text
         from jsonb_to_recordset($2::jsonb)
              as r(row int, key text, kind text, of_basis text, of_row int, year int, entry int, "from" date, "to" date,
                   seconds bigint, "priceMinor" bigint, "amountMinor" bigint, article text, "vatCode" text, text text)
        order by r.row`,
      [number, JSON.stringify(named)],
    );
  }
  return numbers;
}

function numbered({ of, ...row }: TextedRow, index: number, first: string, contract: Contract): object {
  const about = of && { basis: of.basis ?? first, row: of.row };
  const text = rowText({ ...row, ...(about && { of: about }) }, contract.customer.language);
  return { ...row, row: index + 1, text, of_basis: about?.basis ?? null, of_row: about?.row ?? null };
}

/**
 * The next number of a year; what waits for it stands in line until the transaction ends, so that none is left out.
 * @param ahead numbers that a dry run has given before, and that nobody keeps
 */
async function nextNumber(tx: Queryable, year: string, ahead: number): Promise<string> {
  const [counter] = await tx.query<{ last: number }>(
    `insert into invoice_counters (year, last) values ($1, 1)
     on conflict (year) do update set last = invoice_counters.last + 1 returning last`,
    [year],
  );
  return `U-${year}-${String((counter?.last ?? 0) + ahead).padStart(5, '0')}`;
}
