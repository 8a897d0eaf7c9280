import fc from 'fast-check';
import { parseExactJson } from '../../rules/engine/reading/exact-json';

test.each([
  ['{"id": 8222115557379986102}', { id: '8222115557379986102' }],
  [
    '[9007199254740991, 9007199254740993, -9007199254740993]',
    [9007199254740991, '9007199254740993', '-9007199254740993'],
  ],
  ['{"8222115557379986102": "8222115557379986102"}', { '8222115557379986102': '8222115557379986102' }],
  [
    '[0.12345678901234567890, 12345678901234567890.5, 12345678901234567890e2]',
    [0.12345678901234568, 12345678901234567000, 1.2345678901234568e21],
  ],
  ['["\\" 8222115557379986102", 8222115557379986102]', ['" 8222115557379986102', '8222115557379986102']],
  [' 8222115557379986102 ', '8222115557379986102'],
])('%s', (text, value) => {
  expect(parseExactJson(text)).toEqual(value);
});

test.each(['{8222115557379986102: 1}', '[8222115557379986102', '08222115557379986102', ''])(
  '%j is no JSON',
  (text) => {
    expect(() => parseExactJson(text)).toThrow(SyntaxError);
  },
);

test('all other JSON is read as ever, however large', () => {
  const small = fc.json().filter((text) => !/\d{16}/.test(text));
  fc.assert(fc.property(small, (text) => expect(parseExactJson(text)).toEqual(JSON.parse(text))));
  const paper = JSON.stringify({ base64: 'A'.repeat(20_000_000), id: 'x' }).replace(
    '"x"',
    '8222115557379986102',
  );
  expect(parseExactJson(paper)).toHaveProperty('id', '8222115557379986102');
});
