import type { Finding, Severity } from '../reading/finding';
import type { Condition, FactValues, PlacedQuestion } from '../terms/evaluate-conditions';
import { compileConditions, questionsIn } from '../terms/evaluate-conditions';
import { explainAt } from '../reading/explain-at';
import type { JsonSource } from '../reading/read-json';
import type { Home } from '../ruleset/ruleset-paths';
import type { Rule, RuleFile } from '../ruleset/terms';
import type { Text } from '../basics/text';

/** One value a rule gives: a number, a word or a whole list. */
export interface Leaf {
  /** Within the topic's terms. */
  path: string[];
  /** The value as JSON, to compare it by. */
  json: string;
}

/** A rule with what the checks need to know about it. */
export interface PlacedRule {
  source: JsonSource;
  /** Its place in the file's `rules`. */
  index: number;
  rule: Rule;
  home: Home;
  questions: PlacedQuestion[];
  leaves: Leaf[];
  applies: (facts: FactValues) => boolean;
}

/** The rules of one file that passed the schema. */
export function placedRules(source: JsonSource, home: Home): PlacedRule[] {
  return (source.value as RuleFile).rules.map((rule, index) => {
    const conditions = rule.conditions as unknown as Condition;
    return {
      source,
      index,
      rule,
      home,
      questions: questionsIn(conditions),
      leaves: leavesOf(rule.event.params),
      applies: compileConditions(conditions),
    };
  });
}

/** The finding for what stands at `path` of a rule. */
export function findingIn(
  { source, index }: PlacedRule,
  path: readonly string[],
  message: Text,
  options: { aboutKey?: boolean; severity?: Severity } = {},
): Finding {
  return explainAt(source, ['rules', String(index), ...path], message, options);
}

/** A rule as findings name it: its name, file and line. */
export function nameOf(placed: PlacedRule): string {
  const { file, line } = findingIn(placed, ['name'], { sv: '', en: '' });
  return `"${placed.rule.name}" (${file}:${line})`;
}

function leavesOf(value: unknown, path: string[] = []): Leaf[] {
  const parts =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (parts.length > 0) return parts.flatMap(([name, part]) => leavesOf(part, [...path, name]));
  return path.length === 0 ? [] : [{ path, json: JSON.stringify(value) }];
}
