/** The releases that the rules in force know: what agreements may be upgraded to. */
import type { Release } from '../../rules/engine/releases/release';
import type { Queryable } from '../db';
import { loadRuleset, rulesetInForce } from './rulesets';

/**
 * The releases of the ruleset in force, not of the one that planned a year: that a release is withdrawn has to reach the years that run.
 *
 * @returns none before the first publication
 */
export async function releasesInForce(db: Queryable): Promise<Release[]> {
  const hash = await rulesetInForce(db);
  return hash === undefined ? [] : (await loadRuleset(db, hash)).releases;
}
