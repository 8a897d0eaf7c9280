import { createHash } from 'node:crypto';
import { canonicalJson } from '../basics/canonical-json';
import type { Finding } from '../reading/finding';
import { findingAt } from '../reading/finding-at';
import { readPrices } from './read-prices';
import type { OrdinaryPrice } from './read-prices';
import { readRuleFile } from './read-rule-file';
import { isDataPath } from './ruleset-paths';
import { readRollout } from './read-rollout';
import type { Rollout } from './read-rollout';
import type { RuleFile, RulesetFiles } from './terms';
import { expectedFound } from '../basics/text';

/**
 * The format of rule files that this version writes and reads, stored with every ruleset. Raise it by one when rule
 * files may say something that earlier versions cannot read or would misread, or when this version can no longer read
 * something that they could say before. A version that meets a higher number is the older one: it puts no ruleset in
 * force.
 */
export const rulesetFormat = 2;

/** All rule files, prices, releases, installations and campaigns together, parsed and checked. */
export interface Ruleset extends Rollout {
  /** SHA-256 in hexadecimal of the files' content, whatever their layout and order of properties. */
  hash: string;
  /** By path relative to `rules/`. */
  files: Record<string, RuleFile>;
  /** Ordinary prices; empty where there is no `prices.json`. */
  prices: OrdinaryPrice[];
  /** The files' texts, for the places of values in them. */
  texts: RulesetFiles;
}

/** The file of the ordinary prices. */
const pricesPath = 'prices.json';

/**
 * Reads all rule files, the ordinary prices, releases, installations and campaigns. Findings name files from the project's root: `rules/levels/guld.json`.
 *
 * @returns the ruleset, or all that is wrong in any of its files, in the order of their paths
 */
export function readRuleset(files: RulesetFiles): { ruleset?: Ruleset; findings: Finding[] } {
  const paths = Object.keys(files)
    .filter((path) => path !== pricesPath && !isDataPath(path))
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
  const { findings: ofRollout, ...rollout } = readRollout(files);
  const findings = [...read.flatMap((result) => result.findings), ...(prices?.findings ?? []), ...ofRollout];
  if (findings.length > 0) return { findings };
  const parsed = read.flatMap(({ path, file }) => (file === undefined ? [] : [[path, file] as const]));
  const listed = prices?.file === undefined ? parsed : [...parsed, [pricesPath, prices.file]];
  // A ruleset without some of them keeps the hash that it had before there were any.
  const all = [...listed, ...Object.entries(rollout).filter(([, some]) => some.length > 0)];
  const hash = createHash('sha256').update(canonicalJson(all)).digest('hex');
  const ruleset = {
    hash,
    files: Object.fromEntries(parsed),
    prices: prices?.file?.prices ?? [],
    ...rollout,
    texts: files,
  };
  return { ruleset, findings: [] };
}
