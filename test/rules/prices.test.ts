import { ordinaryPrice } from '../../rules/engine/hours/ordinary-price';
import { formatFinding } from '../../rules/engine/reading/format-finding';
import { readPrices } from '../../rules/engine/ruleset/read-prices';
import type { OrdinaryPrice } from '../../rules/engine/ruleset/read-prices';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import { yearPrices } from '../../rules/engine/hours/year-prices';
import { exampleContract, fileText, guldTerms, plan } from './fixtures';

const price = (from: string, pricePerHour: number, changed: Partial<OrdinaryPrice> = {}): OrdinaryPrice => ({
  service: 'consulting',
  currency: 'SEK',
  from,
  pricePerHour,
  ...changed,
});

const file = (...prices: object[]): string =>
  JSON.stringify({ about: { sv: 'Priser', en: 'Prices' }, prices }, null, 1);

describe('the file of ordinary prices ("ordinarie timpristaxa")', () => {
  test('reads as it stands', () => {
    const { file: read, findings } = readPrices(fileText('rules/prices.json'), 'rules/prices.json');
    expect(findings).toEqual([]);
    expect(read?.prices.length).toBeGreaterThan(0);
  });

  test.each([
    [price('2026-01-01', 1.005), 'prices[0].pricePerHour: expected an amount with at most two decimals'],
    [price('2026-02-30', 1450), 'prices[0].from: expected a calendar date'],
    [{ ...price('2026-01-01', 1), service: 'trainin' }, 'one of consulting, technical, training, meeting'],
    [{ ...price('2026-01-01', 1), currency: 'JPY' }, 'prices[0].currency: expected one of SEK'],
    [{ ...price('2026-01-01', 1), rebate: 2 }, 'found unknown property "rebate"'],
    [{ service: 'consulting' }, 'expected property "pricePerHour", found none'],
  ])('refuses %j, saying where and why', (wrong, message) => {
    const { file: read, findings } = readPrices(file(wrong), 'rules/prices.json');
    expect(read).toBeUndefined();
    expect(findings.map((finding) => formatFinding(finding)).join('\n')).toContain(message);
    expect(findings.map((finding) => formatFinding(finding))[0]).toMatch(/^rules\/prices\.json:\d+:\d+ /);
  });

  test('refuses two prices of one service and currency from the same day', () => {
    const text = file(
      price('2026-01-01', 1),
      price('2026-01-01', 2, { currency: 'EUR' }),
      price('2026-01-01', 3),
    );
    expect(readPrices(text, 'rules/prices.json').findings.map((finding) => formatFinding(finding))).toEqual([
      'rules/prices.json:19:3 prices[2]: expected one price of consulting in SEK from 2026-01-01, found another',
    ]);
  });
});

describe('the ordinary price on a day', () => {
  const prices = [
    price('2028-01-01', 1500),
    price('2026-01-01', 1450.5),
    price('2026-01-01', 99, { currency: 'EUR' }),
    price('2026-01-01', 1650, { service: 'project' }),
  ];

  test.each([
    ['2025-12-31', undefined],
    ['2026-01-01', 145_050],
    ['2027-12-31', 145_050],
    ['2028-01-01', 150_000],
  ])('on %s is %s öre', (on, expected) => {
    expect(ordinaryPrice(prices, 'consulting', 'SEK', on)).toBe(expected);
  });

  test('is that of the service and the currency', () => {
    expect(ordinaryPrice(prices, 'project', 'SEK', '2027-01-01')).toBe(165_000);
    expect(ordinaryPrice(prices, 'consulting', 'EUR', '2027-01-01')).toBe(9_900);
    expect(ordinaryPrice(prices, 'training', 'SEK', '2027-01-01')).toBeUndefined();
  });
});

describe('the ruleset', () => {
  const guld = { 'levels/guld.json': fileText('rules/levels/guld.json') };

  test('holds the prices, and its hash follows them', () => {
    const one = readRuleset({ ...guld, 'prices.json': file(price('2026-01-01', 1450)) }).ruleset;
    const other = readRuleset({ ...guld, 'prices.json': file(price('2026-01-01', 1451)) }).ruleset;
    expect(one?.prices).toEqual([price('2026-01-01', 1450)]);
    expect(Object.keys(one?.files ?? {})).toEqual(['levels/guld.json']);
    expect(new Set([one?.hash, other?.hash, readRuleset(guld).ruleset?.hash]).size).toBe(3);
  });

  test('has none where there is no such file', () => {
    expect(readRuleset(guld).ruleset?.prices).toEqual([]);
  });

  test('says what is wrong with the prices beside what is wrong with the rules', () => {
    const { ruleset, findings } = readRuleset({ 'levels/guld.json': '{', 'prices.json': '[]' });
    expect(ruleset).toBeUndefined();
    expect(new Set(findings.map(({ file: name }) => name))).toEqual(
      new Set(['rules/levels/guld.json', 'rules/prices.json']),
    );
  });
});

describe('the price of an agreement year', () => {
  const contract = exampleContract();
  const { hourlyRate: _, ...unpriced } = contract.hourBank;
  const open = { ...contract, hourBank: unpriced };
  const list = [price('2026-01-01', 1450), price('2027-07-01', 1475), price('2028-01-01', 1500)];
  const fixed = { contract, terms: { indexPercent: 3 }, prices: list, yearNumber: 1 };
  const listed = { ...fixed, contract: open };

  test.each([
    ['fixed in the contract, with the index proposed', fixed, 145_000, 149_350],
    ['fixed, without index', { ...fixed, terms: { indexPercent: 0 } }, 145_000, 145_000],
    [
      'fixed, the index rounded down in the customer’s favour',
      { ...fixed, decided: 9_999, terms: { indexPercent: 0.03 } },
      9_999,
      10_001,
    ],
    ['decided before, the index on top of it', { ...fixed, decided: 150_000 }, 150_000, 154_500],
    ['the list’s on the first day, and the next period’s first day', listed, 145_000, 150_000],
    ['the list’s, whatever comes while the year runs', { ...listed, yearNumber: 2 }, 150_000, 150_000],
    ['decided, where the list has changed since', { ...listed, decided: 140_000 }, 140_000, 150_000],
  ])('is %s', (_what, input, hourlyRateMinor, proposedRateMinor) => {
    expect(yearPrices(input)).toEqual({ hourlyRateMinor, proposedRateMinor });
  });

  test('has to be found somewhere', () => {
    expect(() => yearPrices({ ...listed, prices: [price('2027-01-02', 1450)] })).toThrow(
      'expected a price per hour: hourBank.hourlyRate in the contract, or an ordinary price of consulting in SEK ' +
        'on 2027-01-01 in rules/prices.json; found neither',
    );
  });

  test('stands in the plan, and a re-plan keeps it', async () => {
    const terms = await guldTerms();
    const prices = { hourlyRateMinor: 142_000, proposedRateMinor: 142_000 };
    const previous = plan({ terms, contract: open, prices });
    expect(previous.hourlyRateMinor).toBe(142_000);
    expect(plan({ terms }).hourlyRateMinor).toBe(145_000);
    expect(plan({ terms, contract: open, progress: { previous, closed: {} } }).hourlyRateMinor).toBe(142_000);
  });
});
