/** What the rules decided for an agreement, with everything needed to decide it again. */
import type { Instant } from '../rules/contract';
import { effectiveTerms } from '../rules/effective-terms';
import type { MatchedRule } from '../rules/effective-terms';
import type { Facts } from '../rules/facts';
import { diffTerms } from '../rules/running-terms';
import type { TermChange } from '../rules/running-terms';
import type { Queryable } from './db';
import { loadRuleset } from './rulesets';

export interface Decision {
  year: number;
  /** `plan-2` for the second plan of the year, `rollover` for its end. */
  key: string;
  kind: 'terms' | 'rollover';
  at: Instant;
  rulesetHash: string;
  facts: Record<string, unknown>;
  matched: MatchedRule[];
  result: Record<string, unknown> & {
    reason?: string;
    terms?: object;
    changes?: (TermChange & { rule?: string; file?: string; line?: number })[];
  };
}

/** The decisions of an agreement in the order they were made. */
export async function listDecisions(db: Queryable, agreement: string): Promise<Decision[]> {
  return db.query(
    `select year, key, kind, as_of as at, ruleset_hash as "rulesetHash", facts, matched, result
       from decisions where agreement = $1 order by id`,
    [agreement],
  );
}

/**
 * Decides again from what was kept: the ruleset by its hash, and the facts.
 *
 * @returns what comes out differently; nothing if the decision repeats
 */
export async function repeatDecision(db: Queryable, decision: Decision): Promise<string[]> {
  if (decision.kind !== 'terms') return [];
  const ruleset = await loadRuleset(db, decision.rulesetHash);
  const { terms, matched } = await effectiveTerms(ruleset, decision.facts as Facts);
  const names = (rules: MatchedRule[]): string =>
    rules.map(({ file, rule }) => `${file} "${rule}"`).join(', ');
  const fixed = 'hourBank.discountPercent';
  return [
    ...(names(matched) === names(decision.matched)
      ? []
      : [`rules: decided by ${names(decision.matched)}, now by ${names(matched)}`]),
    // A discount that the contract fixes is no decision of the rules.
    ...diffTerms(decision.result.terms ?? terms, terms)
      .filter(({ path }) => path !== fixed)
      .map(({ path, from, to }) => `${path}: was ${JSON.stringify(from)}, is now ${JSON.stringify(to)}`),
  ];
}
