/** Reads what a person sent; never throws, never trusts. */

/** Longest text taken from a message; longer notes belong in a document. */
const longestText = 1000;

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
  const given = input === undefined || input === null || input === '' ? {} : input;
  if (typeof given !== 'object' || Array.isArray(given))
    return { rejected: `expected a JSON object with ${known.join(', ')}, found ${describe(given)}` };
  const values = given as Record<string, unknown>;
  const unknown = Object.keys(values).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    return {
      rejected: `expected only ${known.join(', ')}, found ${unknown.slice(0, 5).join(', ').slice(0, 200)}`,
    };
  if (values.agreement !== undefined && values.agreement !== agreement)
    return {
      rejected: `this is the agreement ${agreement}, the message is for ${describe(values.agreement)}`,
    };
  const wrong = Object.entries(values).find(([, value]) => value !== null && typeof value === 'object');
  if (wrong) return { rejected: `${wrong[0]}: expected a text or a number, found ${describe(wrong[1])}` };
  return { value: fieldsOf(values) };
}

function fieldsOf(values: Record<string, unknown>): Fields {
  const text = (name: string): string | undefined => {
    const value = values[name];
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, longestText) : undefined;
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

function describe(value: unknown): string {
  return (JSON.stringify(value) ?? typeof value).slice(0, 100);
}
