import fc from 'fast-check';
import { hasCheckDigit, readOrgNumber, rightsOrgNumber } from '../../rules/engine/basics/org-number';

test.each([
  ['556000-0001', '556000-0001'],
  ['5560000001', '556000-0001'],
  ['165560000001', '556000-0001'],
  ['16556000-0001', '556000-0001'],
  ['556000 0001', '556000-0001'],
  ['556000\u20110001', '556000-0001'],
  ['556000\u22120001', '556000-0001'],
  // A sole trader's number is a personal number, with or without its century.
  ['19640823-3234', '640823-3234'],
  ['640823-3234', '640823-3234'],
  ['200008233234', '000823-3234'],
  ['195560000001', undefined],
  ['155560000001', undefined],
  ['SE556000000101', undefined],
  ['556000-00011', undefined],
  ['', undefined],
])('"%s" is the organisation number %p', (text, number) => {
  expect(readOrgNumber(text)).toBe(number);
});

test.each([
  ['556000-0001', true],
  ['212000-0142', true],
  ['202100-5489', true],
  ['640823-3234', true],
  ['556000-0002', false],
  ['556000-0011', false],
  ['560560-0001', false],
])('the check digit of %s is right: %p', (number, right) => {
  expect(hasCheckDigit(number)).toBe(right);
});

test('one wrong digit, or two neighbours that change places, are seen', () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 9 });
  const numberOf = (all: number[]) => `${all.slice(0, 6).join('')}-${all.slice(6).join('')}`;
  fc.assert(
    fc.property(digits, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }), (nine, at, by) => {
      const right = [...Array(10).keys()]
        .map((last) => [...nine, last])
        .filter((all) => hasCheckDigit(numberOf(all)));
      expect(right).toHaveLength(1);
      const [all = []] = right;
      expect(hasCheckDigit(numberOf(all.with(at, ((all[at] ?? 0) + by) % 10)))).toBe(false);
      const [one = 0, other = 0] = [all[at % 9], all[(at % 9) + 1]];
      // Luhn's one blind spot: 09 and 90.
      if (one === other || one + other === 9 * Number(one * other === 0)) return;
      expect(hasCheckDigit(numberOf(all.with(at % 9, other).with((at % 9) + 1, one)))).toBe(false);
    }),
  );
});

test('only a number that could not be right is put right', () => {
  expect(rightsOrgNumber('556000-0002', '556000-0001')).toBe(true);
  expect(rightsOrgNumber('556000-0001', '556000-0019')).toBe(false);
  expect(rightsOrgNumber('556000-0002', '556000-0003')).toBe(false);
});
