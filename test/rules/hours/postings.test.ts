/** The ledger's double entry: what is posted adds up, and the same facts end in the same ledger in whatever order they come. */
import fc from 'fast-check';
import type { Grant, Period, Use } from '../../../rules/engine/hours/burn-down';
import { burnDown } from '../../../rules/engine/hours/burn-down';
import type { HourPrices, Position } from '../../../rules/engine/hours/postings';
import { differencesFrom, positionsOf } from '../../../rules/engine/hours/postings';
import { factsOf, randomBanks } from '../../helpers/random-banks';

const hour = 3600;
const prices: HourPrices = {
  of: ({ kind }) => (kind === 'goodwill' ? 0 : 123_250),
  beyond: (use) => (use.startsWith('technical') ? 131_750 : 123_250),
  ahead: () => 0,
};

const bank: { grants: Grant[]; periods: Period[] } = {
  grants: [1, 2].map((year) => ({
    id: `contracted-${year}`,
    kind: 'contracted',
    year,
    seconds: 120 * hour,
    from: `${2026 + year}-01-01`,
    expires: `${2027 + year}-01-01`,
  })),
  periods: [1, 2].map((number) => ({
    number,
    from: `${2026 + number}-01-01`,
    to: `${2027 + number}-01-01`,
    order: { soonestFirst: true, kinds: ['rolled', 'contracted', 'purchased', 'goodwill'] },
    rollover: { share: 2000, basis: 'contracted', expires: `${2028 + number}-01-01` },
  })),
};

const found = (uses: Use[], until: string): Position[] =>
  positionsOf(burnDown({ ...bank, uses }, until), uses, prices);
const about = (positions: readonly Position[], subject: string) =>
  positions.find((one) => one.subject === subject)?.postings;

/** What is posted about each subject after some rounds. */
function posted(rounds: readonly Position[][]): Position[] {
  const all = new Map<string, Position>();
  for (const { subject, on, postings } of rounds.flat()) {
    const sums = new Map(all.get(subject)?.postings.map((one) => [one.account, one]));
    for (const { account, seconds, minor } of postings) {
      const before = sums.get(account);
      sums.set(account, {
        account,
        seconds: seconds + (before?.seconds ?? 0),
        minor: minor + (before?.minor ?? 0),
      });
    }
    const standing = [...sums.values()].filter(({ seconds, minor }) => seconds !== 0 || minor !== 0);
    all.set(subject, { subject, on, postings: standing.sort((a, b) => (a.account < b.account ? -1 : 1)) });
  }
  return [...all.values()].filter(({ postings }) => postings.length > 0);
}

const inOrder = (positions: readonly Position[]): Position[] =>
  [...positions].sort((a, b) => (a.subject < b.subject ? -1 : 1));

describe('positions', () => {
  const uses = [
    { id: 'a', on: '2027-03-01', seconds: 90 * hour },
    { id: 'technical-b', on: '2028-05-01', seconds: 158 * hour + 51_048 - 14 * hour },
  ];

  it('say where hours came from and went to, and what they are worth', () => {
    expect(about(found(uses, '2027-03-01'), 'given/contracted-1')).toEqual([
      { account: 'bank', seconds: -432_000, minor: -14_790_000 },
      { account: 'grant:contracted-1', seconds: 432_000, minor: 14_790_000 },
    ]);
    expect(about(found(uses, '2027-03-01'), 'use/a/2027-03-01')).toEqual([
      { account: 'grant:contracted-1', seconds: -324_000, minor: -11_092_500 },
      { account: 'used', seconds: 324_000, minor: 11_092_500 },
    ]);
  });

  it('roll hours into a grant of the next year at the price that they had; the rest expires', () => {
    expect(about(found(uses, '2028-01-01'), 'end/contracted-1/2028-01-01')).toEqual([
      { account: 'expired', seconds: 21_600, minor: 739_500 },
      { account: 'grant:contracted-1', seconds: -108_000, minor: -3_697_500 },
      { account: 'grant:rolled-2', seconds: 86_400, minor: 2_958_000 },
    ]);
  });

  it('take no more from rolled hours than came in, where hours of two prices were rounded one by one', () => {
    const hours = {
      kind: 'contracted',
      year: 1,
      seconds: 1,
      from: '2027-01-01',
      expires: '2028-01-01',
    } as const;
    const rollover = { share: 10_000, basis: 'unused', expires: '2029-01-01' } as const;
    const used = [{ id: 'a', on: '2028-01-01', seconds: 2 }];
    const positions = positionsOf(
      burnDown(
        {
          grants: [
            { ...hours, id: 'contracted-1' },
            { ...hours, id: 'added-1' },
          ],
          uses: used,
          periods: bank.periods.map((period) => (period.number === 1 ? { ...period, rollover } : period)),
        },
        '2028-02-01',
      ),
      used,
      { of: () => 38_750, beyond: () => 0, ahead: () => 0 },
    );
    expect(about(positions, 'use/a/2028-01-01')).toEqual([
      { account: 'grant:rolled-2', seconds: -2, minor: -20 },
      { account: 'used', seconds: 2, minor: 20 },
    ]);
  });

  it('hold what goes beyond the bank in suspense, at the price of its own kind of work', () => {
    expect(about(found(uses, '2028-06-01'), 'use/technical-b/2028-05-01')).toContainEqual({
      account: 'suspense',
      seconds: -51_048,
      minor: -1_868_215,
    });
  });
});

