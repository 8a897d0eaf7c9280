import { shortenToFit } from '../../rules/engine/plan/shorten-to-fit';

const ones = [1, 1, 1];

test.each([
  ['leaves what fits', [5, 9, 3], ones, 17, [5, 9, 3]],
  ['shortens the longest first', [5, 9, 3], ones, 12, [5, 4, 3]],
  ['shortens others where one has come to its minimum', [5, 9, 3], [1, 8, 1], 12, [2, 8, 2]],
  ['goes below a minimum only where there is no other way', [5, 9, 3], [1, 8, 1], 9, [1, 7, 1]],
  ['shortens none below one day', [5, 9, 3], [2, 2, 2], 1, [1, 1, 1]],
])('%s', (_what, lengths, minimums, available, expected) => {
  expect(shortenToFit(lengths, minimums, available)).toEqual(expected);
});
