/** Reads the contracts of a batch: a folder of JSON files, one such file, or a table with an agreement a row. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { findNodeAtOffset, getNodePath, parseTree } from 'jsonc-parser';
import type { Contract, LocalDate } from '../../../rules/engine/contract/contract';
import type { Finding } from '../../../rules/engine/reading/finding';
import { didYouMean } from '../../../rules/engine/basics/did-you-mean';
import { explainAt } from '../../../rules/engine/reading/explain-at';
import { readSignable } from '../../../rules/engine/plan/read-signable';
import type { TakeOver } from '../../../rules/engine/plan/take-over';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import type { Text } from '../../../rules/engine/basics/text';
import { inWords } from '../../basics/spoken';
import { unreadableFile } from '../../basics/system-reason';
import { decodeText } from '../../files/decode-text';
import type { ReadOptions, Table, TableRow, TextEncoding } from '../../files/read-table';
import { readTable } from '../../files/read-table';
import { columnAt, inWordsOf, signableColumns, valueOfRow } from './signable-columns';

/** A problem in the input of a batch, and its place. */
export interface SignProblem {
  file: string;
  /** Counted from 1. */
  line: number;
  /** In a JSON file the column, counted from 1; in a table the column's name, if the problem concerns one. */
  column?: number | string;
  message: Text;
}

/** A contract that has no problem by itself. */
export interface SignEntry {
  contract: Contract;
  takeOver?: TakeOver;
  /** A problem at a path of the contract, with the place in the input that the path was read from. */
  problemAt(path: string[], message: Text): SignProblem;
}

export interface ReadBatch {
  entries: SignEntry[];
  problems: SignProblem[];
  /** Encoding of a table. */
  encoding?: TextEncoding;
}

/** Larger files are no tables of agreements. */
const maxBytes = 64 * 1024 * 1024;
/** Columns for people's own notes; they are not read. */
const notRead = ['comment', 'kommentar', 'note', 'anteckning'];
/** Names of tables: Excel saves "Unicode text" as `.txt`. A workbook is refused with what to save instead. */
const aTable = /\.(csv|tsv|tab|txt|xlsx?)$/i;

/**
 * Reads a whole batch, with all its problems.
 *
 * @param levels those that the rules give
 * @param target a folder, of which all `*.json` are read, a table (`*.csv`, `*.txt`, `*.tsv`), or one JSON file
 * @throws if there is no such file or folder, or nothing in it
 */
export async function readBatch(
  target: string,
  levels: readonly string[],
  today: LocalDate,
  how: ReadOptions = {},
): Promise<ReadBatch> {
  const isFolder = readable(target, () => statSync(target)).isDirectory();
  if (!isFolder && aTable.test(target)) return readAgreements(target, levels, today, how);
  const files = isFolder
    ? readdirSync(target)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => path.join(target, name))
    : [target];
  if (files.length === 0)
    throw new Error(
      inWords(
        expectedFound(
          { sv: `avtal som *.json i ${target}`, en: `contracts as *.json in ${target}` },
          { sv: 'inga', en: 'none' },
        ),
      ),
    );
  const read = files.map((file, index) => {
    if (index % 100 === 99) how.onProgress?.(index + 1);
    return readEntry(file, levels, today);
  });
  return {
    entries: read.flatMap(({ entries }) => entries),
    problems: read.flatMap(({ problems }) => problems),
  };
}

function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unreadableFile(file, error, { sv: 'en läsbar fil eller mapp', en: 'a readable file or folder' });
  }
}

const ofFinding = ({ file, line, column, message, messageSv }: Finding): SignProblem => ({
  file,
  line,
  column,
  message: { en: message, sv: messageSv },
});

function readEntry(file: string, levels: readonly string[], today: LocalDate): ReadBatch {
  const decoded = decodeText(
    readable(file, () => readFileSync(file)),
    file,
  );
  if ('finding' in decoded) return { entries: [], problems: [ofFinding(decoded.finding)] };
  const { signable, findings } = readSignable(decoded.text, file, today, { levels });
  if (signable === undefined) return { entries: [], problems: findings.map(ofFinding) };
  const { source, ...rest } = signable;
  const problemAt: SignEntry['problemAt'] = (at, message) => ofFinding(explainAt(source, at, message));
  return { entries: [{ ...rest, problemAt }], problems: [] };
}

