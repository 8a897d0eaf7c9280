/**
 * Shortens the longest of some lengths, day by day, until they fit into what is available; none below one day.
 *
 * @example shortenToFit([5, 9, 3], 12) // [5, 4, 3]
 */
export function shortenToFit(lengths: readonly number[], available: number): number[] {
  const fitted = [...lengths];
  let excess = fitted.reduce((sum, length) => sum + length, 0) - available;
  for (; excess > 0; excess--) {
    const longest = Math.max(...fitted);
    if (longest <= 1) break;
    fitted[fitted.lastIndexOf(longest)] = longest - 1;
  }
  return fitted;
}
