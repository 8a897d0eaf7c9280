/**
 * Evaluates conditions without json-rules-engine: for the static check, which does so tens of thousands of times, and
 * for explanations. Agreements are always decided by the engine itself; a property test compares the two.
 */
import type { FactValue } from '../ruleset/facts';

export type FactValues = Readonly<Record<string, FactValue>>;

/** One comparison of a fact. */
export interface Question {
  fact: string;
  operator: string;
  value: FactValue | number[];
}

export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | Question;

/** A question, and where it stands from the rule's `conditions` on: `['all', '0']`. */
export interface PlacedQuestion extends Question {
  path: string[];
}

type Decide = (facts: FactValues) => boolean;

const compare: Record<string, (fact: FactValue, value: Question['value']) => boolean> = {
  equal: (fact, value) => fact === value,
  notEqual: (fact, value) => fact !== value,
  in: (fact, value) => (value as unknown[]).includes(fact),
  notIn: (fact, value) => !(value as unknown[]).includes(fact),
  contains: (fact, value) => (fact as unknown[]).includes(value),
  doesNotContain: (fact, value) => !(fact as unknown[]).includes(value),
  lessThan: (fact, value) => fact < value,
  lessThanInclusive: (fact, value) => fact <= value,
  greaterThan: (fact, value) => fact > value,
  greaterThanInclusive: (fact, value) => fact >= value,
};

/**
 * Compiles conditions that passed the schema into a function of facts. It must be given all facts that the conditions
 * ask about, each of its type.
 *
 * @throws if the operator or, when called, a fact is unknown
 */
export function compileConditions(condition: Condition): Decide {
  if ('all' in condition) {
    const parts = condition.all.map(compileConditions);
    return (facts) => parts.every((part) => part(facts));
  }
  if ('any' in condition) {
    const parts = condition.any.map(compileConditions);
    return (facts) => parts.some((part) => part(facts));
  }
  if ('not' in condition) {
    const part = compileConditions(condition.not);
    return (facts) => !part(facts);
  }
  const { fact, operator, value } = condition;
  const holds = compare[operator];
  if (holds === undefined) throw new Error(`expected a known operator, found "${operator}"`);
  return (facts) => {
    const given = facts[fact];
    if (given === undefined) throw new Error(`expected a value for the fact "${fact}", found none`);
    return holds(given, value);
  };
}

/** All comparisons within conditions, in their order. */
export function questionsIn(condition: Condition, path: string[] = []): PlacedQuestion[] {
  if ('all' in condition) return listed(condition.all, [...path, 'all']);
  if ('any' in condition) return listed(condition.any, [...path, 'any']);
  if ('not' in condition) return questionsIn(condition.not, [...path, 'not']);
  return [{ ...condition, path }];
}

function listed(conditions: Condition[], path: string[]): PlacedQuestion[] {
  return conditions.flatMap((condition, index) => questionsIn(condition, [...path, String(index)]));
}
