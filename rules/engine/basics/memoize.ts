/**
 * Remembers answers by their key. An error names whose it was: it is not remembered, but made anew for each.
 *
 * @param most answers kept; all of them are forgotten rather than grow without end
 */
export function memoize<Rest extends unknown[], T>(
  work: (key: string, ...rest: Rest) => Promise<T>,
  most = Infinity,
): (key: string, ...rest: Rest) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key, ...rest) => {
    const before = known.get(key);
    if (before) return before.catch(() => work(key, ...rest));
    const answer = work(key, ...rest);
    if (known.size >= most) known.clear();
    known.set(key, answer);
    return answer;
  };
}
