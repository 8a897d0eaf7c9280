import { decideRulesetAtStart } from '../../rules/engine/ruleset/decide-ruleset-at-start';

describe('what a start does about the ruleset in force', () => {
  const own = 3;

  it.each([
    ['publishes its own where there is none', undefined, 'publish-first'],
    ['keeps one of its own form', { format: 3 }, 'keep'],
    ['keeps one of an earlier form that it can read', { format: 2 }, 'keep'],
    ['replaces one of an earlier form that it cannot read', { format: 2, unreadable: 'x' }, 'replace'],
    [
      'never replaces one of its own form, readable or not',
      { format: 3, unreadable: 'x' },
      'refuse-unreadable',
    ],
    ['does nothing beside one of a newer version', { format: 4, unreadable: 'x' }, 'refuse-newer'],
    ['does nothing beside one of a newer version that it could read', { format: 4 }, 'refuse-newer'],
  ] as const)('%s', (_, inForce, decided) => {
    expect(decideRulesetAtStart(inForce, own)).toBe(decided);
  });

  it('lets the older of two versions do nothing, whichever starts first', () => {
    const older = { format: 1 };
    const newer = { format: 2 };
    expect(decideRulesetAtStart({ ...older, unreadable: 'x' }, newer.format)).toBe('replace');
    expect(decideRulesetAtStart({ ...newer, unreadable: 'x' }, older.format)).toBe('refuse-newer');
  });
});
