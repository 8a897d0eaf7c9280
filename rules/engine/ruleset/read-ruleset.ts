import { createHash } from 'node:crypto';
import { canonicalJson } from '../basics/canonical-json';
import type { Finding } from '../reading/finding';
import { findingAt } from '../reading/finding-at';
import { readPrices } from './read-prices';
import type { OrdinaryPrice } from './read-prices';
import { readRuleFile } from './read-rule-file';
import type { RuleFile, RulesetFiles } from './terms';
import { expectedFound } from '../basics/text';

/**
 * The format of rule files that this version writes and reads, kept with every ruleset. Raise it by one together with a
 * change after which a version of before could not read, or would misread, what rule files may say now, or after which
 * this version can no longer read what they could say then. A version that meets a higher number is the older one, and
 * puts nothing in force.
 */
export const rulesetFormat = 1;

/** All rule files together, parsed and checked. */
export interface Ruleset {
  /** SHA-256 in hexadecimal of what the files say; layout and order of properties do not matter. */
  hash: string;
  /** By path relative to `rules/`. */
  files: Record<string, RuleFile>;
  /** Ordinary prices; empty where there is no `prices.json`. */
  prices: OrdinaryPrice[];
  /** The same as they were written, for places in them. */
  texts: RulesetFiles;
}

/** Where the ordinary prices stand, beside the rule files. */
const pricesPath = 'prices.json';

/**
 * Reads all rule files and the ordinary prices. Findings name them from the project's root: `rules/levels/guld.json`.
 *
 * @returns the ruleset, or all that is wrong in any of its files, in the order of their paths
 */
export function readRuleset(files: RulesetFiles): { ruleset?: Ruleset; findings: Finding[] } {
  const paths = Object.keys(files)
    .filter((path) => path !== pricesPath)
    .sort();
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
  const pricesText = files[pricesPath];
  const prices = pricesText === undefined ? undefined : readPrices(pricesText, `rules/${pricesPath}`);
  const findings = [...read.flatMap((result) => result.findings), ...(prices?.findings ?? [])];
  if (findings.length > 0) return { findings };
  const parsed = read.flatMap(({ path, file }) => (file === undefined ? [] : [[path, file] as const]));
  const all = prices?.file === undefined ? parsed : [...parsed, [pricesPath, prices.file]];
  const hash = createHash('sha256').update(canonicalJson(all)).digest('hex');
  const ruleset = {
    hash,
    files: Object.fromEntries(parsed),
    prices: prices?.file?.prices ?? [],
    texts: files,
  };
  return { ruleset, findings: [] };
}
