import { dateReader, readTime } from '../../../rules/engine/imports/forms';
import type { TimeForm } from '../../../rules/engine/imports/profile';

test.each([
  ['YYYY-MM-DD', '2027-02-01', '2027-02-01'],
  ['YYYY-MM-DD', '2027-02-01 08:30', '2027-02-01'],
  ['YYYY-MM-DD', '2027-02-01T08:30:15', '2027-02-01'],
  ['YYYY-MM-DD', '2027-02-30', undefined],
  ['YYYY-MM-DD', '2027-2-1', undefined],
  ['YYYY-MM-DD', '01/02/2027', undefined],
  ['YYYY-MM-DD', '2027-02-01Z', undefined],
  ['YYYYMMDD', '20270201', '2027-02-01'],
  ['MM/DD/YYYY', '02/01/2027', '2027-02-01'],
  ['MM/DD/YYYY', '02/01/2027 8:30 AM', '2027-02-01'],
  ['DD/MM/YYYY', '02/01/2027', '2027-01-02'],
  ['D/M/YYYY', '2/1/2027', '2027-01-02'],
  ['D.M.YYYY', '12.10.2027', '2027-10-12'],
  ['D.M.YYYY', '12x10x2027', undefined],
  ['DD/MM/YYYY', '2/1/2027', undefined],
  ['YYYY-MM-DD', '', undefined],
])('a date as %s: "%s" is %s', (form, text, expected) => {
  expect(dateReader(form)(text)).toBe(expected);
});

test.each<[TimeForm, string, number | undefined]>([
  ['1,5', '1,5', 5400],
  ['1,5', '1,50 tim', 5400],
  ['1,5', '8', 28_800],
  ['1,5', '0,33', 1188],
  ['1,5', '1,333', 4799],
  ['1,5', '1,3333', 4800],
  ['1,5', '-1,5', -5400],
  ['1,5', '−1,5', -5400],
  ['1,5', '- 1,5', -5400],
  ['1,5', '-0', 0],
  ['1,5', '1 234,5', 4_444_200],
  ['1,5', '1\u00a0234,5', 4_444_200],
  ['1,5', '1.234,5', 4_444_200],
  ['1,5', '1.5', undefined],
  ['1,5', '1:30', undefined],
  ['1,5', '0x10', undefined],
  ['1,5', '1e2', undefined],
  ['1,5', '', undefined],
  ['1.5', '1.5', 5400],
  ['1.5', '1.5h', 5400],
  ['1.5', '1,234.5', 4_444_200],
  ['1.5', '1,5', undefined],
  ['1:30', '1:30', 5400],
  ['1:30', '01:30:15', 5415],
  ['1:30', '-0:45', -2700],
  ['1:30', '26:00', 93_600],
  ['1:30', '1:75', undefined],
  ['1:30', '1,5', undefined],
  ['1:30', '90 min', undefined],
])('time as %s: "%s" is %s seconds', (form, text, expected) => {
  expect(readTime(text, form)).toBe(expected);
});
