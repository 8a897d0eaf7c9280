/** Texts that PostgreSQL can store, whatever a person or a machine sent. */

/** The zero character, and halves of surrogate pairs: PostgreSQL refuses both, in text or in JSON. */
const unstorable = /\0|\p{Surrogate}/gu;

/** The same value with U+FFFD in the place of every character that PostgreSQL refuses. */
export function storable<T>(value: T): T {
  if (typeof value === 'string') return value.replace(unstorable, '\ufffd') as T;
  if (Array.isArray(value)) return value.map(storable) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [storable(name), storable(inner)]),
  ) as T;
}
