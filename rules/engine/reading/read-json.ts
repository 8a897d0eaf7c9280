/** Reads strict JSON, and tells each mistake with its place in the file. */
import { getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import type { Finding } from './finding';
import { findingAt } from './finding-at';
import { eachOnce, expectedFound } from '../basics/text';
import type { Text, Wording } from '../basics/text';

/** The largest file that is read, in bytes. */
export const maxBytes = 1_000_000;
const maxDepth = 50;

/** The message for a file that is too large. */
export function tooManyBytes(bytes: number): Text {
  return expectedFound({ sv: `högst ${maxBytes} byte`, en: `at most ${maxBytes} bytes` }, String(bytes));
}

/** A file's text, its parsed value, and the syntax tree that gives the places of values. */
export interface JsonSource {
  text: string;
  file: string;
  root: Node;
  value: unknown;
}

/**
 * Reads strict JSON from a file's text. A byte order mark, which editors on Windows add, is tolerated.
 *
 * @returns either the source or findings: syntax errors, comments, duplicate keys, `__proto__` keys, numbers
 *   that cannot be kept exactly, more than 1 MB, more than 50 levels
 */
export function readJson(original: string, file: string): { source?: JsonSource; findings: Finding[] } {
  const text = original.replace(/^\uFEFF/, '');
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) return { findings: [findingAt(text, file, 0, tooManyBytes(bytes))] };
  const tooDeep = findTooDeep(text);
  if (tooDeep !== undefined) {
    const message = expectedFound(
      { sv: `högst ${maxDepth} nivåer av nästling`, en: `at most ${maxDepth} levels of nesting` },
      { sv: 'fler', en: 'more' },
    );
    return { findings: [findingAt(text, file, tooDeep, message)] };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const findings = errors.map((error) => findingAt(text, file, error.offset, explain(error, text)));
  if (root === undefined || findings.length > 0)
    return {
      findings:
        findings.length > 0
          ? findings
          : [findingAt(text, file, 0, expectedFound('JSON', { sv: 'ingenting', en: 'nothing' }))],
    };
  findings.push(...keyFindings(root, text, file), ...numberFindings(root, text, file));
  return findings.length > 0
    ? { findings }
    : { source: { text, file, root, value: getNodeValue(root) as unknown }, findings };
}

/**
 * The offset at which nesting becomes too deep. Found before parsing, since the parser recurses and would run out of
 * stack. Brackets within strings do not count.
 */
function findTooDeep(text: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
    if (depth > maxDepth) return index;
  }
  return undefined;
}

const expectations: Record<string, Wording> = {
  InvalidSymbol: { sv: 'ett JSON-värde', en: 'a JSON value' },
  InvalidNumberFormat: { sv: 'ett tal', en: 'a number' },
  PropertyNameExpected: {
    sv: 'ett egenskapsnamn inom dubbla citattecken',
    en: 'a property name in double quotes',
  },
  ValueExpected: { sv: 'ett värde', en: 'a value' },
  ColonExpected: { sv: '":" efter egenskapens namn', en: '":" after the property name' },
  CommaExpected: { sv: '"," före nästa', en: '"," before the next one' },
  CloseBraceExpected: '"}"',
  CloseBracketExpected: '"]"',
  EndOfFileExpected: { sv: 'filens slut', en: 'the end of the file' },
  InvalidCommentToken: { sv: 'JSON utan kommentarer', en: 'JSON without comments' },
  UnexpectedEndOfComment: { sv: 'JSON utan kommentarer', en: 'JSON without comments' },
  UnexpectedEndOfString: { sv: 'ett avslutande dubbelt citattecken', en: 'a closing double quote' },
  UnexpectedEndOfNumber: { sv: 'fler siffror', en: 'more digits' },
  InvalidUnicode: { sv: 'fyra hexadecimala siffror efter \\u', en: 'four hexadecimal digits after \\u' },
  InvalidEscapeCharacter: {
    sv: 'ett av " \\ / b f n r t u efter \\',
    en: 'one of " \\ / b f n r t u after \\',
  },
  InvalidCharacter: {
    sv: 'ett tecken som kan skrivas ut (radbrytning som \\n)',
    en: 'a printable character (line breaks as \\n)',
  },
};

function explain(error: ParseError, text: string): Text {
  const expected = expectations[printParseErrorCode(error.error)] ?? { sv: 'giltig JSON', en: 'valid JSON' };
  const found = text.slice(error.offset, error.offset + Math.min(Math.max(error.length, 1), 40)).trim();
  return expectedFound(expected, found === '' ? { sv: 'textens slut', en: 'the end of the text' } : found);
}

const reservedName = expectedFound(
  { sv: 'ett egenskapsnamn', en: 'a property name' },
  { sv: 'det reserverade "__proto__"', en: 'the reserved "__proto__"' },
);
const exactNumber = { sv: 'ett tal med högst 15 siffror', en: 'a number of at most 15 digits' };

function keyFindings(node: Node, text: string, file: string): Finding[] {
  if (node.children === undefined) return [];
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const child of node.children) {
    const key = node.type === 'object' ? child.children?.[0] : undefined;
    const name = String(key?.value);
    if (key !== undefined && name === '__proto__')
      findings.push(findingAt(text, file, key.offset, reservedName));
    else if (key !== undefined && seen.has(name))
      findings.push(findingAt(text, file, key.offset, eachOnce('property', name)));
    seen.add(name);
    findings.push(...keyFindings(child, text, file));
  }
  return findings;
}

/** Findings for numbers of more than 15 significant digits: parsing would change them without a word. */
function numberFindings(node: Node, text: string, file: string): Finding[] {
  const findings = (node.children ?? []).flatMap((child) => numberFindings(child, text, file));
  if (node.type !== 'number') return findings;
  const literal = text.slice(node.offset, node.offset + node.length);
  const digits = (literal.split(/e/i)[0] ?? '').replace(/[-.]/g, '').replace(/^0+/, '');
  const kept = digits.length <= 15 && Number.isFinite(node.value);
  return kept
    ? findings
    : [...findings, findingAt(text, file, node.offset, expectedFound(exactNumber, literal))];
}
