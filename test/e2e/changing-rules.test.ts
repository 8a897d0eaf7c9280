import { playChangingRules } from '../helpers/random-changes';

describe('a plan of changed rules', () => {
  it.each([1])(
    'predicts what a running year then does, whatever the rules become (seed %i)',
    async (seed) => {
      expect(await playChangingRules(seed)).toEqual([]);
    },
  );
});
