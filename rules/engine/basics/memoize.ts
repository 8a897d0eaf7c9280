/**
 * Remembers answers by their key. Errors are not remembered: each caller gets one of its own, since it may name what
 * the caller asked about.
 *
 * @param most how many answers are kept; one more clears them all
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
