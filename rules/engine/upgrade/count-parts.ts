/** How many parts of an upgrade are done: pages, mails and the report all count here, so that they say the same. */
import type { PartKind, PartResult } from './parts';
import { isSinglePart } from './parts';

/** A part as it is counted. */
export interface CountedPart {
  kind: PartKind;
  /** Of a check of ours, a system, an integration or a case: what was last said of it. */
  result?: Partial<Pick<PartResult, 'ok' | 'notApplicable' | 'retest'>> & { waived?: object };
}

/** Each part is one of `passed`, `accepted`, `failed`, `again` and `left`. */
export interface PartCounts {
  /** Parts that pass or fail: a day, a time or a person is none. */
  all: number;
  /** They work, or do not concern the customer. */
  passed: number;
  /** Of those, the ones that do not concern the customer. */
  none: number;
  /** Somebody has accepted them though they failed or were not done. */
  accepted: number;
  failed: number;
  /** They failed, and wait to be tested again. */
  again: number;
  /** Nobody has reported them. */
  left: number;
}

/** @example countParts([{ kind: 'module', result: { ok: true } }, { kind: 'module' }]) // all 2, passed 1, left 1 */
export function countParts(parts: readonly CountedPart[]): PartCounts {
  const counted = parts.filter(({ kind }) => !isSinglePart(kind) && !/^(support|booked|lapsed)$/.test(kind));
  const counts = { all: counted.length, passed: 0, none: 0, accepted: 0, failed: 0, again: 0, left: 0 };
  for (const { result } of counted) {
    counts[outcomeOf(result)] += 1;
    if (outcomeOf(result) === 'passed' && result?.notApplicable) counts.none += 1;
  }
  return counts;
}

/** Cases that somebody has tested, or accepted as they are: those to be tested again are not. */
export const testedOf = ({ all, left, again }: PartCounts): number => all - left - again;

function outcomeOf(result: CountedPart['result']): Exclude<keyof PartCounts, 'all' | 'none'> {
  if (result?.waived) return 'accepted';
  if (result?.ok === undefined) return 'left';
  if (result.ok) return 'passed';
  return result.retest ? 'again' : 'failed';
}
