/** Writes invoice bases for an ERP's order import: lines of fields by a profile. */
import { windows1252Bytes } from '../basics/windows-1252';

/** A value of a basis or of a row that a field can hold. */
export type ExportValue =
  | 'agreement'
  | 'amount'
  | 'article'
  | 'basis'
  | 'costCentre'
  | 'creditedBasis'
  | 'creditedInvoice'
  | 'currency'
  | 'customer'
  | 'customerNumber'
  | 'from'
  | 'issuedOn'
  | 'kind'
  | 'month'
  | 'name'
  | 'orgNumber'
  | 'price'
  | 'quantity'
  | 'reference'
  | 'row'
  | 'text'
  | 'to'
  | 'vatCode';

/** A fixed text, or a value: with the text to write in its place, or cut. */
export type ExportField = string | { value: ExportValue; choices?: Record<string, string>; length?: number };

/** `rules/exports/<name>.json`. */
export interface ExportProfile {
  about: { sv: string; en: string };
  encoding: 'utf-8' | 'windows-1252';
  separator: string;
  decimalSign: ',' | '.';
  decimals: { quantity: number; price: number };
  dates: 'YYYY-MM-DD' | 'YYYYMMDD' | 'DD.MM.YYYY';
  extension: string;
  basis: ExportField[];
  row: ExportField[];
}

/** Values as texts; days as `2027-01-31`. */
export type ExportTexts = Partial<Record<ExportValue, string>>;

/** A row to be written. Times are whole seconds, money minor units. */
export interface ExportedRow {
  seconds: number;
  priceMinor: number;
  amountMinor: number;
  texts: ExportTexts;
  /** Time and price in words, where the row goes as one times its amount. */
  timeText: string;
}

export interface ExportedBasis {
  texts: ExportTexts;
  rows: readonly ExportedRow[];
}

/** The file of bases by a profile. */
export function exportFile(bases: readonly ExportedBasis[], profile: ExportProfile): Uint8Array {
  const lines = bases.flatMap(({ texts, rows }) => [
    lineOf(profile.basis, texts, profile),
    ...rows.map((row) =>
      lineOf(profile.row, { ...texts, ...row.texts, ...amountsOf(row, profile) }, profile),
    ),
  ]);
  const text = lines.map((line) => `${line}\r\n`).join('');
  return profile.encoding === 'utf-8' ? new TextEncoder().encode(text) : windows1252Bytes(text);
}

function lineOf(
  fields: readonly ExportField[],
  texts: ExportTexts,
  { separator, dates }: ExportProfile,
): string {
  const clean = (text: string): string =>
    text
      .replaceAll(separator, ' ')
      .replace(/[\s"]+/g, ' ')
      .trim();
  return fields
    .map((field) => {
      if (typeof field === 'string') return field;
      const { value, choices, length } = field;
      const plain = texts[value] ?? '';
      const chosen = choices && Object.hasOwn(choices, plain) ? choices[plain]! : asDate(plain, dates);
      return clean(chosen).slice(0, length).trim();
    })
    .join(separator);
}

function asDate(text: string, dates: ExportProfile['dates']): string {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return text;
  return dates === 'YYYY-MM-DD'
    ? text
    : dates === 'YYYYMMDD'
      ? `${year}${month}${day}`
      : `${day}.${month}.${year}`;
}

/**
 * Quantity and price, where they give the amount to the öre with the decimals that the import takes; else one times the
 * amount, with the time in the text.
 */
function amountsOf(row: ExportedRow, { decimals, decimalSign }: ExportProfile): ExportTexts {
  const { seconds, priceMinor, amountMinor, timeText, texts } = row;
  const unit = 10n ** BigInt(decimals.quantity);
  const quantity = roundedDivision(BigInt(seconds) * unit, 3600n);
  const isExact = roundedDivision(quantity * BigInt(priceMinor), unit) === BigInt(amountMinor);
  const write = (number: bigint, from: number, to: number): string =>
    decimal(number * 10n ** BigInt(to - from), to, decimalSign);
  const amount = decimal(BigInt(amountMinor), 2, decimalSign);
  if (isExact)
    return {
      ...{ amount, quantity: decimal(quantity, decimals.quantity, decimalSign) },
      price: write(BigInt(priceMinor), 2, decimals.price),
    };
  const one = amountMinor < 0 ? -1n : 1n;
  return {
    ...{ amount, quantity: write(one, 0, decimals.quantity) },
    price: write(BigInt(amountMinor) * one, 2, decimals.price),
    ...(texts.text !== undefined && { text: `${texts.text}, ${timeText}` }),
  };
}

/** A division rounded to the nearest whole, halves away from zero, as ERPs round. */
function roundedDivision(number: bigint, by: bigint): bigint {
  const sign = number < 0n ? -1n : 1n;
  return (sign * (2n * sign * number + by)) / (2n * by);
}

/** A whole number of the last decimal as text, without zeros at its end. */
function decimal(number: bigint, decimals: number, sign: string): string {
  const digits = String(number < 0n ? -number : number).padStart(decimals + 1, '0');
  const fraction = decimals === 0 ? '' : digits.slice(-decimals).replace(/0+$/, '');
  const whole = decimals === 0 ? digits : digits.slice(0, -decimals);
  return `${number < 0n ? '-' : ''}${whole}${fraction === '' ? '' : sign + fraction}`;
}
