import { Engine } from 'json-rules-engine';
import type { TopLevelCondition } from 'json-rules-engine';
import { checkTerms } from './check-terms';
import { explainSchemaError } from './explain-schema-error';
import { mergeParams } from './merge-params';
import type { Ruleset } from './read-ruleset';
import { topicErrors } from './rule-schemas';
import { topics } from './terms';
import type { Facts, Terms } from './terms';

/** A rule that applied: where it stands and what it spoke of. */
export interface MatchedRule {
  /** Path relative to `rules/`. */
  file: string;
  rule: string;
  topic: string;
  priority: number;
}

/** No usable terms; the message names every topic and value, and whose terms they were to be. */
export class TermsError extends Error {
  override readonly name = 'TermsError';
}

/**
 * The terms a ruleset gives for one agreement year: per topic, the params of all rules that apply, merged in
 * order of priority (highest last), then name.
 *
 * @returns the terms, and the rules that gave them in the order they were merged
 * @throws TermsError if a topic is not given, not complete or not valid
 */
export async function effectiveTerms(
  ruleset: Ruleset,
  facts: Facts,
): Promise<{ terms: Terms; matched: MatchedRule[] }> {
  const applied = await applyingRules(ruleset, facts);
  const given: Record<string, Record<string, unknown>> = {};
  for (const { topic, params } of applied) given[topic] = mergeParams(given[topic] ?? {}, params);
  const wrong = topics.flatMap((topic) => topicProblems(topic, given[topic]));
  if (wrong.length > 0) {
    const whose = `level ${facts.level}, customer ${facts.customer}, date ${facts.date}`;
    throw new TermsError(`terms for ${whose}: ${wrong.join('; ')}`);
  }
  return { terms: given as unknown as Terms, matched: applied.map(({ params: _, ...rule }) => rule) };
}

/** One engine for this run alone: a shared one loses results under concurrent runs. */
async function applyingRules(ruleset: Ruleset, facts: Facts) {
  const rules = Object.entries(ruleset.files).flatMap(([file, content]) =>
    content.rules.map((rule) => ({ file, rule, id: `${file}\n${rule.name}` })),
  );
  const engine = new Engine(
    rules.map(({ id, rule: { priority, conditions, event } }) => ({
      name: id,
      priority,
      conditions: conditions as unknown as TopLevelCondition,
      event,
    })),
    { allowUndefinedFacts: false },
  );
  const { results } = await engine.run({ ...facts });
  const applies = new Set(results.map((result) => result.name));
  return rules
    .filter(({ id }) => applies.has(id))
    .map(({ file, rule }) => ({
      file,
      rule: rule.name,
      topic: rule.event.type,
      priority: rule.priority,
      params: rule.event.params,
    }))
    .sort((a, b) => a.priority - b.priority || order(a.rule, b.rule) || order(a.file, b.file));
}

function topicProblems(topic: string, terms: unknown): string[] {
  if (terms === undefined) return [`no rule gives "${topic}"`];
  const errors = topicErrors(topic, terms).flatMap((error) => explainSchemaError(error) ?? []);
  const problems = errors.length > 0 ? errors : checkTerms(topic, terms);
  return problems.map(({ path, message }) => `${[topic, ...path].join('.')}: ${message}`);
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
