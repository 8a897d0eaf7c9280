/** Findings on the terminal and as JSON, the same for every command that checks files. */
import path from 'node:path';
import { Option } from 'commander';
import type { Language, Text } from '../../rules/engine/basics/text';
import type { Finding, Severity } from '../../rules/engine/reading/finding';
import { formatFinding } from '../../rules/engine/reading/format-finding';
import { readConfiguration } from '../settings/configuration';
import { say } from './terminal';

/** What the commands that check files can be told. */
export interface CheckOptions {
  rules?: string;
  json?: boolean;
  language?: Language;
}

export const rulesOption = (): Option =>
  new Option('--rules <dir>', 'folder of the rule files (SERVICEAVTAL_RULES, or rules)');
export const languageOption = (what = 'what is found'): Option =>
  new Option('--language <language>', `language of ${what} (SERVICEAVTAL_STAFF_LANGUAGE, or sv)`).choices([
    'sv',
    'en',
  ]);

/** Where the rules are and in which language to speak, by option or by setting. */
export function settled(options: CheckOptions): { rulesDir: string; language: Language } {
  const { rulesDir, staffLanguage } = readConfiguration();
  return {
    rulesDir: options.rules === undefined ? rulesDir : path.resolve(options.rules),
    language: options.language ?? staffLanguage,
  };
}

const marks: Record<Severity, Text> = {
  error: { sv: '', en: '' },
  warning: { sv: 'varning: ', en: 'warning: ' },
  info: { sv: 'notera: ', en: 'note: ' },
};

/** One line a finding: `rules/levels/guld.json:14:9 …`, with `warning:` before what is no error. */
export function printFindings(findings: readonly Finding[], language: Language): void {
  for (const finding of findings) {
    const mark = marks[finding.severity];
    say(
      formatFinding(
        { ...finding, message: mark.en + finding.message, messageSv: mark.sv + finding.messageSv },
        language,
      ),
    );
  }
}

/** How many findings there are of a severity. */
export const countOf = (findings: readonly Finding[], severity: Severity): number =>
  findings.filter((finding) => finding.severity === severity).length;

/** `1 file`, `2 files`: a number with its word in the right form. */
export function counted(count: number, [one, many]: readonly [string, string]): string {
  return `${count} ${count === 1 ? one : many}`;
}

const words = {
  sv: { errors: ['fel', 'fel'], warnings: ['varning', 'varningar'] },
  en: { errors: ['error', 'errors'], warnings: ['warning', 'warnings'] },
} as const;

/** `2 errors, 1 warning`. */
export function summaryOf(findings: readonly Finding[], language: Language): string {
  const { errors, warnings } = words[language];
  return `${counted(countOf(findings, 'error'), errors)}, ${counted(countOf(findings, 'warning'), warnings)}`;
}
