/**
 * Draws a document as a PDF: A4, standard fonts, tagged, with bookmarks. The same document gives the same bytes, so that a
 * mail that is tried again carries the same file.
 */
import PDFDocument from 'pdfkit';
import type { Chart } from './hour-chart';
import type { PrintedDocument, Block } from './document';
import type { Element } from './paper';
import { bodyWidth, heightOf, Paper, sheet, style, styles } from './paper';
import { drawTable, leastTableHeight } from './pdf-table';
import { tones } from './tones';

/** Height of the figures, with the blank below them. */
const figuresHeight = 54;
/** Most lines of a fact: a long text must not push what it heads off its first page. */
const maxFactLines = 8;

/** The document as a PDF file. */
export async function documentPdf(document: PrintedDocument): Promise<Buffer> {
  const written = new Date(document.asOf);
  const doc = new PDFDocument({
    size: [sheet.width, sheet.height],
    margin: 0,
    pdfVersion: '1.7',
    tagged: true,
    lang: document.language === 'sv' ? 'sv-SE' : 'en-GB',
    displayTitle: true,
    bufferPages: true,
    info: {
      Title: document.title,
      Author: 'Pector',
      Subject: document.footer,
      Creator: 'serviceavtal',
      CreationDate: written,
      ModDate: written,
    },
  });
  const chunks: Buffer[] = [];
  const finished = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  const paper = new Paper(doc);
  drawTop(paper, document);
  for (const { title, blocks } of document.sections) drawSection(paper, title, blocks);
  paper.root.end();
  paper.eachPage((page, of) => drawFooter(paper, document.footer, document.page(page, of)));
  doc.end();
  return finished;
}

function drawTop(paper: Paper, { product, heading, customer, facts }: PrintedDocument): void {
  const section = paper.element(paper.root, 'Sect');
  paper.tag(paper.element(section, 'P'), 'P', () => {
    paper.write(paper.line('Pector', styles.brand), sheet.left, paper.y);
    paper.write(paper.line(product, style(10, tones.muted)), sheet.left, paper.y + 1, sheet.right);
  });
  paper.rule(paper.y + 20, tones.gold, 2.2);
  paper.y += 36;
  paper.flow(paper.element(section, 'H1'), 'H1', paper.wrap(heading, styles.h1, bodyWidth));
  paper.flow(paper.element(section, 'P'), 'P', paper.wrap(customer, styles.customer, bodyWidth));
  paper.y += 8;
  drawFacts(paper, section, facts);
}

function drawFacts(paper: Paper, section: Element, facts: PrintedDocument['facts']): void {
  const [inset, labelWidth] = [14, 92];
  const width = bodyWidth - labelWidth - 2 * inset;
  const rows = facts.map(({ label, value, note }) => ({
    label,
    lines: [
      ...paper.wrap(value, styles.body, width).slice(0, maxFactLines),
      ...(note === undefined ? [] : paper.wrap(note, styles.note, width)),
    ],
  }));
  const height = rows.reduce((sum, { lines }) => sum + heightOf(lines) + 3, 17);
  paper.box(sheet.left, paper.y, bodyWidth, height, tones.wash);
  paper.box(sheet.left, paper.y, 3, height, tones.accent);
  let top = paper.y + 10;
  for (const { label, lines } of rows) {
    paper.tag(paper.element(section, 'P'), 'P', () => {
      paper.write(paper.line(label, styles.label), sheet.left + inset, top);
      for (const line of lines) {
        paper.write(line, sheet.left + inset + labelWidth, top);
        top += line.style.leading;
      }
    });
    top += 3;
  }
  paper.y += height + 14;
}

function drawSection(paper: Paper, title: string, blocks: readonly Block[]): void {
  paper.ensure(40 + leastHeight(blocks, 0));
  paper.y += 8;
  const section = paper.element(paper.root, 'Sect');
  paper.bookmark(title);
  paper.flow(paper.element(section, 'H2'), 'H2', paper.wrap(title, styles.h2, bodyWidth));
  paper.rule(paper.y + 1, tones.grid, 0.8);
  paper.y += 8;
  for (const at of blocks.keys()) drawBlock(paper, section, blocks, at);
}

