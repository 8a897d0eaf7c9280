import { billableOf } from '../../../rules/engine/hours/billable';

describe('time that counts', () => {
  const kinds = {
    technical: { roundToMinutes: 30, factorPercent: 150 },
    support: { draws: 'never' },
    training: { factorPercent: 33 },
  } as const;

  it.each([
    ['as reported', 4801, 'consulting', 0, 4801],
    ['in the units of all work', 5040, 'consulting', 15, 4500],
    ['as reported where nobody said of what kind it was', 4801, undefined, 0, 4801],
    ['in its own units, then by its factor', 5040, 'technical', 15, 5400],
    ['by its factor, rounded down to a second', 100, 'training', 0, 33],
    ['nothing where the agreement includes it', 5040, 'support', 15, 0],
    ['as other work where the kind has the name of a method', 60, 'toString', 0, 60],
  ] as const)('%s', (_what, reported, kind, roundToMinutes, billable) => {
    expect(billableOf(reported, kind, { roundToMinutes, kinds })).toBe(billable);
  });
});
