/** Findings on the terminal and as JSON, the same for every command that checks files. */
import path from 'node:path';
import { Option } from 'commander';
import { counted } from '../../rules/engine/basics/counted';
import type { Language, Text } from '../../rules/engine/basics/text';
import type { Finding, Severity } from '../../rules/engine/reading/finding';
import { formatFinding } from '../../rules/engine/reading/format-finding';
import { readConfiguration } from '../settings/configuration';
import { say } from './terminal';

/** Options of the commands that check files. */
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

/** The folder of the rules and the language of the output, from the options or else from the settings. */
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

/** Prints one line a finding: `rules/levels/guld.json:14:9 …`, with `warning:` if it is no error. */
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

/** The number of findings of a severity. */
export const countOf = (findings: readonly Finding[], severity: Severity): number =>
  findings.filter((finding) => finding.severity === severity).length;

const words = {
  sv: { errors: ['fel', 'fel'], warnings: ['varning', 'varningar'] },
  en: { errors: ['error', 'errors'], warnings: ['warning', 'warnings'] },
} as const;

/** Sums findings up: `2 errors, 1 warning`. */
export function summaryOf(findings: readonly Finding[], language: Language): string {
  const { errors, warnings } = words[language];
  return `${counted(countOf(findings, 'error'), errors)}, ${counted(countOf(findings, 'warning'), warnings)}`;
}
