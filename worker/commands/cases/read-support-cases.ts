/** Reads support cases from a help desk's CSV file: any of the usual encodings and separators, every row checked. */
import type { CaseOwner, ImportedCase, SupportCase } from '../../../activities/agreements/support-cases';
import { oneLine } from '../../../rules/engine/basics/one-line';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import type { LocalDate } from '../../../rules/engine/contract/contract';
import { toCentihours } from '../../../rules/engine/hours/hour-bank';
import { isLocalDate } from '../../../rules/engine/basics/is-local-date';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import type { Text, Wording } from '../../../rules/engine/basics/text';
import type { Row, TableProblem, TextEncoding } from '../../files/read-table';
import { columnsOf, decodeTable, readRows } from '../../files/read-table';

/** Something wrong in a file. */
export type CaseProblem = TableProblem;

export interface ReadCases {
  encoding: TextEncoding;
  /** The rows without problems. */
  cases: ImportedCase[];
  /** By line; every row with a problem is left out of `cases`. */
  problems: CaseProblem[];
  /** True if the file cannot be read as a table of cases at all. */
  unreadable: boolean;
}

/** For each column the names that a header may give it, in lower case. The first is our own. */
export const caseColumns = {
  reference: ['reference', 'referens', 'ärende', 'ärendenummer', 'case', 'id'],
  agreement: ['agreement', 'avtal', 'avtalsnummer'],
  customer: ['customer', 'kund', 'kundnummer', 'kundnamn'],
  opened: ['opened', 'öppnat', 'öppnad', 'skapat', 'skapad', 'created'],
  closed: ['closed', 'stängt', 'stängd', 'avslutat', 'avslutad', 'resolved'],
  title: ['title', 'titel', 'rubrik', 'ämne', 'subject'],
  category: ['category', 'kategori', 'typ', 'type'],
  status: ['status', 'läge', 'state'],
  hours: ['hours', 'timmar', 'tid', 'time'],
  resolution: ['resolution', 'åtgärd', 'lösning'],
} as const;

type ColumnId = keyof typeof caseColumns;

/** For each category the words that a file may use for it, in lower case. */
export const caseCategories: Record<SupportCase['category'], string[]> = {
  incident: ['incident', 'störning', 'driftstörning'],
  question: ['question', 'fråga'],
  request: ['request', 'beställning', 'önskemål'],
  other: ['other', 'övrigt', 'annat'],
};
export const caseStates: Record<SupportCase['state'], string[]> = {
  open: ['open', 'öppen', 'öppet', 'ny', 'nytt', 'new', 'pågår', 'pågående', 'in progress'],
  waiting: ['waiting', 'väntar', 'vilande', 'pending', 'on hold'],
  closed: ['closed', 'stängd', 'stängt', 'avslutad', 'avslutat', 'löst', 'klar', 'klart', 'resolved', 'done'],
};

const limits = { reference: 100, title: 500, resolution: 2000, hours: 10_000 };

/**
 * Reads a whole file.
 * @param owners agreements that cases can belong to
 * @param today a case opened later is a mistake
 * @param onProgress called every thousand rows with how many are read
 */
export async function readSupportCases(
  bytes: Buffer,
  file: string,
  owners: readonly CaseOwner[],
  today: LocalDate,
  onProgress?: (rows: number) => void,
): Promise<ReadCases> {
  const decoded = decodeTable(bytes, file);
  const unreadable = (problem: CaseProblem): ReadCases => ({
    encoding: 'encoding' in decoded ? decoded.encoding : 'UTF-8',
    cases: [],
    problems: [problem],
    unreadable: true,
  });
  if (!('text' in decoded)) return unreadable(decoded);
  const rows = await readRows(decoded.text, onProgress);
  if (!Array.isArray(rows)) return unreadable(rows);
  const [header, ...lines] = rows;
  if (header === undefined)
    return unreadable({
      line: 1,
      message: expectedFound(aHeader, { sv: 'en tom fil', en: 'an empty file' }),
    });
  const columns = readHeader(header);
  if (!(columns instanceof Map)) return unreadable(columns);

  const cases: ImportedCase[] = [];
  const problems: CaseProblem[] = [];
  const firstLines = new Map<string, number>();
  for (const row of lines) {
    const read = readCase(row, header.fields.length, columns, { owners: index(owners), today, firstLines });
    if (Array.isArray(read)) problems.push(...read);
    else cases.push(read);
  }
  return { encoding: decoded.encoding, cases, problems, unreadable: false };
}

