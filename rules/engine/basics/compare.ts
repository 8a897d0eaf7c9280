/**
 * Compares two texts or two numbers, for `sort`. Texts are ordered by UTF-16 code units, so the order is the same on every
 * machine and in every language.
 *
 * @returns -1 if `a` comes first, 1 if `b` does, 0 if they are equal
 */
export function compare(a: string | number, b: string | number): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}
