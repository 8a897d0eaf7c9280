import type { Draw, Use } from '../../../rules/engine/hours/burn-down';
import { coverDraws, takenAhead } from '../../../rules/engine/hours/orders';
import type { CoverTerms, HourOrder } from '../../../rules/engine/hours/orders';

const hour = 3600;
const price = 123_250;

/** Work beyond the bank, by day. */
const work: Record<string, number> = { '2027-10-04': 3, '2027-10-20': 2, '2027-11-02': 4 };
const uses: Use[] = Object.entries(work).map(([on, hours]) => ({ id: on, on, seconds: hours * hour }));
const draws: Draw[] = [
  { use: '2027-10-04', grant: 'contracted-1', seconds: hour },
  ...uses.map(({ id, seconds }) => ({ use: id, seconds })),
];
const terms = (changed: Partial<CoverTerms> = {}): CoverTerms => ({
  orders: [],
  standing: () => undefined,
  beyond: () => price,
  next: () => 'contracted-2',
  ...changed,
});
const order = (id: string, hours: number, changed: Partial<HourOrder> = {}): HourOrder => ({
  ...{ id, kind: 'order', seconds: hours * hour, from: '2027-10-04', until: '2027-12-31' },
  ...changed,
});
/** As `day: who hours`, in order. */
const told = (changed: Partial<CoverTerms>): string[] =>
  coverDraws(draws, uses, terms(changed))
    .filter(({ grant }) => grant === undefined)
    .map(({ use, seconds, cover }) => {
      const who = cover && 'order' in cover ? `${cover.by} ${cover.order}` : cover?.by;
      return `${use.slice(5)}: ${who} ${seconds / hour}`;
    });

test.each<[string, Partial<CoverTerms>, string[]]>([
  ['what nobody ordered waits', {}, ['10-04: nobody 3', '10-20: nobody 2', '11-02: nobody 4']],
  [
    'the standing approval comes first, anew each month',
    { standing: () => ({ seconds: 4 * hour }), orders: [order('a', 100)] },
    ['10-04: standing 3', '10-20: standing 1', '10-20: order a 1', '11-02: standing 4'],
  ],
  [
    'in money as far as it goes, to the second',
    { standing: () => ({ minor: 2 * price }) },
    ['10-04: standing 2', '10-04: nobody 1', '10-20: nobody 2', '11-02: standing 2', '11-02: nobody 2'],
  ],
  [
    'whichever is reached first',
    { standing: () => ({ minor: 20 * price, seconds: hour }) },
    ['10-04: standing 1', '10-04: nobody 2', '10-20: nobody 2', '11-02: standing 1', '11-02: nobody 3'],
  ],
  [
    'an order has a cap',
    { orders: [order('a', 4)] },
    ['10-04: order a 3', '10-20: order a 1', '10-20: nobody 1', '11-02: nobody 4'],
  ],
  [
    'and a first and a last day',
    { orders: [order('a', 99, { from: '2027-10-05', until: '2027-10-20' })] },
    ['10-04: nobody 3', '10-20: order a 2', '11-02: nobody 4'],
  ],
  [
    'one that ends sooner is used sooner, whatever the order in which they came',
    { orders: [order('b', 9), order('a', 3, { until: '2027-10-31' })] },
    ['10-04: order a 3', '10-20: order b 2', '11-02: order b 4'],
  ],
  [
    'a manager waives, and charges',
    { orders: [order('w', 3, { kind: 'waive', until: '2027-10-04' }), order('c', 1, { kind: 'charge' })] },
    ['10-04: waive w 3', '10-20: charge c 1', '10-20: nobody 1', '11-02: nobody 4'],
  ],
  [
    'hours from the next period, where there is one',
    { orders: [order('n', 4, { kind: 'ahead' })] },
    ['10-04: ahead n 3', '10-20: ahead n 1', '10-20: nobody 1', '11-02: nobody 4'],
  ],
  [
    'and none where the agreement ends',
    { orders: [order('n', 4, { kind: 'ahead' })], next: () => undefined },
    ['10-04: nobody 3', '10-20: nobody 2', '11-02: nobody 4'],
  ],
])('%s', (_what, changed, expected) => {
  expect(told(changed)).toEqual(expected);
  const { orders = [] } = changed;
  expect(told({ ...changed, orders: [...orders].reverse() })).toEqual(expected);
});

test('all time beyond the bank is divided, and nothing of the rest', () => {
  const covered = coverDraws(draws, uses, terms({ orders: [order('a', 1), order('b', 2)] }));
  const sum = (all: readonly Draw[]): number => all.reduce((total, { seconds }) => total + seconds, 0);
  expect(sum(covered)).toBe(sum(draws));
  expect(covered[0]).toBe(draws[0]);
});

test('what is taken ahead is known by the hours that it is taken from', () => {
  expect(takenAhead(coverDraws(draws, uses, terms({ orders: [order('n', 4, { kind: 'ahead' })] })))).toEqual({
    'contracted-2': 4 * hour,
  });
});
