import { diffContract } from '../../rules/engine/contract/change-contract';
import { contractChangeWords } from '../../templates/preview/contract-change';
import { exampleContract } from '../helpers/example';

const sek = { from: 'SEK', to: 'SEK' };
const words = (path: string, from: unknown, to: unknown, currencies = sek) => {
  const { what, ...change } = contractChangeWords({ path, from, to }, currencies);
  return [what?.sv, change.from.sv, change.to.sv, change.to.en];
};

it.each([
  ['hourBank.hours', 120, 7.25, ['timmar per år', '120\u00a0timmar', '7,25\u00a0timmar', '7.25\u00a0hours']],
  [
    'hourBank.hourlyRate',
    undefined,
    1450.1,
    ['timpris före rabatt', '(inget)', '1\u00a0450,10\u00a0kr', 'SEK\u00a01,450.10'],
  ],
  ['hourBank.discountPercent', 10, 12.5, ['rabatt', '10 %', '12,5 %', '12.5%']],
  ['level', 'silver', 'guld', ['nivå', 'Silver', 'Guld', 'Gold']],
  [
    'signedOn',
    '2026-12-01',
    '2027-03-15',
    ['signerat', 'tisdag 1 december 2026', 'måndag 15 mars 2027', 'Monday 15 March 2027'],
  ],
  ['integrations.shop.owner', 'partner', undefined, [undefined, 'partner', '(inget)', '(nothing)']],
])('%s from %j to %j reads as people say it', (path, from, to, expected) => {
  expect(words(path, from, to)).toEqual(expected);
});

it('money of before and after is each in its own currency', () => {
  expect(words('hourBank.hourlyRate', 1000, 100, { from: 'SEK', to: 'EUR' }).slice(1, 3)).toEqual([
    '1\u00a0000,00\u00a0kr',
    '100,00\u00a0EUR',
  ]);
});

it('every difference of two contracts has words, however large the value is', () => {
  const before = exampleContract();
  const after = exampleContract({
    systems: { ...before.systems, other: { version: 'x'.repeat(5_000) } },
    monitors: [],
  });
  const changes = diffContract(before, after).map((change) => contractChangeWords(change, sek));
  expect(changes.length).toBeGreaterThan(1);
  for (const { from, to } of changes)
    for (const text of [from.sv, from.en, to.sv, to.en]) {
      expect(text).not.toBe('');
      expect(text.length).toBeLessThan(100);
    }
});
