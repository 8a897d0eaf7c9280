/**
 * Reads a table as spreadsheets save it, for every command that takes one: any of the usual encodings and separators, with
 * the line of every row.
 */
import { counted } from '../../rules/engine/basics/counted';
import type { Options } from 'csv-parse';
import { CsvError, parse } from 'csv-parse';
import { InvalidArgumentError, Option } from 'commander';
import { oneLine } from '../../rules/engine/basics/one-line';
import { expectedFound } from '../../rules/engine/basics/text';
import type { Language, Text, Wording } from '../../rules/engine/basics/text';
import { eightBitOf, eightBitText } from '../../rules/engine/basics/cp850';

/** Something wrong in a table, with the line it begins on, counted from 1. */
export interface TableProblem {
  line: number;
  /** The column's name, where it is about one. */
  column?: string;
  message: Text;
}

/** Encodings of tables. */
export const textEncodings = ['UTF-8', 'UTF-16', 'Windows-1252', 'CP850'] as const;
export type TextEncoding = (typeof textEncodings)[number];

/** The option that names a table's encoding; the command gets it as `encoding`. */
export const encodingOption = (): Option =>
  new Option('--encoding <encoding>', 'what the table is in, where that cannot be told from its letters')
    .choices([...textEncodings])
    .argParser(encodingNamed);

