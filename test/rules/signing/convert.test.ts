import fc from 'fast-check';
import { addDays } from '../../../rules/engine/calendar/dates';
import { convert } from '../../../rules/engine/signing/convert';

const nbsp = '\u00a0';
const thin = '\u2009';
const narrow = '\u202f';

test.each([
  ['2027-01-31', '2027-01-31'],
  [' 2027-01-31 ', '2027-01-31'],
  ['2027/01/31', '2027-01-31'],
  ['2027.01.31', '2027-01-31'],
  ['20270131', '2027-01-31'],
  ['2027-01-31T00:00:00', '2027-01-31'],
  ['2026-12-31T23:30:00Z', '2027-01-01'],
  ['2027-01-31T10:00:00+01:00', '2027-01-31'],
  ['31/1 2027', '2027-01-31'],
  ['31/1-2027', '2027-01-31'],
  ['1/2 2027', '2027-02-01'],
  ['31.1.2027', '2027-01-31'],
  ['1-2-2027', '2027-02-01'],
  ['1 januari 2027', '2027-01-01'],
  [`1${nbsp}januari${nbsp}2027`, '2027-01-01'],
  ['den 1 januari 2027', '2027-01-01'],
  ['Fredag den 1 januari 2027', '2027-01-01'],
  ['fredagen den 1 januari 2027', '2027-01-01'],
  ['den 1:a maj 2027', '2027-05-01'],
  ['3:e okt. 2027', '2027-10-03'],
  ['28 FEBRUARI 2027', '2027-02-28'],
  ['29 februari 2028', '2028-02-29'],
  ['1 January 2027', '2027-01-01'],
  ['January 1, 2027', '2027-01-01'],
  ['1st of May 2027', '2027-05-01'],
])('the date "%s" is %s', (text, date) => {
  expect(convert('date', text)).toBe(date);
});

test.each([
  ['1/2/2027'],
  ['1/31/2027'],
  ['31/1 27'],
  ['2027-02-29'],
  ['2027-13-01'],
  ['2027-1-1'],
  ['2027-01-31T99:00:00Z'],
  ['32 januari 2027'],
  ['1 januar 2027'],
  ['1 januari'],
  ['snarast'],
  ['2027'],
])('"%s" is no date', (text) => {
  expect(convert('date', text)).toBeUndefined();
});

test('every day is read back however it is written', () => {
  const names = 'januari februari mars april maj juni juli augusti september oktober november december'.split(
    ' ',
  );
  fc.assert(
    fc.property(fc.nat(36_500), (days) => {
      const date = addDays('2000-01-01', days);
      const [year = '', month = '', day = ''] = date.split('-');
      const short = `${Number(day)}/${Number(month)}`;
      for (const text of [
        date,
        date.replaceAll('-', ''),
        `${short} ${year}`,
        `${short}-${year}`,
        `den ${Number(day)} ${names[Number(month) - 1]} ${year}`,
      ])
        expect(convert('date', text)).toBe(date);
    }),
  );
});

test.each([
  ['120', 120],
  ['120,5', 120.5],
  ['120.5', 120.5],
  ['0,125', 0.125],
  ['1 200', 1200],
  [`1${nbsp}200`, 1200],
  [`1${thin}200,50`, 1200.5],
  [`12${narrow}345${narrow}678`, 12_345_678],
  ["1'200", 1200],
  ['1.200,50', 1200.5],
  ['1,200.50', 1200.5],
  ['1.200.000', 1_200_000],
  ['1200,505', 1200.505],
  ['-5', -5],
  ['−5', -5],
  ['+5', 5],
  ['-0', 0],
  ['007', 7],
])('the number "%s" is %d', (text, number) => {
  expect(convert('number', text)).toBe(number);
});

test.each([
  ['1,200'],
  ['1.200'],
  ['1 20'],
  ['12 00'],
  ['1 200 50'],
  ['1.200.50'],
  ['1,2,3'],
  ['120 timmar'],
  ['1e3'],
  ['0x10'],
  ['Infinity'],
  ['tolv'],
  ['1234567890123456'],
  ['--5'],
  [','],
  ['5,'],
  [',5'],
])('"%s" is no number', (text) => {
  expect(convert('number', text)).toBeUndefined();
});

