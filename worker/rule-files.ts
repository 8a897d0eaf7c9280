/** The rule files on disk; what they say is checked in rules/. */
import path from 'node:path';
import type { Finding } from '../rules/contract';
import { formatFinding } from '../rules/format-finding';
import type { Ruleset } from '../rules/read-ruleset';
import { readRuleset } from '../rules/read-ruleset';
import type { RulesetFiles } from '../rules/terms';
import { readRulesetTexts } from './rule-folder';

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

/** Reads the rule files and checks the shape of each. Throws all errors at once. */
export function readRules(rulesDir: string): RulesOnDisk {
  const { texts, findings: onDisk } = readRulesetTexts(rulesDir);
  const { ruleset, findings } = readRuleset(texts);
  const wrong = [...onDisk, ...findings].filter(({ severity }) => severity === 'error');
  if (!ruleset || wrong.length > 0)
    throw new FindingsError(inFolder(wrong, rulesDir), 'The rule files cannot be used:');
  return { ruleset, texts };
}

/** Findings with the files' names as the reader's shell knows them. */
export function inFolder(findings: readonly Finding[], rulesDir: string): Finding[] {
  return findings.map((finding) => ({
    ...finding,
    file: path.relative(process.cwd(), path.join(rulesDir, finding.file.replace(/^rules(\/|$)/, ''))) || '.',
  }));
}
