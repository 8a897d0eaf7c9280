/** Reads the rows of a time system's file by a profile: time of agreements, rows that are not ours, and faults. */
import { compilePattern, fold } from '../basics/patterns';
import { expectedFound, joined } from '../basics/text';
import type { Text, Wording } from '../basics/text';
import type { LocalDate } from '../contract/contract';
import { dateReader, readTime } from './forms';
import type { ImportProfile, When } from './profile';

/** A row of a table: the text of each column that the profile names. */
export interface RowText {
  line: number;
  text(column: string): string;
}

/** Time that a row says was worked for an agreement, or takes back. */
export interface TimeRow {
  line: number;
  /** What names the row: the same in the next file. */
  name: string;
  agreement: string;
  on: LocalDate;
  person: string;
  kind?: string;
  note?: string;
  /** Whole seconds, below zero where the row takes time back. */
  seconds: number;
}

/** A row of no agreement: what it says, for whoever looks whether that is right. */
export interface OtherRow {
  line: number;
  text: string;
}

/** What is wrong with a row. */
export interface RowFault {
  line: number;
  /** The profile's name of the column, where it is about one. */
  column?: string;
  message: Text;
}

export interface ReadRows {
  rows: TimeRow[];
  notOurs: OtherRow[];
  faults: RowFault[];
}

const SECONDS_OF_DAY = 86_400;
const longest = { person: 200, note: 1000 };

/**
 * Reads rows. A row that is not ours is not read any further; every fault of the others is told.
 *
 * @param today work of a later day is a fault
 */
export function readRows(rows: readonly RowText[], profile: ImportProfile, today: LocalDate): ReadRows {
  const reader = rowReader(profile, today);
  const read: ReadRows = { rows: [], notOurs: [], faults: [] };
  for (const row of rows) {
    const found = reader(row);
    if ('notOurs' in found) read.notOurs.push(found.notOurs);
    else if ('faults' in found) read.faults.push(...found.faults);
    else read.rows.push(found.row);
  }
  return profile.key ? withoutTwins(read) : read;
}

type Found = { row: TimeRow } | { notOurs: OtherRow } | { faults: RowFault[] };

function rowReader(profile: ImportProfile, today: LocalDate): (row: RowText) => Found {
  const readDate = dateReader(profile.dates);
  const isNotOurs = firstOf(profile.notOurs ?? []);
  const agreementOf = firstOf(profile.agreements);
  const kindOf = profile.kinds && firstOf(profile.kinds);
  const has = (column: string): boolean => column in profile.columns;
  return (row) => {
    const { line, text } = row;
    const cell = (column: string): string => (has(column) ? text(column) : '');
    if (isNotOurs(row)) return { notOurs: { line, text: shownRow(row, profile) } };
    const faults: RowFault[] = [];
    const wrong = (column: string | undefined, expected: Wording, found: Wording): undefined =>
      void faults.push({
        line,
        ...(column !== undefined && { column }),
        message: expectedFound(expected, found),
      });
    const shown = (column: string): Wording => (cell(column) === '' ? nothing : `"${cell(column)}"`);

    const owner = agreementOf(row);
    if (!owner) wrong(undefined, aKnownRow, shownRow(row, profile));
    const kind = kindOf?.(row);
    if (kindOf && !kind) wrong(has('kind') ? 'kind' : undefined, aKnownKind, shownRow(row, profile));
    const on = readDate(cell('date'));
    if (on === undefined) wrong('date', dateIn(profile.dates), shown('date'));
    else if (on > today)
      wrong('date', { sv: `en dag till och med ${today}`, en: `a day up to ${today}` }, on);
    const person = cell('person');
    if (person === '' || person.length > longest.person) wrong('person', aPerson, shown('person'));
    const seconds = readTime(cell('time'), profile.times);
    const doubt = timeProblem(seconds, profile);
    if (doubt) wrong('time', doubt, shown('time'));
    const note = cell('note');
    if (note.length > longest.note) wrong('note', atMost(longest.note), String(note.length));
    if (profile.key?.every((column) => text(column) === '')) wrong(profile.key[0], aKey, nothing);
    if (faults.length > 0 || !owner || on === undefined || seconds === undefined) return { faults };
    const parts = profile.key?.map(text) ?? [
      ...[on, cell('customer'), cell('project'), person].map(fold),
      seconds < 0 ? '-' : '+',
    ];
    return {
      row: {
        ...{ line, name: JSON.stringify(parts), agreement: owner.agreement, on, person, seconds },
        ...(kind && { kind: kind.kind }),
        ...(note !== '' && { note }),
      },
    };
  };
}

