/** Reads a time system's file by a profile of the rules. */
import path from 'node:path';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { didYouMean } from '../../rules/engine/basics/did-you-mean';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { LocalDate } from '../../rules/engine/contract/contract';
import type { ImportProfile } from '../../rules/engine/imports/profile';
import { readProfile } from '../../rules/engine/imports/read-profile';
import type { ReadRows, RowFault } from '../../rules/engine/imports/read-rows';
import { readRows } from '../../rules/engine/imports/read-rows';
import { oneOf } from '../../rules/engine/reading/explain-schema-error';
import type { Finding } from '../../rules/engine/reading/finding';
import type { ReadOptions, Table, TextEncoding } from './read-table';
import { readTable } from './read-table';
import { readProfileTexts } from './rule-folder';

/**
 * The profile with a name, or what is wrong with its file.
 *
 * @param rulesDir the folder of the rules
 * @throws if there is none of that name
 */
export function readProfileNamed(
  rulesDir: string,
  name: string,
): { profile?: ImportProfile; findings: Finding[] } {
  const { texts, findings } = readProfileTexts(rulesDir);
  const file = `imports/${name}.json`;
  const text = texts[file];
  if (text !== undefined) return readProfile(text, `rules/${file}`);
  const unread = findings.filter((finding) => finding.file === `rules/${file}`);
  if (unread.length > 0) return { findings: unread };
  const known = Object.keys(texts).map((each) => path.parse(each).name);
  const expected = joined(
    { sv: 'en profil i rules/imports: ', en: 'a profile in rules/imports: ' },
    known.length === 0 ? { sv: 'det finns ingen', en: 'there is none' } : oneOf(known),
  );
  throw new BilingualError(joined(expectedFound(expected, `"${name}"`), didYouMean(name, known)));
}

/** A file of time, read. */
export interface ReadTime extends ReadRows {
  encoding: TextEncoding;
  /** Rows that hold anything. */
  count: number;
  /** How the file writes the heading of each of the profile's columns. */
  headings: ReadonlyMap<string, string>;
}

/** Reads all rows. @param today work of a later day is a fault */
export async function readTimeRows(
  bytes: Buffer,
  profile: ImportProfile,
  today: LocalDate,
  how: ReadOptions = {},
): Promise<ReadTime> {
  const names = Object.fromEntries(
    Object.entries(profile.columns).map(([column, headings]) => [column, [headings].flat().map(plain)]),
  );
  const table = await readTable(bytes, names, how);
  const { encoding } = table;
  const none = { encoding, count: 0, rows: [], notOurs: [], headings: new Map<string, string>() };
  if ('unreadable' in table) return { ...none, faults: [table.unreadable] };
  const lacking = lackingColumns(table, profile);
  if (lacking.length > 0) return { ...none, faults: lacking };
  const read = readRows(table.rows, profile, today);
  const tooWide = table.rows.flatMap(({ problem }) => problem ?? []);
  const isTooWide = new Set(tooWide.map(({ line }) => line));
  return {
    ...{ encoding, count: table.rows.length, notOurs: read.notOurs },
    rows: read.rows.filter(({ line }) => !isTooWide.has(line)),
    faults: [...read.faults.filter(({ line }) => !isTooWide.has(line)), ...tooWide].sort(
      (a, b) => a.line - b.line,
    ),
    headings: new Map(
      Object.entries(names).flatMap(([column, known]) => {
        const heading = table.header.fields.find((field) => known.includes(plain(field)));
        return heading === undefined ? [] : [[column, heading]];
      }),
    ),
  };
}

const plain = (heading: string): string => heading.normalize('NFC').toLowerCase();

/** Columns of the profile that the file does not have. */
function lackingColumns({ columns, header }: Table<string>, profile: ImportProfile): RowFault[] {
  const lacking = Object.entries(profile.columns)
    .filter(([column]) => !columns.has(column))
    .map(([, headings]) => [headings].flat().map((heading) => `"${heading}"`));
  if (lacking.length === 0) return [];
  const named = (or: string): string => lacking.map((names) => names.join(or)).join(', ');
  const expected = joined(
    lacking.length === 1 ? { sv: 'kolumnen ', en: 'the column ' } : { sv: 'kolumnerna ', en: 'the columns ' },
    { sv: named(' eller '), en: named(' or ') },
  );
  const found = header.fields.map((field) => `"${field}"`).join(', ');
  return [{ line: header.line, message: expectedFound(expected, found) }];
}
