import fc from 'fast-check';
import {
  balanceOf,
  closeHourBank,
  crossedAlerts,
  hasReached,
  toCentihours,
  unusedRolledIn,
} from '../../rules/engine/hours/hour-bank';
import { roundDownToUnits } from '../../rules/engine/hours/entries';
import type { HourBankTerms } from '../../rules/engine/ruleset/terms';

const terms = (percent: number, basis: 'contracted' | 'unused' = 'contracted'): HourBankTerms => ({
  discountPercent: 10,
  overage: { price: 'discounted' },
  alertPercents: [75, 90, 100],
  statementsPerYear: 4,
  indexPercent: 0,
  roundToMinutes: 0,
  orderOfUse: 'rolledFirst',
  rollover: { percent, basis, expiresAfterMonths: 12 },
});

const balance = (contracted: number, rolledIn: number, used: number) =>
  balanceOf([
    { kind: 'contracted', hours: contracted },
    { kind: 'rolledIn', hours: rolledIn },
    { kind: 'used', hours: used },
  ]);

describe('hours', () => {
  test.each([
    [12.5, 1250],
    [0, 0],
    [-0.25, -25],
    [4.35, 435],
    [1.15, 115],
    [8.1, 810],
    [100000, 10000000],
  ])('%f hours are %i hundredths', (hours, expected) => {
    expect(toCentihours(hours)).toBe(expected);
  });

  test.each([0.125, 0.1 + 0.2, 1e-7, 1e21, Number.NaN, Number.POSITIVE_INFINITY])(
    '%f is refused',
    (hours) => {
      expect(() => toCentihours(hours)).toThrow(
        `expected hours with at most two decimals, found ${String(hours)}`,
      );
    },
  );

  test('every hundredth survives the way through a decimal number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (n) => toCentihours(Number(`${n}e-2`)) === n),
    );
  });
});

describe('reported time in whole units, "in the customer’s favour"', () => {
  test.each([
    [137, 0, 137],
    [4, 3, 0],
    [5, 3, 5],
    [137, 3, 135],
    [137, 6, 130],
    [137, 15, 125],
    [125, 15, 125],
    [137, 30, 100],
    [137, 60, 100],
    [300, 60, 300],
    [99, 60, 0],
  ])('%i hundredths in units of %i minutes are %i', (reported, minutes, booked) => {
    expect(roundDownToUnits(reported * 36, minutes)).toBe(booked * 36);
  });
});

describe('the close of the hour bank ("alltid rätt att skjuta 20% till nästkommande period")', () => {
  test.each([
    ['all used', 12000, 0, 12000, 20, 0, 0],
    ['more unused than may roll', 12000, 0, 9000, 20, 2400, 600],
    ['less unused than may roll', 12000, 0, 10000, 20, 2000, 0],
    ['nothing used', 12000, 0, 0, 20, 2400, 9600],
    ['rolled hours are used first', 12000, 2400, 2400, 20, 2400, 9600],
    ['rolled hours left over do not roll again', 12000, 2400, 0, 20, 2400, 12000],
    ['only rolled hours left of a bank of none', 0, 2400, 400, 20, 0, 2000],
    ['a share between hundredths is rounded up', 1001, 0, 0, 20, 201, 800],
    ['rounding up gives no more than is unused', 1, 0, 0, 100, 1, 0],
    ['used beyond the bank', 1000, 0, 1200, 20, 0, 0],
  ])('%s', (_, contracted, rolledIn, used, percent, rolledOut, expired) => {
    expect(closeHourBank(balance(contracted, rolledIn, used), terms(percent))).toMatchObject({
      rolledOut,
      expired,
    });
  });

  test('the other reading takes its share of the unused hours', () => {
    expect(closeHourBank(balance(12000, 0, 9000), terms(20, 'unused'))).toMatchObject({
      rolledOut: 600,
      expired: 2400,
    });
  });

  test('no hour is lost or made', () => {
    const hours = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(
        hours,
        hours,
        hours,
        fc.integer({ min: 0, max: 100 }),
        (contracted, rolledIn, used, percent) => {
          const close = closeHourBank(balance(contracted, rolledIn, used), terms(percent));
          expect(close.rolledOut + close.expired).toBe(close.remaining);
          expect(close.remaining - close.overage).toBe(contracted + rolledIn - used);
          expect(close.rolledOut).toBeLessThanOrEqual(Math.ceil((contracted * percent) / 100));
          expect(close.rolledOut).toBeLessThanOrEqual(contracted);
        },
      ),
    );
  });
});

describe('hour alerts', () => {
  test.each([
    [8999, 9000, [75]],
    [9000, 9100, []],
    [0, 12000, [75, 90, 100]],
    [10000, 10800, [90]],
    [12000, 13000, []],
    [9500, 8000, []],
  ])('from %i to %i used of 120 hours crosses %j', (before, after, crossed) => {
    expect(crossedAlerts(balance(12000, 0, before), balance(12000, 0, after), [100, 75, 90])).toEqual(
      crossed,
    );
  });

  test('shares are of all available hours, rolled ones included', () => {
    expect(crossedAlerts(balance(10000, 2000, 8999), balance(10000, 2000, 9000), [75])).toEqual([75]);
  });

  test('a bank without hours crosses everything with the first one used, not before', () => {
    expect(crossedAlerts(balance(0, 0, 0), balance(0, 0, 0), [75])).toEqual([]);
    expect(crossedAlerts(balance(0, 0, 0), balance(0, 0, 1), [75])).toEqual([75]);
    expect(crossedAlerts(balance(0, 0, 1), balance(0, 0, 2), [75])).toEqual([]);
  });
});

describe('a threshold', () => {
  test.each([
    ['is not reached a hundredth before it', 8999, 12_000, false],
    ['is reached on it', 9000, 12_000, true],
    ['is not reached while nothing is used, whatever is in the bank', 0, 12_000, false],
    ['is not reached while nothing is used of a bank without hours', 0, 0, false],
    ['is reached with the first hour used of a bank without hours', 1, 0, true],
  ])('%s', (_, used, contracted, reached) => {
    expect(hasReached(balance(contracted, 0, used), 75)).toBe(reached);
  });
});

describe('hours rolled in, on the day they lapse', () => {
  test.each([
    ['nothing used', 12_000, 2_400, 0, 'rolledFirst', 2_400],
    ['some of them used', 12_000, 2_400, 1_000, 'rolledFirst', 1_400],
    ['all of them used, and more', 12_000, 2_400, 5_000, 'rolledFirst', 0],
    ['the contracted ones used first', 12_000, 2_400, 5_000, 'contractedFirst', 2_400],
    ['more than the contracted ones used', 12_000, 2_400, 13_000, 'contractedFirst', 1_400],
    ['none rolled in', 12_000, 0, 1_000, 'rolledFirst', 0],
  ] as const)('%s: what nobody used is lost', (_, contracted, rolledIn, used, order, lost) => {
    expect(unusedRolledIn(balance(contracted, rolledIn, used), order)).toBe(lost);
  });

  test('count no longer as rolled in, and the contracted ones are as before', () => {
    const entries = [
      { kind: 'contracted', hours: 12_000 },
      { kind: 'rolledIn', hours: 2_400 },
      { kind: 'used', hours: 1_000 },
      { kind: 'lapsed', hours: 1_400 },
    ] as const;
    expect(balanceOf(entries)).toEqual({
      contracted: 12_000,
      rolledIn: 1_000,
      used: 1_000,
      remaining: 12_000,
      overage: 0,
    });
  });
});