const aHeader: Text = {
  sv: 'en rubrikrad med reference, agreement eller customer, opened, title och category',
  en: 'a header with reference, agreement or customer, opened, title and category',
};

/** Where each column is. */
function readHeader(header: Row): Map<ColumnId, number> | CaseProblem {
  const { columns, twice } = columnsOf(header, caseColumns);
  if (twice) return twice;
  const needed: ColumnId[] = ['reference', 'opened', 'title', 'category'];
  const owned = columns.has('agreement') || columns.has('customer');
  if (owned && needed.every((id) => columns.has(id))) return columns;
  const found = header.fields.map((field) => `"${field}"`).join(', ');
  return { line: header.line, message: expectedFound(aHeader, found) };
}

interface OwnerIndex {
  byNumber: Map<string, CaseOwner>;
  byCustomer: Map<string, CaseOwner[]>;
}

const indexes = new WeakMap<readonly CaseOwner[], OwnerIndex>();

/** Indexes agreements by number, and by the customer's id and name. */
function index(owners: readonly CaseOwner[]): OwnerIndex {
  const known = indexes.get(owners);
  if (known) return known;
  const made: OwnerIndex = { byNumber: new Map(), byCustomer: new Map() };
  for (const owner of owners) {
    made.byNumber.set(owner.agreement, owner);
    for (const name of new Set([folded(owner.customerId), folded(owner.customerName)]))
      made.byCustomer.set(name, [...(made.byCustomer.get(name) ?? []), owner]);
  }
  indexes.set(owners, made);
  return made;
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
}

interface Known {
  owners: OwnerIndex;
  today: LocalDate;
  /** The line on which each reference was first read. */
  firstLines: Map<string, number>;
}

/** A row as a case, or everything that is wrong with it. */
function readCase(
  { line, fields }: Row,
  width: number,
  columns: ReadonlyMap<ColumnId, number>,
  { owners, today, firstLines }: Known,
): ImportedCase | CaseProblem[] {
  const problems: CaseProblem[] = [];
  const wrong = (column: ColumnId | undefined, expected: Wording, found: Wording): undefined => {
    problems.push({ line, ...(column && { column }), message: expectedFound(expected, found) });
    return undefined;
  };
  if (fields.length !== width) {
    wrong(undefined, { sv: `${width} fält`, en: `${width} fields` }, String(fields.length));
    return problems;
  }
  const text = (id: ColumnId): string => {
    const at = columns.get(id);
    return at === undefined ? '' : oneLine(fields[at] ?? '');
  };
  const limited = (id: 'reference' | 'title' | 'resolution', needed: boolean): string => {
    const value = text(id);
    if (value === '' && needed) wrong(id, { sv: 'en text', en: 'a text' }, nothing);
    if (value.length > limits[id])
      wrong(id, atMost(limits[id], characters), joined(String(value.length), characters));
    return value;
  };
  const day = (id: 'opened' | 'closed'): LocalDate | undefined => {
    const value = text(id);
    if (value === '') return id === 'opened' ? wrong(id, aDate, nothing) : undefined;
    const on = readDate(value);
    if (on === undefined) return wrong(id, aDate, `"${value}"`);
    if (on > today) return wrong(id, { sv: `en dag till och med ${today}`, en: `a day up to ${today}` }, on);
    return on;
  };

  const reference = limited('reference', true);
  const before = firstLines.get(reference);
  if (before !== undefined)
    wrong(
      'reference',
      { sv: 'varje referens en gång', en: 'each reference once' },
      {
        sv: `"${reference}" igen, först på rad ${before}`,
        en: `"${reference}" again, first on line ${before}`,
      },
    );
  else if (reference !== '') firstLines.set(reference, line);
  const agreements = readOwners(text('agreement'), text('customer'), owners, wrong);
  const title = limited('title', true);
  const resolution = limited('resolution', false);
  const openedOn = day('opened');
  const closedOn = day('closed');
  if (openedOn !== undefined && closedOn !== undefined && closedOn < openedOn)
    wrong('closed', { sv: `en dag från ${openedOn}`, en: `a day from ${openedOn} on` }, closedOn);
  const category = oneOf('category', text('category'), caseCategories, wrong);
  const state =
    text('status') === ''
      ? closedOn === undefined
        ? 'open'
        : 'closed'
      : oneOf('status', text('status'), caseStates, wrong);
  if (state === 'closed' && closedOn === undefined && text('closed') === '')
    wrong('closed', { sv: 'datum för ett stängt ärende', en: 'the date of a closed case' }, nothing);
  if (state !== undefined && state !== 'closed' && closedOn !== undefined)
    wrong(
      'status',
      { sv: 'stängt, då det har ett datum', en: 'closed, since it has a date' },
      `"${text('status')}"`,
    );
  const hours = readHours(text('hours'), wrong);

  if (problems.length > 0 || !agreements || !openedOn || !category || !state || hours === undefined)
    return problems;
  return {
    agreements,
    reference,
    title,
    category,
    state,
    openedOn,
    closedOn: closedOn ?? null,
    hours,
    resolution: resolution === '' ? null : resolution,
  };
}

