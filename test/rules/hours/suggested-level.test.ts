import { suggestedLevel } from '../../../rules/engine/hours/suggested-level';

const year = { from: '2027-01-01', to: '2028-01-01' };

test.each<[string, number, string, ReturnType<typeof suggestedLevel>]>([
  ['half a year', 4200, '2027-07-01', { hours: 8500, expected: 8470 }],
  ['a whole five stays', 5000, '2028-01-01', { hours: 5000, expected: 5000 }],
  ['a hundredth more is five hours more', 5001, '2028-01-01', { hours: 5500, expected: 5001 }],
  ['a hundred hours', 10_000, '2028-01-01', { hours: 10_000, expected: 10_000 }],
  ['from there on in tens', 10_001, '2028-01-01', { hours: 11_000, expected: 10_001 }],
  ['after the year it is what the year used', 9600, '2028-03-01', { hours: 10_000, expected: 9600 }],
  ['nothing used', 0, '2027-07-01', undefined],
  ['too young a year', 4200, '2027-03-31', undefined],
])('%s', (_what, used, today, level) => {
  expect(suggestedLevel(used, year, today)).toEqual(level);
});
