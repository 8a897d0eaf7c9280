/** Texts that people write in patterns, for every file that says which texts it means. */

/** The form in which names and choices are compared: without regard to capitals, spaces and the encoding of å. */
export function fold(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim().toLowerCase();
}

/** Whether a text matches a pattern; `*` stands for any characters. */
export const matches = (text: string, pattern: string): boolean => compilePattern(pattern)(fold(text));

/**
 * A pattern to be held against many texts; `*` stands for any characters. Never backtracks: anybody may write a pattern.
 *
 * @returns whether a folded text matches it
 */
export function compilePattern(pattern: string): (folded: string) => boolean {
  const [start = '', ...rest] = fold(pattern).split('*');
  const end = rest.pop();
  if (end === undefined) return (folded) => folded === start;
  return (folded) => {
    if (!folded.startsWith(start)) return false;
    let at = start.length;
    for (const part of rest) {
      const next = folded.indexOf(part, at);
      if (next < 0) return false;
      at = next + part.length;
    }
    return folded.length - end.length >= at && folded.endsWith(end);
  };
}