type Wrong = (column: ColumnId, expected: Wording, found: Wording) => undefined;

const nothing: Text = { sv: 'inget', en: 'nothing' };
const characters: Text = { sv: ' tecken', en: ' characters' };
const aDate: Text = { sv: 'ett datum som 2027-03-15', en: 'a date such as 2027-03-15' };
const atMost = (count: number, what: Wording): Text =>
  joined({ sv: `högst ${count}`, en: `at most ${count}` }, what);

/** The date of `2027-03-15`, `2027-03-15 14:05` or an instant. */
function readDate(value: string): LocalDate | undefined {
  const [, day, time, zone] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(value) ?? [];
  if (day === undefined || !isLocalDate(day)) return undefined;
  if (time === undefined || zone === undefined) return day;
  const instant = new Date(`${day}T${time}${zone}`);
  return Number.isNaN(instant.getTime()) ? undefined : localDateOf(instant.toISOString());
}

/** Time as hundredths of an hour, `null` where none is given. */
function readHours(value: string, wrong: Wrong): number | null | undefined {
  if (value === '') return null;
  const expected = {
    sv: `timmar från 0 till ${limits.hours} med högst två decimaler, som 1,5`,
    en: `hours from 0 to ${limits.hours} with at most two decimals, such as 1.5`,
  };
  if (!/^\d{1,5}([.,]\d{1,2})?$/.test(value)) return wrong('hours', expected, `"${value}"`);
  const hours = toCentihours(Number(value.replace(',', '.')));
  return hours <= 100 * limits.hours ? hours : wrong('hours', expected, `"${value}"`);
}

function oneOf<T extends string>(
  column: ColumnId,
  value: string,
  names: Record<T, string[]>,
  wrong: Wrong,
): T | undefined {
  const id = (Object.keys(names) as T[]).find((each) => names[each].includes(folded(value)));
  if (id !== undefined) return id;
  const known = (Object.values(names) as string[][]).flat().join(', ');
  return wrong(
    column,
    { sv: `något av ${known}`, en: `one of ${known}` },
    value === '' ? nothing : `"${value}"`,
  );
}

/** The agreement named by number, else the customer's agreements: those that go on or, if none does, all of them. */
function readOwners(
  number: string,
  customer: string,
  { byNumber, byCustomer }: OwnerIndex,
  wrong: Wrong,
): string[] | undefined {
  if (number === '' && customer === '')
    return wrong('agreement', { sv: 'ett avtal eller en kund', en: 'an agreement or a customer' }, nothing);
  const ofCustomer = byCustomer.get(folded(customer)) ?? [];
  if (number === '') {
    if (new Set(ofCustomer.map(({ customerId }) => customerId)).size > 1)
      return wrong(
        'customer',
        { sv: 'en kund', en: 'one customer' },
        {
          sv: `flera som heter "${customer}"; skriv kundens id`,
          en: `several named "${customer}"; give the customer's id`,
        },
      );
    const lasting = ofCustomer.filter(({ ended }) => !ended);
    const chosen = (lasting.length > 0 ? lasting : ofCustomer).map(({ agreement }) => agreement);
    return chosen.length > 0
      ? chosen
      : wrong('customer', { sv: 'en kund med avtal', en: 'a customer with an agreement' }, `"${customer}"`);
  }
  const owner = byNumber.get(number.toLowerCase());
  if (!owner)
    return wrong(
      'agreement',
      { sv: 'numret på ett signerat avtal', en: 'the number of a signed agreement' },
      `"${number}"`,
    );
  if (customer !== '' && !ofCustomer.includes(owner))
    return wrong(
      'customer',
      {
        sv: `kunden i ${owner.agreement}, "${owner.customerName}"`,
        en: `the customer of ${owner.agreement}, "${owner.customerName}"`,
      },
      `"${customer}"`,
    );
  return [owner.agreement];
}
