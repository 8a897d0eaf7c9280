/** Paper to write a document on: pages, wrapped lines, and the structure that screen readers follow. */
import type { Shape } from './hour-chart';
import { printable } from './printable';
import { tones } from './tones';

/** A4 in points; what is between `top` and `bottom` is written on. */
export const sheet = { width: 595.28, height: 841.89, left: 50, right: 545.28, top: 52, bottom: 775 };
export const bodyWidth = sheet.right - sheet.left;

type Font = 'Helvetica' | 'Helvetica-Bold' | 'Helvetica-Oblique';

export interface Style {
  font: Font;
  size: number;
  colour: string;
  /** From one line's top to the next. */
  leading: number;
}

export interface Line {
  text: string;
  style: Style;
}

export function style(
  size: number,
  colour: string,
  font: Font = 'Helvetica',
  leading: number = size * 1.36,
): Style {
  return { font, size, colour, leading };
}

export const styles = {
  body: style(9.5, tones.ink),
  label: style(9.5, tones.muted),
  empty: style(9.5, tones.muted, 'Helvetica-Oblique'),
  note: style(8, tones.muted),
  head: style(8, tones.muted, 'Helvetica-Bold'),
  h1: style(22, tones.ink, 'Helvetica-Bold', 27),
  customer: style(13, tones.accent, 'Helvetica', 18),
  h2: style(13, tones.accent, 'Helvetica-Bold', 17),
  h3: style(10, tones.ink, 'Helvetica-Bold', 14),
  figure: style(14, tones.ink, 'Helvetica-Bold', 17),
  brand: style(11, tones.ink, 'Helvetica-Bold', 14),
};

/** Height of lines one below the other. */
export function heightOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + line.style.leading, 0);
}

/** How many of the lines fit into the space; at least one, so that a text always goes on. */
export function countFitting(lines: readonly Line[], space: number): number {
  let count = 0;
  for (let height = 0; count < lines.length; count++) {
    height += lines[count]?.style.leading ?? 0;
    if (height > space) break;
  }
  return Math.max(1, count);
}

export type Element = PDFKit.PDFStructureElement;
export type Tag =
  'Sect' | 'H1' | 'H2' | 'H3' | 'P' | 'L' | 'LI' | 'LBody' | 'Table' | 'TR' | 'TH' | 'TD' | 'Figure';

/** Options that the types of pdfkit lack. */
type ElementOptions = PDFKit.Mixins.StructureElementOptions & { scope?: string; bbox?: number[] };

export class Paper {
  /** Where the next line goes. */
  y = sheet.top;
  readonly root: Element;

  constructor(private readonly doc: PDFKit.PDFDocument) {
    this.root = doc.struct('Document');
    doc.addStructure(this.root);
  }

  /** A new element below `parent`; what it says follows by `tag`. */
  element(parent: Element, type: Tag, options: ElementOptions = {}): Element {
    const made = this.doc.struct(type, options);
    parent.add(made);
    return made;
  }

  /** Draws what belongs to an element; several times where it goes on on another page. */
  tag(of: Element, type: Tag, draw: () => void): void {
    const content = this.doc.markStructureContent(type);
    draw();
    this.doc.endMarkedContent();
    of.add(content);
  }

  /** Draws what only decorates, or repeats what was said. */
  artifact(type: 'Layout' | 'Pagination', draw: () => void): void {
    this.doc.markContent('Artifact', { type });
    draw();
    this.doc.endMarkedContent();
  }

  newPage(): void {
    this.doc.addPage();
    this.y = sheet.top;
  }

  /** Goes to the next page if less than this height is left. */
  ensure(height: number): void {
    if (this.y + height > sheet.bottom) this.newPage();
  }

  /** Writes one line; it ends at `right` if that is given. The text is `printable`. */
  write({ text, style: as }: Line, left: number, top: number, right?: number): void {
    const x = right === undefined ? left : right - this.widthOf(text, as);
    this.use(as).text(text, x, top, { lineBreak: false });
  }

  /** Lines one below the other, over as many pages as they need. */
  flow(of: Element, type: Tag, lines: readonly Line[], left: number = sheet.left): void {
    for (let rest = lines; rest.length > 0;) {
      this.ensure(rest[0]?.style.leading ?? 0);
      const now = rest.slice(0, countFitting(rest, sheet.bottom - this.y));
      this.tag(of, type, () => {
        for (const line of now) {
          this.write(line, left, this.y);
          this.y += line.style.leading;
        }
      });
      rest = rest.slice(now.length);
    }
  }

