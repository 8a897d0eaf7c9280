/** Reads support cases from a help desk's table, every row checked. */
import type { CaseOwner, ImportedCase, SupportCase } from '../../../activities/agreements/support-cases';
import type { LocalDate } from '../../../rules/engine/contract/contract';
import { readHours, writtenTogether } from '../../../rules/engine/basics/read-number';
import { centihoursOrNaN } from '../../../rules/engine/hours/hour-bank';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import type { Text, Wording } from '../../../rules/engine/basics/text';
import { readDay } from '../../files/read-day';
import type { ReadOptions, Table, TableProblem, TableRow, TextEncoding } from '../../files/read-table';
import { readTable } from '../../files/read-table';

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

/** For each column the names that a header may give it, in lower case: our own English one first, our Swedish one last. */
export const caseColumns = {
  reference: [
    'reference',
    'number',
    'case',
    'case number',
    'ticket',
    'id',
    'nummer',
    'ärende',
    'ärendenummer',
    'referens',
  ],
  agreement: ['agreement', 'avtalsnummer', 'avtal'],
  customer: ['customer', 'company', 'kundnummer', 'kundnamn', 'kund'],
  opened: ['opened', 'opened at', 'created', 'created at', 'skapat', 'skapad', 'öppnad', 'öppnat'],
  closed: ['closed', 'closed at', 'resolved', 'resolved at', 'avslutat', 'avslutad', 'stängd', 'stängt'],
  title: ['title', 'short description', 'subject', 'summary', 'kort beskrivning', 'titel', 'ämne', 'rubrik'],
  category: ['category', 'type', 'typ', 'kategori'],
  status: ['status', 'state', 'läge', 'status'],
  hours: ['hours', 'time', 'time worked', 'tid', 'timmar'],
  resolution: ['resolution', 'resolution notes', 'lösning', 'åtgärd'],
} as const;

type ColumnId = keyof typeof caseColumns;

/** Words and phrases that are written as one text, with commas between them. */
const listed = (text: string): string[] => text.split(',').map((each) => each.replace(/\s+/g, ' ').trim());

/** For each category the words that a file may use for it, in lower case. */
export const caseCategories: Record<SupportCase['category'], string[]> = {
  incident: ['incident', 'störning', 'driftstörning'],
  question: ['question', 'fråga'],
  request: ['request', 'beställning', 'önskemål'],
  other: ['other', 'övrigt', 'annat'],
};

/**
 * Help desks' own words for a status, as ServiceNow, TOPdesk, Jira Service Management, Zendesk, Freshdesk, HaloPSA, Autotask,
 * ConnectWise and Lime are delivered.
 */
export const caseStates: Record<SupportCase['state'], string[]> = {
  open: listed(`open, opened, new, logged, registered, received, not started, not assigned, unassigned, accepted,
    acknowledged, triage, in triage, active, in progress, work in progress, processing, in process, to do, assigned,
    dispatched, scheduled, rescheduled, planned, planning, implementing, escalate, escalated, second line, third line,
    reopen, reopened, re-opened, in review, under review, reviewing, investigating, under investigation, action required,
    needs attention, approved, updated, updated by user, updated by caller, updated by customer, updated by client,
    updated by supplier, customer updated, client updated, user updated, enter time, answered by user, customer responded,
    customer replied, client responded, client replied, user responded, response received, reply received, customer note
    added, waiting for support, waiting for agent, awaiting assignment, awaiting triage, backlog, selected for development,
    öppen, öppet, öppnad, öppnat, ny, nytt, registrerad, registrerat, inkommen, inkommet, mottagen, mottaget, ej påbörjad,
    ej påbörjat, inte påbörjad, inte påbörjat, ej tilldelad, ej tilldelat, aktiv, aktivt, pågår, pågående, påbörjad,
    påbörjat, arbete pågår, bearbetas, under behandling, behandlas, att göra, tilldelad, tilldelat, schemalagd, schemalagt,
    inplanerad, inplanerat, planerad, planerat, eskalerad, eskalerat, återöppnad, återöppnat, under arbete, under
    utredning, utreds, åtgärd krävs, godkänd, godkänt, uppdaterad, uppdaterat, uppdaterad av användare, uppdaterad av
    kund, uppdaterad av leverantör, kund har svarat, kunden har svarat, svar från kund, besvarad av kund, svar mottaget,
    svar inkommet, nytt svar, väntar på support, väntar på handläggare, väntar på tilldelning`),
  waiting:
    listed(`waiting, awaiting, pending, on hold, hold, schedule hold, suspended, deferred, with user, with customer, with
    client, with supplier, with vendor, with third party, blocked, customer action required, väntar, väntande, inväntar,
    avvaktar, avvaktande, vilande, pausad, pausat, parkerad, parkerat, spärrad, spärrat, blockerad, blockerat, uppskjuten,
    uppskjutet, hos kund, hos användare, hos leverantör, hos tredje part`),
  closed:
    listed(`closed, resolved, solved, done, complete, completed, finished, fixed, cancelled, canceled, withdrawn, rejected,
    declined, duplicate, merged, won't do, spam, stängd, stängt, avslutad, avslutat, löst, lösta, åtgärdad, åtgärdat, klar,
    klart, färdig, färdigt, färdigställd, färdigställt, slutförd, slutfört, utförd, utfört, avbruten, avbrutet, annullerad,
    annullerat, återkallad, återkallat, avvisad, avvisat, avslagen, avslaget, dubblett, sammanslagen`),
};

