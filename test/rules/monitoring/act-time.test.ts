import type { SupportTerms } from '../../../rules/engine/ruleset/terms';
import {
  actTimes,
  supportInstantAfter,
  supportMinutesBetween,
} from '../../../rules/engine/monitoring/act-time';

const support: SupportTerms = {
  opens: '08:30',
  closes: '16:30',
  closedDays: ['2027-05-07'],
  halfDays: ['2027-05-05'],
  halfDayCloses: '12:00',
  outsideHours: 'hold',
};

describe('minutes of support hours ("08:30-16:30 helgfria vardagar om ej annat avtalas")', () => {
  it.each([
    ['within a day', '2027-02-16T09:00:00.000Z', '2027-02-16T10:30:00.000Z', 90],
    ['from before it opens', '2027-02-16T05:00:00.000Z', '2027-02-16T08:00:00.000Z', 30],
    ['over a night', '2027-02-16T15:00:00.000Z', '2027-02-17T08:00:00.000Z', 60],
    ['over a weekend', '2027-02-12T15:00:00.000Z', '2027-02-15T08:00:00.000Z', 60],
    ['over Easter, on which summer time begins', '2027-03-25T15:00:00.000Z', '2027-03-30T07:00:00.000Z', 60],
    ['over midsummer', '2027-06-24T14:00:00.000Z', '2027-06-28T07:00:00.000Z', 60],
    ['over the night in which summer time ends', '2027-10-29T14:00:00.000Z', '2027-11-01T08:00:00.000Z', 60],
    [
      'on a half day, then over Ascension Day and a day that is closed besides',
      '2027-05-05T09:00:00.000Z',
      '2027-05-10T07:00:00.000Z',
      90,
    ],
    ['while it is closed', '2027-02-13T09:00:00.000Z', '2027-02-14T09:00:00.000Z', 0],
    ['backwards', '2027-02-16T10:00:00.000Z', '2027-02-16T09:00:00.000Z', 0],
  ])('%s', (_, from, to, minutes) => {
    expect(supportMinutesBetween(from, to, support)).toBe(minutes);
  });

  it.each([
    ['2027-02-16T09:00:00.000Z', 60, '2027-02-16T10:00:00.000Z'],
    ['2027-02-16T18:00:00.000Z', 60, '2027-02-17T08:30:00.000Z'],
    ['2027-02-12T15:00:00.000Z', 60, '2027-02-15T08:00:00.000Z'],
    // Full just when support closes: told when it opens again.
    ['2027-02-16T14:30:00.000Z', 60, '2027-02-17T07:30:00.000Z'],
    ['2027-03-25T15:00:00.000Z', 480, '2027-03-30T14:00:00.000Z'],
  ])('after %s, %i minutes have passed at %s', (from, minutes, at) => {
    expect(supportInstantAfter(from, minutes, support)).toBe(at);
    expect(supportMinutesBetween(from, at, support)).toBe(minutes);
  });
});

describe('times to act', () => {
  it.each([
    [[], { count: 0, median: 0, longest: 0 }],
    [[7], { count: 1, median: 7, longest: 7 }],
    [[30, 10], { count: 2, median: 20, longest: 30 }],
    [[90, 5, 10], { count: 3, median: 10, longest: 90 }],
  ])('of %j', (minutes, summed) => {
    expect(actTimes(minutes)).toEqual(summed);
  });
});
