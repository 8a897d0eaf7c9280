/** An hour statement as a table that opens right in a spreadsheet of the reader's language. */
import { stringify } from 'csv-stringify/sync';
import type { Language } from '../rules/engine/basics/text';
import type { LocalDate } from '../rules/engine/contract/contract';
import { label } from './words/labels';
import { formatTime } from './words/numbers';

/** A line of a year's hours: hours given, used, lapsed, rolled over or expired. */
export interface HourTableLine {
  on: LocalDate;
  /** Of an entry: its number, the kind of work, who reported it and what was written. */
  number?: number;
  /** A kind of work, or what happened to hours. */
  kind: string;
  by?: string;
  note?: string;
  /** What the hours to use gain, in whole seconds; below zero what was used, or is gone. */
  seconds: number;
}

const words = {
  sv: {
    columns: ['Nummer', 'Dag', 'Slag', 'Person', 'Anteckning', 'Tid', 'Timmar', 'Kvar', 'Kvar i timmar'],
    point: ',',
    delimiter: ';',
    kinds: {
      contracted: 'Avtalade timmar',
      rolledIn: 'Överförda timmar',
      added: 'Köpta timmar, eller bjudna av oss',
      lapsed: 'Överförda timmar som upphörde',
      rolledOut: 'Överförs till nästa avtalsår',
      refunded: 'Återbetalas',
      expired: 'Upphör',
      correction: 'Rättelse',
    },
  },
  en: {
    columns: ['Number', 'Day', 'Kind', 'Person', 'Note', 'Time', 'Hours', 'Left', 'Left in hours'],
    point: '.',
    delimiter: ',',
    kinds: {
      contracted: 'Contracted hours',
      rolledIn: 'Hours brought over',
      added: 'Hours bought, or on us',
      lapsed: 'Hours brought over that expired',
      rolledOut: 'Rolled over to the next year',
      refunded: 'Refunded',
      expired: 'Expired',
      correction: 'Correction',
    },
  },
};

/**
 * The lines with what was left after each. Times stand as `h:mm` and as hours; text that a spreadsheet would take for a
 * formula is text.
 *
 * @param lines in the order in which they count
 * @example hourTable([{ on: '2027-01-01', kind: 'contracted', seconds: 432_000 }], 'sv')
 */
export function hourTable(lines: readonly HourTableLine[], language: Language): string {
  const { columns, point, delimiter, kinds } = words[language];
  const inHours = (seconds: number): string =>
    (seconds / 3600)
      .toFixed(4)
      .replace(/\.?0+$/, '')
      .replace('.', point);
  // Numbers are numbers below zero, too, where the minus could begin a formula.
  const amounts = (seconds: number): { number: string }[] => [
    { number: formatTime(seconds).replace('−', '-') },
    { number: inHours(seconds) },
  ];
  let left = 0;
  const rows = lines.map(({ on, number, kind, by, note, seconds }) => {
    left += seconds;
    const what = kind in kinds ? kinds[kind as keyof typeof kinds] : label('hourKind', kind, language);
    return [number ?? '', on, what, by ?? '', note ?? '', ...amounts(seconds), ...amounts(left)];
  });
  return stringify([columns, ...rows], {
    ...{ bom: true, delimiter, record_delimiter: 'windows', escape_formulas: true },
    cast: { object: ({ number }) => ({ value: String(number), escape_formulas: false }) },
  });
}
