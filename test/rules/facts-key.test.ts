import fc from 'fast-check';
import { applyingRules } from '../../rules/engine/terms/effective-terms';
import { factsKeys } from '../../rules/engine/terms/facts-key';
import type { Facts } from '../../rules/engine/ruleset/facts';
import { factsFor } from '../../rules/engine/ruleset/facts';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Rule } from '../../rules/engine/ruleset/terms';
import { exampleContract } from './fixtures';

const base: Facts = factsFor(exampleContract(), 1, '2027-01-01');

const question = fc.oneof(
  fc.record({
    fact: fc.constantFrom('customer', 'level', 'language'),
    operator: fc.constantFrom('equal', 'notEqual'),
    value: fc.constantFrom('a', 'b', 'sv'),
  }),
  fc.record({
    fact: fc.constantFrom('customer', 'level'),
    operator: fc.constantFrom('in', 'notIn'),
    value: fc.constantFrom(['a'], ['a', 'b']),
  }),
  fc.record({
    fact: fc.constant('date'),
    operator: fc.constantFrom('greaterThanInclusive', 'lessThan'),
    value: fc.constantFrom('2027-01-01', '2027-07-01', '2028-01-01'),
  }),
  fc.record({
    fact: fc.constantFrom('contractedHours', 'integrationCount', 'yearNumber'),
    operator: fc.constantFrom(
      'equal',
      'lessThan',
      'lessThanInclusive',
      'greaterThan',
      'greaterThanInclusive',
    ),
    value: fc.constantFrom(1, 2, 40),
  }),
  fc.record({
    fact: fc.constantFrom('systems', 'integrations'),
    operator: fc.constantFrom('contains', 'doesNotContain'),
    value: fc.constantFrom('x', 'y'),
  }),
);

const facts = fc
  .record({
    customer: fc.constantFrom('a', 'b', 'c', 'd'),
    level: fc.constantFrom('a', 'guld', 'silver'),
    language: fc.constantFrom('sv', 'en'),
    date: fc.constantFrom('2026-12-31', '2027-01-01', '2027-03-03', '2027-07-01', '2029-01-01'),
    contractedHours: fc.constantFrom(0, 1, 1.5, 2, 39.99, 40, 100),
    integrationCount: fc.constantFrom(0, 1, 2, 3),
    yearNumber: fc.constantFrom(1, 2, 3),
    systems: fc.constantFrom([], ['x'], ['x', 'z'], ['y'], ['z']),
    integrations: fc.constantFrom([], ['x'], ['q']),
  })
  .map((some) => ({ ...base, ...structuredClone(some) }) as unknown as Facts);

function rulesetOf(conditions: object[]): Ruleset {
  const rules = conditions.map((condition, index): Rule => ({
    name: `r${index}`,
    priority: 100,
    conditions: { any: [condition] },
    event: { type: 'calendar', params: {} },
  }));
  return {
    hash: '',
    texts: {},
    prices: [],
    releases: [],
    installations: [],
    campaigns: [],
    files: { 'levels/x.json': { about: { sv: '', en: '' }, rules } },
  };
}

test('facts of one class make the engine apply the same rules', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(question, { minLength: 1, maxLength: 6 }),
      fc.array(facts, { minLength: 2, maxLength: 25 }),
      async (conditions, many) => {
        const ruleset = rulesetOf(conditions);
        const classOf = factsKeys(ruleset);
        const seen = new Map<string, string>();
        for (const one of many) {
          const applied = (await applyingRules(ruleset, one)).map(({ rule }) => rule).join();
          const key = classOf(one);
          expect([key, seen.get(key) ?? applied]).toEqual([key, applied]);
          seen.set(key, applied);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('what no rule asks about makes no class', () => {
  const classOf = factsKeys(
    rulesetOf([{ fact: 'contractedHours', operator: 'greaterThanInclusive', value: 100 }]),
  );
  expect(classOf({ ...base, customer: 'one', contractedHours: 120 })).toBe(
    classOf({ ...base, customer: 'another', date: '2031-01-01', contractedHours: 2000 }),
  );
  expect(classOf({ ...base, contractedHours: 99 })).not.toBe(classOf({ ...base, contractedHours: 100 }));
});
