import { amountOf, discountedRate, overagePrice, toMinorUnits } from '../../rules/engine/hours/price';

describe('prices ("% rabatt jämfört ordinarie timpristaxa")', () => {
  test.each([
    [1450, 145000],
    [135.5, 13550],
    [0.07, 7],
  ])('%f is %i minor units', (amount, expected) => {
    expect(toMinorUnits(amount)).toBe(expected);
  });

  test('an amount with more than two decimals is refused', () => {
    expect(() => toMinorUnits(1.005)).toThrow('expected an amount with at most two decimals, found 1.005');
  });

  test.each([
    [145000, 15, 123250],
    [145000, 0, 145000],
    [145000, 100, 0],
    [13550, 12.5, 11856],
    [99, 33.33, 66],
  ])('%i less %f %% is %i, rounded in the customer’s favour', (rate, discount, expected) => {
    expect(discountedRate(rate, discount)).toBe(expected);
  });

  test.each([
    ['discounted', 9000, 308125],
    ['ordinary', 9000, 362500],
    ['discounted', 1188, 40672],
    ['ordinary', 0, 0],
    ['ordinary', 1200, 48333],
  ] as const)('overage at the %s price: %i seconds cost %i', (price, seconds, expected) => {
    const rate = overagePrice(145000, { discountPercent: 15, overage: { price } });
    expect(amountOf(seconds, rate)).toBe(expected);
  });

  test('amounts beyond floating point stay exact', () => {
    expect(amountOf(360_000_036, 100_000_007)).toBe(10_000_001_700_000);
  });
});
