import { getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import type { Finding } from './contract';
import { findingAt } from './finding-at';

const maxBytes = 1_000_000;
const maxDepth = 50;

/** A file's text with what it says, and the tree that knows where it says it. */
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
  if (bytes > maxBytes)
    return { findings: [findingAt(text, file, 0, `expected at most ${maxBytes} bytes, found ${bytes}`)] };
  const tooDeep = findTooDeep(text);
  if (tooDeep !== undefined) {
    const message = `expected at most ${maxDepth} levels of nesting, found more`;
    return { findings: [findingAt(text, file, tooDeep, message)] };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const findings = errors.map((error) => findingAt(text, file, error.offset, explain(error, text)));
  if (root === undefined || findings.length > 0)
    return {
      findings: findings.length > 0 ? findings : [findingAt(text, file, 0, 'expected JSON, found nothing')],
    };
  findings.push(...keyFindings(root, text, file), ...numberFindings(root, text, file));
  return findings.length > 0
    ? { findings }
    : { source: { text, file, root, value: getNodeValue(root) as unknown }, findings };
}

/** Looked for before parsing: the parser recurses and would run out of stack. Brackets within strings are text. */
function findTooDeep(text: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
    if (depth > maxDepth) return index;
  }
  return undefined;
}

const expectations: Record<string, string> = {
  InvalidSymbol: 'a JSON value',
  InvalidNumberFormat: 'a number',
  PropertyNameExpected: 'a property name in double quotes',
  ValueExpected: 'a value',
  ColonExpected: '":" after the property name',
  CommaExpected: '"," before the next one',
  CloseBraceExpected: '"}"',
  CloseBracketExpected: '"]"',
  EndOfFileExpected: 'the end of the file',
  InvalidCommentToken: 'JSON without comments',
  UnexpectedEndOfComment: 'JSON without comments',
  UnexpectedEndOfString: 'a closing double quote',
  UnexpectedEndOfNumber: 'more digits',
  InvalidUnicode: 'four hexadecimal digits after \\u',
  InvalidEscapeCharacter: 'one of " \\ / b f n r t u after \\',
  InvalidCharacter: 'a printable character (line breaks as \\n)',
};

function explain(error: ParseError, text: string): string {
  const expected = expectations[printParseErrorCode(error.error)] ?? 'valid JSON';
  const found = text.slice(error.offset, error.offset + Math.min(Math.max(error.length, 1), 40)).trim();
  return `expected ${expected}, found ${found === '' ? 'the end of the text' : found}`;
}

function keyFindings(node: Node, text: string, file: string): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const child of node.children ?? []) {
    const key = node.type === 'object' ? child.children?.[0] : undefined;
    const name = String(key?.value);
    if (key !== undefined && name === '__proto__')
      findings.push(
        findingAt(text, file, key.offset, 'expected a property name, found the reserved "__proto__"'),
      );
    else if (key !== undefined && seen.has(name))
      findings.push(findingAt(text, file, key.offset, `expected each property once, found "${name}" again`));
    seen.add(name);
    findings.push(...keyFindings(child, text, file));
  }
  return findings;
}

/** Up to 15 significant digits survive the way to a number and back; more would be changed in silence. */
function numberFindings(node: Node, text: string, file: string): Finding[] {
  const findings = (node.children ?? []).flatMap((child) => numberFindings(child, text, file));
  if (node.type !== 'number') return findings;
  const literal = text.slice(node.offset, node.offset + node.length);
  const digits = (literal.split(/e/i)[0] ?? '').replace(/[-.]/g, '').replace(/^0+/, '');
  const kept = digits.length <= 15 && Number.isFinite(node.value);
  return kept
    ? findings
    : [
        ...findings,
        findingAt(text, file, node.offset, `expected a number of at most 15 digits, found ${literal}`),
      ];
}
