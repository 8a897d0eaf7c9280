/** Decides again what was decided for an agreement. */
import type { Text } from '../../rules/engine/basics/text';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Decision } from '../agreements/decisions';
import { differences, repeatTerms } from '../agreements/decisions';
import type { Queryable } from '../db';
import { closeOf, readHours } from './facts';

/**
 * Decides again: terms from the ruleset and the facts that were kept, the end of a year's hour bank from the ledger as it
 * was known then.
 *
 * @returns what comes out differently; nothing if the decision repeats
 */
export function repeatDecision(db: Queryable, agreement: string, decision: Decision): Promise<Text[]> {
  return decision.kind === 'rollover' ? repeatClose(db, agreement, decision) : repeatTerms(db, decision);
}

async function repeatClose(
  db: Queryable,
  agreement: string,
  { year, at, result }: Decision,
): Promise<Text[]> {
  const facts = await readHours(db, agreement, { knownAt: at });
  const { lapsed: _lapsed, ...again } = closeOf(facts, year, localDateOf(at));
  return differences(result, again);
}
