/** A document of sections, as HTML and PDF draw it: the agenda of a meeting, an hour statement. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { Chart } from './hour-chart';

export interface Column {
  title: string;
  /** Share of the width, against those of the other columns. */
  share: number;
  /** Numbers stand to the right. */
  align?: 'right';
}

export interface Cell {
  text: string;
  /** Smaller, below it. */
  note?: string;
  tone?: 'bad' | 'good' | 'muted';
  strong?: true;
}

export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  /** Tells that there is nothing to show. */
  | { kind: 'empty'; text: string }
  | { kind: 'figures'; items: { label: string; value: string; tone?: 'bad' }[] }
  | {
      kind: 'chart';
      chart: Chart;
      /** Said where it is wider than the screen. */
      hint: string;
    }
  | { kind: 'list'; numbered: boolean; items: { text: string; note?: string; section?: string }[] }
  | { kind: 'table'; caption: string; columns: Column[]; rows: Cell[][]; total?: Cell[] };

export interface Section {
  id: string;
  title: string;
  blocks: Block[];
}

export interface PrintedDocument {
  language: Language;
  asOf: Instant;
  product: string;
  /** What the document is: its file's title. */
  title: string;
  heading: string;
  customer: string;
  facts: { label: string; value: string; note?: string }[];
  sections: Section[];
  /** On every page. */
  footer: string;
  page: (page: number, of: number) => string;
}
