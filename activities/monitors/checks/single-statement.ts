/** Refuses a query of more than one statement before it is sent. */
import type { Text } from '../../../rules/engine/basics/text';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import { NotMade } from './checker';

export type Dialect = 'postgresql' | 'sqlserver';

/** Beginnings of quoted text and comments; the first that matches counts. */
const quoting: Record<Dialect, RegExp[]> = {
  postgresql: [
    // A string with escapes: a backslash escapes the quote after it.
    /(?<![\p{L}\p{N}_$])e'(?:[^'\\]|\\[^]|'')*'/iuy,
    /'(?:[^']|'')*'/y,
    /"(?:[^"]|"")*"/y,
    /(?<![\p{L}\p{N}_$])\$((?:[\p{L}_][\p{L}\p{N}_]*)?)\$[^]*?\$\1\$/uy,
    /--[^\r\n]*/y,
  ],
  sqlserver: [/'(?:[^']|'')*'/y, /"(?:[^"]|"")*"/y, /\[(?:[^\]]|\]\])*\]/y, /--[^\n]*/y],
};

/**
 * The query as one statement, without a semicolon at its end.
 *
 * Parentheses have to be in balance too: the query is put in a pair of them for SQL Server, whose statements need no
 * semicolon between them, and must not end that pair itself.
 *
 * @throws NotMade if there is a second statement, or something is not ended
 */
export function singleStatement(query: string, dialect: Dialect): string {
  let depth = 0;
  let ended: number | undefined;
  for (let at = 0; at < query.length;) {
    const skipped = skip(query, at, dialect);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const sign = query.charAt(at);
    if (ended !== undefined && !/\s/.test(sign))
      throw refused(
        { sv: 'en enda sats', en: 'one statement' },
        { sv: 'mer efter ett semikolon', en: 'more after a semicolon' },
      );
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (depth < 0)
      throw refused(inPairs, { sv: 'en som stänger för mycket', en: 'one that closes too much' });
    if (sign === ';') ended = at;
    // A quote or comment that begins here and was not skipped has no end.
    if (/['"]/.test(sign) || (dialect === 'sqlserver' && sign === '[') || query.startsWith('/*', at))
      throw refused(
        { sv: 'citat och kommentarer som slutar', en: 'quotes and comments that end' },
        { sv: `ett som inte gör det, vid tecken ${at + 1}`, en: `one that does not, at character ${at + 1}` },
      );
    at += 1;
  }
  if (depth > 0) throw refused(inPairs, { sv: 'en som inte stängs', en: 'one that is not closed' });
  return ended === undefined ? query : query.slice(0, ended);
}

/** The index after the quoted text or comment that begins here; the same index if none does. */
function skip(query: string, at: number, dialect: Dialect): number {
  if (query.startsWith('/*', at)) return afterComment(query, at);
  for (const pattern of quoting[dialect]) {
    pattern.lastIndex = at;
    const found = pattern.exec(query);
    if (found) return at + found[0].length;
  }
  return at;
}

/** The index after a comment; comments nest in both dialects. */
function afterComment(query: string, from: number): number {
  let depth = 0;
  for (let at = from; at < query.length; at += 1) {
    if (query.startsWith('/*', at)) [depth, at] = [depth + 1, at + 1];
    else if (query.startsWith('*/', at)) [depth, at] = [depth - 1, at + 1];
    if (depth === 0) return at + 1;
  }
  return from;
}

const inPairs: Text = { sv: 'parenteser i par', en: 'parentheses in pairs' };

const refused = (expected: Text, found: Text): NotMade =>
  new NotMade(joined({ sv: 'frågan: ', en: 'the query: ' }, expectedFound(expected, found)));