/** What a status says that begins so: `Waiting on Vendor`, `On hold - Awaiting change`, `Closed Complete`. */
const beginnings: [RegExp, SupportCase['state']][] = [
  [
    /^(?:open|active|new|in progress|work in progress|öppen|öppet|aktiv|aktivt|ny|nytt|pågår|pågående) (?:waiting|awaiting|pending|on hold|with|väntar|väntande|inväntar|avvaktar|vilande|pausad|pausat)(?= |$)/,
    'waiting',
  ],
  [/^(?:open|öppen|öppet)(?= )/, 'open'],
  [
    /^(waiting|awaiting|pending|on hold|väntar på|inväntar|avvaktar|väntande|vilande|parkerad|parkerat|pausad|pausat)(?=\s)/,
    'waiting',
  ],
  [
    /^(closed|resolved|solved|completed?|cancell?ed|stängd|stängt|avslutad|avslutat|löst|avbruten|avbrutet)(?=\s)/,
    'closed',
  ],
];

const limits = { reference: 100, title: 500, resolution: 2000, hours: 10_000 };

/**
 * Reads a whole file.
 * @param owners agreements that cases can belong to
 * @param today a case opened later is a mistake
 */
export async function readSupportCases(
  bytes: Buffer,
  file: string,
  owners: readonly CaseOwner[],
  today: LocalDate,
  how: ReadOptions = {},
): Promise<ReadCases> {
  const table = await readTable(bytes, caseColumns, how);
  const { encoding } = table;
  const wrong = 'unreadable' in table ? table.unreadable : problemOfHeader(table);
  if ('unreadable' in table || wrong)
    return { encoding, cases: [], problems: wrong ? [wrong] : [], unreadable: true };

  const cases: ImportedCase[] = [];
  const problems: CaseProblem[] = [];
  const firstLines = new Map<string, number>();
  for (const row of table.rows) {
    const read = readCase(row, { owners: index(owners), today, firstLines });
    if (Array.isArray(read)) problems.push(...read);
    else cases.push(read);
  }
  return { encoding, cases, problems, unreadable: false };
}

const aHeader: Text = {
  sv: 'en rubrikrad med referens, avtal eller kund, öppnat, rubrik och kategori',
  en: 'a header with reference, agreement or customer, opened, title and category',
};

/** What a header lacks. */
function problemOfHeader({ columns, header }: Table<ColumnId>): CaseProblem | undefined {
  const needed: ColumnId[] = ['reference', 'opened', 'title', 'category'];
  const owned = columns.has('agreement') || columns.has('customer');
  if (owned && needed.every((id) => columns.has(id))) return undefined;
  const found = header.fields.map((field) => `"${field}"`).join(', ');
  const names: Text = {
    sv: '; alla namn på kolumner står i `cases import --help`',
    en: '; all names of columns are in `cases import --help`',
  };
  return { line: header.line, message: joined(expectedFound(aHeader, found), names) };
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

/**
 * A word as it is compared: `Re-Opened`, `in_progress` and ConnectWise's `>Closed` and `New (email connector)` are written
 * in more ways than one.
 */
const plain = (text: string): string =>
  folded(
    text
      .replace(/^[>\s]+/, '')
      .replace(/\([^)]*\)\s*$/, '')
      .replace(/[-–_/:.]/g, ' ')
      .replace(/[’‘]/g, "'"),
  );

interface Words<T extends string> {
  /** Words that are told where another one came. */
  told: Text;
  /** What a word stands for, as it is compared. */
  meaning(word: string): T | undefined;
}

