/** How a basis is written for an ERP: quantity times price to the öre, or one times the amount; and what a profile may say. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { exportFile } from '../../../rules/engine/invoicing/export-lines';
import type { ExportProfile } from '../../../rules/engine/invoicing/export-lines';
import { readExport } from '../../../rules/engine/invoicing/read-export';
import { windows1252Text } from '../../../rules/engine/basics/windows-1252';

const shipped = readFileSync(path.join(__dirname, '../../../rules/exports/visma-business.json'), 'utf8');
const { profile = {} as ExportProfile } = readExport(shipped, 'rules/exports/visma-business.json');
const hour = 3600;

const basis = (rows: [seconds: number, priceMinor: number, amountMinor: number][], text = 'Timbank') => ({
  texts: {
    ...{ kind: 'invoice', basis: 'U-2027-00042', issuedOn: '2027-03-01', customerNumber: '10005' },
    ...{ reference: 'Åsa; "Ek"', currency: 'SEK' },
  },
  rows: rows.map(([seconds, priceMinor, amountMinor]) => ({
    ...{ seconds, priceMinor, amountMinor, timeText: '14:10:48 tim à 1 317,50 kr' },
    texts: { article: '3010', text, vatCode: '1', from: '2027-04-01', to: '2027-06-30' },
  })),
});
const linesOf = (...parts: Parameters<typeof basis>): string[] =>
  windows1252Text(exportFile([basis(...parts)], profile)).split('\r\n');

test('the shipped profile writes H with the customer’s number, L with article and quantity, in Windows-1252', () => {
  expect(linesOf([[30 * hour, 123_250, 3_697_500]])).toEqual([
    'H;1;U-2027-00042;20270301;;Åsa Ek;10005;;SEK',
    'L;;3010;Timbank;30;1232,5;1;20270401;20270630',
    '',
  ]);
});

test.each<[string, number, number, number, string, string, string]>([
  ['whole hours', 10 * hour, 131_750, 1_317_500, '10', '1317,5', 'Timbank'],
  ['a hundredth of an hour', 51_048, 131_750, 1_868_215, '14,18', '1317,5', 'Timbank'],
  ['a third of an hour', 4_800, 123_250, 164_333, '1', '1643,33', 'Timbank, 14:10:48 tim à 1 317,50 kr'],
  ['rounded down to the öre', 9, 131_750, 329, '1', '3,29', 'Timbank, 14:10:48 tim à 1 317,50 kr'],
  ['a credit', -10 * hour, 131_750, -1_317_500, '-10', '1317,5', 'Timbank'],
  ['a credit of a third', -4_800, 123_250, -164_333, '-1', '1643,33', 'Timbank, 14:10:48 tim à 1 317,50 kr'],
  [
    'an öre that the last instalment took',
    30 * hour,
    123_250,
    3_697_501,
    '1',
    '36975,01',
    'Timbank, 14:10:48 tim à 1 317,50 kr',
  ],
])('%s', (_what, seconds, priceMinor, amountMinor, quantity, price, text) => {
  const [, row = ''] = linesOf([[seconds, priceMinor, amountMinor]]);
  const [, , , told, times, each] = row.split(';');
  expect([times, each, told]).toEqual([quantity, price, text]);
  const number = (written = ''): number => Number(written.replace(',', '.'));
  expect(Math.round(number(times) * number(each) * 100)).toBe(amountMinor);
});

test('a text can neither end its field nor its line; what the encoding lacks is a question mark', () => {
  expect(linesOf([[hour, 100, 100]], 'a;b\r\n"c" 漢 – €')[1]).toContain(';a b c ? – €;');
});

test.each<[string, (profile: Record<string, unknown>) => void, string]>([
  [
    'an unknown value',
    (one) => void ((one.row as unknown[])[2] = { value: 'artikel' }),
    'row[2].value: expected one of agreement, amount',
  ],
  [
    'a row’s value in the line of the basis',
    (one) => void ((one.basis as unknown[])[2] = { value: 'article' }),
    'basis[2].value: expected a value of the basis',
  ],
  [
    'no price',
    (one) => void (one.row = ['L', { value: 'quantity' }]),
    'row: expected quantity and price, or amount, found no "price"',
  ],
  ['another separator', (one) => void (one.separator = 'x'), 'separator: expected one of'],
])('%s is told where it stands', (_what, change, message) => {
  const changed = JSON.parse(shipped) as Record<string, unknown>;
  change(changed);
  const { profile: read, findings } = readExport(JSON.stringify(changed), 'rules/exports/x.json');
  expect(read).toBeUndefined();
  expect(findings.map(({ message: said }) => said).join()).toContain(message);
});
