import type { Finding } from './contract';

/** A finding as editors and terminals make it clickable: `rules/levels/guld.json:14:9 expected …, found …`. */
export function formatFinding(finding: Finding): string {
  return `${finding.file}:${finding.line}:${finding.column} ${finding.message}`;
}
