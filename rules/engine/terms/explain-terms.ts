import { compileConditions } from './evaluate-conditions';
import type { Condition } from './evaluate-conditions';
import { originsOf, termValues } from './term-values';
import type { AppliedRule } from './effective-terms';
import type { Facts, FactName, FactValue } from '../ruleset/facts';
import { formatPlace, locateTerm } from './locate-term';
import type { Ruleset } from '../ruleset/read-ruleset';
import type { Terms } from '../ruleset/terms';

/** A condition that was met: what the rule asked for, and the fact's value. */
export interface MetCondition {
  fact: FactName;
  operator: string;
  value: unknown;
  found: FactValue;
  /** True if a `not` around it asks for the opposite. */
  negated: boolean;
}

/** A value and the rule that gives it. */
export interface SaidValue {
  value: unknown;
  /** `rules/levels/guld.json:14:9` and the rule's name; neither if the contract itself fixes the value. */
  place?: string;
  rule?: string;
  priority?: number;
}

export interface ExplainedValue extends SaidValue {
  /** As `hourBank.rollover.percent`. */
  path: string;
  because: MetCondition[];
  /** The values that rules of lower priority gave, the nearest first. */
  instead: SaidValue[];
}

/**
 * Explains each value of the terms: which rule gave it, and which of its conditions were met.
 *
 * @param terms as decided: a value that no rule gives is fixed by the contract
 * @param applied the rules that applied, in the order they were merged
 * @param fixed paths of the values that the contract fixes, also where the rules happen to say the same
 */
export function explainTerms(
  ruleset: Ruleset,
  terms: Terms,
  applied: readonly AppliedRule[],
  facts: Facts,
  fixed: readonly string[] = [],
): ExplainedValue[] {
  const origins = originsOf(applied);
  return [...termValues(terms)].map(([path, value]) => {
    const origin = origins.get(path);
    const below = applied
      .filter(({ topic, source }) => topic === path.split('.')[0] && path in flat(topic, source.event.params))
      .map((rule) => said(ruleset, rule, path))
      .reverse();
    if (
      origin === undefined ||
      fixed.includes(path) ||
      JSON.stringify(below[0]?.value) !== JSON.stringify(value)
    )
      return { path, value, because: [], instead: below };
    const [first = { value }, ...instead] = below;
    return {
      path,
      ...first,
      because: metConditions(origin.rule.source.conditions as unknown as Condition, facts),
      instead,
    };
  });
}

function flat(topic: string, params: object): Record<string, unknown> {
  return Object.fromEntries(termValues({ [topic]: params }));
}

function said(ruleset: Ruleset, rule: AppliedRule, path: string): SaidValue {
  return {
    value: flat(rule.topic, rule.source.event.params)[path],
    place: formatPlace(locateTerm(ruleset, { rule, path: path.split('.') })),
    rule: rule.rule,
    priority: rule.priority,
  };
}

/** The conditions that made a rule apply: of an `any`, those that were met. */
export function metConditions(condition: Condition, facts: Facts, negated = false): MetCondition[] {
  if ('not' in condition) return metConditions(condition.not, facts, !negated);
  if ('all' in condition) return condition.all.flatMap((one) => metConditions(one, facts, negated));
  if ('any' in condition) return condition.any.flatMap((one) => metConditions(one, facts, negated));
  if (compileConditions(condition)(facts) === negated) return [];
  const fact = condition.fact as FactName;
  return [{ ...condition, fact, found: facts[fact], negated }];
}
