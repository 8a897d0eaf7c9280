/** Tables of a PDF: the head is repeated on each page, and a row higher than a page goes on on the next. */
import type { Block, Cell, Column } from './document';
import type { Element, Line, Paper } from './paper';
import { bodyWidth, countFitting, heightOf, sheet, style, styles } from './paper';
import { tones } from './tones';

type Table = Extract<Block, { kind: 'table' }>;

/** Blank between columns, and above and below the lines of a row, where letters stand in the upper part of a line. */
const gap = { column: 10, above: 5, below: 2.5 };
const rowGap = gap.above + gap.below;

interface PlacedColumn {
  column: Column;
  left: number;
  right: number;
  head: Line[];
}

/** Height of a table's beginning: its head and a row of two lines. */
export const leastTableHeight = 2 * rowGap + styles.head.leading + 2 * styles.body.leading;

/** Draws a table below what is written. */
export function drawTable(paper: Paper, section: Element, { columns, rows, total }: Table): void {
  const table = paper.element(section, 'Table');
  const placed = place(paper, columns);
  paper.ensure(leastTableHeight);
  drawHead(paper, placed, table);
  for (const cells of rows) drawRow(paper, placed, table, cells);
  if (total) drawRow(paper, placed, table, total);
  paper.y += 10;
}

function place(paper: Paper, columns: readonly Column[]): PlacedColumn[] {
  const sum = columns.reduce((all, { share }) => all + share, 0);
  let edge = sheet.left;
  return columns.map((column, index) => {
    const left = edge;
    edge += (bodyWidth * column.share) / sum;
    const last = index === columns.length - 1;
    const right = edge - (last ? 0 : column.align === 'right' ? 2 * gap.column : gap.column);
    return { column, left, right, head: paper.wrap(column.title, styles.head, right - left) };
  });
}

function headHeight(placed: readonly PlacedColumn[]): number {
  return Math.max(...placed.map(({ head }) => heightOf(head))) + rowGap;
}

/** @param table left out where the head only repeats what was said */
function drawHead(paper: Paper, placed: readonly PlacedColumn[], table?: Element): void {
  const row = table && paper.element(table, 'TR');
  for (const at of placed) {
    const draw = (): void => writeCell(paper, at.head, at);
    if (row) paper.tag(paper.element(row, 'TH', { scope: 'Column' }), 'TH', draw);
    else paper.artifact('Pagination', draw);
  }
  paper.y += headHeight(placed);
  paper.rule(paper.y, tones.muted, 0.6);
}

function drawRow(
  paper: Paper,
  placed: readonly PlacedColumn[],
  table: Element,
  cells: readonly Cell[],
): void {
  const row = paper.element(table, 'TR');
  const elements = placed.map(() => paper.element(row, 'TD'));
  let waiting = placed.map(({ left, right }, index) =>
    linesOf(paper, cells[index] ?? { text: '' }, right - left),
  );
  const nextPage = (): void => {
    paper.newPage();
    drawHead(paper, placed);
  };
  const height = Math.max(...waiting.map(heightOf)) + rowGap;
  const wholePage = sheet.bottom - sheet.top - headHeight(placed);
  const least = height <= wholePage ? height : 3 * styles.body.leading + rowGap;
  if (paper.y + least > sheet.bottom) nextPage();
  for (let first = true; first || waiting.some(({ length }) => length > 0); first = false) {
    if (!first) nextPage();
    const space = sheet.bottom - paper.y - rowGap;
    const now = waiting.map((lines) => lines.slice(0, countFitting(lines, space)));
    for (const [index, at] of placed.entries()) {
      const [of, lines = []] = [elements[index], now[index]];
      if (of && lines.length > 0) paper.tag(of, 'TD', () => writeCell(paper, lines, at));
    }
    waiting = waiting.map((lines, index) => lines.slice(now[index]?.length));
    paper.y += Math.max(...now.map(heightOf)) + rowGap;
  }
  paper.rule(paper.y, tones.grid, 0.6);
}

function linesOf(paper: Paper, { text, note, tone, strong }: Cell, width: number): Line[] {
  const as = style(9, tone ? tones[tone] : tones.ink, strong ? 'Helvetica-Bold' : 'Helvetica');
  return [
    ...paper.wrap(text, as, width),
    ...(note === undefined ? [] : paper.wrap(note, styles.note, width)),
  ];
}

function writeCell(paper: Paper, lines: readonly Line[], { column, left, right }: PlacedColumn): void {
  let top = paper.y + gap.above;
  for (const line of lines) {
    paper.write(line, left, top, column.align === 'right' ? right : undefined);
    top += line.style.leading;
  }
}
