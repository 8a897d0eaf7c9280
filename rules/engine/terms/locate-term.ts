import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { Node } from 'jsonc-parser';
import { findingAt } from '../reading/finding-at';
import type { Ruleset } from '../ruleset/read-ruleset';
import type { Origin } from './term-values';

/** A place in a rule file, counted from 1, as editors open it. */
export interface Place {
  /** From the project's root: `rules/levels/guld.json`. */
  file: string;
  line: number;
  column: number;
}

const trees = new WeakMap<Ruleset, Map<string, Node | undefined>>();

/** The place of a term's value: that of its name in the rule file. */
export function locateTerm(ruleset: Ruleset, { rule, path }: Origin): Place {
  const file = `rules/${rule.file}`;
  const text = (ruleset.texts[rule.file] ?? '').replace(/^\uFEFF/, '');
  const files = trees.get(ruleset) ?? new Map<string, Node | undefined>();
  trees.set(ruleset, files);
  if (!files.has(rule.file)) files.set(rule.file, parseTree(text));
  const root = files.get(rule.file);
  const value = root && findNodeAtLocation(root, ['rules', rule.index, 'event', 'params', ...path.slice(1)]);
  const { line, column } = findingAt(text, file, value?.parent?.offset ?? 0, { sv: '', en: '' });
  return { file, line, column };
}

/** As editors and terminals make it clickable: `rules/levels/guld.json:14:9`. */
export function formatPlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
