import type { Text } from './text';

/**
 * A hint for a misspelled word: `; did you mean "hours"?`, or nothing if no candidate is near.
 * Near: at most two letters inserted, dropped or changed, and at most half of a short word.
 */
export function didYouMean(word: string, candidates: readonly string[]): Text {
  const near = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.min(2, candidate.length / 2))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))[0];
  return near === undefined
    ? { sv: '', en: '' }
    : { sv: `; menade du "${near.candidate}"?`, en: `; did you mean "${near.candidate}"?` };
}

/** Levenshtein's distance; words that differ by more than two letters in length are simply far apart. */
function editDistance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 2) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
