/** Tells the leaves of a mapping from its objects and lists. */
import type { Condition, Lookup } from './mapping';
import { isObject } from './payload';

/** Whether a part of the mapping says where to find a value, instead of being one. */
export function isLookup(part: unknown): part is Lookup {
  return isObject(part) && (typeof part.field === 'string' || typeof part.signing === 'string');
}

/** When an item of a list or a record is included: a field's name, or a condition. */
export type When = string | Condition;

/** The members of an object without its `when`. */
export function withoutWhen(part: Record<string, unknown>): Record<string, unknown> {
  const { when: _, ...members } = part;
  return members;
}