async function readAgreements(
  file: string,
  levels: readonly string[],
  today: LocalDate,
  how: ReadOptions,
): Promise<ReadBatch> {
  const bytes = readable(file, () => {
    const { size } = statSync(file);
    if (size > maxBytes)
      throw new Error(
        inWords(expectedFound({ sv: `högst ${maxBytes} byte`, en: `at most ${maxBytes} bytes` }, `${size}`)),
      );
    return readFileSync(file);
  });
  const names = Object.fromEntries([...signableColumns].map(([id, one]) => [id, one.names]));
  const table = await readTable(bytes, names, how);
  const { encoding } = table;
  const refused = (problems: readonly Omit<SignProblem, 'file'>[]): ReadBatch => ({
    encoding,
    entries: [],
    problems: problems.map((problem) => ({ file, ...problem })),
  });
  if ('unreadable' in table) return refused([table.unreadable]);
  if (table.rows.length === 0) return refused([{ line: table.header.line, message: nothingToSign }]);
  const wrong = problemsOfHeader(table);
  if (wrong.length > 0) return refused(wrong);
  const read = table.rows.map((row) => readRow(file, row, levels, today));
  return {
    encoding,
    entries: read.flatMap(({ entries }) => entries),
    problems: read.flatMap((one) => one.problems),
  };
}

const nothingToSign = expectedFound(
  { sv: 'en rubrikrad och ett avtal per rad', en: 'a header and an agreement a row' },
  { sv: 'inga rader', en: 'no rows' },
);

/** What is wrong with a header: a misspelled column would lose its content; others are missing. */
function problemsOfHeader({ header, columns, unknown }: Table<string>): Omit<SignProblem, 'file'>[] {
  const { line } = header;
  const all = [...signableColumns.values()].flatMap((one) => one.names);
  const strange = unknown.filter((field) => !notRead.includes(field.toLowerCase()));
  const missing = [...signableColumns].filter(([id, { needed }]) => needed && !columns.has(id));
  const problems = strange.map((field) => ({
    line,
    message: joined(
      expectedFound(
        { sv: 'kolumner som `sign --help` nämner', en: 'columns that `sign --help` names' },
        `"${field}"`,
      ),
      didYouMean(field, all),
    ),
  }));
  for (const [, one] of missing)
    problems.push({
      line,
      message: expectedFound(
        {
          sv: `en kolumn ${one.names.map((each) => `"${each}"`).join(' eller ')}`,
          en: `a column ${one.names.map((each) => `"${each}"`).join(' or ')}`,
        },
        { sv: 'ingen', en: 'none' },
      ),
    });
  return problems;
}

/** Reads a row: checks it as the file of a contract with the same content. */
function readRow(
  file: string,
  { line, text, problem }: TableRow<string>,
  levels: readonly string[],
  today: LocalDate,
): ReadBatch {
  if (problem) return { entries: [], problems: [{ file, ...problem }] };
  const { value, contacts } = valueOfRow(text);
  const problemAt: SignEntry['problemAt'] = (at, message) => {
    const column = columnAt(at, contacts);
    if (!column) return { file, line, message };
    return { file, line, column: column.names[0] ?? '', message: inWordsOf(column, message) };
  };
  const json = JSON.stringify(value);
  const { signable, findings } = readSignable(json, file, today, { levels });
  if (signable) {
    const { contract, takeOver } = signable;
    return { entries: [{ contract, ...(takeOver && { takeOver }), problemAt }], problems: [] };
  }
  const tree = parseTree(json);
  return {
    entries: [],
    problems: findings.map(({ column, message, messageSv }) => {
      const node = tree && findNodeAtOffset(tree, column - 1);
      const at = node ? getNodePath(node).map(String) : [];
      return problemAt(at, { en: withoutPath(message), sv: withoutPath(messageSv) });
    }),
  };
}

/** A message without its path in the contract's file: there is no such file, and the column's name says where. */
function withoutPath(message: string): string {
  return message.replace(/^[^\s:]+: /, '');
}
