import { burnDown } from '../../../rules/engine/hours/burn-down';
import type { Grant, Period } from '../../../rules/engine/hours/burn-down';
import { differencesFrom, positionsOf } from '../../../rules/engine/hours/postings';
import { settlementOf } from '../../../rules/engine/hours/settlement';
import { endOfHours, instalmentsDue } from '../../../rules/engine/hours/termination';
import type { EndOfHours, Ending, InstalmentTerms } from '../../../rules/engine/hours/termination';
import type { HourBankTerms } from '../../../rules/engine/ruleset/terms';
import { yearHours } from '../../../rules/engine/hours/year-hours';
import { sum } from '../../../rules/engine/basics/sum';

const hour = 3600;
const notice: Ending = { endedBy: 'customer', cause: 'notice' };
type Terms = Pick<HourBankTerms, 'termination'> & InstalmentTerms;
const decided = (ending: Ending, terms: Terms = {}): EndOfHours =>
  endOfHours(ending, terms, '2027-01-01', '2027-05-31');

test.each<[string, Ending, Terms, EndOfHours['unused']]>([
  ["the customer's notice, nothing signed", notice, {}, 'forfeit'],
  [
    "the customer's notice, forfeit signed",
    notice,
    { termination: { unusedOnNotice: 'forfeit' } },
    'forfeit',
  ],
  ["the customer's notice, refund signed", notice, { termination: { unusedOnNotice: 'refund' } }, 'refund'],
  [
    'our breach',
    { endedBy: 'customer', cause: 'breach' },
    { termination: { unusedOnNotice: 'forfeit' } },
    'refund',
  ],
  [
    'our notice',
    { endedBy: 'us', cause: 'notice' },
    { termination: { unusedOnNotice: 'forfeit' } },
    'refund',
  ],
  ["the customer's breach", { endedBy: 'us', cause: 'breach' }, {}, 'refund'],
])('%s', (_what, ending, terms, unused) => {
  expect(decided(ending, terms).unused).toBe(unused);
});

test.each([
  [1, '2027-01-01', 1],
  [4, '2027-03-31', 1],
  [4, '2027-04-01', 2],
  [12, '2027-05-31', 5],
  [4, '2027-12-31', 4],
])('of %i instalments on %s %i are due', (instalments, day, due) => {
  expect(instalmentsDue('2027-01-01', instalments, day)).toBe(due);
});

test.each([
  [1, '2027-12-30', 0],
  [1, '2027-12-31', 1],
  [4, '2027-05-31', 1],
  [12, '2027-05-31', 5],
])('of %i instalments in arrears on %s %i are due', (instalments, day, due) => {
  expect(instalmentsDue('2027-01-01', instalments, day, 'arrears')).toBe(due);
});

test('who settles what was used beyond the instalments: a manager, unless the terms say that it is invoiced', () => {
  expect(decided(notice, { instalments: 4 })).toMatchObject({
    paid: { of: 4, due: 2 },
    beyondPaid: 'manager',
  });
  const invoiced: Terms = {
    instalments: 4,
    termination: { unusedOnNotice: 'forfeit', beyondPaid: 'invoice' },
  };
  expect(decided(notice, invoiced).beyondPaid).toBe('invoice');
});

const grants: Grant[] = [
  {
    id: 'contracted-1',
    kind: 'contracted',
    year: 1,
    seconds: 120 * hour,
    from: '2027-01-01',
    expires: '2027-06-01',
  },
  { id: 'bought', kind: 'purchased', seconds: 10 * hour, from: '2027-02-01', expires: '2028-02-01' },
  { id: 'ours', kind: 'goodwill', seconds: 5 * hour, from: '2027-02-01', expires: '2027-12-01' },
];
const prices: Record<string, number> = { 'contracted-1': 123_250, bought: 100_001, ours: 0 };
const priceOf = ({ id }: Grant): number => prices[id] ?? 0;

/** The agreement ended with 31 May, after so many hours in March. */
function ended(usedHours: number, end: EndOfHours) {
  const uses = [{ id: 'u', on: '2027-03-01', seconds: usedHours * hour }];
  const period: Period = {
    ...{ number: 1, from: '2027-01-01', to: '2027-06-01' },
    order: { soonestFirst: true, kinds: ['rolled', 'contracted', 'purchased', 'goodwill'] },
    ...(end.unused === 'refund' && { refund: end.paid ? { paid: end.paid } : {} }),
  };
  const burned = burnDown({ grants, uses, periods: [period] }, '2027-06-01');
  const posted = positionsOf(burned, uses, { of: priceOf, beyond: () => 145_000, ahead: () => 0 });
  return {
    burned,
    posted,
    year: yearHours(burned, uses, period, '2027-06-01'),
    settled: settlementOf(burned, period, end, priceOf),
  };
}

test.each<[string, number, EndOfHours, Partial<ReturnType<typeof ended>['settled']>, number]>([
  ['forfeit: nothing is paid back', 90, decided(notice), { refunded: 0, refundMinor: 0, beyondPaid: 0 }, 30],
  [
    'refund: contracted and bought hours, each at its price; goodwill expires',
    90.5,
    decided({ endedBy: 'us', cause: 'notice' }),
    { refunded: 39.5 * hour, refundMinor: Math.floor(29.5 * 123_250) + 1_000_010 },
    0,
  ],
  [
    'refund with instalments: only what was paid for',
    50,
    decided({ endedBy: 'us', cause: 'notice' }, { instalments: 4 }),
    { refunded: 20 * hour, refundMinor: 10 * 123_250 + 1_000_010, beyondPaid: 0 },
    60,
  ],
  [
    'instalments: more used than paid',
    70,
    decided(notice, { instalments: 4 }),
    { refunded: 0, beyondPaid: 10 * hour, beyondPaidMinor: 1_232_500 },
    50,
  ],
])('%s', (_what, used, end, expected, expired) => {
  const { settled, year } = ended(used, end);
  expect(settled).toMatchObject(expected);
  expect(year).toMatchObject({ refunded: settled.refunded, expired: expired * hour });
});

test('what is refunded is posted, adds up to zero, and is taken back where the end is', () => {
  const refunded = ended(90, decided({ endedBy: 'us', cause: 'notice' })).posted;
  const forfeited = ended(90, decided(notice)).posted;
  const back = refunded.flatMap(({ postings }) => postings).filter(({ account }) => account === 'refunded');
  expect(back.map(({ seconds, minor }) => [seconds / hour, minor])).toEqual([
    [10, 1_000_010],
    [30, 30 * 123_250],
  ]);
  for (const { postings } of [...refunded, ...differencesFrom(refunded, forfeited)]) {
    expect(sum(postings.map(({ seconds }) => seconds))).toBe(0);
    expect(sum(postings.map(({ minor }) => minor))).toBe(0);
  }
});
