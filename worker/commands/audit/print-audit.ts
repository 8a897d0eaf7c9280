/** Puts what an audit found into lines: kind by kind what it means, what it is about, and what to do. */
import type { AuditFinding } from '../../../activities/audit/findings';
import { printable } from '../../../rules/engine/basics/one-line';
import type { Language } from '../../../rules/engine/basics/text';
import { auditWords } from '../../../templates/words/audit-words';
import type { AuditKind } from '../../../templates/words/audit-words';
import type { Mended } from '../../audit/audit';

/** Most findings of a kind that are listed; `--json` has them all. */
const mostListed = 50;

const said = {
  sv: {
    well: 'Allt är som det ska.',
    mends: (what: string) => `  --repair ${what}.`,
    otherwise: (what: string) => `  Att göra: ${what}.`,
    more: (count: number) => `  och ${count} till`,
    failed: (why: string) => ` (gick inte att laga: ${why})`,
    mended: (count: number) =>
      `Lagat: ${count}. Det som någon skulle få veta är sagt inom någon minut; kör npx serviceavtal audit igen.`,
    left: (count: number) => `Kvar för en människa: ${count}.`,
    nothingLeft: 'Inget är kvar.',
  },
  en: {
    well: 'All is as it should be.',
    mends: (what: string) => `  --repair ${what}.`,
    otherwise: (what: string) => `  What to do: ${what}.`,
    more: (count: number) => `  and ${count} more`,
    failed: (why: string) => ` (could not be mended: ${why})`,
    mended: (count: number) =>
      `Mended: ${count}. Whom it takes is told within a minute; run npx serviceavtal audit again.`,
    left: (count: number) => `Left for a person: ${count}.`,
    nothingLeft: 'Nothing is left.',
  },
} as const;

type Shown = AuditFinding & { failed?: string };

/** All findings, by kind; in lines. */
export function printFindings(findings: readonly Shown[], language: Language): string {
  if (findings.length === 0) return said[language].well;
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  return kinds
    .map((kind) =>
      printKind(
        kind,
        findings.filter((one) => one.kind === kind),
        language,
      ),
    )
    .join('\n\n');
}

function printKind(kind: AuditKind, findings: readonly Shown[], language: Language): string {
  const words = said[language];
  const { means, mends, todo } = auditWords(kind);
  const isMendable = findings.some(({ mend, failed }) => mend && failed === undefined);
  return [
    `${means[language]} (${findings.length}, ${kind})`,
    ...findings.slice(0, mostListed).map(({ subject, detail, failed }) => {
      const why = failed === undefined ? '' : words.failed(failed);
      return printable(`  ${subject}: ${detail[language]}${why}`);
    }),
    ...(findings.length > mostListed ? [words.more(findings.length - mostListed)] : []),
    ...(mends && isMendable ? [words.mends(mends[language])] : []),
    ...(findings.some(({ mend, failed }) => !mend || failed !== undefined) || !mends
      ? [words.otherwise(todo[language])]
      : []),
  ].join('\n');
}

/** What was mended, and what is left. */
export function printMended({ mended, left }: Mended, language: Language): string {
  const words = said[language];
  return [
    words.mended(mended.length),
    left.length === 0 ? words.nothingLeft : `${words.left(left.length)}\n\n${printFindings(left, language)}`,
  ].join('\n');
}
