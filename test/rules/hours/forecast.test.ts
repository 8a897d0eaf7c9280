import { usedUpOn } from '../../../rules/engine/hours/forecast';

const year = { from: '2027-01-01', to: '2028-01-01' };

it.each<[string, number, number, string, string | undefined]>([
  ['three quarters by the middle of the year', 9000, 3000, '2027-07-01', '2027-08-30'],
  ['half by the middle: they last', 6000, 6000, '2027-07-03', undefined],
  ['nearly all in February', 11_000, 1000, '2027-02-15', '2027-02-19'],
  ['in January nobody knows', 9000, 3000, '2027-01-30', undefined],
  ['nothing used', 0, 12_000, '2027-07-01', undefined],
  ['nothing left', 12_000, 0, '2027-07-01', undefined],
])('tells when the bank is used up at the pace so far: %s', (_what, used, remaining, today, expected) => {
  expect(usedUpOn({ used, remaining }, year, today)).toBe(expected);
});
