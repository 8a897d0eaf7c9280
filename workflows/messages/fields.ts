/** Reads the fields of a message that a person sent. It never throws, and checks every value. */

import { withoutUnseen } from '../../rules/engine/basics/one-line';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { writtenTogether } from '../../rules/engine/basics/read-number';
import { readMoment } from '../../rules/engine/calendar/read-moment';
import { isLocalDate } from '../../rules/engine/basics/is-local-date';
import { secondsOf, timeOfDay, wholeSeconds } from '../../rules/engine/basics/read-number';
import type { Text, Wording } from '../../rules/engine/basics/text';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import { kinds, reasons } from '../../templates/ui/reasons';
import { Undecodable } from '../basics/payload-converter';
import type { ReadAmount } from './read-amount';
import { readAmount } from './read-amount';

/** Longest text taken from a message, in characters; longer notes belong in a document. */
export const longestText = 500;
/** Longest quote of what was sent, in characters. */
const longestQuote = 200;
/** Longest version taken from a message, in characters. */
export const longestVersion = 40;
/** Most items of a list. */
const mostItems = 30;

/** What a field of a message holds. */
export type FieldKind =
  | 'text'
  | 'number'
  | 'hours'
  | 'minutes'
  | 'date'
  | 'time'
  | 'flag'
  | 'texts'
  | 'actions'
  | 'versions'
  | 'moment';

/** An action as somebody reports it. */
export interface GivenAction {
  what: string;
  owner?: string;
  due?: LocalDate;
}

export interface Fields {
  /** A text, cut to a sane length; a number is taken as its text. */
  text(name: string): string | undefined;
  /** Whether a field is there without a value: `null`, or a text of nothing but spaces. */
  isBlank(name: string): boolean;
  /** How long a text is as it was given, in characters. */
  lengthOf(name: string): number;
  /** A number, hours or minutes; a text that is one is taken as one. */
  number(name: string): number | undefined;
  /** Hours as whole seconds; NaN if they are none. */
  seconds(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  texts(name: string): string[];
  actions(name: string): GivenAction[];
  /** Versions by the id of a system or an integration; those left blank are left out. */
  versions(name: string): Record<string, string>;
  /** The texts that are given, renamed: `{ service: 'kind' }` gives the field `kind` as `service`. */
  optional<K extends string>(names: Record<K, string>): Partial<Record<K, string>>;
}

/**
 * Checks the one JSON value a message carries. Nothing at all means: no fields.
 * @param kindsOf names that may occur besides `agreement` and `by`, and what each holds
 * @param read reads a text as a number; `readAmountAsDecided` where what is decided is replayed
 * @returns the fields, or why they cannot be taken
 */
export function readFields(
  input: unknown,
  agreement: string,
  kindsOf: Readonly<Record<string, FieldKind>>,
  read: ReadAmount = readAmount,
): { value: Fields } | { rejected: Text } {
  if (input instanceof Undecodable) return { rejected: reasons.undecodable(clean(input.reason)) };
  const given = input === undefined || input === null || input === '' ? {} : input;
  const known: Record<string, FieldKind> = { ...kindsOf, by: 'text', agreement: 'text' };
  const names = Object.keys(known).join(', ');
  if (typeof given !== 'object' || Array.isArray(given))
    return { rejected: expectedFound(joined(kinds.object, ` ${names}`), quote(given)) };
  const values = given as Record<string, unknown>;
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length > 0)
    return {
      rejected: expectedFound(joined(kinds.only, ` ${names}`), clean(unknown.slice(0, 5).join(', '))),
    };
  if (values.agreement !== undefined && values.agreement !== agreement)
    return { rejected: reasons.otherAgreement(agreement, quote(values.agreement)) };
  for (const [name, value] of Object.entries(values)) {
    const wrong =
      value === null || value === undefined ? undefined : problemOf(known[name] ?? 'text', value, read);
    if (wrong) return { rejected: joined(`${name}: `, wrong) };
  }
  return { value: fieldsOf(values, kindsOf, read) };
}

/** What is wrong with a field's value, if anything. */
function problemOf(kind: FieldKind, value: unknown, read: ReadAmount): Text | undefined {
  const unlessTrue = (right: boolean, expected: Wording): Text | undefined =>
    right ? undefined : expectedFound(expected, quote(value));
  switch (kind) {
    case 'text':
      return unlessTrue(typeof value !== 'object', kinds.text);
    case 'number':
    case 'hours':
    case 'minutes': {
      const isOne = isBlank(value) || !Number.isNaN(numberOf(value, kind, read) ?? NaN);
      const wrong = unlessTrue(isOne, kinds[kind]);
      const together = kind === 'hours' && typeof value === 'string' ? writtenTogether(value) : undefined;
      return wrong && together !== undefined ? joined(wrong, soMany(together)) : wrong;
    }
    case 'date':
      return unlessTrue(
        isBlank(value) || (typeof value === 'string' && isLocalDate(value.trim())),
        kinds.date,
      );
    case 'time':
      return unlessTrue(
        isBlank(value) || (typeof value === 'string' && read('time', value) !== undefined),
        kinds.time,
      );
    case 'moment':
      return unlessTrue(
        isBlank(value) || (typeof value === 'string' && readMoment(value) !== undefined),
        kinds.moment,
      );
    case 'flag':
      return unlessTrue(isBlank(value) || flagOf(value) !== undefined, kinds.flag);
    case 'texts':
      return unlessTrue(
        typeof value === 'string' ||
          (Array.isArray(value) &&
            value.length <= mostItems &&
            value.every((item) => typeof item !== 'object')),
        kinds.texts,
      );
    case 'actions':
      return problemOfActions(value);
    case 'versions':
      return unlessTrue(isVersions(value), kinds.versions);
  }
}

