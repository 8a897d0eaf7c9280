import { escapeUnseen, findUnseen } from '../basics/one-line';
import type { ErrorObject } from 'ajv';
import { didYouMean } from '../basics/did-you-mean';
import { expectedFound, inBoth, joined } from '../basics/text';
import type { Text } from '../basics/text';

/** A schema error in plain words, with the path of what is wrong. */
export interface Explanation {
  /** From the top of the document: `['contacts', 'customer', '0', 'email']`. */
  path: string[];
  /** True if it is the property's name that is wrong, not its value. */
  aboutKey: boolean;
  /** The property that is missing below `path`. */
  missing?: string;
  message: Text;
}

/**
 * All errors of a value in plain words, one for each name that is wrong: where a condition of the schema tells which names it
 * takes here (a check of this kind), the longer list of all names is left out, and so is what is wrong with its value.
 */
export function explainSchemaErrors(errors: readonly ErrorObject[]): Explanation[] {
  const explained = errors.flatMap((error) => {
    const said = explainSchemaError(error);
    return said === undefined ? [] : [{ said, narrow: error.propertyName !== undefined }];
  });
  const told = new Map<string, Explanation>();
  for (const { said, narrow } of explained)
    if (said.aboutKey && (narrow || !told.has(keyOf(said.path)))) told.set(keyOf(said.path), said);
  const byName = ({ path }: Explanation): Explanation | undefined =>
    path.map((_, index) => told.get(keyOf(path.slice(0, index + 1)))).find((name) => name !== undefined);
  const once = explained.flatMap(({ said }) => ((byName(said) ?? said) === said ? [said] : []));
  return withRenamed(once);
}

/** Where one name is wrong and one is missing in the same place, one was written for the other: that is one mistake. */
function withRenamed(all: readonly Explanation[]): Explanation[] {
  const placeOf = ({ path, aboutKey }: Explanation): string => keyOf(aboutKey ? path.slice(0, -1) : path);
  const at = (place: string, isSuch: (said: Explanation) => boolean): Explanation[] =>
    all.filter((said) => isSuch(said) && placeOf(said) === place);
  const isMissing = ({ missing }: Explanation): boolean => missing !== undefined;
  return all.flatMap((said) => {
    if (!said.aboutKey && !isMissing(said)) return [said];
    const [wrong, missing] = [at(placeOf(said), ({ aboutKey }) => aboutKey), at(placeOf(said), isMissing)];
    if (wrong.length !== 1 || missing.length !== 1) return [said];
    if (isMissing(said)) return [];
    const name = missing[0]?.missing ?? '';
    const wanted = { sv: `egenskapen "${name}"`, en: `property "${name}"` };
    return [{ ...said, missing: name, message: expectedFound(wanted, inBoth(`"${said.path.at(-1)}"`)) }];
  });
}

/**
 * Turns one ajv error (made with `verbose`) into "expected …, found …". If the schema has a `title` (`titleSv` in
 * Swedish), it says what was expected, since a pattern would tell the reader nothing.
 *
 * @returns nothing for errors that only repeat others (`if`, `propertyNames`)
 */
function explainSchemaError(error: ErrorObject): Explanation | undefined {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const schema = (error.parentSchema ?? {}) as Titled & { properties?: Record<string, unknown> };
  if (error.keyword === 'if' || error.keyword === 'propertyNames') return undefined;
  if (error.keyword === 'additionalProperties') {
    const { additionalProperty: name } = error.params as { additionalProperty: string };
    const known = Object.keys(schema.properties ?? {});
    const found = { sv: `okänd egenskap "${name}"`, en: `unknown property "${name}"` };
    const message = joined(expectedFound(oneOf(known), found), nearName(name, known));
    return { path: [...path, name], aboutKey: true, message };
  }
  if (error.keyword === 'required') {
    const { missingProperty: name } = error.params as { missingProperty: string };
    const message = expectedFound({ sv: `egenskapen "${name}"`, en: `property "${name}"` }, none);
    return { path, aboutKey: false, missing: name, message };
  }
  if (error.keyword === 'dependencies') {
    const { missingProperty, property } = error.params as { missingProperty: string; property: string };
    const message = expectedFound(
      {
        sv: `"${missingProperty}" tillsammans med "${property}"`,
        en: `"${missingProperty}" beside "${property}"`,
      },
      none,
    );
    return { path, aboutKey: false, missing: missingProperty, message };
  }
  const found = error.propertyName ?? (error.data as unknown);
  const message = joined(expectedFound(expected(error, schema), show(found)), hint(error, found));
  return error.propertyName === undefined
    ? { path, aboutKey: false, message }
    : { path: [...path, error.propertyName], aboutKey: true, message };
}

