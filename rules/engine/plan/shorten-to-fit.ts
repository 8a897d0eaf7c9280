/**
 * Shortens the longest of some lengths, day by day, until their sum fits into what is available. None goes below its
 * minimum while another can be shortened, and none below one day.
 *
 * @example shortenToFit([5, 9, 3], [1, 1, 1], 12) // [5, 4, 3]
 * @example shortenToFit([5, 9, 3], [1, 8, 1], 12) // [2, 8, 2]
 */
export function shortenToFit(
  lengths: readonly number[],
  minimums: readonly number[],
  available: number,
): number[] {
  const fitted = [...lengths];
  let excess = fitted.reduce((sum, length) => sum + length, 0) - available;
  for (const least of [minimums, minimums.map(() => 1)])
    for (; excess > 0; excess--) {
      const longest = Math.max(...fitted.filter((length, index) => length > (least[index] ?? 1)));
      const at = fitted.findLastIndex((length, index) => length === longest && length > (least[index] ?? 1));
      if (at < 0) break;
      fitted[at] = longest - 1;
    }
  return fitted;
}
