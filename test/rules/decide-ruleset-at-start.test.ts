import { decideRulesetAtStart } from '../../rules/decide-ruleset-at-start';

const unreadable = 'levels/guld.json:3:1 expected …';

it.each([
  ['none is in force', undefined, 'publish-first'],
  ['an earlier one that still reads is in force', { format: 1 }, 'keep'],
  ['one of ours is in force', { format: 2 }, 'keep'],
  ['an earlier one no longer reads', { format: 1, unreadable }, 'replace'],
  ['one from before formats were numbered no longer reads', { format: 0, unreadable }, 'replace'],
  ['one of our own format does not read', { format: 2, unreadable }, 'refuse-unreadable'],
  ['a newer one is in force', { format: 3, unreadable }, 'refuse-newer'],
  ['a newer one seems to read', { format: 3 }, 'refuse-newer'],
] as const)('where %s', (_, inForce, decision) => {
  expect(decideRulesetAtStart(inForce, 2)).toBe(decision);
});
