/** What an invoice basis says: the text of each row, and the table for our clerk. */
import { localDateOf } from '../rules/engine/calendar/calendar';
import type { Language } from '../rules/engine/basics/text';
import type { RowDraft } from '../rules/engine/invoicing/basis';
import type { BilledTo } from '../rules/engine/invoicing/billed-to';
import type { ExportedBasis } from '../rules/engine/invoicing/export-lines';
import { csvTable, hoursCell, moneyCell, numberCell } from './csv';
import { label } from './words/labels';
import { formatMoney, formatTime } from './words/numbers';

/** A row of a basis as it stands. */
export interface InvoiceRow extends Omit<RowDraft, 'part' | 'of'> {
  row: number;
  /** The row that it credits or pays back. */
  of?: { basis: string; row: number };
  text: string;
}

/** A basis as it stands. */
export interface InvoiceBasis {
  number: string;
  agreement: string;
  customer: string;
  month: string;
  /** The basis that it credits, and the invoice that the ERP made of that, if it is reported. */
  credits?: { basis: string; invoice?: string };
  /** The invoice that the ERP made of it, if it is reported. */
  invoice?: string;
  issuedAt: string;
  currency: string;
  /** As the contract said when it was exported. */
  billTo: BilledTo & { language: Language };
  rows: InvoiceRow[];
}

const of = (part: RowDraft['part'], joint: string): string =>
  part && part.of > 1 ? ` ${part.number} ${joint} ${part.of}` : '';

/** A row with the invoice that the ERP made of the basis that it credits or pays back, if it is reported. */
export type TextedRow = RowDraft & { invoice?: string };

const names: Record<Language, (row: TextedRow) => string> = {
  sv: ({ kind, part, service, entry, of: original, invoice }) => {
    const source = `${invoice === undefined ? '' : `faktura ${invoice}, `}underlag ${original?.basis} rad ${original?.row}`;
    switch (kind) {
      case 'instalment':
        return part && part.of > 1 ? `Timbank, delbetalning${of(part, 'av')}` : 'Timbank, avtalade timmar';
      case 'amendment':
        return 'Timbank, tillägg';
      case 'purchase':
        return `Köpta timmar (post ${entry})`;
      case 'overage':
        return `Timmar utöver timbanken, ${label('hourKind', service ?? 'other', 'sv').toLowerCase()} (post ${entry})`;
      case 'beyondPaid':
        return 'Timmar utöver betalda delbetalningar';
      case 'refund':
        return `Återbetalning av outnyttjade timmar, ${source}`;
      case 'credit':
        return `Kredit av ${source}`;
    }
  },
  en: ({ kind, part, service, entry, of: original, invoice }) => {
    const source = `${invoice === undefined ? '' : `invoice ${invoice}, `}basis ${original?.basis} row ${original?.row}`;
    switch (kind) {
      case 'instalment':
        return part && part.of > 1 ? `Hour bank, instalment${of(part, 'of')}` : 'Hour bank, contracted hours';
      case 'amendment':
        return 'Hour bank, addition';
      case 'purchase':
        return `Hours bought (entry ${entry})`;
      case 'overage':
        return `Hours beyond the hour bank, ${label('hourKind', service ?? 'other', 'en').toLowerCase()} (entry ${entry})`;
      case 'beyondPaid':
        return 'Hours beyond the instalments paid';
      case 'refund':
        return `Refund of unused hours, ${source}`;
      case 'credit':
        return `Credit of ${source}`;
    }
  },
};

/**
 * What the invoice says of a row, in the customer's language.
 * @example rowText(row, 'sv') // 'Timbank, delbetalning 2 av 4, avser 2027-04-01–2027-06-30'
 */
export function rowText(row: TextedRow, language: Language): string {
  const { from, to } = row;
  const days = from === to ? from : `${from}–${to}`;
  return `${names[language](row)}, ${language === 'sv' ? 'avser' : 'for'} ${days}`;
}

