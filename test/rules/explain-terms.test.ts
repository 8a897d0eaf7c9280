import { explainTerms } from '../../rules/engine/terms/explain-terms';
import type { ExplainedValue } from '../../rules/engine/terms/explain-terms';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { termsFor } from '../../rules/engine/terms/terms-for';
import { from, rule, when, withRules } from '../helpers/changed-rules';
import { exampleContract } from './fixtures';

const contract = exampleContract();

async function explained(ruleset: Ruleset, path: string, discountPercent?: number): Promise<ExplainedValue> {
  const hourBank = { ...contract.hourBank, ...(discountPercent !== undefined && { discountPercent }) };
  const { terms, applied, facts } = await termsFor({ ...contract, hourBank }, ruleset, 1, '2027-06-01');
  const fixed = discountPercent === undefined ? [] : ['hourBank.discountPercent'];
  return explainTerms(ruleset, terms, applied, facts, fixed).find((one) => one.path === path)!;
}

describe('where a value of the terms comes from', () => {
  it('is the rule that says it last, with its place, why it applies, and what the others said', async () => {
    const discount = rule('hourBank', { discountPercent: 20 }, [
      { any: [when('integrationCount', 'greaterThan', 1), when('language', 'equal', 'en')] },
      { not: when('contractedHours', 'lessThan', 50) },
      from('2027-05-01'),
    ]);
    const ruleset = withRules(discount);
    const {
      value,
      rule: name,
      place,
      priority,
      because,
      instead,
    } = await explained(ruleset, 'hourBank.discountPercent');
    expect({ value, name, priority }).toEqual({ value: 20, name: discount.name, priority: 400 });
    const [, file, line, column] = /^(.*):(\d+):(\d+)$/.exec(place!)!;
    expect(file).toBe('rules/levels/guld.json');
    const pointedAt = ruleset.texts['levels/guld.json']!.split('\n')[Number(line) - 1]!.slice(
      Number(column) - 1,
    );
    expect(pointedAt).toMatch(/^"discountPercent": 20/);
    expect(because).toEqual([
      { fact: 'level', operator: 'equal', value: 'guld', found: 'guld', negated: false },
      { fact: 'integrationCount', operator: 'greaterThan', value: 1, found: 2, negated: false },
      { fact: 'contractedHours', operator: 'lessThan', value: 50, found: 120, negated: true },
      {
        fact: 'date',
        operator: 'greaterThanInclusive',
        value: '2027-05-01',
        found: '2027-06-01',
        negated: false,
      },
    ]);
    expect(instead.map((one) => [one.value, one.rule])).toEqual([
      [15, 'guld: högre rabatt från 100 timmar'],
      [10, 'guld: timbank'],
    ]);
  });

  it('is the base rule for what an addition leaves alone', async () => {
    const one = await explained(
      withRules(rule('hourBank', { rollover: { percent: 30 } })),
      'hourBank.rollover.basis',
    );
    expect(one).toMatchObject({ value: 'contracted', rule: 'guld: timbank', instead: [] });
  });

  it.each([12.5, 15])(
    'is the contract where it fixes the discount, also at what the rules say (%d)',
    async (percent) => {
      const one = await explained(withRules(), 'hourBank.discountPercent', percent);
      expect(one).toEqual({
        path: 'hourBank.discountPercent',
        value: percent,
        because: [],
        instead: [
          expect.objectContaining({ value: 15, rule: 'guld: högre rabatt från 100 timmar' }),
          expect.objectContaining({ value: 10, rule: 'guld: timbank' }),
        ],
      });
    },
  );
});
