import type { ErrorObject } from 'ajv';
import type { Node } from 'jsonc-parser';
import type { Finding, Severity } from './finding';
import { explainSchemaErrors } from './explain-schema-error';
import { findingAt } from './finding-at';
import type { JsonSource } from './read-json';
import { joined } from '../basics/text';
import type { Text } from '../basics/text';

/**
 * The finding for what stands at `path` of a file: `contacts.customer[0].email: expected …, found …`.
 *
 * @param options.aboutKey point at the property's name instead of its value
 */
export function explainAt(
  source: JsonSource,
  path: readonly string[],
  message: Text,
  { aboutKey = false, severity = 'error' }: { aboutKey?: boolean; severity?: Severity } = {},
): Finding {
  const at = locate(source.root, path, aboutKey);
  const name = path.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('');
  const where = name === '' ? '' : `${name.replace(/^\./, '')}: `;
  return findingAt(source.text, source.file, at.offset, joined(where, message), severity);
}

/** The findings for all of a file's schema errors, each once, in the order of the file. */
export function explainErrors(source: JsonSource, errors: readonly ErrorObject[]): Finding[] {
  const findings = explainSchemaErrors(errors).map((said) =>
    explainAt(source, said.path, said.message, said),
  );
  const unique = new Map(findings.map((f) => [`${f.line}:${f.column} ${f.message}`, f]));
  return inFileOrder([...unique.values()]);
}

/** Sorts findings of one file by where they are. */
export function inFileOrder(findings: Finding[]): Finding[] {
  return [...findings].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** The node at `path`, or the nearest above it if the path leads to something absent. */
function locate(root: Node, path: readonly string[], aboutKey: boolean): Node {
  let node = root;
  for (const [depth, part] of path.entries()) {
    const property = node.children?.find((child) => child.children?.[0]?.value === part);
    if (node.type === 'object' && aboutKey && depth === path.length - 1)
      return property?.children?.[0] ?? node;
    const next = node.type === 'array' ? node.children?.[Number(part)] : property?.children?.[1];
    if (next === undefined) return node;
    node = next;
  }
  return node;
}
