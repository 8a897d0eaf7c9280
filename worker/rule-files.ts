/** Reads the rule files from disk; what they say is checked in rules/. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../rules/contract';
import { formatFinding } from '../rules/format-finding';
import type { Ruleset } from '../rules/read-ruleset';
import { readRuleset } from '../rules/read-ruleset';
import type { RulesetFiles } from '../rules/terms';

export interface RulesOnDisk {
  ruleset: Ruleset;
  texts: RulesetFiles;
}

/** A file that somebody wrote cannot be used; the message lists every finding with its place. */
export class FindingsError extends Error {
  override readonly name = 'FindingsError';
  constructor(
    readonly findings: Finding[],
    what: string,
  ) {
    super(`${what}\n${findings.map((finding) => `  ${formatFinding(finding)}`).join('\n')}`);
  }
}

/** The rule files below a folder: `levels/*.json`, and `prices.json` if there is one. */
function ruleTexts(rulesDir: string): RulesetFiles {
  const folder = path.join(rulesDir, 'levels');
  if (!existsSync(folder)) throw new Error(`expected rule files in ${folder}, found no such folder`);
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  const paths = names.map((name) => `levels/${name}`);
  if (existsSync(path.join(rulesDir, 'prices.json'))) paths.push('prices.json');
  return Object.fromEntries(paths.map((name) => [name, readFileSync(path.join(rulesDir, name), 'utf8')]));
}

/** Reads and checks the rule files. Throws all findings at once. */
export function readRules(rulesDir: string): RulesOnDisk {
  const texts = ruleTexts(rulesDir);
  const { ruleset, findings } = readRuleset(texts);
  if (!ruleset) {
    const onDisk = findings.map((finding) => ({
      ...finding,
      file: path.relative(process.cwd(), path.join(rulesDir, finding.file.replace(/^rules\//, ''))),
    }));
    throw new FindingsError(onDisk, 'The rule files cannot be used:');
  }
  return { ruleset, texts };
}
