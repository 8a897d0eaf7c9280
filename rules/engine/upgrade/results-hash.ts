/** What exactly somebody approves: the results of an upgrade as one hash. */
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import { canonicalJson } from '../basics/canonical-json';
import type { Part, PartResult } from './parts';

/** A phase with its parts and what was last said of each, by its key. */
export interface PhaseResults {
  id: string;
  kind: string;
  parts: readonly Pick<Part, 'id' | 'key'>[];
}

/** What PostgreSQL keeps in another way than it was said: zero characters and halves of pairs. */
const altered = /\0|\p{Surrogate}/gu;

/**
 * The hash of what precedes the approval: each part with its result, version and note, who
 * reported it, and who accepted it as it is.
 * Workflow and page both compute it, so that an approval stands for what was shown.
 *
 * @param phases those of the upgrade, in their order
 * @returns SHA-256, as 64 hexadecimal digits
 */
export function resultsHash(
  phases: readonly PhaseResults[],
  resultOf: (key: string) => (PartResult & { by?: string }) | undefined,
): string {
  const approval = phases.findIndex(({ kind }) => kind === 'approval');
  const before = approval < 0 ? phases : phases.slice(0, approval);
  const results = before.flatMap(({ id, parts }) =>
    parts.map((part) => {
      const { ok, notApplicable, version, note, by, waived } = resultOf(part.key) ?? {};
      const result = { ok, notApplicable, version, note: plain(note), by: plain(by), waived: said(waived) };
      return { phase: id, part: part.id, ...result };
    }),
  );
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(JSON.parse(JSON.stringify(results))))));
}

const plain = (text: string | undefined): string | undefined => text?.replace(altered, '\ufffd');

const said = (waived: PartResult['waived']): unknown =>
  waived && { by: plain(waived.by), reason: plain(waived.reason) };
