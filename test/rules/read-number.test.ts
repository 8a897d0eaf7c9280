import {
  readHours,
  readMinutes,
  readNumber,
  readWhole,
  wholeSeconds,
  secondsOf,
  timeOfDay,
} from '../../rules/engine/basics/read-number';

/** What a text is as a number, as hours, as minutes and as a whole number; nothing where it is none. */
const table: [string, ...(number | undefined)[]][] = [
  ['12', 12, 12, 12, 12],
  [' 12 ', 12, 12, 12, 12],
  ['1,5', 1.5, 1.5, 1.5],
  ['1.5', 1.5, 1.5, 1.5],
  ['−3', -3, -3, -3],
  ['-3', -3, -3, -3],
  ['– 3', -3, -3, -3],
  ['1500', 1500, 1500, 1500, 1500],
  // Thousands: a number has them; hours and minutes are asked for where nothing else tells that they are meant.
  ['1 500', 1500, undefined, 1500],
  ['1\u00a0500', 1500, undefined, 1500],
  ['1\u202f500', 1500, undefined, 1500],
  ['1’500', 1500, undefined, 1500],
  ['1 500 h', undefined, undefined, undefined],
  ['-1 500', -1500, undefined, -1500],
  ['1 500,5', 1500.5, 1500.5, 1500.5],
  ['1 500,0', 1500, 1500, 1500],
  ['1.500,5', 1500.5, 1500.5, 1500.5],
  ['1.500', undefined, undefined, undefined],
  ['1,500', undefined, undefined, undefined],
  ['1 50', undefined, undefined, undefined],
  ['0,500', 0.5, 0.5, 0.5],
  // Spans of time.
  ['1:30', undefined, 1.5, 90],
  ['1:30:30', undefined, 1.51, 90.5],
  ['0:05', undefined, 0.08, 5],
  ['1:75', undefined, undefined, undefined],
  ['1,5 h', undefined, 1.5, 90],
  ['2 timmar', undefined, 2, 120],
  ['90 min', undefined, 1.5, 90],
  ['20 min', undefined, 0.33, 20],
  ['89,5 min', undefined, 1.49, 89.5],
  ['1 tim 30 min', undefined, 1.5, 90],
  ['1 h 30 min', undefined, 1.5, 90],
  ['1h30', undefined, 1.5, 90],
  ['1 timme och 15 minuter', undefined, 1.25, 75],
  ['1h 5 kg', undefined, undefined, undefined],
  // A number with a point or a comma is a decimal number, also with two decimals: nothing tells that minutes are meant.
  ['1.30', 1.3, 1.3, 1.3],
  ['1,30', 1.3, 1.3, 1.3],
  ['1.30 h', undefined, 1.3, 78],
  // What a program would take for a number.
  ['0x10', undefined, undefined, undefined],
  ['1e2', undefined, undefined, undefined],
  ['Infinity', undefined, undefined, undefined],
  ['NaN', undefined, undefined, undefined],
  ['', undefined, undefined, undefined],
  ['.5', undefined, undefined, undefined],
  ['1234567890123456', undefined, undefined, undefined],
];

describe('what a person writes', () => {
  it.each(table.map(([text, ...means]) => ({ text, means: [0, 1, 2, 3].map((at) => means[at]) })))(
    'is a number, hours, minutes and a whole number: $text is $means',
    ({ text, means }) => {
      expect([readNumber(text), readHours(text), readMinutes(text), readWhole(text, 0, 9999)]).toEqual(means);
    },
  );
});

it.each([
  [2.5, 9000],
  [1.15, 4140],
  [1 / 3, 1200],
  [0, 0],
  [0.0001, NaN],
  [1e-10, NaN],
])('%d hours are %d whole seconds', (hours, seconds) => {
  expect(wholeSeconds(hours)).toBe(seconds);
});

it.each([
  ['1:30', 5400],
  ['0:20', 1200],
  ['20 min', 1200],
  ['1 h 20 min', 4800],
  ['1,5', undefined],
])('a span is exact to the second: %s is %s', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

it.each([
  ['10.00', '10:00'],
  ['9:30', '09:30'],
  ['kl 13.30', '13:30'],
  ['kl. 13:30', '13:30'],
  ['Klockan 9.05', '09:05'],
  ['10:00:00', '10:00'],
  ['10:00:30', '10:00:30'],
  ['tio', 'tio'],
])('a time of day: %s is %s', (text, time) => {
  expect(timeOfDay(text)).toBe(time);
});
