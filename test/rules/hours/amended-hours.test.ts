import { amendedHours } from '../../../rules/engine/hours/amended-hours';

describe('the hours of a year after an amendment', () => {
  const year = { from: '2027-01-01', begun: true };
  const had = { hours: 12_000, of: 12_000 };
  const byMonth = { amendment: { proration: 'byMonth' } } as const;

  it.each([
    ['more, whole where the terms say nothing', 18_000, '2027-07-15', {}, { hours: 18_000, of: 18_000 }],
    [
      'more, for the six months that are left with the begun one',
      18_000,
      '2027-07-15',
      byMonth,
      { hours: 15_000, of: 18_000 },
    ],
    ['more, from the first day', 18_000, '2027-01-01', byMonth, { hours: 18_000, of: 18_000 }],
    ['more, on the last day', 18_000, '2027-12-31', byMonth, { hours: 12_500, of: 18_000 }],
    ['more, rounded up to a hundredth', 12_001, '2027-12-31', byMonth, { hours: 12_001, of: 12_001 }],
    ['fewer, which wait for the next', 6_000, '2027-07-15', byMonth, had],
    ['as many', 12_000, '2027-07-15', byMonth, had],
  ] as const)('%s', (_what, asked, day, terms, after) => {
    expect(amendedHours(had, asked, year, day, terms)).toEqual(after);
  });

  it('are not added a second time when the year is planned again', () => {
    const once = amendedHours(had, 18_000, year, '2027-07-15', byMonth);
    expect(amendedHours(once, 18_000, year, '2027-09-01', byMonth)).toEqual(once);
    expect(amendedHours(once, 24_000, year, '2027-10-01', byMonth)).toEqual({ hours: 16_500, of: 24_000 });
  });

  it('are those of the contract before the year has begun', () => {
    const next = { ...year, begun: false };
    expect(amendedHours(had, 6_000, next, '2026-12-15', byMonth)).toEqual({ hours: 6_000, of: 6_000 });
    expect(amendedHours(had, 18_000, next, '2026-12-15', byMonth)).toEqual({ hours: 18_000, of: 18_000 });
  });
});
