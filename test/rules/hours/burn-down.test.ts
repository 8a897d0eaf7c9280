import fc from 'fast-check';
import type { Grant, Period, Use } from '../../../rules/engine/hours/burn-down';
import { burnDown, grantKinds } from '../../../rules/engine/hours/burn-down';
import { naiveHours } from '../../helpers/naive-hours';
import { factsOf, randomBanks as banks } from '../../helpers/random-banks';

const hour = 3600;
const usual: Period['order'] = { soonestFirst: true, kinds: grantKinds };

/** A bank of 120 hours a year from 2027 on, of which 20 % of the contracted hours roll over. */
function bank(
  rolledLive: 'period' | 'half-year' = 'period',
  years = 2,
): { grants: Grant[]; periods: Period[] } {
  const numbers = Array.from({ length: years }, (_, index) => index + 1);
  const day = (number: number): string => `${2026 + number}-01-01`;
  return {
    grants: numbers.map((number) => ({
      id: `contracted-${number}`,
      kind: 'contracted',
      seconds: 120 * hour,
      from: day(number),
      expires: day(number + 1),
    })),
    periods: numbers.map((number) => ({
      number,
      from: day(number),
      to: day(number + 1),
      order: usual,
      rollover: {
        share: 2000,
        basis: 'contracted',
        expires: rolledLive === 'period' ? day(number + 2) : `${2027 + number}-07-01`,
      },
    })),
  };
}

const worked = (...entries: [on: string, hours: number][]): Use[] =>
  entries.map(([on, hours], index) => ({ id: `use-${index + 1}`, on, seconds: hours * hour }));

/** Hours of a year that were used, went beyond, rolled into the next and expired; those rolled in count too. */
function yearOf(number: number, bankOf: ReturnType<typeof bank>, uses: Use[], until = '2029-01-01') {
  const { draws, ends, grants } = burnDown({ ...bankOf, uses }, until);
  const period = bankOf.periods[number - 1]!;
  const inYear = new Set(uses.filter(({ on }) => period.from <= on && on < period.to).map(({ id }) => id));
  const ending = ends.filter(({ on }) => period.from < on && on <= period.to);
  const sum = (values: number[]): number => values.reduce((total, one) => total + one, 0) / hour;
  return {
    rolledIn: sum(grants.filter(({ id }) => id === `rolled-${number}`).map(({ seconds }) => seconds)),
    used: sum(draws.filter(({ use }) => inYear.has(use)).map(({ seconds }) => seconds)),
    beyond: sum(
      draws.filter(({ use, grant }) => inYear.has(use) && grant === undefined).map(({ seconds }) => seconds),
    ),
    rolledOut: sum(ending.map(({ rolled }) => rolled)),
    expired: sum(ending.map(({ expired }) => expired)),
  };
}

