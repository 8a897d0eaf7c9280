import type { ErrorObject } from 'ajv';
import { didYouMean } from './did-you-mean';

/** What a schema error says in plain English, and the path of what it is about. */
export interface Explanation {
  /** From the top of the document: `['contacts', 'customer', '0', 'email']`. */
  path: string[];
  /** True if it is the property's name that is wrong, not its value. */
  aboutKey: boolean;
  message: string;
}

/**
 * Turns one ajv error (made with `verbose`) into "expected …, found …". The schema's `title` says what was
 * expected where a pattern alone would tell the reader nothing.
 *
 * @returns nothing for errors that only repeat others (`if`, `propertyNames`)
 */
export function explainSchemaError(error: ErrorObject): Explanation | undefined {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const schema = (error.parentSchema ?? {}) as { title?: string; properties?: Record<string, unknown> };
  if (error.keyword === 'if' || error.keyword === 'propertyNames') return undefined;
  if (error.keyword === 'additionalProperties') {
    const { additionalProperty: name } = error.params as { additionalProperty: string };
    const known = Object.keys(schema.properties ?? {});
    const message = `expected one of ${known.join(', ')}, found unknown property "${name}"${didYouMean(name, known)}`;
    return { path: [...path, name], aboutKey: true, message };
  }
  if (error.keyword === 'required') {
    const { missingProperty } = error.params as { missingProperty: string };
    return { path, aboutKey: false, message: `expected property "${missingProperty}", found none` };
  }
  const found = error.propertyName ?? (error.data as unknown);
  const message = `expected ${expected(error, schema.title)}, found ${show(found)}${hint(error, found)}`;
  return error.propertyName === undefined
    ? { path, aboutKey: false, message }
    : { path: [...path, error.propertyName], aboutKey: true, message };
}

function expected(error: ErrorObject, title: string | undefined): string {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'enum':
      return `one of ${(params.allowedValues as string[]).join(', ')}`;
    case 'minimum':
      return `at least ${String(params.limit)}`;
    case 'maximum':
      return `at most ${String(params.limit)}`;
    case 'minItems':
      return `at least ${String(params.limit)} in the list`;
    case 'maxItems':
      return `at most ${String(params.limit)} in the list`;
    case 'uniqueItems':
      return 'each one once in the list';
    case 'type':
      return title ?? `a value of type ${String(params.type)}`;
    default:
      return title ?? `what the schema says (${error.message ?? error.keyword})`;
  }
}

function hint(error: ErrorObject, found: unknown): string {
  const allowed = (error.params as { allowedValues?: unknown[] }).allowedValues ?? [];
  return typeof found === 'string' ? didYouMean(found, allowed.map(String)) : '';
}

/** What was found, short enough for one line. */
function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null)
    return Object.keys(value).length === 0
      ? 'an empty object'
      : `an object with ${Object.keys(value).join(', ')}`;
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function unescapePointer(segment: string): string {
  return segment.replace(/~1/g, '/').replace(/~0/g, '~');
}
