/** Reads what a form or an address brings: texts on one line, bounded, one of each name. */
import { oneLine } from '../../../rules/engine/basics/one-line';

export type Form = Readonly<Partial<Record<string, string>>>;

/**
 * The named fields, cut to their longest. Of one that comes twice the first counts; empty ones are left out.
 * @param longest the most characters of each
 */
export function readForm(body: unknown, longest: Readonly<Record<string, number>>): Form {
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  return Object.fromEntries(
    Object.entries(longest).flatMap(([name, most]) => {
      const values: unknown[] = [Object.hasOwn(given, name) ? given[name] : undefined].flat();
      const [value] = values;
      if (typeof value !== 'string') return [];
      const text = Array.from(oneLine(value.replace(/\p{Cs}/gu, ' ')))
        .slice(0, most)
        .join('');
      return text === '' ? [] : [[name, text]];
    }),
  );
}
