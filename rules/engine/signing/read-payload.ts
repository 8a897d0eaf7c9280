/** Reads the JSON of a delivery strictly: what two readers could take for different things is not taken. */
import { createScanner } from 'jsonc-parser';
import { eachOnce } from '../basics/text';
import type { Text } from '../basics/text';
import { parseExactJson } from '../reading/exact-json';
import { readJson } from '../reading/read-json';
import type { Read, SigningReason } from './signing';

/**
 * @param text of a delivery, or of what a service's API answered
 * @returns the value, or why it is not taken: it is no JSON, or an object has a key twice, told with its path
 */
export function readPayload(text: string): Read<unknown> {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch {
    return { reasons: [notJson(firstFault(text))] };
  }
  const twice = findKeyTwice(text);
  return twice === undefined ? { value } : { reasons: [twice] };
}

/** The reason that something is no JSON. @param fault what is wrong with it */
export const notJson = (fault: Text): SigningReason => ({
  message: {
    sv: `förväntade JSON i UTF-8, hittade annat (${fault.sv})`,
    en: `expected JSON in UTF-8, found something else (${fault.en})`,
  },
});

/** The first mistake in a text that is no JSON, with its place. */
function firstFault(text: string): Text {
  const [fault] = readJson(text, '').findings;
  const { line = 1, column = 1, message = '', messageSv = '' } = fault ?? {};
  return {
    sv: `rad ${line}, kolumn ${column}: ${messageSv}`,
    en: `line ${line}, column ${column}: ${message}`,
  };
}

/** An object or a list that is not closed yet. */
interface Open {
  path: string;
  /** Keys of an object so far; nothing for a list. */
  keys?: Set<string>;
  /** Items of a list before the one that is being read. */
  before: number;
}

/** The first key that an object has twice. The scanner does not recurse: a sender decides how deep the value is. */
function findKeyTwice(text: string): SigningReason | undefined {
  const scanner = createScanner(text, true);
  const open: Open[] = [];
  /** Of the value that comes next. */
  let path = '';
  /** Whether a text that comes next is a key. */
  let isKey = false;
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const begins = text[scanner.getTokenOffset()];
    const inner = open.at(-1);
    if (begins === '{') {
      open.push({ path, keys: new Set(), before: 0 });
      isKey = true;
    } else if (begins === '[') {
      open.push({ path, before: 0 });
      path = `${path}[0]`;
      isKey = false;
    } else if (begins === '}' || begins === ']') {
      open.pop();
    } else if (begins === ',' && inner) {
      inner.before += 1;
      isKey = inner.keys !== undefined;
      if (!isKey) path = `${inner.path}[${inner.before}]`;
    } else if (begins === '"' && isKey && inner?.keys) {
      const name = scanner.getTokenValue();
      path = inner.path === '' ? name : `${inner.path}.${name}`;
      if (inner.keys.has(name)) return { about: path, message: eachOnce('property', name) };
      inner.keys.add(name);
      isKey = false;
    }
  }
  return undefined;
}
