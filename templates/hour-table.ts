/** An hour statement as a table that opens right in a spreadsheet of the reader's language. */
import type { Language } from '../rules/engine/basics/text';
import { csvTable, hoursCell, numberCell } from './csv';
import type { StatementLine } from './statement/data';
import { lineName } from './statement/wording';
import { formatTime } from './words/numbers';

const words = {
  sv: {
    columns: [
      'Nummer',
      'Dag',
      'Slag',
      'Person',
      'Anteckning',
      'Tid',
      'Timmar',
      'Kvar',
      'Kvar i timmar',
      'Pris per timme exkl. moms',
    ],
    point: ',',
  },
  en: {
    columns: [
      'Number',
      'Day',
      'Kind',
      'Person',
      'Note',
      'Time',
      'Hours',
      'Left',
      'Left in hours',
      'Price per hour excl. VAT',
    ],
    point: '.',
  },
};

/**
 * The lines with what was left after each. Times stand as `h:mm` and as hours; text that a spreadsheet would take for a
 * formula is text.
 *
 * @param lines in the order in which they count
 * @example hourTable([{ on: '2027-01-01', kind: 'contracted', seconds: 432_000 }], 'sv')
 */
export function hourTable(lines: readonly StatementLine[], language: Language): string {
  const { columns, point } = words[language];
  const amounts = (seconds: number) => [
    numberCell(formatTime(seconds), language),
    hoursCell(seconds, language),
  ];
  let left = 0;
  const rows = lines.map(({ on, number, kind, by, note, seconds, prices = [] }) => {
    left += seconds;
    const price = prices.map((minor) => (minor / 100).toFixed(2).replace('.', point)).join(' / ');
    const what = lineName(kind, language);
    return [number ?? '', on, what, by ?? '', note ?? '', ...amounts(seconds), ...amounts(left), price];
  });
  return csvTable(columns, rows, language);
}