const isVersions = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).length <= mostItems &&
  Object.values(value).every((one) => typeof one === 'string' || typeof one === 'number');

const soMany = (hours: string): Text => ({
  sv: `; är det så många, skriv ${hours}`,
  en: `; if that many are meant, write ${hours}`,
});

function problemOfActions(value: unknown): Text | undefined {
  if (!Array.isArray(value) || value.length > mostItems) return expectedFound(kinds.actions, quote(value));
  for (const [index, action] of value.entries()) {
    const at = `[${index}]`;
    if (typeof action === 'string' && action.trim() !== '') continue;
    if (action === null || typeof action !== 'object' || Array.isArray(action))
      return joined(`${at}: `, expectedFound(kinds.action, quote(action)));
    const { what, owner, due, ...rest } = action as Record<string, unknown>;
    const unknown = Object.keys(rest);
    if (unknown.length > 0)
      return joined(
        `${at}: `,
        expectedFound(joined(kinds.only, ' what, owner, due'), clean(unknown.join(', '))),
      );
    if (typeof what !== 'string' || what.trim() === '')
      return joined(`${at}.what: `, expectedFound(kinds.text, quote(what)));
    if (owner !== undefined && owner !== null && typeof owner !== 'string')
      return joined(`${at}.owner: `, expectedFound(kinds.text, quote(owner)));
    if (due !== undefined && due !== null && !(typeof due === 'string' && isLocalDate(due.trim())))
      return joined(`${at}.due: `, expectedFound(kinds.date, quote(due)));
  }
  return undefined;
}

const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';

function numberOf(value: unknown, kind: FieldKind | undefined, read: ReadAmount): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || isBlank(value)) return undefined;
  return read(kind === 'hours' || kind === 'minutes' ? kind : 'number', value);
}

function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : undefined;
  if (text === 'true' || text === 'yes' || text === 'ja') return true;
  return text === 'false' || text === 'no' || text === 'nej' ? false : undefined;
}

/**
 * Text as PostgreSQL and JSON can store it: no control characters but line ends and tabs, none that nobody sees, no half
 * characters, cut.
 */
export function clean(text: string, longest = longestQuote): string {
  const characters = Array.from(withoutUnseen(text.slice(0, 4 * longest))).filter(
    (character) => !/^[\ud800-\udfff]$/.test(character),
  );
  return characters
    .slice(0, longest)
    .join('')
    .replaceAll(/[^\P{Cc}\n\t]/gu, ' ');
}

/** What was sent, as JSON cut to the longest quote. */
export function quote(value: unknown): string {
  try {
    return clean(JSON.stringify(value) ?? typeof value);
  } catch {
    return typeof value;
  }
}

function fieldsOf(
  values: Record<string, unknown>,
  kindsOf: Readonly<Record<string, FieldKind>>,
  read: ReadAmount,
): Fields {
  const written = (value: unknown): string | undefined => {
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return typeof value === 'string' && value.trim() !== '' ? clean(value.trim(), longestText) : undefined;
  };
  const text = (name: string): string | undefined => written(values[name]);
  return {
    text,
    isBlank: (name) => values[name] === null || isBlank(values[name]),
    lengthOf: (name) => {
      const value = values[name];
      return typeof value === 'string' ? Array.from(value.trim()).length : 0;
    },
    number: (name) => numberOf(values[name], kindsOf[name], read),
    seconds: (name) => {
      const value = values[name];
      const span = typeof value === 'string' ? secondsOf(value) : undefined;
      if (span !== undefined) return span;
      const hours = numberOf(value, kindsOf[name], read);
      return hours === undefined ? undefined : wholeSeconds(hours);
    },
    flag: (name) => flagOf(values[name]),
    texts: (name) => {
      const value = values[name];
      return (Array.isArray(value) ? value : [value]).flatMap((item) => written(item) ?? []);
    },
    actions: (name) => {
      const value = values[name];
      if (!Array.isArray(value)) return [];
      return value.map((action: unknown) => {
        if (typeof action === 'string') return { what: clean(action.trim(), longestText) };
        const { what, owner, due } = action as Record<string, unknown>;
        return {
          what: written(what) ?? '',
          ...(typeof owner === 'string' && owner.trim() !== '' ? { owner: clean(owner.trim(), 60) } : {}),
          ...(typeof due === 'string' ? { due: due.trim() } : {}),
        };
      });
    },
    versions: (name) =>
      Object.fromEntries(
        Object.entries((values[name] ?? {}) as Record<string, unknown>).flatMap(([id, version]) => {
          const given = written(version);
          return given === undefined ? [] : [[clean(id, 40), clean(given, longestVersion)]];
        }),
      ),
    optional: <K extends string>(names: Record<K, string>) =>
      Object.fromEntries(
        (Object.entries(names) as [K, string][]).flatMap(([as, name]) => {
          const value = text(name);
          return value === undefined ? [] : [[as, value]];
        }),
      ) as Partial<Record<K, string>>,
  };
}

/** A time of day as people write it, as `HH:MM`. */
export function timeField(fields: Fields, name: string): string | undefined {
  const value = fields.text(name);
  return value === undefined ? undefined : timeOfDay(value);
}