/** Height that the beginning of what follows takes: headings and figures stay with it. */
function leastHeight(blocks: readonly Block[], at: number): number {
  const block = blocks[at];
  if (block === undefined) return 0;
  if (block.kind === 'chart') return block.chart.height;
  if (block.kind === 'figures') return figuresHeight + leastHeight(blocks, at + 1);
  if (block.kind === 'heading') return 24 + leastHeight(blocks, at + 1);
  return block.kind === 'table' ? leastTableHeight : styles.body.leading;
}

function drawBlock(paper: Paper, section: Element, blocks: readonly Block[], at: number): void {
  const block = blocks[at];
  switch (block?.kind) {
    case 'heading':
      paper.ensure(leastHeight(blocks, at));
      paper.y += 6;
      paper.flow(paper.element(section, 'H3'), 'H3', paper.wrap(block.text, styles.h3, bodyWidth));
      paper.y += 3;
      break;
    case 'text':
    case 'empty': {
      const as = block.kind === 'text' ? styles.body : styles.empty;
      paper.flow(paper.element(section, 'P'), 'P', paper.wrap(block.text, as, bodyWidth));
      paper.y += 6;
      break;
    }
    case 'list':
      drawList(paper, section, block);
      break;
    case 'figures':
      drawFigures(paper, section, block);
      break;
    case 'chart':
      drawChart(paper, section, block.chart);
      break;
    case 'table':
      drawTable(paper, section, block);
  }
}

function drawList(
  paper: Paper,
  section: Element,
  { numbered, items }: Extract<Block, { kind: 'list' }>,
): void {
  const list = paper.element(section, 'L');
  for (const [index, { text, note }] of items.entries()) {
    const body = paper.element(paper.element(list, 'LI'), 'LBody');
    const mark = paper.line(numbered ? `${index + 1}.` : '•', styles.body);
    const whole = `${text}${note === undefined ? '' : ` (${note})`}`;
    paper.ensure(styles.body.leading);
    paper.tag(body, 'LBody', () => paper.write(mark, sheet.left + 4, paper.y));
    paper.flow(body, 'LBody', paper.wrap(whole, styles.body, bodyWidth - 20), sheet.left + 20);
    paper.y += 2;
  }
  paper.y += 6;
}

function drawFigures(paper: Paper, section: Element, { items }: Extract<Block, { kind: 'figures' }>): void {
  paper.ensure(figuresHeight);
  const gap = 8;
  const width = (bodyWidth - gap * (items.length - 1)) / items.length;
  for (const [index, { label, value, tone }] of items.entries()) {
    const left = sheet.left + index * (width + gap);
    const figure = { ...styles.figure, ...(tone && { colour: tones[tone] }) };
    paper.box(left, paper.y, width, 42, tones.wash);
    paper.tag(paper.element(section, 'P'), 'P', () => {
      paper.write(paper.line(value, figure), left + 9, paper.y + 8);
      paper.write(paper.line(label, styles.note), left + 9, paper.y + 26);
    });
  }
  paper.y += figuresHeight;
}

function drawChart(paper: Paper, section: Element, { width, height, description, shapes }: Chart): void {
  paper.ensure(height);
  const top = paper.y;
  const bbox = [sheet.left, top, sheet.left + width, top + height];
  const figure = paper.element(section, 'Figure', { alt: description, bbox });
  paper.tag(figure, 'Figure', () => {
    for (const shape of shapes) paper.shape(shape, sheet.left, top);
  });
  paper.y += height + 8;
}

function drawFooter(paper: Paper, footer: string, place: string): void {
  const top = sheet.height - 46;
  paper.rule(top, tones.grid, 0.6);
  paper.artifact('Pagination', () => {
    const right = paper.line(place, styles.note);
    const width = bodyWidth - paper.widthOf(right.text, styles.note) - 20;
    const [left] = paper.wrap(footer, styles.note, width);
    if (left) paper.write(left, sheet.left, top + 8);
    paper.write(right, sheet.left, top + 8, sheet.right);
  });
}