describe('differences', () => {
  it('are posted as a change of what was posted, not instead of it', () => {
    const before = found([{ id: 'a', on: '2027-03-01', seconds: 130 * hour }], '2028-01-05');
    const after = found([{ id: 'a', on: '2027-03-01', seconds: 13 * hour }], '2028-01-05');
    const changes = differencesFrom(before, after);
    expect(about(changes, 'use/a/2027-03-01')).toEqual([
      { account: 'grant:contracted-1', seconds: 107 * hour, minor: 13_187_750 },
      { account: 'suspense', seconds: 10 * hour, minor: 1_232_500 },
      { account: 'used', seconds: -117 * hour, minor: -14_420_250 },
    ]);
    expect(about(changes, 'end/contracted-1/2028-01-01')).toContainEqual({
      account: 'expired',
      seconds: 83 * hour,
      minor: 10_229_750,
    });
    expect(inOrder(posted([before, changes]))).toEqual(inOrder(after));
  });

  it('are none where nothing is new, and take everything back where nothing is left', () => {
    const positions = found([{ id: 'a', on: '2027-03-01', seconds: 5 * hour }], '2027-04-01');
    expect(differencesFrom(positions, positions)).toEqual([]);
    expect(posted([positions, differencesFrom(positions, [])])).toEqual([]);
  });
});

describe('any ledger', () => {
  const sums = ({ postings }: Position): [number, number] => [
    postings.reduce((sum, { seconds }) => sum + seconds, 0),
    postings.reduce((sum, { minor }) => sum + minor, 0),
  ];

  it('adds up, holds nothing below zero that may not be, and ends as the facts say in whatever order they come', () => {
    fc.assert(
      fc.property(
        randomBanks,
        fc.array(fc.nat({ max: 14 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 200_000 }),
        (made, takenBack, price) => {
          const { grants, uses, periods } = factsOf(made);
          const odd: HourPrices = { of: ({ id }) => price + id.length, beyond: () => price, ahead: () => 0 };
          const positions = (told: Use[]): Position[] =>
            positionsOf(burnDown({ grants, uses: told, periods }, '2030-06-01'), told, odd);
          // Uses come one by one in the order in which they were made up; some are taken back, and told again at the end.
          const back = new Set(takenBack.map((at) => uses[at]?.id));
          const states = [
            ...uses.map((_, at) => uses.slice(0, at + 1)),
            uses.filter(({ id }) => !back.has(id)),
            uses,
          ];
          const rounds: Position[][] = [];
          for (const told of states) rounds.push(differencesFrom(posted(rounds), positions(told)));
          for (const position of rounds.flat()) expect(sums(position)).toEqual([0, 0]);
          expect(inOrder(posted(rounds))).toEqual(inOrder(positions(uses)));
          const accounts = posted(rounds).flatMap(({ postings }) => postings);
          const held = (account: string, unit: 'seconds' | 'minor'): number =>
            accounts.reduce((sum, one) => (one.account === account ? sum + one[unit] : sum), 0);
          for (const { account } of accounts)
            for (const unit of ['seconds', 'minor'] as const) {
              const gives = ['bank', 'suspense', 'overage'].includes(account);
              expect(gives ? -held(account, unit) : held(account, unit)).toBeGreaterThanOrEqual(0);
            }
        },
      ),
    );
  });
});
