import { lastNoticeDay } from '../../rules/engine/plan/plan-renewal';
import type { NoticeTerms, Terms } from '../../rules/engine/ruleset/terms';
import { guldTerms, obligation, plan, steps } from './fixtures';
import type { Situation } from './fixtures';

let terms: Terms;
beforeAll(async () => {
  terms = await guldTerms();
});

const prices = { hourlyRateMinor: 145_000, proposedRateMinor: 149_000 };
const withNotices = (changed: Partial<NoticeTerms>): Terms => ({
  ...terms,
  notices: { ...terms.notices, ...changed },
});
const owed = (situation: Partial<Situation> = {}) =>
  plan({ terms, prices, ...situation }).obligations.filter(({ strand }) => strand === 'renewal');
const days = (situation: Partial<Situation> = {}) => owed(situation).map(({ id, dueOn }) => `${id} ${dueOn}`);

describe('the renewal of an agreement', () => {
  test('asks the manager for the price, tells the customer, and knows the last day', () => {
    const year = plan({ terms, prices });
    expect(days()).toEqual(['renewal/notice 2027-09-03', 'renewal/price 2027-11-02']);
    expect(obligation(year, 'renewal/price')).toMatchObject({
      owner: 'manager',
      opensAt: '2027-08-04T06:30:00.000Z',
      dueAt: '2027-11-02T15:30:00.000Z',
      notices: [
        { step: 'ask', at: '2027-08-04T06:30:00.000Z', template: 'renewal-proposal', to: 'manager' },
        { step: 'remind', at: '2027-10-26T06:30:00.000Z', template: 'step-reminder', to: 'manager' },
      ],
    });
    expect(obligation(year, 'renewal/notice')).toMatchObject({
      owner: 'consultant',
      notices: [
        {
          step: 'send',
          at: '2027-09-03T06:30:00.000Z',
          template: 'renewal-notice',
          to: 'customer',
          roles: ['management', 'finance'],
        },
      ],
    });
    expect(year.renewal).toEqual({
      proposedRateMinor: 149_000,
      announceBy: '2027-11-02T15:30:00.000Z',
      roles: ['management', 'finance'],
    });
  });

  test('asks nobody for a price where nothing new is proposed', () => {
    expect(days({ prices: { hourlyRateMinor: 145_000, proposedRateMinor: 145_000 } })).toEqual([
      'renewal/notice 2027-09-03',
    ]);
  });

  test('proposes the contract’s price with its index where no prices are given', () => {
    const indexed = { ...terms, hourBank: { ...terms.hourBank, indexPercent: 3 } };
    expect(plan({ terms: indexed }).renewal?.proposedRateMinor).toBe(149_350);
    expect(plan({ terms }).obligations.map(({ id }) => id)).not.toContain('renewal/price');
  });

  test.each([
    ['2027-08-20T12:00:00.000Z', ['renewal/notice 2027-09-03', 'renewal/price 2027-11-02']],
    ['2027-09-03T12:00:00.000Z', ['renewal/price 2027-11-02']],
    ['2027-11-02T05:00:00.000Z', ['renewal/price 2027-11-02']],
    ['2027-11-02T12:00:00.000Z', []],
    ['2027-12-30T12:00:00.000Z', []],
  ])('planned as late as %s owes %j', (asOf, expected) => {
    expect(days({ asOf })).toEqual(expected);
  });

  test('asks the manager at the next opening where the day to ask has passed', () => {
    const year = plan({ terms, prices, asOf: '2027-10-15T12:00:00.000Z' });
    expect(steps(obligation(year, 'renewal/price'))).toEqual({
      ask: '2027-10-18T06:30',
      remind: '2027-10-26T06:30',
    });
    const late = plan({ terms, prices, asOf: '2027-10-27T12:00:00.000Z' });
    expect(steps(obligation(late, 'renewal/price'))).toEqual({ ask: '2027-10-28T06:30' });
  });

  test.each([
    [{ priceChangeDaysBefore: 0 }, 'renewal/price 2027-12-30'],
    [{ renewal: { managerDaysBefore: 10, customerDaysBefore: 90 } }, 'renewal/price 2027-11-02'],
    [{ renewal: { managerDaysBefore: 365, customerDaysBefore: 365 } }, 'renewal/notice 2027-01-04'],
    [{ renewal: { managerDaysBefore: 120, customerDaysBefore: 1 } }, 'renewal/notice 2027-12-30'],
  ])('keeps within the year under %j', (changed, expected) => {
    const year = plan({ terms: withNotices(changed), prices });
    expect(days({ terms: withNotices(changed) })).toContain(expected);
    for (const { notices, dueAt } of year.obligations.filter(({ strand }) => strand === 'renewal'))
      for (const { at } of notices) expect(at <= dueAt && at >= year.startsAt).toBe(true);
  });

  test('is not owed a price that would have to be announced before the year begins', () => {
    expect(days({ terms: withNotices({ priceChangeDaysBefore: 365 }) })).toEqual([
      'renewal/notice 2027-09-03',
    ]);
  });
});

describe('a re-plan', () => {
  const again = (asOf: string, changed: Partial<Situation> = {}) =>
    days({ asOf, ...changed, progress: { previous: plan({ terms, prices }), closed: {} } });

  test('leaves what has passed where it was', () => {
    expect(again('2027-12-01T12:00:00.000Z')).toEqual([
      'renewal/notice 2027-09-03',
      'renewal/price 2027-11-02',
    ]);
  });

  test('drops a price whose last day it moves into the past: a promised time is not made up for', () => {
    const earlier = { terms: withNotices({ priceChangeDaysBefore: 90 }) };
    expect(again('2027-10-20T12:00:00.000Z', earlier)).toEqual(['renewal/notice 2027-09-03']);
  });

  test('asks for a price that a changed list proposes only now', () => {
    const unchanged = plan({ terms });
    const progress = { previous: unchanged, closed: { 'renewal/notice': '2027-09-03T06:30:00.000Z' } };
    const year = plan({ terms, prices, asOf: '2027-10-15T12:00:00.000Z', progress });
    expect(steps(obligation(year, 'renewal/price'))).toMatchObject({ ask: '2027-10-18T06:30' });
  });
});

test.each([
  ['2028-01-01', 3, '2027-10-01'],
  ['2028-01-01', 0, '2027-12-31'],
  ['2028-05-31', 3, '2028-02-29'],
])('before %s, %i months of notice end on %s', (to, months, expected) => {
  expect(lastNoticeDay(to, months)).toBe(expected);
});