describe('hours are drawn on in order of the work', () => {
  it('lets late work of the old year use the hours of the old year', () => {
    const uses = worked(['2027-03-01', 90], ['2027-12-29', 8]);
    expect(yearOf(1, bank(), uses)).toEqual({ rolledIn: 0, used: 98, beyond: 0, rolledOut: 22, expired: 0 });
    expect(yearOf(2, bank(), uses, '2028-06-01')).toMatchObject({ rolledIn: 22, used: 0 });
  });

  it.each<[string, number, object]>([
    ['100 hours', 100, { used: 100, rolledOut: 20, expired: 0 }],
    ['the same corrected to 90', 90, { used: 90, rolledOut: 24, expired: 6 }],
    ['130 typed for 13', 130, { used: 130, beyond: 10, rolledOut: 0, expired: 0 }],
    ['the same corrected', 13, { used: 13, beyond: 0, rolledOut: 24, expired: 83 }],
  ])('rolls over a fifth of the contracted hours at most: %s', (_, hours, expected) => {
    expect(yearOf(1, bank(), worked(['2027-03-01', hours]))).toMatchObject(expected);
  });

  it('lets work of a day on which rolled hours still lived use them, whenever it is reported', () => {
    const uses = worked(['2027-03-01', 90], ['2028-06-28', 10], ['2028-09-15', 120]);
    expect(yearOf(2, bank('half-year'), uses)).toMatchObject({
      rolledIn: 24,
      used: 130,
      beyond: 0,
      expired: 14,
    });
  });

  it('does not bring lapsed hours back: they had been free before they lapsed', () => {
    const uses = worked(['2027-03-01', 90], ['2028-03-10', 2], ['2028-09-01', 130]);
    expect(yearOf(2, bank('half-year'), uses)).toMatchObject({
      rolledIn: 24,
      used: 132,
      beyond: 10,
      expired: 22,
    });
  });

  it('uses 24 rolled hours, 144 in the second year and 8 late ones of the first', () => {
    const uses = worked(['2027-03-01', 96], ['2028-05-01', 144], ['2027-11-30', 8]);
    expect(yearOf(1, bank(), uses)).toMatchObject({ used: 104, beyond: 0, rolledOut: 16, expired: 0 });
    expect(yearOf(2, bank(), uses)).toMatchObject({ rolledIn: 16, used: 144, beyond: 8 });
  });

  it('draws on hours bought for work that waits from its day on', () => {
    const { grants, periods } = bank();
    const bought: Grant = {
      id: 'bought',
      kind: 'purchased',
      seconds: 20 * hour,
      from: '2027-10-01',
      expires: '2028-10-01',
    };
    const uses = worked(['2027-03-01', 120], ['2027-10-01', 12]);
    const { draws, left } = burnDown({ grants: [...grants, bought], periods, uses }, '2027-12-01');
    expect(draws.at(-1)).toEqual({ use: 'use-2', grant: 'bought', seconds: 12 * hour });
    expect(left.bought).toBe(8 * hour);
  });
});

describe('any bank', () => {
  it('is drawn on as one in which every hundredth of an hour is a thing of its own', () => {
    fc.assert(
      fc.property(banks, (made) => {
        // One thing of the naive bank is a hundredth of an hour: what rolls over is rounded up to one.
        const naive = naiveHours(made.given, made.uses, made.years, ['2027-01-01', '2030-06-01']);
        const { draws, ends, left } = burnDown(factsOf(made), '2030-06-01');
        const drawn: Record<string, number> = {};
        const beyond: Record<string, number> = {};
        for (const { use, grant, seconds } of draws)
          if (grant === undefined) beyond[use] = (beyond[use] ?? 0) + seconds / 36;
          else drawn[`${grant} ${use}`] = (drawn[`${grant} ${use}`] ?? 0) + seconds / 36;
        const ended: Record<string, number> = {};
        for (const { grant, expired, rolled } of ends) {
          if (expired > 0) ended[`${grant} expired`] = expired / 36;
          if (rolled > 0) ended[`${grant} rolled`] = rolled / 36;
        }
        for (const [grant, seconds] of Object.entries(left))
          if (seconds > 0) ended[`${grant} left`] = seconds / 36;
        expect({ drawn, beyond, ended }).toEqual(naive);
      }),
      { numRuns: 200 },
    );
  });

  it('does not care in which order it is told', () => {
    fc.assert(
      fc.property(banks, fc.infiniteStream(fc.nat()), (made, random) => {
        const { grants, uses, periods } = factsOf(made);
        const shuffled = <T>(list: T[]): T[] =>
          list
            .map((one) => [random.next().value as number, one] as const)
            .sort(([a], [b]) => a - b)
            .map(([, one]) => one);
        const told = burnDown({ grants: shuffled(grants), uses: shuffled(uses), periods }, '2030-06-01');
        expect(told).toEqual(burnDown({ grants, uses, periods }, '2030-06-01'));
      }),
    );
  });
});
