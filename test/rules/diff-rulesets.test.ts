import { diffRulesets } from '../../rules/engine/change/diff-rulesets';
import { changedLevel, from, rule, rulesetOf, when, withRules } from '../helpers/changed-rules';
import { workingRules } from '../helpers/example';

describe('how two rulesets differ', () => {
  const working = withRules();

  it('is nothing where only layout and notes do', () => {
    expect(
      diffRulesets(
        working,
        changedLevel((level) => void (level.about.en = 'other')),
      ),
    ).toEqual([]);
  });

  it('is told rule by rule: those that came, went, and changed, by file and name', () => {
    const extra = rule('meetings', { perYear: 6 });
    const changed = changedLevel(({ rules }) => {
      rules.splice(3, 1);
      rules[0]!.event.params.perYear = 5;
      rules[0]!.appliesFrom = 'nextPeriod';
      rules[3]!.conditions = { all: [when('level', 'equal', 'guld'), from('2028-01-01')] };
      rules.push(extra);
    });
    const all = { all: [when('level', 'equal', 'guld')] };
    expect(diffRulesets(working, changed)).toEqual([
      {
        change: 'removed',
        file: 'levels/guld.json',
        rule: 'guld: högre rabatt från 100 timmar',
        values: expect.arrayContaining([
          { path: 'hourBank.discountPercent', from: 15, to: undefined },
        ]) as object[],
      },
      {
        change: 'changed',
        file: 'levels/guld.json',
        rule: 'guld: minst fyra förvaltningsmöten',
        values: [
          { path: 'appliesFrom', from: undefined, to: 'nextPeriod' },
          { path: 'meetings.perYear', from: 4, to: 5 },
        ],
      },
      {
        change: 'changed',
        file: 'levels/guld.json',
        rule: 'guld: supporttid',
        values: [
          {
            path: 'conditions',
            from: JSON.stringify(all),
            to: JSON.stringify({ all: [...all.all, from('2028-01-01')] }),
          },
        ],
      },
      {
        change: 'added',
        file: 'levels/guld.json',
        rule: extra.name,
        values: [
          { path: 'conditions', from: undefined, to: JSON.stringify(all) },
          { path: 'meetings.perYear', from: undefined, to: 6 },
          { path: 'priority', from: undefined, to: 400 },
        ],
      },
    ]);
  });

  it('tells ordinary prices that came, went, and changed', () => {
    const prices = workingRules().texts['prices.json']!;
    const changed = prices
      .replace('"from": "2026-01-01", "pricePerHour": 1550', '"from": "2026-01-01", "pricePerHour": 1600')
      .replace('"EUR", "from": "2026-01-01"', '"EUR", "from": "2027-01-01"');
    const after = rulesetOf({ ...workingRules().texts, 'prices.json': changed });
    const price = (change: string, name: string, was?: number, is?: number) => ({
      change,
      file: 'prices.json',
      rule: name,
      values: [{ path: 'pricePerHour', from: was, to: is }],
    });
    expect(diffRulesets(rulesetOf(workingRules().texts), after)).toEqual([
      price('removed', 'consulting EUR 2026-01-01', 135.5, undefined),
      price('added', 'consulting EUR 2027-01-01', undefined, 135.5),
      price('changed', 'technical SEK 2026-01-01', 1550, 1600),
    ]);
  });
});
