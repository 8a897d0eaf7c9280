/** What the rules decided for an agreement, with everything needed to decide it again. */
import { joined } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import type { Instant } from '../../rules/engine/contract/contract';
import { effectiveTerms, TermsError } from '../../rules/engine/terms/effective-terms';
import type { MatchedRule } from '../../rules/engine/terms/effective-terms';
import type { Facts } from '../../rules/engine/ruleset/facts';
import { diffTerms } from '../../rules/engine/terms/running-terms';
import type { TermChange } from '../../rules/engine/terms/running-terms';
import type { EndOfHours } from '../../rules/engine/hours/termination';
import type { HourBankTerms } from '../../rules/engine/ruleset/terms';
import type { Queryable } from '../db';
import { loadRuleset } from './rulesets';

export interface Decision {
  year: number;
  /** `plan-2` for the second plan of the year, `rollover` for its end. */
  key: string;
  kind: 'terms' | 'rollover';
  at: Instant;
  rulesetHash: string;
  facts: Record<string, unknown>;
  /** The discount that the contract fixes, whatever the rules say; nothing if it fixes none. */
  fixedDiscount: number | null;
  matched: MatchedRule[];
  result: Record<string, unknown> & {
    reason?: string;
    terms?: object;
    changes?: (TermChange & { rule?: string; file?: string; line?: number })[];
  };
}

/** The facts that decided the end of a year's hour bank; without `orderOfUse` rolled hours were used first. */
export interface RolloverFacts
  extends Pick<HourBankTerms, 'rollover'>, Partial<Pick<HourBankTerms, 'orderOfUse'>> {
  /** The agreement ended with the year: nothing rolls over. */
  ended: boolean;
  /** What was decided about the hours of an agreement that ended early; in ends of before 0.3.0 not told: they expired. */
  end?: EndOfHours;
}

/** The decisions of an agreement in the order they were made. */
export async function listDecisions(db: Queryable, agreement: string): Promise<Decision[]> {
  return db.query(
    `select d.year, d.key, d.kind, d.as_of as at, d.ruleset_hash as "rulesetHash", d.facts, d.matched, d.result,
            (a.contract->'hourBank'->>'discountPercent')::float as "fixedDiscount"
       from decisions d join agreements a on a.number = d.agreement where d.agreement = $1 order by d.id`,
    [agreement],
  );
}

/**
 * Decides the terms of a year again from what was kept: the ruleset by its hash, and the facts.
 *
 * @returns what comes out differently; nothing if the decision repeats
 */
export async function repeatTerms(db: Queryable, decision: Decision): Promise<Text[]> {
  const { rulesetHash, fixedDiscount, result } = decision;
  const ruleset = await loadRuleset(db, rulesetHash);
  const otherRules =
    ruleset.hash === rulesetHash
      ? []
      : [
          {
            sv: `regler: sparade som ${rulesetHash}, filerna är nu ${ruleset.hash}`,
            en: `ruleset: kept as ${rulesetHash}, its files are now ${ruleset.hash}`,
          },
        ];
  try {
    const { terms, matched } = await effectiveTerms(ruleset, decision.facts as Facts);
    // A discount that the contract fixes is no decision of the rules.
    const discountPercent = fixedDiscount ?? terms.hourBank.discountPercent;
    const again = { ...terms, hourBank: { ...terms.hourBank, discountPercent } };
    const names = (rules: MatchedRule[]): string =>
      rules.map(({ file, rule }) => `${file} "${rule}"`).join(', ');
    return [
      ...otherRules,
      ...(names(matched) === names(decision.matched)
        ? []
        : [
            {
              sv: `regler: bestämt av ${names(decision.matched)}, nu av ${names(matched)}`,
              en: `rules: decided by ${names(decision.matched)}, now by ${names(matched)}`,
            },
          ]),
      ...differences(result.terms ?? again, again),
    ];
  } catch (error) {
    if (!(error instanceof TermsError)) throw error;
    return [
      ...otherRules,
      joined(
        { sv: 'regler: gav villkor, ger nu inga: ', en: 'rules: gave terms, now give none: ' },
        { sv: error.messageSv, en: error.message },
      ),
    ];
  }
}

/** What differs between what was kept and what comes out now. */
export function differences(kept: object, again: object): Text[] {
  return diffTerms(kept, again).map(({ path, from, to }) => ({
    sv: `${path}: var ${JSON.stringify(from)}, är nu ${JSON.stringify(to)}`,
    en: `${path}: was ${JSON.stringify(from)}, is now ${JSON.stringify(to)}`,
  }));
}
