import { effectiveTerms, TermsError } from '../../rules/engine/terms/effective-terms';
import { mergeParams } from '../../rules/engine/terms/merge-params';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { factsFor } from '../../rules/engine/ruleset/facts';
import type { Facts } from '../../rules/engine/ruleset/facts';
import type { RuleFile } from '../../rules/engine/ruleset/terms';
import { termsFor } from '../../rules/engine/terms/terms-for';
import { exampleContract, fileText, guldRuleset } from './fixtures';

const facts: Facts = factsFor(exampleContract(), 1, '2027-01-01');
type Rule = RuleFile['rules'][number];

/** The level Guld and a file of more rules. */
function withRules(...rules: Partial<Rule>[]): Ruleset {
  const always = { all: [{ fact: 'yearNumber', operator: 'greaterThan', value: 0 }] };
  const file = {
    about: { sv: 's', en: 'e' },
    rules: rules.map((rule) => ({ conditions: always, priority: 500, ...rule })),
  };
  const { ruleset, findings } = readRuleset({
    'levels/guld.json': fileText('rules/levels/guld.json'),
    'customers/testbolaget/more.json': JSON.stringify(file),
  });
  if (ruleset === undefined) throw new Error(JSON.stringify(findings));
  return ruleset;
}

const hourBank = (params: Record<string, unknown>) => ({ type: 'hourBank', params });

describe('a ruleset', () => {
  test('is known by what it says, not by how it is laid out', () => {
    const text = fileText('rules/levels/guld.json');
    const parsed = JSON.parse(text) as Record<string, unknown>;
    const turned = JSON.stringify(Object.fromEntries(Object.entries(parsed).reverse()));
    const hashOf = (path: string, content: string) => readRuleset({ [path]: content }).ruleset?.hash;
    expect(hashOf('levels/guld.json', turned)).toBe(hashOf('levels/guld.json', text));
    expect(hashOf('levels/guld.json', text.replace('90', '91'))).not.toBe(hashOf('levels/guld.json', text));
    expect(hashOf('levels/gold.json', text)).not.toBe(hashOf('levels/guld.json', text));
    expect(hashOf('levels/guld.json', text)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('with one bad file is none, and the finding names the file', () => {
    const { ruleset, findings } = readRuleset({
      'a.json': '{',
      'levels/guld.json': fileText('rules/levels/guld.json'),
    });
    expect(ruleset).toBeUndefined();
    expect(findings.map(({ file }) => file)).toEqual(['rules/a.json']);
    expect(readRuleset({}).findings).toMatchObject([
      { message: 'expected at least one rule file, found none' },
    ]);
  });
});

describe('effective terms', () => {
  test('are what the level says', async () => {
    const { terms } = await effectiveTerms(guldRuleset(), { ...facts, contractedHours: 40 });
    expect(terms.meetings).toMatchObject({ perYear: 4, startTime: '10:00', callDaysBefore: 35 });
    expect(terms.hourBank.discountPercent).toBe(10);
    expect(terms.support).toMatchObject({ opens: '08:30', closes: '16:30' });
  });

  test.each([
    [99.99, 10],
    [100, 15],
    [120, 15],
  ])('follow facts: %f hours give %i %% discount', async (contractedHours, discountPercent) => {
    const { terms } = await effectiveTerms(guldRuleset(), { ...facts, contractedHours });
    expect(terms.hourBank.discountPercent).toBe(discountPercent);
  });

  test('name the rules that gave them in the order they were merged', async () => {
    const { matched } = await effectiveTerms(guldRuleset(), facts);
    expect(matched.map(({ topic }) => topic)).toHaveLength(10);
    expect(matched.at(-1)).toEqual({
      file: 'levels/guld.json',
      rule: 'guld: högre rabatt från 100 timmar',
      topic: 'hourBank',
      priority: 300,
    });
  });

  test('are merged by priority, then name, whatever order the files have', async () => {
    const ruleset = withRules(
      { name: 'z', event: hourBank({ discountPercent: 3, alertPercents: [50] }) },
      { name: 'a', event: hourBank({ discountPercent: 1 }) },
      { name: 'low', priority: 400, event: hourBank({ discountPercent: 2, rollover: { percent: 25 } }) },
    );
    const { terms } = await effectiveTerms(ruleset, facts);
    expect(terms.hourBank).toMatchObject({
      discountPercent: 3,
      alertPercents: [50],
      rollover: { percent: 25, basis: 'contracted' },
    });
  });

  test('are the same for many runs at once', async () => {
    const ruleset = guldRuleset();
    const runs = Array.from({ length: 200 }, (_, n) =>
      effectiveTerms(ruleset, { ...facts, contractedHours: n }),
    );
    const discounts = (await Promise.all(runs)).map(({ terms }) => terms.hourBank.discountPercent);
    expect(discounts).toEqual(Array.from({ length: 200 }, (_, n) => (n >= 100 ? 15 : 10)));
  });

  test('leave the ruleset as it was, and cannot be changed themselves', async () => {
    const ruleset = withRules({ name: 'x', event: hourBank({ rollover: { percent: 25 } }) });
    const before = structuredClone(ruleset);
    const { terms } = await effectiveTerms(ruleset, facts);
    expect(() => (terms.hourBank.rollover.percent = 99)).toThrow(TypeError);
    expect(ruleset).toEqual(before);
  });

  test('that no rule gives are an error naming topic, level, customer and date', async () => {
    const error = await effectiveTerms(guldRuleset(), { ...facts, level: 'silver' }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TermsError);
    expect(String(error)).toContain(
      'terms for level silver, customer testbolaget, date 2027-01-01: no rule gives "meetings"; no rule gives "upgrade"',
    );
  });

  test('that contradict each other only when merged are an error naming both', async () => {
    const ruleset = withRules({ name: 'x', event: { type: 'meetings', params: { inviteDaysBefore: 60 } } });
    await expect(effectiveTerms(ruleset, facts)).rejects.toThrow(
      'meetings.inviteDaysBefore: expected at most callDaysBefore (35), found 60',
    );
  });

  test('that are incomplete are an error naming the value', async () => {
    const ruleset = guldRuleset();
    const rules = ruleset.files['levels/guld.json']?.rules ?? [];
    const support = rules.find(({ event }) => event.type === 'support');
    delete support?.event.params['closes'];
    await expect(effectiveTerms(ruleset, facts)).rejects.toThrow(
      'support: expected property "closes", found none',
    );
  });

  test('a discount fixed in the contract replaces the rules’ one', async () => {
    const contract = exampleContract('english-customer');
    const { terms } = await termsFor(contract, guldRuleset(), 1, '2028-02-29');
    expect(terms.hourBank.discountPercent).toBe(12.5);
  });
});

describe('merging params', () => {
  test('goes into objects and replaces lists', () => {
    expect(mergeParams({ a: { x: 1, y: [1, 2] }, b: 1 }, { a: { y: [3] }, c: 2 })).toEqual({
      a: { x: 1, y: [3] },
      b: 1,
      c: 2,
    });
  });
});
