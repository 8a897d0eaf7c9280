import { createScanner } from 'jsonc-parser';

const isLong = (token: string): boolean => /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token));

/**
 * Parses JSON as `JSON.parse` does, but keeps whole numbers that a number cannot hold exactly (an id above 2^53) as
 * the text of their digits.
 *
 * @throws SyntaxError as `JSON.parse` does
 * @example parseExactJson('{"id": 8222115557379986102}') // { id: '8222115557379986102' }
 */
export function parseExactJson(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  // Most texts have no digits that could be such a number, and are read once.
  return /\d{16}/.test(text) ? (JSON.parse(withLongQuoted(text)) as unknown) : value;
}

/** A scanner, not a pattern: a pattern runs out of stack in a text of many megabytes, such as a paper in base64. */
function withLongQuoted(text: string): string {
  const scanner = createScanner(text, true);
  const parts: string[] = [];
  let done = 0;
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const [start, end] = [scanner.getTokenOffset(), scanner.getTokenOffset() + scanner.getTokenLength()];
    const begins = text[start] ?? '';
    if (begins === '"' || !isLong(text.slice(start, end))) continue;
    parts.push(text.slice(done, start), `"${text.slice(start, end)}"`);
    done = end;
  }
  return parts.join('') + text.slice(done);
}
