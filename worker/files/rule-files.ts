/** The rule files on disk; what they say is checked in rules/. */
import path from 'node:path';
import { spoken } from '../basics/spoken';
import { checkRuleset } from '../../rules/engine/lint/check-ruleset';
import type { Language } from '../../rules/engine/basics/text';
import type { Finding } from '../../rules/engine/reading/finding';
import { formatFinding } from '../../rules/engine/reading/format-finding';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { runExamples } from '../../rules/engine/examples/run-examples';
import type { RulesetFiles } from '../../rules/engine/ruleset/terms';
import { readExampleTexts, readRulesetTexts } from './rule-folder';

export interface RulesOnDisk {
  ruleset: Ruleset;
  texts: RulesetFiles;
}

/** Files that people wrote cannot be used; the message lists every finding with its place. */
export class FindingsError extends Error {
  override readonly name = 'FindingsError';
  constructor(
    readonly findings: Finding[],
    what: string,
    language: Language = spoken(),
  ) {
    super(`${what}\n${findings.map((finding) => `  ${formatFinding(finding, language)}`).join('\n')}`);
  }
}

const words = {
  sv: { unusable: 'Regelfilerna kan inte användas:', failed: 'Exempel håller inte:' },
  en: { unusable: 'The rule files cannot be used:', failed: 'Examples do not hold:' },
} as const;

/**
 * Reads the rule files and checks them as `check` does.
 *
 * @param language of the error's message
 * @throws FindingsError with all errors at once; warnings alone throw nothing
 */
export function readRules(rulesDir: string, language: Language = spoken()): RulesOnDisk {
  const { texts, unread, findings: onDisk } = readRulesetTexts(rulesDir);
  const { ruleset, findings } = checkRuleset(texts, unread);
  const wrong = [...onDisk, ...findings].filter(isError);
  if (!ruleset || wrong.length > 0)
    throw new FindingsError(inFolder(wrong, rulesDir), words[language].unusable, language);
  return { ruleset, texts };
}

/**
 * Runs the managers' examples beside the rule files.
 *
 * @throws FindingsError with every example that does not hold or cannot be read
 */
export async function requireExamples(ruleset: Ruleset, rulesDir: string, language: Language): Promise<void> {
  const { texts, findings: onDisk } = readExampleTexts(rulesDir);
  const { results, findings } = await runExamples(ruleset, texts);
  const failed = results.flatMap((result) => (result.passed ? [] : result.findings));
  const wrong = [...onDisk, ...findings, ...failed].filter(isError);
  if (wrong.length > 0) throw new FindingsError(inFolder(wrong, rulesDir), words[language].failed, language);
}

const isError = ({ severity }: Finding): boolean => severity === 'error';

/** Findings with file names relative to the folder the command runs in. */
export function inFolder(findings: readonly Finding[], rulesDir: string): Finding[] {
  return findings.map((finding) => ({
    ...finding,
    file: path.relative(process.cwd(), path.join(rulesDir, finding.file.replace(/^rules(\/|$)/, ''))) || '.',
  }));
}
