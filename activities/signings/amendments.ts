/** Contracts signed later for an agreement that is there: proposed to the manager, in force when approved. */
import type { Contract, LocalDate } from '../../rules/contract';
import type { SigningReason } from '../../rules/signing/signing';
import type { Queryable } from '../db';

/** A contract that was signed under the number of an agreement that is there. */
export interface SignedLater {
  service: string;
  document: string;
  contract: Contract;
  /** The day from which it shall hold, where the document says one. */
  from?: LocalDate;
}

/**
 * - `amendment`: changes the agreement if a manager approves it
 * - `unchanged`: says what is in force, or what is already proposed; nothing to decide
 * - `unusable`: cannot become this agreement's contract
 */
export type Judged =
  | { outcome: 'amendment'; contract: Contract; from: LocalDate }
  | { outcome: 'unchanged' }
  | { outcome: 'unusable'; reasons: SigningReason[] };

/** Judges a contract signed later, by the agreement as it is. Writes nothing. */
export async function judgeAmendment(_tx: Queryable, _signed: SignedLater): Promise<Judged> {
  throw new Error('not here yet');
}

/** Keeps an amendment for the manager to decide; the document's row in `signings` is there. @returns its number */
export async function recordAmendment(
  _tx: Queryable,
  _signed: SignedLater,
  _judged: Extract<Judged, { outcome: 'amendment' }>,
): Promise<number> {
  throw new Error('not here yet');
}
