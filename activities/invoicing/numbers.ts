/** Keeps which invoice the ERP made of a basis, as our clerk reports it. */
import { didYouMean } from '../../rules/engine/basics/did-you-mean';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
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

/** Days by which an invoice may be dated ahead of the day on which it is reported. */
const daysAhead = 7;

/**
 * Keeps reported numbers, all or none. The same again changes nothing; another number or date for the same basis is refused, as is one
 * number for invoices to two companies.
 * @param options.dryRun nothing is kept
 */
export async function reportNumbers(
  db: Db,
  reported: readonly ReportedNumber[],
  { by, at, dryRun = false }: { by: string; at: Instant; dryRun?: boolean },
): Promise<ReportOutcome> {
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtext($1))', [lock]);
    const judged = judgeAll(reported, await knownBases(tx), addDays(localDateOf(at), daysAhead));
    const faults = judged.flatMap(({ one: { line }, fault }) => (fault ? [{ line, message: fault }] : []));
    if (faults.length > 0) return { faults };
    const fresh = judged.flatMap(({ one, isNew }) => (isNew ? [one] : []));
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

/** A basis, who is billed by it, and the invoice that was made of it. */
interface KnownBasis {
  basis: string;
  orgNumber: string;
  name: string;
  issuedAt: Instant;
  invoice: string | null;
  invoicedOn: LocalDate | null;
}

const knownBases = (tx: Queryable): Promise<KnownBasis[]> =>
  tx.query<KnownBasis>(
    `select b.number as basis, b.bill_to ->> 'orgNumber' as "orgNumber", b.bill_to ->> 'name' as name, b.issued_at as "issuedAt",
            n.invoice, n.invoiced_on as "invoicedOn"
       from invoice_bases b left join invoice_numbers n on n.basis = b.number`,
  );

/** Judges each report as if those above it were kept. */
function judgeAll(
  reported: readonly ReportedNumber[],
  known: readonly KnownBasis[],
  latest: LocalDate,
): { one: ReportedNumber; fault?: Text; isNew: boolean }[] {
  const bases = new Map(known.map((one) => [one.basis, one]));
  const billed = new Map(known.flatMap((one) => (one.invoice === null ? [] : [[one.invoice, one]])));
  return reported.map((one) => {
    const { basis: number, invoice, invoicedOn = null } = one;
    const basis = bases.get(number);
    if (!basis) return { one, fault: unknownBasis(number, [...bases.keys()]), isNew: false };
    const fault =
      conflict(one, basis) ?? dayProblem(one, basis, latest) ?? otherCompany(basis, billed.get(invoice));
    if (fault) return { one, fault, isNew: false };
    const isNew = basis.invoice === null;
    const kept = isNew ? { ...basis, invoice, invoicedOn } : basis;
    bases.set(number, kept);
    billed.set(invoice, kept);
    return { one, isNew };
  });
}

function unknownBasis(found: string, known: readonly string[]): Text {
  const expected = { sv: 'numret på ett fakturaunderlag', en: 'the number of an invoice basis' };
  return joined(expectedFound(expected, `"${found}"`), didYouMean(found, known));
}

/** Another number or date than was reported before; a date that is left out says nothing. */
function conflict({ basis, invoice, invoicedOn }: ReportedNumber, before: KnownBasis): Text | undefined {
  const isSame = before.invoice === invoice && (invoicedOn ?? before.invoicedOn) === before.invoicedOn;
  if (before.invoice === null || isSame) return undefined;
  const dated = before.invoicedOn
    ? { sv: ` den ${before.invoicedOn}`, en: ` of ${before.invoicedOn}` }
    : { sv: ' utan datum', en: ' without a date' };
  const expected = joined({ sv: 'faktura ', en: 'invoice ' }, joined(before.invoice, dated), {
    sv: `, som redan är rapporterad för ${basis}`,
    en: `, which was reported for ${basis} before`,
  });
  return expectedFound(expected, [invoice, ...(invoicedOn === undefined ? [] : [invoicedOn])].join(' '));
}

/** No invoice is dated before the basis that it is of was made, or far ahead. */
function dayProblem(
  { invoicedOn }: ReportedNumber,
  { invoice, issuedAt }: KnownBasis,
  latest: LocalDate,
): Text | undefined {
  const earliest = localDateOf(issuedAt);
  if (invoice !== null || invoicedOn === undefined) return undefined;
  if (earliest <= invoicedOn && invoicedOn <= latest) return undefined;
  const expected = {
    sv: `ett fakturadatum från ${earliest}, då underlaget gjordes, till ${latest}`,
    en: `an invoice date from ${earliest}, when the basis was made, to ${latest}`,
  };
  return expectedFound(expected, invoicedOn);
}

/** One invoice may be of several bases, but goes to one company. */
function otherCompany({ orgNumber, name }: KnownBasis, other: KnownBasis | undefined): Text | undefined {
  if (!other || other.orgNumber === orgNumber) return undefined;
  const expected = { sv: `en faktura till ${name}`, en: `an invoice to ${name}` };
  return expectedFound(expected, {
    sv: `nummer ${other.invoice}, som gick till ${other.name} (${other.basis})`,
    en: `number ${other.invoice}, which went to ${other.name} (${other.basis})`,
  });
}
