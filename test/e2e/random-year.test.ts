import { playRandomYear } from '../helpers/random-year';

/** `npm run soak` plays many more, in which twice as much happens, with workers killed. */
describe('a year in which everybody behaves as it happens', () => {
  it.each([1])('seed %d: no mail twice, no hour lost, no promise forgotten', async (seed) => {
    expect(await playRandomYear(seed, { occasions: 30 })).toEqual([]);
  });
});
