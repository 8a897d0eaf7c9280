import type { Finding } from '../reading/finding';
import type { Condition, PlacedQuestion } from '../terms/evaluate-conditions';
import { compileConditions } from '../terms/evaluate-conditions';
import type { FactName } from '../ruleset/facts';
import { joined } from '../basics/text';
import type { Text } from '../basics/text';
import type { CheckContext } from './check-context';
import { domainsOf, knownValues } from './check-context';
import type { PlacedRule } from './placed-rule';
import { findingIn } from './placed-rule';
import { representativeValues } from './representative-values';
import { situationsOf } from './situations';

const limit = 20_000;

/** Finds rules that can never apply, because conditions on one fact exclude each other, or all of them together do. */
export function checkReachable({ files, levels }: CheckContext): Finding[] {
  return files.flatMap(({ home, rules }) =>
    rules.flatMap((placed) => {
      const contradictions = checkContradictions(placed);
      if (contradictions.length > 0) return contradictions;
      const { facts, exact } = situationsOf(placed.questions, domainsOf(home, levels), limit);
      return exact && !facts.some(placed.applies) ? [findingIn(placed, ['conditions'], neverTrue)] : [];
    }),
  );
}

const neverTrue: Text = {
  sv: 'förväntade villkor som något avtal kan uppfylla, hittade villkor som aldrig är sanna tillsammans',
  en: 'expected conditions that some agreement can fulfil, found conditions that are never true together',
};

/** Finds conditions on one fact, within one `all` and the `all`s directly in it, that no value fulfils together. */
function checkContradictions(placed: PlacedRule): Finding[] {
  return conjunctions(placed.rule.conditions as unknown as Condition).flatMap((questions) => {
    const facts = [...new Set(questions.map(({ fact }) => fact))] as FactName[];
    return facts.flatMap((fact) => {
      const asked = questions.filter((question) => question.fact === fact);
      const holds = asked.map(({ path: _, ...question }) => compileConditions(question as Condition));
      const { values, exact } = representativeValues(fact, asked, knownValues[fact]);
      const last = asked.at(-1);
      if (
        !exact ||
        last === undefined ||
        values.some((value) => holds.every((one) => one({ [fact]: value })))
      )
        return [];
      return [findingIn(placed, ['conditions', ...last.path], explain(fact, asked))];
    });
  });
}

/** The sets of questions that must be true together: one for each `all`, with the `all`s directly within it. */
function conjunctions(condition: Condition, path: string[] = []): PlacedQuestion[][] {
  if ('not' in condition) return [];
  if ('any' in condition)
    return condition.any.flatMap((part, index) => conjunctions(part, [...path, 'any', String(index)]));
  if (!('all' in condition)) return [[{ ...condition, path }]];
  const parts = condition.all.map((part, index) => ({ part, at: [...path, 'all', String(index)] }));
  const own = parts.flatMap(({ part, at }) =>
    'any' in part || 'not' in part ? [] : (conjunctions(part, at)[0] ?? []),
  );
  const within = parts.flatMap(({ part, at }) =>
    'all' in part ? conjunctions(part, at).slice(1) : 'any' in part ? conjunctions(part, at) : [],
  );
  return [own, ...within];
}

function explain(fact: string, asked: readonly PlacedQuestion[]): Text {
  const said = asked.map(({ operator, value }) => `${operator} ${JSON.stringify(value)}`);
  const from = asked
    .filter(({ operator }) => operator === 'greaterThanInclusive')
    .map(({ value }) => String(value))
    .sort()
    .at(-1);
  const to = asked
    .filter(({ operator }) => operator === 'lessThan')
    .map(({ value }) => String(value))
    .sort()[0];
  if (fact === 'date' && from !== undefined && to !== undefined)
    return {
      sv: `förväntade en dag efter ${from} (från och med) som slut, hittade ${to}: perioden är tom (slutdagen räknas inte med)`,
      en: `expected a day after ${from} (the first day) as end, found ${to}: the range is empty (the end day is not included)`,
    };
  return joined(
    {
      sv: `förväntade villkor på ${fact} som kan vara sanna samtidigt, hittade `,
      en: `expected conditions on ${fact} that can be true together, found `,
    },
    { sv: said.join(' och '), en: said.join(' and ') },
  );
}
