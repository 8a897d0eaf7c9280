import fc from 'fast-check';
import { checkRuleset } from '../../rules/engine/lint/check-ruleset';
import { effectiveTerms } from '../../rules/engine/terms/effective-terms';
import { exampleFacts } from '../../rules/engine/examples/example-facts';
import type { Facts } from '../../rules/engine/ruleset/facts';
import type { RuleFile } from '../../rules/engine/ruleset/terms';
import { fileText } from './fixtures';

const guld = JSON.parse(fileText('rules/levels/guld.json')) as RuleFile;
const hours = fc.constantFrom(0, 9.99, 10, 10.01, 50, 100);
const days = fc.constantFrom('2027-12-31', '2028-01-01', '2028-06-30', '2028-07-01');
const ids = fc.subarray(['edi', 'bank']);

const ordered = ['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive', 'equal', 'notEqual'];
const question = fc.oneof(
  fc.record({ fact: fc.constant('contractedHours'), operator: fc.constantFrom(...ordered), value: hours }),
  fc.record({
    fact: fc.constant('date'),
    operator: fc.constantFrom('greaterThanInclusive', 'lessThan'),
    value: days,
  }),
  fc.record({
    fact: fc.constant('integrations'),
    operator: fc.constantFrom('contains', 'doesNotContain'),
    value: fc.constantFrom('edi', 'bank'),
  }),
  fc.record({
    fact: fc.constant('integrationCount'),
    operator: fc.constantFrom(...ordered),
    value: fc.nat(3),
  }),
  fc.record({
    fact: fc.constant('customer'),
    operator: fc.constantFrom('equal', 'notEqual'),
    value: fc.constantFrom('acme', 'beta'),
  }),
);
const group = fc.oneof(
  question,
  fc.array(question, { minLength: 1, maxLength: 2 }).map((any) => ({ any })),
  question.map((not) => ({ not })),
);
const params = fc.record(
  {
    callDaysBefore: fc.constantFrom(10, 21, 35, 60),
    inviteDaysBefore: fc.constantFrom(2, 14, 21, 40),
    perYear: fc.constantFrom(4, 6),
    spread: fc.constantFrom('even', 'months'),
    months: fc.constantFrom([1, 4, 7, 10], [1, 3, 5, 7, 9, 11]),
  },
  { requiredKeys: [] },
);

/** Additions of the level and exceptions of a customer, all on the meetings. */
const rulesOf = (owner: object, priority: number) =>
  fc
    .array(fc.record({ conditions: fc.array(group, { maxLength: 2 }), params }), { maxLength: 3 })
    .map((made) =>
      made.map((rule, index) => ({
        name: `${priority + index}`,
        priority: priority + index,
        conditions: { all: [owner, ...rule.conditions] },
        event: { type: 'meetings', params: rule.params },
      })),
    );

const facts: fc.Arbitrary<Facts> = fc
  .record({
    customer: fc.constantFrom('acme', 'beta', 'other'),
    contractedHours: hours,
    date: days,
    integrations: ids,
    more: fc.nat(2),
  })
  .map(({ more, ...given }) =>
    exampleFacts({ ...given, integrationCount: given.integrations.length + more }),
  );

test('rules without a finding about merged terms give usable terms in any situation', async () => {
  let [sound, faulty] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      rulesOf({ fact: 'level', operator: 'equal', value: 'guld' }, 300),
      rulesOf({ fact: 'customer', operator: 'equal', value: 'acme' }, 500),
      fc.array(facts, { minLength: 12, maxLength: 12 }),
      async (level, customer, situations) => {
        const { ruleset, findings } = checkRuleset({
          'levels/guld.json': JSON.stringify({ ...guld, rules: [...guld.rules, ...level] }),
          ...(customer.length > 0 && {
            'customers/acme/meetings.json': JSON.stringify({ about: guld.about, rules: customer }),
          }),
        });
        fc.pre(ruleset !== undefined);
        const merged = findings.filter(({ message }) => / \(level guld/.test(message));
        if (merged.length > 0) faulty++;
        else sound++;
        const failures = await Promise.all(
          situations.map((given) =>
            effectiveTerms(ruleset, given).then(
              () => undefined,
              (error: Error) => error.message,
            ),
          ),
        );
        if (merged.length === 0) expect(failures.filter(Boolean)).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
  expect(Math.min(sound, faulty)).toBeGreaterThan(10);
});
