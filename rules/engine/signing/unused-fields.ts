import { fold } from '../basics/patterns';
import { isLookup } from './lookup';
import type { SigningMapping } from './mapping';
import { isObject } from './payload';
import type { SigningDocument } from './signing';

/** Names of the document's fields that a mapping does not use, each once, to show to whoever writes the mapping. */
export function unusedFields(mapping: SigningMapping, document: SigningDocument): string[] {
  const used = new Set(
    [
      ...fieldsIn(mapping.document),
      ...fieldsIn(mapping.from),
      ...fieldsIn(mapping.counterpart),
      ...fieldsIn(mapping.contract),
    ].map(fold),
  );
  const unused = document.fields.filter(
    ({ name, key }) => !used.has(fold(name)) && !(key !== undefined && used.has(fold(key))),
  );
  return [...new Map(unused.map(({ name }) => [fold(name), name])).values()];
}

/** Names of fields that a part of a mapping looks up. */
export function fieldsIn(part: unknown): string[] {
  if (isLookup(part)) return part.field === undefined ? [] : [part.field];
  if (Array.isArray(part)) return part.flatMap(fieldsIn);
  if (!isObject(part)) return [];
  return [...(typeof part.when === 'string' ? [part.when] : []), ...Object.values(part).flatMap(fieldsIn)];
}
