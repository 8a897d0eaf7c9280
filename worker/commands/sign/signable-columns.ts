/** The columns of a table of agreements, and how a row becomes the content of a contract's file. */
import { readHours, readNumber } from '../../../rules/engine/basics/read-number';
import type { Text } from '../../../rules/engine/basics/text';
import { oneOf } from '../../../rules/engine/reading/explain-schema-error';
import { readDay } from '../../files/read-day';

/** Most contacts of a customer for which there are columns. */
const mostContacts = 5;

type Kind =
  'text' | 'hours' | 'money' | 'percent' | 'date' | 'language' | 'roles' | 'upgrade' | 'systems' | 'dates';

export interface Column {
  /** Where its value stands in a contract's file; `#` is the contact's place in the list. */
  path: string[];
  /** Names that a header may give it, in lower case: our own English one first, our Swedish one last. */
  names: string[];
  kind: Kind;
  needed: boolean;
}

const column = (path: string, names: string[], kind: Kind = 'text', needed = true): Column => ({
  path: path.split('.'),
  names,
  kind,
  needed,
});

/** Names of a person's column in both languages: `manager email`, `chef e-post`. */
const of = (people: string[], what: string[]): string[] =>
  people.flatMap((who) => what.map((word) => `${who} ${word}`));
const name = ['name', 'namn'];
const phone = ['phone', 'telefon'];
const email = ['email', 'mejl', 'mejladress', 'e-post'];

function contactColumns(number: number): [string, Column][] {
  const who = [`contact ${number}`, `kontakt ${number}`];
  const needed = number === 1;
  const at = (part: string): string => `contacts.customer.#${number}.${part}`;
  return [
    [`contact${number}Name`, column(at('name'), of(who, name), 'text', needed)],
    [`contact${number}Email`, column(at('email'), of(who, email), 'text', needed)],
    [
      `contact${number}Role`,
      column(at('roles'), of(who, ['role', 'roles', 'roller', 'roll']), 'roles', needed),
    ],
  ];
}

const consultant = ['consultant', 'konsult'];
const manager = ['manager', 'chef'];

/** All columns by our own ids. A column that is not needed may be missing, and counts as empty. */
export const signableColumns: ReadonlyMap<string, Column> = new Map([
  ['agreement', column('agreement', ['agreement', 'avtal', 'avtalsnummer'])],
  ['level', column('level', ['level', 'nivå'])],
  ['customerId', column('customer.id', ['customer id', 'kundnummer', 'kund-id'])],
  ['customerName', column('customer.name', ['customer', 'customer name', 'kundnamn', 'kund'])],
  [
    'orgNumber',
    column('customer.orgNumber', ['org number', 'organisation number', 'orgnr', 'organisationsnummer']),
  ],
  ['reference', column('customer.reference', ['reference', 'referens', 'er referens'], 'text', false)],
  ['costCentre', column('customer.costCentre', ['cost centre', 'kostnadsställe'], 'text', false)],
  ['language', column('customer.language', ['language', 'språk'], 'language')],
  ['signedOn', column('signedOn', ['signed', 'signed on', 'signeringsdag', 'signerat'], 'date')],
  ['startsOn', column('startsOn', ['starts', 'starts on', 'start', 'startdag', 'startar'], 'date')],
  ...Array.from({ length: mostContacts }, (_, index) => contactColumns(index + 1)).flat(),
  ['consultantId', column('contacts.consultant.id', of(consultant, ['id']), 'text', false)],
  ['consultantName', column('contacts.consultant.name', ['consultant', ...of(consultant, name), 'konsult'])],
  ['consultantEmail', column('contacts.consultant.email', of(consultant, email))],
  ['consultantPhone', column('contacts.consultant.phone', of(consultant, phone), 'text', false)],
  ['managerName', column('contacts.manager.name', ['manager', ...of(manager, name), 'chef'])],
  ['managerEmail', column('contacts.manager.email', of(manager, email))],
  ['managerPhone', column('contacts.manager.phone', of(manager, phone), 'text', false)],
  ['supportName', column('contacts.support.name', ['support', ...of(['support'], name)])],
  ['supportEmail', column('contacts.support.email', of(['support'], email))],
  ['supportPhone', column('contacts.support.phone', of(['support'], phone), 'text', false)],
  ['hours', column('hourBank.hours', ['hours', 'timmar per år', 'timmar'], 'hours')],
  ['hourlyRate', column('hourBank.hourlyRate', ['hourly rate', 'timpris'], 'money', false)],
  ['currency', column('hourBank.currency', ['currency', 'valuta'])],
  ['discount', column('hourBank.discountPercent', ['discount', 'rabatt'], 'percent', false)],
  ['systems', column('systems', ['systems', 'system'], 'systems', false)],
  ['hoursUsed', column('takeover.hoursUsed', ['hours used', 'använda timmar'], 'hours', false)],
  [
    'hoursRolledIn',
    column('takeover.hoursRolledIn', ['hours rolled in', 'överförda timmar'], 'hours', false),
  ],
  ['meetingsHeld', column('takeover.meetingsHeld', ['meetings held', 'hållna möten'], 'dates', false)],
  ['upgrade', column('takeover.upgrade', ['upgrade', 'uppgradering'], 'upgrade', false)],
]);

