/** Adds up the lines of an hour statement: the balance after each, the months of the year, what differs from before. Pure. */
import { sum } from '../../rules/engine/basics/sum';
import { addMonths } from '../../rules/engine/calendar/dates';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { inHundredths } from '../../rules/engine/hours/hour-bank';
import type { HourCurvePoint } from '../documents/hour-chart';
import type { ChangedLine, StatementLine } from './data';

/** A line with what was left after it, in seconds. */
export interface BalancedLine extends StatementLine {
  left: number;
}

export interface Account {
  /** What the year began with, in seconds. */
  opening: number;
  lines: BalancedLine[];
}

/** A month of the agreement year; months to come have only a beginning. Seconds. */
export interface AccountMonth {
  from: LocalDate;
  used?: number;
  left?: number;
}

type YearDays = Pick<Record<'from' | 'to', LocalDate>, 'from' | 'to'>;

const given = ['contracted', 'rolledIn', 'added', 'ahead'];
/** Whether a line is work, or a correction of it; what of it went beyond the bank is a line beside it. */
export const isUse = ({ number, kind }: StatementLine): boolean =>
  number !== undefined && !kind.startsWith('beyond');

/** The lines with their balance; hours given for the first day are what the year began with. */
export function accountOf(lines: readonly StatementLine[], { from }: Pick<YearDays, 'from'>): Account {
  const isOpening = ({ kind, on }: StatementLine): boolean => given.includes(kind) && on <= from;
  const opening = sum(lines.filter(isOpening).map(({ seconds }) => seconds));
  let left = opening;
  return {
    opening,
    lines: lines
      .filter((line) => !isOpening(line))
      .map((line) => {
        left += line.seconds;
        return { ...line, left };
      }),
  };
}

/**
 * The year month by month: hours used, and left at each month's end.
 * @param asOf the last day that is told of
 */
export function monthsOf(
  lines: readonly StatementLine[],
  { from, to }: YearDays,
  asOf: LocalDate,
): AccountMonth[] {
  const account = accountOf(lines, { from });
  const months: AccountMonth[] = [];
  for (let index = 0; addMonths(from, index) < to; index++) {
    const first = addMonths(from, index);
    const next = addMonths(from, index + 1);
    if (first > asOf) {
      months.push({ from: first });
      continue;
    }
    const used = sum(
      account.lines.flatMap((line) =>
        isUse(line) && first <= line.on && line.on < next ? [-line.seconds] : [],
      ),
    );
    // What rolls over or expires at the year's end is dated on the day after it.
    const left = account.lines.findLast(({ on }) => on < next && on < to)?.left ?? account.opening;
    months.push({ from: first, used, left });
  }
  return months;
}

/** Hours used and hours to use over the year, for its chart. */
export function curveOf(lines: readonly StatementLine[], { from, to }: YearDays): HourCurvePoint[] {
  const account = accountOf(lines, { from });
  let [used, available] = [0, account.opening];
  const points = account.lines
    .filter(({ on, kind }) => on < to && !kind.startsWith('beyond'))
    .map((line) => {
      if (isUse(line)) used -= line.seconds;
      else available += line.seconds;
      return { on: line.on, used: inHundredths(used), available: inHundredths(available) };
    });
  return [{ on: from, used: 0, available: inHundredths(account.opening) }, ...points];
}

const keyOf = ({ on, number, kind }: StatementLine): string => [on, number ?? '', kind].join('/');

/** What differs between two statements of a year, line by line, in order of days; lines of before that are gone come too. */
export function changedLines(
  before: readonly StatementLine[],
  after: readonly StatementLine[],
): ChangedLine[] {
  const sums = new Map<string, ChangedLine>();
  const add = (line: StatementLine, side: 'before' | 'after'): void => {
    const {
      seconds,
      reported: _reported,
      included: _included,
      asked: _asked,
      prices: _prices,
      amountMinor: _amount,
      ...what
    } = line;
    const known: ChangedLine = sums.get(keyOf(line)) ?? what;
    sums.set(keyOf(line), { ...known, [side]: (known[side] ?? 0) + seconds });
  };
  for (const line of before) add(line, 'before');
  for (const line of after) add(line, 'after');
  return [...sums.values()]
    .filter((line) => line.before !== line.after)
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : (a.number ?? 0) - (b.number ?? 0)));
}
