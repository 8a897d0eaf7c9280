import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json';
import type { Finding } from './contract';
import { findingAt } from './finding-at';
import { readRuleFile } from './read-rule-file';
import type { RuleFile, RulesetFiles } from './terms';
import { expectedFound } from './text';

/** All rule files together, parsed and checked. */
export interface Ruleset {
  /** SHA-256 in hexadecimal of what the files say; layout and order of properties do not matter. */
  hash: string;
  /** By path relative to `rules/`. */
  files: Record<string, RuleFile>;
  /** The same as they were written, for places in them. */
  texts: RulesetFiles;
}

/**
 * Reads all rule files. Findings name them from the project's root: `rules/levels/guld.json`.
 *
 * @returns the ruleset, or all that is wrong in any of its files, in the order of their paths
 */
export function readRuleset(files: RulesetFiles): { ruleset?: Ruleset; findings: Finding[] } {
  const paths = Object.keys(files).sort();
  if (paths.length === 0)
    return {
      findings: [
        findingAt(
          '',
          'rules',
          0,
          expectedFound(
            { sv: 'minst en regelfil', en: 'at least one rule file' },
            { sv: 'ingen', en: 'none' },
          ),
        ),
      ],
    };
  const read = paths.map((path) => ({ path, ...readRuleFile(files[path] ?? '', `rules/${path}`) }));
  const findings = read.flatMap((result) => result.findings);
  if (findings.length > 0) return { findings };
  const parsed = read.flatMap(({ path, file }) => (file === undefined ? [] : [[path, file] as const]));
  const hash = createHash('sha256').update(canonicalJson(parsed)).digest('hex');
  return { ruleset: { hash, files: Object.fromEntries(parsed), texts: files }, findings: [] };
}
