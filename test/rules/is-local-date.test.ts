import { isLocalDate } from '../../rules/engine/basics/is-local-date';

test.each([
  ['2027-02-28', true],
  ['2028-02-29', true],
  ['2027-02-29', false],
  ['2027-02-30', false],
  ['2027-13-01', false],
  ['2027-2-1', false],
  ['tomorrow', false],
])('%s is a date that exists: %s', (text, exists) => {
  expect(isLocalDate(text)).toBe(exists);
});