/** A hint for a name that is misspelled, or that is the beginning or end of another. */
function nearName(name: string, known: readonly string[]): Text {
  const hint = didYouMean(name, known);
  const letters = (word: string): string => word.replace(/[_\s-]/g, '').toLowerCase();
  const word = letters(name);
  if (hint.en !== '' || word.length < 3) return hint;
  const isPart = (part: string, whole: string): boolean => whole.startsWith(part) || whole.endsWith(part);
  const other = known.find(
    (each) => each.length > 2 && (isPart(word, letters(each)) || isPart(letters(each), word)),
  );
  return other === undefined ? hint : didYouMean(other, [other]);
}

const keyOf = (path: readonly string[]): string => JSON.stringify(path);

interface Titled {
  title?: string;
  titleSv?: string;
}

const none: Text = { sv: 'ingen', en: 'none' };

/** The phrase "one of …" for a message. */
export function oneOf(values: readonly unknown[]): Text {
  return { sv: `ett av ${values.join(', ')}`, en: `one of ${values.join(', ')}` };
}

const types: Record<string, Text> = {
  string: { sv: 'en text', en: 'a text' },
  number: { sv: 'ett tal', en: 'a number' },
  integer: { sv: 'ett heltal', en: 'a whole number' },
  boolean: { sv: 'true eller false', en: 'true or false' },
  array: { sv: 'en lista', en: 'a list' },
  object: { sv: 'ett objekt', en: 'an object' },
  null: { sv: 'null', en: 'null' },
};

/** The phrase for the types that a value may have. */
function typesOf(names: readonly unknown[]): Text {
  const told = names.map((name) => types[String(name)] ?? { sv: String(name), en: String(name) });
  return { sv: told.map(({ sv }) => sv).join(' eller '), en: told.map(({ en }) => en).join(' or ') };
}

function expected(error: ErrorObject, { title, titleSv }: Titled): Text {
  const params = error.params as Record<string, unknown>;
  const limit = String(params.limit);
  const titled = title === undefined ? undefined : { sv: titleSv ?? title, en: title };
  switch (error.keyword) {
    case 'enum':
      return oneOf(params.allowedValues as unknown[]);
    case 'minimum':
      return { sv: `minst ${limit}`, en: `at least ${limit}` };
    case 'maximum':
      return { sv: `högst ${limit}`, en: `at most ${limit}` };
    case 'minItems':
      return { sv: `minst ${limit} i listan`, en: `at least ${limit} in the list` };
    case 'maxItems':
      return { sv: `högst ${limit} i listan`, en: `at most ${limit} in the list` };
    case 'uniqueItems':
      return { sv: 'var och en en gång i listan', en: 'each one once in the list' };
    case 'type':
      return titled ?? typesOf([params.type].flat());
    default: {
      const reason = error.message ?? error.keyword;
      return titled ?? { sv: `vad schemat säger (${reason})`, en: `what the schema says (${reason})` };
    }
  }
}

function hint(error: ErrorObject, found: unknown): Text {
  const allowed = (error.params as { allowedValues?: unknown[] }).allowedValues ?? [];
  if (error.propertyName !== undefined) return nearName(error.propertyName, allowed.map(String));
  if (typeof found !== 'string') return didYouMean('', []);
  const isOfLetters = ['pattern', 'format', 'enum'].includes(error.keyword);
  return joined(didYouMean(found, allowed.map(String)), isOfLetters ? unseenIn(found) : '');
}

/** Which character of a text nobody sees, and where, as the end of a message: the text looks right without it. */
function unseenIn(text: string): Text {
  const unseen = findUnseen(text);
  if (unseen === undefined) return inBoth('');
  const { place, code } = unseen;
  return {
    sv: `; tecken ${place} är ${code}, som inte syns`,
    en: `; character ${place} is ${code}, which nobody sees`,
  };
}

/** A value that was found, short enough for one line. */
export function show(value: unknown): Text {
  if (Array.isArray(value))
    return value.length === 0
      ? { sv: 'en tom lista', en: 'an empty list' }
      : { sv: `en lista med ${value.length}`, en: `a list of ${value.length}` };
  if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value).join(', ');
    return names === ''
      ? { sv: 'ett tomt objekt', en: 'an empty object' }
      : { sv: `ett objekt med ${names}`, en: `an object with ${names}` };
  }
  if (value === undefined) return { sv: 'ingenting', en: 'nothing' };
  const text = escapeUnseen(JSON.stringify(value));
  return inBoth(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

function unescapePointer(segment: string): string {
  return segment.replace(/~1/g, '/').replace(/~0/g, '~');
}