/**
 * Time and price in words, for a row that goes as one times its amount.
 * @example timeText(row, 'SEK', 'sv') // '14:10:48 tim à 1 317,50 kr'
 */
export function timeText(
  { seconds, priceMinor }: Pick<RowDraft, 'seconds' | 'priceMinor'>,
  currency: string,
  language: Language,
): string {
  const [unit, at] = language === 'sv' ? ['tim', 'à'] : ['h', 'at'];
  return `${formatTime(Math.abs(seconds))} ${unit} ${at} ${formatMoney(priceMinor, currency, language)}`;
}

const table = {
  sv: {
    columns:
      'Underlagsnummer;Rad;Slag;Krediterar underlag;Krediterar rad;Krediterar faktura;Fakturanummer;Avtal;Kund;Faktureras;Organisationsnummer;Kundnummer;Er referens;Kostnadsställe;Avser från;Avser till;Artikel;Momskod;Text;Tid;Timmar;Pris per timme exkl. moms;Belopp exkl. moms;Valuta',
    invoice: 'Faktura',
    credit: 'Kreditnota',
  },
  en: {
    columns:
      'Basis;Row;Kind;Credits basis;Credits row;Credits invoice;Invoice;Agreement;Customer;Billed to;Organisation number;Customer number;Reference;Cost centre;From;To;Article;VAT code;Text;Time;Hours;Price per hour excl. VAT;Amount excl. VAT;Currency',
    invoice: 'Invoice',
    credit: 'Credit note',
  },
};

/** All rows of bases as a table for our clerk. */
export function invoiceTable(bases: readonly InvoiceBasis[], language: Language): string {
  const words = table[language];
  const rows = bases.flatMap((basis) =>
    basis.rows.map((row) => [
      ...[basis.number, row.row, basis.credits ? words.credit : words.invoice],
      ...[row.of?.basis ?? '', row.of?.row ?? '', basis.credits?.invoice ?? '', basis.invoice ?? ''],
      ...[basis.agreement, basis.customer, basis.billTo.name, basis.billTo.orgNumber],
      ...[basis.billTo.number ?? '', basis.billTo.reference ?? '', basis.billTo.costCentre ?? ''],
      ...[row.from, row.to, row.article, row.vatCode, row.text],
      ...[numberCell(formatTime(row.seconds), language), hoursCell(row.seconds, language)],
      ...[moneyCell(row.priceMinor, language), moneyCell(row.amountMinor, language), basis.currency],
    ]),
  );
  return csvTable(words.columns.split(';'), rows, language);
}

/** Bases as the export profile of an ERP takes them. */
export const exportedBases = (bases: readonly InvoiceBasis[]): ExportedBasis[] =>
  bases.map(({ number, agreement, customer, month, credits, issuedAt, currency, billTo, rows }) => ({
    texts: {
      ...{ basis: number, agreement, customer, month, currency, issuedOn: localDateOf(issuedAt) },
      ...{ kind: credits ? 'credit' : 'invoice', name: billTo.name, orgNumber: billTo.orgNumber },
      ...(credits && { creditedBasis: credits.basis, creditedInvoice: credits.invoice ?? '' }),
      ...{ customerNumber: billTo.number ?? '', reference: billTo.reference ?? '' },
      costCentre: billTo.costCentre ?? '',
    },
    rows: rows.map(({ row, seconds, priceMinor, amountMinor, from, to, article, vatCode, text }) => ({
      ...{ seconds, priceMinor, amountMinor },
      texts: { row: String(row), from, to, article, vatCode, text },
      timeText: timeText({ seconds, priceMinor }, currency, billTo.language),
    })),
  }));

/** Bases that no ERP can take in: its number of whom is invoiced is not known. */
export const withoutNumber = (bases: readonly InvoiceBasis[]): InvoiceBasis[] =>
  bases.filter(({ billTo }) => billTo.number === undefined);