/** Words for a value besides its code, in lower case. */
const synonyms: Partial<Record<Kind, Record<string, string[]>>> = {
  language: { sv: ['svenska', 'swedish'], en: ['engelska', 'english'] },
  roles: {
    management: ['ledning', 'vd'],
    'system-owner': ['systemägare', 'system owner'],
    finance: ['ekonomi'],
    tester: ['testare'],
  },
  upgrade: { done: ['klar', 'gjord'], open: ['öppen', 'inte gjord', 'not done'] },
};

/** A problem of a column's value that names what a cell may say in the reader's language, no code words of a file. */
export function inWordsOf({ kind }: Column, { sv, en }: Text): Text {
  const known = Object.entries(synonyms[kind] ?? {});
  const codes = oneOf(known.map(([code]) => code)).sv;
  return { sv: sv.replace(codes, oneOf(known.map(([code, [word = code]]) => word)).sv), en };
}

/**
 * A row as the content of a contract's file, with `takeover` if the row says anything about one.
 *
 * @param text gives the row's text in a column
 * @returns the content, and the numbers of the contacts that the row has, in the order of their list
 */
export function valueOfRow(text: (id: string) => string): { value: object; contacts: number[] } {
  const told = Array.from({ length: mostContacts }, (_, index) => index + 1);
  const contacts = told.filter((number) => contactColumns(number).some(([id]) => text(id) !== ''));
  const value: Record<string, unknown> = { systems: {}, integrations: [], monitors: [] };
  put(value, ['contacts', 'customer'], []);
  for (const [id, { path, kind, needed }] of signableColumns) {
    const number = contactOf(path);
    const given = text(id);
    const here = number === undefined ? needed || given !== '' : contacts.includes(number);
    if (here) put(value, inList(path, contacts), read(kind, given));
  }
  return { value, contacts };
}

/** The column for a path of the contract, or the first one below the path. */
export function columnAt(path: readonly string[], contacts: readonly number[]): Column | undefined {
  const common = (a: readonly string[], b: readonly string[]): boolean =>
    a.slice(0, b.length).every((part, index) => part === b[index]);
  return [...signableColumns.values()].find((one) => common(inList(one.path, contacts), path));
}

function contactOf(path: readonly string[]): number | undefined {
  const place = path[2];
  return place?.startsWith('#') ? Number(place.slice(1)) : undefined;
}

/** A column's path with the contact's index in the list of those that the row has. */
function inList(path: readonly string[], contacts: readonly number[]): string[] {
  const number = contactOf(path);
  return path.map((part, index) =>
    number !== undefined && index === 2 ? String(contacts.indexOf(number)) : part,
  );
}

function put(value: Record<string, unknown>, path: readonly string[], what: unknown): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) value[key] = what;
  else put((value[key] ??= {}) as Record<string, unknown>, rest, what);
}

/** What a text means in a column, as in a table. */
export function readCell(id: string, text: string): unknown {
  return read(signableColumns.get(id)?.kind ?? 'text', text);
}

/** Converts a text to its kind. Text that cannot be converted stays as it is, and the contract's checks report it. */
function read(kind: Kind, text: string): unknown {
  if (kind === 'hours') return readHours(text) ?? text;
  if (kind === 'money') return readNumber(text, ['kr']) ?? text;
  if (kind === 'percent') return readNumber(text, ['%']) ?? text;
  if (kind === 'date') return readDay(text) ?? text;
  if (kind === 'dates') {
    const days = text.split(/[,;]\s*|\s+(?=\d{4}-)/).filter((day) => day.trim() !== '');
    return days.map((day) => readDay(day) ?? day);
  }
  if (kind === 'systems') {
    const pairs = text.split(/[;,]/).filter((pair) => pair.trim() !== '');
    return Object.fromEntries(
      pairs.map((pair) => {
        const [key = '', ...version] = pair.split('=');
        return [key.trim(), { version: version.join('=').trim() }];
      }),
    );
  }
  if (kind === 'roles') {
    const told = text.split(/[,;+/&]|\s(?:och|and)\s/).map((each) => each.trim());
    return [...new Set(told.filter((each) => each !== '').map((each) => codeOf(kind, each)))];
  }
  return codeOf(kind, text);
}

function codeOf(kind: Kind, text: string): string {
  const known = Object.entries(synonyms[kind] ?? {});
  return known.find(([code, names]) => [code, ...names].includes(text.toLowerCase()))?.[0] ?? text;
}
