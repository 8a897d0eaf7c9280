/** Finds, for the rows of a file, what they were when they were imported last. */
import { grouped } from '../basics/grouped';

/** What tells rows of one name apart: the whole of what was booked of a row. */
export interface Pairable {
  name: string;
  content: string;
}

export interface Pairs<K, R> {
  /** Rows with what they were, in the order of the file; without it they are new. */
  rows: { row: R; before?: K }[];
  /** What no row of the file is any more. */
  gone: K[];
}

/**
 * Pairs the rows of a file with those imported before. Of several with one name those of the same content belong together,
 * the others in their order: a row that came between others is new, and none of the others has changed.
 */
export function pairRows<K extends Pairable, R extends Pairable>(
  known: readonly K[],
  rows: readonly R[],
): Pairs<K, R> {
  const left = grouped(known, ({ name }) => name);
  const take = (name: string, fits: (one: K) => boolean): K | undefined => {
    const group = left.get(name) ?? [];
    const at = group.findIndex(fits);
    return at < 0 ? undefined : group.splice(at, 1)[0];
  };
  const same = rows.map((row) => take(row.name, (one) => one.content === row.content));
  const paired = rows.map((row, at) => {
    const before = same[at] ?? take(row.name, () => true);
    return { row, ...(before && { before }) };
  });
  return { rows: paired, gone: [...left.values()].flat() };
}
