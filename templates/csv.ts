/** Tables that open right in a spreadsheet of the reader's language. */
import { stringify } from 'csv-stringify/sync';
import type { Language } from '../rules/engine/basics/text';

const forms = { sv: { point: ',', delimiter: ';' }, en: { point: '.', delimiter: ',' } } as const;

/** A cell that is a number as it stands there, below zero too, where the minus could begin a formula. */
export interface NumberCell {
  number: string;
}

/** A number as a cell: `2.5` is `2,5` in Swedish. */
export const numberCell = (number: string, language: Language): NumberCell => ({
  number: number.replace('−', '-').replace('.', forms[language].point),
});

/** Seconds as hours in a cell, with at most four decimals. */
export const hoursCell = (seconds: number, language: Language): NumberCell =>
  numberCell((seconds / 3600).toFixed(4).replace(/\.?0+$/, ''), language);

/** Minor units as an amount in a cell, with two decimals. */
export const moneyCell = (minor: number, language: Language): NumberCell =>
  numberCell((minor / 100).toFixed(2), language);

/**
 * A table as CSV: with a byte order mark, separator and decimal sign of the language, and text that a spreadsheet would take
 * for a formula as text.
 */
export function csvTable(
  columns: readonly string[],
  rows: readonly (string | number | NumberCell)[][],
  language: Language,
): string {
  return stringify([columns, ...rows], {
    ...{ bom: true, delimiter: forms[language].delimiter },
    ...{ record_delimiter: 'windows', escape_formulas: true },
    cast: { object: ({ number }) => ({ value: String(number), escape_formulas: false }) },
  });
}
