import { readUntil } from '../../../activities/desk/answers';

describe('until when a check rests, as people write it', () => {
  test.each<[string, string | undefined]>([
    ['2027-06-05', '2027-06-05T22:00:00.000Z'],
    [' 2027-01-05 ', '2027-01-05T23:00:00.000Z'],
    ['2027-03-28', '2027-03-28T22:00:00.000Z'],
    ['2027-06-05 08:30', '2027-06-05T06:30:00.000Z'],
    ['2027-06-05T8.30', '2027-06-05T06:30:00.000Z'],
    ['2027-06-05T06:30:00.000Z', '2027-06-05T06:30:00.000Z'],
    ['2027-06-05T08:30:00+02:00', '2027-06-05T06:30:00.000Z'],
    ['2027-06-05 24:30', undefined],
    ['2027-02-30', undefined],
    ['2027-06-05T99:30:00Z', undefined],
    ['tomorrow', undefined],
    ['', undefined],
  ])('%j', (text, expected) => {
    expect(readUntil(text)).toBe(expected);
  });
});
