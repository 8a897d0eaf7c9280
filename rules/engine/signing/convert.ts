/** Converts texts of documents to values of a contract. */
import type { Text, Wording } from '../basics/text';
import { toDate } from './convert-date';
import { readNumber } from '../basics/read-number';
import { readOrgNumber } from '../basics/org-number';

/** The kinds of value a text can be read as. */
export const kinds = ['text', 'id', 'date', 'number', 'orgNumber', 'email', 'yesNo'] as const;
export type Kind = (typeof kinds)[number];

/** What messages say was expected, by kind, if a text cannot be read as that. */
export const expectedOf: Record<Kind, Text> = {
  text: { sv: 'en text', en: 'a text' },
  id: {
    sv: 'en text som ger ett id av högst 40 tecken a–z, 0–9 och bindestreck',
    en: 'a text that gives an id of at most 40 characters a–z, 0–9 and hyphen',
  },
  date: {
    sv: 'ett datum som 2027-01-31, 31/1 2027 eller 31 januari 2027',
    en: 'a date as 2027-01-31, 31/1 2027 or 31 January 2027',
  },
  number: { sv: 'ett tal som 1 200,50', en: 'a number as 1 200,50' },
  orgNumber: {
    sv: 'ett organisationsnummer som 556000-0001',
    en: 'an organisation number as 556000-0001',
  },
  email: { sv: 'en mejladress som namn@example.com', en: 'a mail address as name@example.com' },
  yesNo: { sv: 'ja eller nej', en: 'yes or no' },
};

/** As `expectedOf`, with the units that may follow a number. */
export function expectedOfKind(kind: Kind, units: readonly string[]): Wording {
  const { sv, en } = expectedOf[kind];
  return kind === 'number' && units.length > 0
    ? { sv: `${sv}, med eller utan ${units.join(', ')}`, en: `${en}, with or without ${units.join(', ')}` }
    : { sv, en };
}

/** Reads a text that is not empty. @returns nothing if it cannot be read as that */
export function convert(
  kind: Kind,
  text: string,
  units: readonly string[] = [],
): string | number | boolean | undefined {
  switch (kind) {
    case 'text':
      return oneLine(text);
    case 'id':
      return toId(text);
    case 'date':
      return toDate(text);
    case 'number':
      return readNumber(text, units);
    case 'orgNumber':
      return readOrgNumber(text);
    case 'email':
      return toEmail(text);
    case 'yesNo':
      return toYesNo(text);
  }
}

/** Line breaks and runs of spaces as one space: tabs in documents wrap where their box ends. */
function oneLine(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** Letters that do not come apart into a plain letter and a mark. */
const letters: Record<string, string> = { æ: 'ae', ø: 'o', ß: 'ss', đ: 'd', ł: 'l', þ: 'th', ð: 'd' };

/**
 * An id of what is seen of a text: full-width letters are plain ones, and what has no width, such as a soft hyphen, is left
 * out, as marks are. An amendment is recognised by its id: two numbers that look alike must give the same.
 *
 * @example toId('Örebro Åkeri AB') // 'orebro-akeri-ab'
 */
export function toId(text: string): string | undefined {
  const id = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[æøßđłþð]/g, (letter) => letters[letter] ?? '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return id.length >= 1 && id.length <= 40 ? id : undefined;
}

function toEmail(text: string): string | undefined {
  const address = text.trim().replace(/^mailto:/i, '');
  return /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(address) ? address : undefined;
}

const yes = ['ja', 'j', 'yes', 'y', 'true', 'x', '1', 'on'];
const no = ['nej', 'n', 'no', 'false', '0', 'off'];

/** Reads a yes or no, in Swedish or English. @returns nothing if it is neither */
export function toYesNo(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return yes.includes(word) ? true : no.includes(word) ? false : undefined;
}
