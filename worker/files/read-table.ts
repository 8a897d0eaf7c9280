/** Reads a CSV file as spreadsheets save it: any of the usual encodings and separators, with the line of every row. */
import type { Options } from 'csv-parse';
import { CsvError, parse } from 'csv-parse';
import { expectedFound } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import { decodeText } from './decode-text';

/** Something wrong in a table, with the line it begins on, counted from 1. */
export interface TableProblem {
  line: number;
  /** The column's name, where it is about one. */
  column?: string;
  message: Text;
}

export type TextEncoding = 'UTF-8' | 'Windows-1252';

export interface Row {
  line: number;
  fields: string[];
}

const options: Options = {
  bom: true,
  trim: true,
  // People write `17" skärm` without doubling the quote.
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
  info: true,
  raw: true,
};

/** Decodes UTF-8, or Windows-1252, which spreadsheets on Windows still save; UTF-16 and UTF-32 are problems. */
export function decodeTable(
  bytes: Buffer,
  file: string,
): { text: string; encoding: TextEncoding } | TableProblem {
  const decoded = decodeText(bytes, file);
  if ('text' in decoded) return { text: decoded.text, encoding: 'UTF-8' };
  const { message, messageSv } = decoded.finding;
  if (bytes.subarray(0, 4).includes(0) || bytes[0] === 0xff || bytes[0] === 0xfe)
    return { line: 1, message: { sv: messageSv, en: message } };
  return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' };
}

/** The separator: from Excel's own first line (`sep=;`) if there is one, else the one that the header has most of. */
function separatorOf(text: string): { separator: string; skipped: number; rest: string } {
  const said = /^\ufeff?sep=(.)\r?\n/i.exec(text);
  if (said) return { separator: said[1] ?? ',', skipped: 1, rest: text.slice(said[0].length) };
  const header = /\S.*/.exec(text)?.[0] ?? '';
  const count = (separator: string): number => header.split(separator).length;
  const separator = [';', ',', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
  return { separator, skipped: 0, rest: text };
}

/**
 * The rows of a table, the header first.
 * @param onProgress called every thousand rows with how many are read
 */
export async function readRows(
  text: string,
  onProgress?: (rows: number) => void,
): Promise<Row[] | TableProblem> {
  const { separator, skipped, rest } = separatorOf(text);
  // The library counts CR and LF within quotes as two lines.
  const parser = parse(rest.replace(/\r\n?/g, '\n'), { ...options, delimiter: separator });
  const rows: Row[] = [];
  try {
    for await (const { record, raw, info } of parser as AsyncIterable<{
      record: string[];
      raw: string;
      info: { lines: number };
    }>) {
      // `lines` is where the record ends; a quoted field may hold line breaks.
      const breaks = raw.replace(/^\s+|\s+$/g, '').split('\n').length - 1;
      rows.push({ line: info.lines - breaks + skipped, fields: record });
      if (rows.length % 1000 === 0) onProgress?.(rows.length);
    }
    return rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] + skipped : 1;
    return { line, message: expectedFound({ sv: 'en rad som CSV', en: 'a row of CSV' }, error.message) };
  }
}

/**
 * Where each column of a header is. Names match in any case.
 *
 * @param names what each column may be called, in lower case
 * @returns the columns, the fields that name none of them, and the first column that is there twice
 */
export function columnsOf<Id extends string>(
  { line, fields }: Row,
  names: Record<Id, readonly string[]>,
): { columns: Map<Id, number>; unknown: string[]; twice?: TableProblem } {
  const columns = new Map<Id, number>();
  const unknown: string[] = [];
  for (const [at, field] of fields.entries()) {
    const name = field.normalize('NFC').toLowerCase();
    const id = (Object.keys(names) as Id[]).find((each) => names[each].includes(name));
    if (id === undefined) unknown.push(field);
    else if (columns.has(id)) {
      const first = fields[columns.get(id) ?? 0] ?? '';
      const expected = { sv: 'varje kolumn en gång', en: 'each column once' };
      const found = { sv: `"${field}" utöver "${first}"`, en: `"${field}" besides "${first}"` };
      return { columns, unknown, twice: { line, column: id, message: expectedFound(expected, found) } };
    } else columns.set(id, at);
  }
  return { columns, unknown };
}
