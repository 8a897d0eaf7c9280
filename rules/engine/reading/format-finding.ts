import type { Language } from '../basics/text';
import type { Finding } from './finding';

/** A finding as editors and terminals make it clickable: `rules/levels/guld.json:14:9 expected …, found …`. */
export function formatFinding(finding: Finding, language: Language = 'en'): string {
  const message = language === 'sv' ? finding.messageSv : finding.message;
  return `${finding.file}:${finding.line}:${finding.column} ${message}`;
}
