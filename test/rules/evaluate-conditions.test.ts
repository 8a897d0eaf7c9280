import fc from 'fast-check';
import { Engine } from 'json-rules-engine';
import type { TopLevelCondition } from 'json-rules-engine';
import { compileConditions, questionsIn } from '../../rules/engine/terms/evaluate-conditions';
import type { Condition, Question } from '../../rules/engine/terms/evaluate-conditions';
import { factCatalogue, factNames, operatorsByType } from '../../rules/engine/ruleset/facts';
import type { FactName, FactType, FactValue } from '../../rules/engine/ruleset/facts';

const word = fc.constantFrom('a', 'b', 'ab', 'guld', '9', '30', '');
const valueOf: Record<FactType, fc.Arbitrary<string | number>> = {
  id: word,
  choice: fc.constantFrom('sv', 'en'),
  date: fc.constantFrom('2026-12-31', '2027-01-01', '2027-01-02', '2028-02-29'),
  count: fc.integer({ min: 0, max: 4 }),
  hours: fc.integer({ min: 0, max: 400 }).map((hundredths) => hundredths / 100),
  list: word,
};

function question(fact: FactName): fc.Arbitrary<Question> {
  const { type } = factCatalogue[fact];
  return fc
    .constantFrom(...operatorsByType[type])
    .chain((operator) =>
      (operator === 'in' || operator === 'notIn'
        ? fc.array(valueOf[type], { minLength: 1, maxLength: 3 })
        : valueOf[type]
      ).map((value) => ({ fact, operator, value }) as Question),
    );
}

const questions = fc.constantFrom(...factNames).chain(question);
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    questions,
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie('condition').map((not) => ({ not })),
  ),
}));
const facts: fc.Arbitrary<Record<string, FactValue>> = fc.record(
  Object.fromEntries(
    factNames.map((name) => {
      const { type } = factCatalogue[name];
      return [name, type === 'list' ? fc.uniqueArray(word, { maxLength: 3 }) : valueOf[type]];
    }),
  ),
);

test('conditions are as true as json-rules-engine finds them', async () => {
  await fc.assert(
    fc.asyncProperty(condition, facts, async (tree, given) => {
      const engine = new Engine(
        [{ conditions: { all: [tree] } as unknown as TopLevelCondition, event: { type: 'true' } }],
        { allowUndefinedFacts: false },
      );
      const { results } = await engine.run({ ...given });
      expect(compileConditions(tree)(given)).toBe(results.length === 1);
    }),
    { numRuns: 1500 },
  );
});

test('every question is found where it stands', () => {
  const asked: Question = { fact: 'level', operator: 'equal', value: 'guld' };
  expect(questionsIn({ all: [asked, { any: [{ not: asked }] }] })).toEqual([
    { ...asked, path: ['all', '0'] },
    { ...asked, path: ['all', '1', 'any', '0', 'not'] },
  ]);
});
