/** Reads what a person sent; never throws, never trusts. */

import { Undecodable } from './payload-converter';

/** Longest text taken from a message, in characters; longer notes belong in a document. */
const longestText = 500;
/** Longest piece of what was sent that is told back or written down. */
const longestQuote = 200;

export interface Fields {
  /** A text, cut to a sane length; a number is taken as its text. */
  text(name: string): string | undefined;
  /** A number; a text that is a number is taken as one. */
  number(name: string): number | undefined;
  /** The texts that are there, under other names. */
  optional<K extends string>(names: Record<K, string>): Partial<Record<K, string>>;
}

/**
 * Checks the one JSON value a message carries. Nothing at all means: no fields.
 * @param known names that may occur
 * @returns the fields, or why they cannot be taken
 */
export function readFields(
  input: unknown,
  agreement: string,
  known: string[],
): { value: Fields } | { rejected: string } {
  if (input instanceof Undecodable)
    return { rejected: clean(`expected JSON, found what cannot be decoded: ${input.reason}`) };
  const given = input === undefined || input === null || input === '' ? {} : input;
  if (typeof given !== 'object' || Array.isArray(given))
    return { rejected: `expected a JSON object with ${known.join(', ')}, found ${quote(given)}` };
  const values = given as Record<string, unknown>;
  const unknown = Object.keys(values).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    return {
      rejected: `expected only ${known.join(', ')}, found ${clean(unknown.slice(0, 5).join(', '))}`,
    };
  if (values.agreement !== undefined && values.agreement !== agreement)
    return {
      rejected: `this is the agreement ${agreement}, the message is for ${quote(values.agreement)}`,
    };
  const wrong = Object.entries(values).find(([, value]) => value !== null && typeof value === 'object');
  if (wrong) return { rejected: `${clean(wrong[0])}: expected a text or a number, found ${quote(wrong[1])}` };
  return { value: fieldsOf(values) };
}

/** Text as PostgreSQL and JSON can keep it: no control characters but line ends, no halves of characters, not too long. */
export function clean(text: string, longest = longestQuote): string {
  const characters = Array.from(text.slice(0, 4 * longest)).filter(
    (character) => !/^[\ud800-\udfff]$/.test(character),
  );
  return characters
    .slice(0, longest)
    .join('')
    .replaceAll(/[^\P{Cc}\n\t]/gu, ' ');
}

/** What was sent, as far as it can be told in a line. */
export function quote(value: unknown): string {
  return clean(JSON.stringify(value) ?? typeof value);
}

function fieldsOf(values: Record<string, unknown>): Fields {
  const text = (name: string): string | undefined => {
    const value = values[name];
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return typeof value === 'string' && value.trim() !== '' ? clean(value.trim(), longestText) : undefined;
  };
  return {
    text,
    number: (name) => {
      const value = values[name];
      if (typeof value === 'number') return value;
      if (typeof value !== 'string' || value.trim() === '') return undefined;
      return Number(value.trim().replace(',', '.'));
    },
    optional: <K extends string>(names: Record<K, string>) =>
      Object.fromEntries(
        (Object.entries(names) as [K, string][]).flatMap(([as, name]) => {
          const value = text(name);
          return value === undefined ? [] : [[as, value]];
        }),
      ) as Partial<Record<K, string>>,
  };
}