function wordsOf<T extends string>(
  names: Record<T, string[]>,
  told: Text,
  beginnings: readonly [RegExp, T][] = [],
): Words<T> {
  const ids = new Map(
    (Object.entries(names) as [T, string[]][]).flatMap(([id, words]) =>
      words.map((word) => [plain(word), id] as const),
    ),
  );
  const others = {
    sv: ' eller ett annat ord i `cases import --help`',
    en: ' or another word in `cases import --help`',
  };
  return {
    told: joined({ sv: 'något av ', en: 'one of ' }, told, others),
    meaning: (word) => ids.get(word) ?? beginnings.find(([begins]) => begins.test(word))?.[1],
  };
}

const categories = wordsOf(caseCategories, {
  sv: 'störning, fråga, beställning, övrigt',
  en: 'incident, question, request, other',
});
const states = wordsOf(caseStates, { sv: 'öppet, väntar, stängt', en: 'open, waiting, closed' }, beginnings);

interface Known {
  owners: OwnerIndex;
  today: LocalDate;
  /** The line on which each reference was first read. */
  firstLines: Map<string, number>;
}

/** A row as a case, or everything that is wrong with it. */
function readCase(
  { line, text, problem }: TableRow<ColumnId>,
  { owners, today, firstLines }: Known,
): ImportedCase | CaseProblem[] {
  if (problem) return [problem];
  const problems: CaseProblem[] = [];
  const wrong = (column: ColumnId, expected: Wording, found: Wording): undefined => {
    problems.push({ line, column, message: expectedFound(expected, found) });
    return undefined;
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
    const on = readDay(value);
    if (on === undefined) return wrong(id, aDate, `"${value}"`);
    if (on > today) return wrong(id, { sv: `en dag till och med ${today}`, en: `a day up to ${today}` }, on);
    return on;
  };

  const reference = limited('reference', true);
  if (/^\d(?:[.,]\d+)?E\+?\d+$/i.test(reference)) wrong('reference', aReference, spoiled(reference));
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
  const category = oneOf('category', text('category'), categories, wrong);
  const state =
    text('status') === ''
      ? closedOn === undefined
        ? 'open'
        : 'closed'
      : oneOf('status', text('status'), states, wrong);
  if (state === 'closed' && closedOn === undefined && text('closed') === '')
    wrong('closed', { sv: 'datum för ett stängt ärende', en: 'the date of a closed case' }, nothing);
  if (state !== undefined && state !== 'closed' && closedOn !== undefined)
    wrong(
      'status',
      { sv: 'stängt, då det har ett datum', en: 'closed, since it has a date' },
      `"${text('status')}"`,
    );
  const hours = readCentihours(text('hours'), wrong);

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
const aReference: Text = { sv: 'ärendets hela nummer', en: 'the whole number of the case' };
/** Excel shortens a long number in a cell that is not text, and what it cut is lost. */
const spoiled = (found: string): Text => ({
  sv: `"${found}", som Excel har kortat av; gör kolumnen till text och spara från ärendesystemet igen`,
  en: `"${found}", which Excel has shortened; make the column text, and save it from the help desk again`,
});
const aDate: Text = { sv: 'ett datum som 2027-03-15', en: 'a date such as 2027-03-15' };
const atMost = (count: number, what: Wording): Text =>
  joined({ sv: `högst ${count}`, en: `at most ${count}` }, what);

/** Time as hundredths of an hour, `null` where none is given. */
function readCentihours(value: string, wrong: Wrong): number | null | undefined {
  if (value === '') return null;
  const expected = {
    sv: `timmar från 0 till ${limits.hours} med högst två decimaler, som 1,5 eller 1:30`,
    en: `hours from 0 to ${limits.hours} with at most two decimals, such as 1.5 or 1:30`,
  };
  const hours = centihoursOrNaN(readHours(value) ?? NaN);
  if (hours >= 0 && hours <= 100 * limits.hours) return hours;
  const together = writtenTogether(value);
  const meant =
    together === undefined
      ? ''
      : { sv: `; är det så många, skriv ${together}`, en: `; if that many are meant, write ${together}` };
  return wrong('hours', expected, joined(`"${value}"`, meant));
}

function oneOf<T extends string>(
  column: ColumnId,
  value: string,
  names: Words<T>,
  wrong: Wrong,
): T | undefined {
  return names.meaning(plain(value)) ?? wrong(column, names.told, value === '' ? nothing : `"${value}"`);
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