test.each([
  ['120 timmar', ['timmar'], 120],
  [`1${nbsp}450,00${nbsp}kr`, ['kr'], 1450],
  ['120h', ['h'], 120],
  ['12,5 %', ['%'], 12.5],
  ['1 450 KR/TIM', ['kr', 'kr/tim'], 1450],
  ['120', ['timmar'], 120],
  ['120 timmar per månad', ['timmar'], undefined],
  ['1 450 EUR', ['kr'], undefined],
  ['timmar', ['timmar'], undefined],
])('"%s" with the units %j is %p', (text, units, number) => {
  expect(convert('number', text, units)).toBe(number);
});

test('every amount is read back as it is written in Swedish and in English', () => {
  fc.assert(
    fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), (hundredths) => {
      const number = hundredths / 100;
      for (const language of ['sv-SE', 'en-GB', 'de-CH']) {
        const text = number.toLocaleString(language, { minimumFractionDigits: 2 });
        expect(convert('number', text)).toBe(number);
      }
    }),
  );
});

test.each([
  ['Testbolaget 2027', 'testbolaget-2027'],
  ['Örebro Åkeri & Söner AB', 'orebro-akeri-soner-ab'],
  ['A\u030Angstro\u0308m', 'angstrom'],
  ['Crème brûlée / Ærø', 'creme-brulee-aero'],
  ['  --Avtal nr. 7--  ', 'avtal-nr-7'],
  // What nobody sees gives no second agreement beside the one it looks like.
  ...[...'\u200b\u00ad\u202e\u200d\u2060\ufeff\ufe0f'].map((unseen): [string, string] => [
    `Test${unseen}bolaget 2027`,
    'testbolaget-2027',
  ]),
  ['Ｔｅｓｔｂｏｌａｇｅｔ\u3000２０２７', 'testbolaget-2027'],
  ['ﬁrma 2027™', 'firma-2027tm'],
  ['—', undefined],
  ['x'.repeat(40), 'x'.repeat(40)],
  ['x'.repeat(41), undefined],
])('"%s" as an id is %p', (text, id) => {
  expect(convert('id', text)).toBe(id);
});

test('whatever the text, an id is one that a contract takes, and stays itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const id = convert('id', text);
      if (id === undefined) return;
      expect(id).toMatch(/^[a-z0-9-]{1,40}$/);
      expect(convert('id', String(id))).toBe(id);
    }),
  );
});

test.each([
  ['556000-0001', '556000-0001'],
  ['5560000001', '556000-0001'],
  ['556000–0001', '556000-0001'],
  ['556000 - 0001', '556000-0001'],
  ['16556000-0001', '556000-0001'],
  ['165560000001', '556000-0001'],
  ['556000-001', undefined],
  ['195560000001', undefined],
  ['SE556000000101', undefined],
])('the organisation number "%s" is %p', (text, number) => {
  expect(convert('orgNumber', text)).toBe(number);
});

test.each([
  [' karin.ek@example.com ', 'karin.ek@example.com'],
  ['mailto:karin.ek@example.com', 'karin.ek@example.com'],
  ['karin.ek', undefined],
  ['Karin <karin.ek@example.com>', undefined],
  ['a@example.com, b@example.com', undefined],
])('the address "%s" is %p', (text, address) => {
  expect(convert('email', text)).toBe(address);
});

test.each([
  ['Ja', true],
  ['YES', true],
  ['true', true],
  ['X', true],
  ['nej', false],
  ['No', false],
  ['false', false],
  ['kanske', undefined],
])('"%s" as yes or no is %p', (text, answer) => {
  expect(convert('yesNo', text)).toBe(answer);
});

test('a text is one line, however its box wraps it', () => {
  expect(convert('text', `  Order\r\nfrån${nbsp} webshop `)).toBe('Order från webshop');
});