function encodingNamed(text: string): TextEncoding {
  const plain = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, '');
  const found = textEncodings.find((each) => plain(each) === plain(text));
  if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${textEncodings.join(', ')}.`);
  return found;
}

/** What a command says of a table that is not in UTF-8 or UTF-16; nothing of others. */
export const encodingTold = (encoding: TextEncoding | undefined): Text | undefined =>
  encoding === 'Windows-1252' || encoding === 'CP850'
    ? { sv: `Filen lästes som ${encoding}.`, en: `The file was read as ${encoding}.` }
    : undefined;

/**
 * A column's name to the reader of a language: the first of its names is the English one, the last the Swedish one.
 *
 * @param column the first of its names, as problems have it
 */
export function columnNamed(names: Iterable<readonly string[]>, column: string, language: Language): string {
  const swedish = [...names].find(([first]) => first === column)?.at(-1);
  return language === 'sv' ? (swedish ?? column) : column;
}

interface Row {
  line: number;
  fields: string[];
}

/** A row of a table. */
export interface TableRow<Id extends string> {
  line: number;
  /** The cell of a column on one line, without space around it; empty if the column or the cell is not there. */
  text(id: Id): string;
  /** Cells beyond the last heading. */
  problem?: TableProblem;
}

/** A table whose header was read. */
export interface Table<Id extends string> {
  encoding: TextEncoding;
  /** The headings as they are written, and their line. */
  header: Row;
  /** Columns that are there. */
  columns: ReadonlySet<Id>;
  /** Headings that name none of the columns; an empty one is among them only where a cell below it holds something. */
  unknown: string[];
  rows: TableRow<Id>[];
}

/** How a table is read. */
export interface ReadOptions {
  encoding?: TextEncoding | undefined;
  onProgress?: ((rows: number) => void) | undefined;
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

/**
 * Reads a table. Rows without content are left out, and so are empty cells at the end of a row: Excel saves such cells
 * for some rows and not for others. Headings match in any case.
 *
 * @param names what each column may be called, in lower case: its English name first, its Swedish name last
 * @param options.encoding what the bytes are in; found out if it is not given
 * @param options.onProgress called every thousand rows with how many are read
 * @returns the table, or the one problem for which it cannot be read, with the encoding as far as it is known
 */
export async function readTable<Id extends string>(
  bytes: Buffer,
  names: Record<Id, readonly string[]>,
  { encoding: named, onProgress }: ReadOptions = {},
): Promise<Table<Id> | { encoding: TextEncoding; unreadable: TableProblem }> {
  const decoded = decodeTable(bytes, named);
  if ('unreadable' in decoded) return { encoding: named ?? 'UTF-8', unreadable: decoded.unreadable };
  const { encoding } = decoded;
  const read = await readRows(decoded.text, onProgress);
  if (!Array.isArray(read)) return { encoding, unreadable: read };
  const [header, ...rows] = read;
  if (header === undefined) {
    const expected = { sv: 'en rad med kolumnernas rubriker', en: "a row with the columns' headings" };
    const message = expectedFound(expected, { sv: 'en tom fil', en: 'an empty file' });
    return { encoding, unreadable: { line: 1, message } };
  }
  const { columns, unknown, twice } = columnsOf(header, names);
  if (twice) return { encoding, unreadable: twice };
  const holds = (at: number): boolean => rows.some(({ fields }) => (fields[at] ?? '') !== '');
  return {
    encoding,
    header,
    columns: new Set(columns.keys()),
    unknown: unknown.flatMap((at) =>
      header.fields[at] !== '' || holds(at) ? [header.fields[at] ?? ''] : [],
    ),
    rows: rows.map(({ line, fields }) => ({
      line,
      text: (id) => fields[columns.get(id) ?? fields.length] ?? '',
      ...(fields.length > header.fields.length && { problem: tooWide(line, header, fields) }),
    })),
  };
}

function tooWide(line: number, header: Row, fields: readonly string[]): TableProblem {
  const width = header.fields.length;
  const fieldsOf = (count: number): Text => ({
    sv: `${count} fält`,
    en: counted(count, ['field', 'fields']),
  });
  return { line, message: expectedFound(fieldsOf(width), fieldsOf(fields.length)) };
}

/** What bytes begin with that are no text, by what the reader calls such a file. */
const noText: [name: Wording, bytes: number[]][] = [
  ['UTF-32', [0xff, 0xfe, 0, 0]],
  ['UTF-32', [0, 0, 0xfe, 0xff]],
  [{ sv: 'en arbetsbok (.xlsx)', en: 'a workbook (.xlsx)' }, [0x50, 0x4b, 3, 4]],
  [{ sv: 'en arbetsbok (.xls)', en: 'a workbook (.xls)' }, [0xd0, 0xcf, 0x11, 0xe0]],
];

/**
 * Decodes UTF-8, UTF-16, which is what Excel calls "Unicode text", Windows-1252, which spreadsheets on Windows still save, or
 * code page 850, which programs for DOS do. Two letters of a heading tell UTF-16 without a byte order mark: one byte of each is zero.
 */
function decodeTable(
  bytes: Buffer,
  named?: TextEncoding,
): { text: string; encoding: TextEncoding } | { unreadable: TableProblem } {
  const begins = (mark: readonly number[]): boolean => mark.every((byte, index) => bytes[index] === byte);
  const unreadable = (expected: Wording, found: Wording) => ({
    unreadable: { line: 1, message: expectedFound(expected, found) },
  });
  const other = noText.find(([, mark]) => begins(mark));
  if (other) return unreadable(aText, other[0]);
  if (named === 'Windows-1252' || named === 'CP850')
    return { text: eightBitText(bytes, named), encoding: named };
  const [first, second] = bytes;
  const big = begins([0xfe, 0xff]) || (first === 0 && second !== 0);
  const little = begins([0xff, 0xfe]) || (first !== 0 && second === 0);
  const decode = (label: string): string | undefined => {
    try {
      return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return undefined;
    }
  };
  if (named === 'UTF-16' || (named === undefined && (little || big))) {
    const text = decode(big ? 'utf-16be' : 'utf-16le');
    return text !== undefined ? { text, encoding: 'UTF-16' } : unreadable(aText, broken('UTF-16'));
  }
  const text = decode('utf-8');
  if (text !== undefined) return { text, encoding: 'UTF-8' };
  if (named !== undefined) return unreadable(aText, broken(named));
  const encoding = eightBitOf(bytes);
  if (encoding === undefined) return unreadable(anEncoding, twoEncodings);
  return { text: eightBitText(bytes, encoding), encoding };
}

const broken = (encoding: TextEncoding): Text => ({
  sv: `${encoding} med trasiga tecken`,
  en: `${encoding} with broken characters`,
});
const anEncoding: Text = {
  sv: '--encoding med vad tabellen är i',
  en: '--encoding with what the table is in',
};
const twoEncodings: Text = {
  sv: 'bokstäver av både Windows-1252 och CP850',
  en: 'letters of both Windows-1252 and CP850',
};

const aText: Text = {
  sv: 'en tabell som text: CSV (UTF-8) eller Unicode-text',
  en: 'a table as text: CSV (UTF-8) or Unicode text',
};

/**
 * The separator: from Excel's own first line (`sep=;`) if there is one, else the one that the header has most of, those
 * within quotes not counted.
 */
function separatorOf(text: string): { separator: string; skipped: number; rest: string } {
  const said = /^\ufeff?sep=(.)\n/i.exec(text);
  if (said) return { separator: said[1] ?? ',', skipped: 1, rest: text.slice(said[0].length) };
  const begins = text.lastIndexOf('\n', text.search(/[^\ufeff\s;,"]/)) + 1;
  const header = /^(?:"[^"]*"|[^"\n])*/.exec(text.slice(begins))?.[0].replace(/"[^"]*"/g, '') ?? '';
  const count = (separator: string): number => header.split(separator).length;
  const separator = [';', ',', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
  return { separator, skipped: 0, rest: text };
}

/** The rows that hold anything, without empty cells at their end. */
async function readRows(text: string, onProgress?: (rows: number) => void): Promise<Row[] | TableProblem> {
  // The library counts CR and LF within quotes as two lines.
  const { separator, skipped, rest } = separatorOf(text.replace(/\r\n?/g, '\n'));
  const parser = parse(rest, { ...options, delimiter: separator });
  const rows: Row[] = [];
  try {
    for await (const { record, raw, info } of parser as AsyncIterable<{
      record: string[];
      raw: string;
      info: { lines: number };
    }>) {
      const fields = record.map(oneLine);
      // A row of the other separator is as empty: the whole row is one cell then.
      if (fields.every((field) => /^[;,\s]*$/.test(field))) continue;
      while (fields.at(-1) === '') fields.pop();
      // `lines` is where the record ends; a quoted field may hold line breaks.
      const breaks = raw.replace(/^\s+|\s+$/g, '').split('\n').length - 1;
      rows.push({ line: info.lines - breaks + skipped, fields });
      if (rows.length % 1000 === 0) onProgress?.(rows.length);
    }
    return rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] + skipped : 1;
    const found = { sv: reasons[error.code] ?? `felet ${error.code}`, en: error.message };
    return { line, message: expectedFound({ sv: 'en rad som CSV', en: 'a row of CSV' }, found) };
  }
}

/** What the library says of a row, in Swedish, by its code; its own words are English. */
const reasons: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'ett citattecken (") som aldrig avslutas',
  CSV_INVALID_CLOSING_QUOTE: 'text direkt efter ett avslutande citattecken (")',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'text direkt efter ett avslutande citattecken (")',
  INVALID_OPENING_QUOTE: 'ett citattecken (") inne i ett fält som inte börjar med ett',
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'en rad med ett annat antal fält än de andra',
  CSV_RECORD_INCONSISTENT_COLUMNS: 'en rad med ett annat antal fält än rubriker',
  CSV_MAX_RECORD_SIZE: 'en rad som är för lång',
};

/** Where each column of a header is, the places of other headings, and the first column that is there twice. */
function columnsOf<Id extends string>(
  { line, fields }: Row,
  names: Record<Id, readonly string[]>,
): { columns: Map<Id, number>; unknown: number[]; twice?: TableProblem } {
  const columns = new Map<Id, number>();
  const unknown: number[] = [];
  for (const [at, field] of fields.entries()) {
    const name = field.normalize('NFC').toLowerCase();
    const id = (Object.keys(names) as Id[]).find((each) => names[each].includes(name));
    if (id === undefined) unknown.push(at);
    else if (columns.has(id)) {
      const first = fields[columns.get(id) ?? 0] ?? '';
      const expected = { sv: 'varje kolumn en gång', en: 'each column once' };
      const found = { sv: `"${field}" utöver "${first}"`, en: `"${field}" besides "${first}"` };
      return { columns, unknown, twice: { line, column: id, message: expectedFound(expected, found) } };
    } else columns.set(id, at);
  }
  return { columns, unknown };
}
