import { Engine } from 'json-rules-engine';
import type { TopLevelCondition } from 'json-rules-engine';
import type { Facts } from '../ruleset/facts';
import { mergeParams } from './merge-params';
import type { Ruleset } from '../ruleset/read-ruleset';
import { topics } from '../ruleset/term-catalogue';
import { rulesFor } from './rules-for';
import type { PlacedRule } from './rules-for';
import type { Terms } from '../ruleset/terms';
import { BilingualError } from '../basics/bilingual-error';
import { joined } from '../basics/text';
import type { Text } from '../basics/text';
import { topicProblems } from '../ruleset/topic-problems';
import { compare } from '../basics/compare';

/** A rule that applied: its file, name, topic and priority. */
export interface MatchedRule {
  /** Path relative to `rules/`. */
  file: string;
  rule: string;
  topic: string;
  priority: number;
}

/** A rule that applied, with its source. */
export interface AppliedRule extends MatchedRule, PlacedRule {}

/** There are no usable terms; the message names every topic and value, and the level, customer and day. */
export class TermsError extends BilingualError {
  override readonly name = 'TermsError';
}

/** Cache of merged and checked terms, by ruleset and by the rules that applied. */
const merged = new WeakMap<Ruleset, Map<string, Merged>>();

type Merged = { terms: Terms } | { wrong: Text[] };

/**
 * The terms a ruleset gives for one agreement on one day: per topic, the params of all rules that apply, merged in
 * order of priority (highest last), then name. The engine decides each time which rules apply; the terms that the same
 * rules give are cached, and frozen.
 *
 * @returns the terms, and the rules that gave them in the order they were merged
 * @throws TermsError if a topic is not given, not complete or not valid
 */
export async function effectiveTerms(
  ruleset: Ruleset,
  facts: Facts,
): Promise<{ terms: Terms; matched: MatchedRule[]; applied: AppliedRule[] }> {
  const applied = await applyingRules(ruleset, facts);
  const known = merged.get(ruleset) ?? new Map<string, Merged>();
  merged.set(ruleset, known);
  const key = applied.map(({ file, index }) => `${file}#${index}`).join();
  const together = known.get(key) ?? merge(applied);
  known.set(key, together);
  if ('wrong' in together) {
    const { level, customer, date } = facts;
    const { wrong } = together;
    throw new TermsError({
      sv: `villkor för nivå ${level}, kund ${customer}, datum ${date}: ${wrong.map(({ sv }) => sv).join('; ')}`,
      en: `terms for level ${level}, customer ${customer}, date ${date}: ${wrong.map(({ en }) => en).join('; ')}`,
    });
  }
  const matched = applied.map(({ file, rule, topic, priority }) => ({ file, rule, topic, priority }));
  return { terms: together.terms, matched, applied };
}

function merge(applied: readonly AppliedRule[]): Merged {
  const given: Record<string, Record<string, unknown>> = {};
  for (const { topic, source } of applied)
    given[topic] = mergeParams(given[topic] ?? {}, source.event.params);
  const wrong = topics.flatMap((topic) => problemsOf(topic, given[topic]));
  if (wrong.length > 0) return { wrong };
  return {
    terms: frozen(
      Object.fromEntries(topics.flatMap((topic) => (given[topic] ? [[topic, given[topic]]] : []))),
    ) as unknown as Terms,
  };
}

/** Freezes a value and everything in it. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value))
    if (typeof part === 'object' && part !== null) frozen(part as object);
  return Object.freeze(value);
}

/**
 * The rules that apply, in the order they are merged. Makes an engine for this run alone, since a shared one loses
 * results in concurrent runs. Leaves out rules of other customers, which could never apply.
 */
export async function applyingRules(ruleset: Ruleset, facts: Facts): Promise<AppliedRule[]> {
  const rules = rulesFor(ruleset, facts.customer);
  const engine = new Engine(
    rules.map(({ source: { priority, conditions, event } }, id) => ({
      name: String(id),
      priority,
      conditions: conditions as unknown as TopLevelCondition,
      event,
    })),
    { allowUndefinedFacts: false },
  );
  const { results } = await engine.run({ ...facts });
  const applies = new Set(results.map((result) => result.name));
  return rules
    .filter((_, id) => applies.has(String(id)))
    .map(({ file, index, source }) => ({
      file,
      index,
      source,
      rule: source.name,
      topic: source.event.type,
      priority: source.priority,
    }))
    .sort((a, b) => a.priority - b.priority || compare(a.rule, b.rule) || compare(a.file, b.file));
}

function problemsOf(topic: string, terms: unknown): Text[] {
  return topicProblems(topic, terms).map(({ path, message }) =>
    terms === undefined ? message : joined(`${[topic, ...path].join('.')}: `, message),
  );
}