  rule(top: number, colour: string, width: number): void {
    this.artifact('Layout', () => {
      this.doc.moveTo(sheet.left, top).lineTo(sheet.right, top);
      this.doc.lineWidth(width).strokeColor(colour).stroke();
    });
  }

  box(left: number, top: number, width: number, height: number, colour: string): void {
    this.artifact('Layout', () => {
      this.doc.rect(left, top, width, height).fill(colour);
    });
  }

  /** One line as it stands. */
  line(text: string, as: Style): Line {
    return { text: printable(text), style: as };
  }

  /** Lines no wider than `width`; a word that is wider is broken. */
  wrap(text: string, as: Style, width: number): Line[] {
    return printable(text)
      .split('\n')
      .flatMap((paragraph) => this.wrapParagraph(paragraph, as, width))
      .map((line) => ({ text: line, style: as }));
  }

  widthOf(text: string, as: Style): number {
    return this.use(as).widthOfString(text);
  }

  /** Draws a shape of a chart whose upper left corner is at the given place. */
  shape(shape: Shape, left: number, top: number): void {
    const { doc } = this;
    const colour = tones[shape.tone];
    switch (shape.kind) {
      case 'line':
        doc.save();
        this.trace(shape.points, left, top);
        if (shape.dashed) doc.dash(3, { space: 2 });
        doc.lineWidth(shape.width).lineJoin('round').strokeColor(colour).stroke();
        doc.restore();
        break;
      case 'area':
        this.trace(shape.points, left, top);
        doc.closePath().fill(colour);
        break;
      case 'dot':
        doc.circle(left + shape.at[0], top + shape.at[1], shape.radius).fill(colour);
        break;
      case 'text': {
        const { text, style: as } = this.line(shape.text, style(shape.size, colour));
        const shift = { left: 0, center: 0.5, right: 1 }[shape.align] * this.widthOf(text, as);
        const options = { lineBreak: false, baseline: 'alphabetic' } as const;
        this.use(as).text(text, left + shape.at[0] - shift, top + shape.at[1], options);
      }
    }
  }

  /** A bookmark to this page. */
  bookmark(title: string): void {
    this.doc.outline.addItem(title);
  }

  /** Goes back to each page once all are written. */
  eachPage(draw: (page: number, of: number) => void): void {
    const { count } = this.doc.bufferedPageRange();
    for (let index = 0; index < count; index++) {
      this.doc.switchToPage(index);
      draw(index + 1, count);
    }
  }

  private use({ font, size, colour }: Style): PDFKit.PDFDocument {
    return this.doc.font(font).fontSize(size).fillColor(colour);
  }

  private trace(points: readonly (readonly [number, number])[], left: number, top: number): void {
    for (const [index, [x, y]] of points.entries())
      if (index === 0) this.doc.moveTo(left + x, top + y);
      else this.doc.lineTo(left + x, top + y);
  }

  /** Widths are added up word by word; the kerning over a blank, a fraction of a point, is left out. */
  private wrapParagraph(paragraph: string, as: Style, width: number): string[] {
    const blank = this.widthOf(' ', as);
    const lines: string[] = [];
    let line: string[] = [];
    let used = 0;
    for (const word of paragraph.split(' ').flatMap((whole) => this.pieces(whole, as, width))) {
      const wide = this.widthOf(word, as);
      if (line.length > 0 && used + blank + wide > width) {
        lines.push(line.join(' '));
        line = [];
      }
      used = line.length === 0 ? wide : used + blank + wide;
      line.push(word);
    }
    return [...lines, line.join(' ')];
  }

  private pieces(word: string, as: Style, width: number): string[] {
    if (this.widthOf(word, as) <= width) return [word];
    const parts: string[] = [];
    let part = '';
    let used = 0;
    for (const character of word) {
      const wide = this.widthOf(character, as);
      if (part !== '' && used + wide > width) {
        parts.push(part);
        [part, used] = ['', 0];
      }
      part += character;
      used += wide;
    }
    return [...parts, part];
  }
}