/** The first of several whose conditions hold for a row. */
function firstOf<T extends { when: When }>(list: readonly T[]): (row: RowText) => T | undefined {
  const compiled = list.map((one) => ({
    one,
    conditions: Object.entries(one.when).map(([column, texts]) => ({
      column,
      patterns: [texts].flat().map(compilePattern),
    })),
  }));
  return ({ text }) => {
    const folded = new Map<string, string>();
    const of = (column: string): string => {
      const known = folded.get(column) ?? fold(text(column));
      folded.set(column, known);
      return known;
    };
    return compiled.find(({ conditions }) =>
      conditions.every(({ column, patterns }) => patterns.some((fits) => fits(of(column)))),
    )?.one;
  };
}

/** What a row says, on one line, as far as the profile has columns for it. */
const shownRow = ({ text }: RowText, { columns }: ImportProfile): string =>
  ['date', 'customer', 'project', 'kind', 'person', 'time']
    .filter((column) => column in columns && text(column) !== '')
    .map(text)
    .join(' · ');

function timeProblem(seconds: number | undefined, { times, negative }: ImportProfile): Text | undefined {
  if (seconds === undefined) return timeIn(times);
  if (Math.abs(seconds) > SECONDS_OF_DAY) return aDaysTime;
  return seconds < 0 && negative === 'refused' ? noLessThanNothing : undefined;
}

/** Rows of which each has a name of its own: the second of a name is a fault. */
function withoutTwins({ rows, notOurs, faults }: ReadRows): ReadRows {
  const first = new Map<string, number>();
  const twins = rows.flatMap(({ name, line }): RowFault[] => {
    const known = first.get(name);
    if (known === undefined) return first.set(name, line) && [];
    const named = (JSON.parse(name) as string[]).join(' · ');
    const found = {
      sv: `"${named}" igen, först på rad ${known}`,
      en: `"${named}" again, first on line ${known}`,
    };
    return [{ line, message: expectedFound(eachKeyOnce, found) }];
  });
  const isTwin = new Set(twins.map(({ line }) => line));
  return {
    rows: rows.filter(({ line }) => !isTwin.has(line)),
    notOurs,
    faults: [...faults, ...twins].sort((a, b) => a.line - b.line),
  };
}

const nothing: Text = { sv: 'inget', en: 'nothing' };
const aKnownRow: Text = {
  sv: 'ett av avtalen i profilens agreements, eller ett villkor i notOurs',
  en: "one of the agreements in the profile's agreements, or a condition in notOurs",
};
const aKnownKind: Text = {
  sv: 'ett slag av arbete i profilens kinds',
  en: "a kind of work in the profile's kinds",
};
const aPerson: Text = {
  sv: `den som arbetade, högst ${longest.person} tecken`,
  en: `who worked, at most ${longest.person} characters`,
};
const aDaysTime: Text = { sv: 'högst ett dygn på en rad', en: 'at most a day on a row' };
const noLessThanNothing: Text = {
  sv: 'ingen tid under noll (profilens negative säger refused)',
  en: "no time below zero (the profile's negative says refused)",
};
const aKey: Text = { sv: 'en text som pekar ut raden', en: 'a text that names the row' };
const eachKeyOnce: Text = { sv: 'varje nyckel en gång', en: 'each key once' };
const atMost = (count: number): Text => ({ sv: `högst ${count} tecken`, en: `at most ${count} characters` });
const dateIn = (form: string): Text => joined({ sv: 'ett datum som ', en: 'a date as ' }, form);
const timeIn = (form: string): Text => joined({ sv: 'timmar som ', en: 'hours as ' }, form);
