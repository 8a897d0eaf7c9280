/** What of an hour statement stands in its mail: the months, and as many of the newest lines as a mail program shows whole. */
import { sum } from '../../rules/engine/basics/sum';
import { addDays } from '../../rules/engine/calendar/dates';
import type { BalancedLine } from '../statement/account';
import { accountOf, monthsOf } from '../statement/account';
import type { StatementData } from '../statement/data';

/**
 * Bytes that lines may take in HTML: Gmail cuts a mail at 102 kB, and beside them stand the balance, the months and what
 * differs from before.
 */
const mostBytes = 40_000;
/** What a line takes beside its texts: four cells with their styles. */
const bytesOfLine = 1_500;
/** A note longer than this is cut in the mail; the documents have it whole. */
const longestNote = 300;

/** A month as a bar: its share of the month that used most, per cent. */
export interface MonthBar {
  from: string;
  used?: number;
  left?: number;
  percent: number;
  /** It has not begun. */
  coming?: true;
}

export interface ShownAccount {
  opening: number;
  /** How many earlier lines only the documents show, and what was left after them. */
  folded: number;
  foldedLeft: number;
  lines: BalancedLine[];
  months: MonthBar[];
}

/** @param data the statement as it is told */
export function shownAccount({ hours, year }: Pick<StatementData, 'hours' | 'year'>): ShownAccount {
  const { opening, lines } = accountOf(hours.lines ?? [], year);
  const shown = newest(
    lines.map((line) => (line.note === undefined ? line : { ...line, note: cut(line.note) })),
    mostBytes,
  );
  const folded = lines.length - shown.length;
  const to = hours.endedOn === undefined ? year.to : addDays(hours.endedOn, 1);
  const months = monthsOf(hours.lines ?? [], { from: year.from, to }, hours.asOf);
  const most = Math.max(1, ...months.map(({ used = 0 }) => used));
  return {
    opening,
    folded,
    foldedLeft: lines[folded - 1]?.left ?? opening,
    lines: shown,
    months: months.map((month) => ({
      ...month,
      ...(month.used === undefined && { coming: true as const }),
      percent: Math.round((Math.max(0, month.used ?? 0) * 100) / most),
    })),
  };
}

const cut = (note: string): string => {
  const letters = [...note];
  return letters.length > longestNote ? `${letters.slice(0, longestNote).join('')}…` : note;
};

/** So many of the last lines as there is room for. What HTML escapes may take six bytes. */
function newest<T extends Pick<BalancedLine, 'note' | 'by'>>(lines: readonly T[], room: number): T[] {
  const bytesOf = ({ note = '', by = '' }: T): number =>
    bytesOfLine + sum([note, by].map((text) => Buffer.byteLength(text.replace(/[&<>"'`=]/g, '&#x00;'))));
  let used = 0;
  const from = lines.findLastIndex((line) => (used += bytesOf(line)) > room);
  return lines.slice(from + 1);
}
