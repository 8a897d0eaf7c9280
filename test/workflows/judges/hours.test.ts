import { askedFor, guldPlan, messageTo, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { judgeCorrection, judgeHours } from '../../../workflows/judges/hours';
import type { Year } from '../../../workflows/year/year';
import type { YearState } from '../../../workflows/year/year-state';

const now = '2027-03-10T09:00:00.000Z';

let plan: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
});

const year = (state: Partial<YearState> = {}, at = now): Year => yearAt(at, { plan, state });

describe('hoursUsed', () => {
  const { take, refusal } = messageTo('hoursUsed', judgeHours);

  it('has the hours booked, with all that was said of them', async () => {
    const one = year();
    const input = { hours: 2.5, kind: 'consulting', note: 'new layout', ref: 'anna-1', by: 'anna' };
    expect(take(one, input)).toEqual({ hours: 2.5 });
    const { entryId } = one.state.steps[0]!;
    expect(entryId).toMatch(/^[0-9a-f-]{36}$/);
    expect(one.state.hoursToBook).toEqual([
      {
        ...{ entryId, hours: 250, by: 'anna', byAssumed: false, asOf: now },
        ...{ service: 'consulting', note: 'new layout', ref: 'anna-1' },
      },
    ]);
    expect(await askedFor()).toEqual([]);
  });

  it('takes the consultant for who sent it where nobody is named', () => {
    const one = year();
    take(one, { hours: 1 });
    const [entry] = one.state.hoursToBook;
    expect(entry).toEqual({
      entryId: entry?.entryId,
      hours: 100,
      by: 'consultant',
      byAssumed: true,
      asOf: now,
    });
  });

  it('gives two equal reports two entries', () => {
    const one = year();
    take(one, { hours: 1 });
    take(one, { hours: 1 });
    const [first, second] = one.state.hoursToBook.map(({ entryId }) => entryId);
    expect(first).not.toBe(second);
    expect(one.state.steps.map(({ entryId }) => entryId)).toEqual([first, second]);
  });

  it.each([
    ['the least', 0.01, 1],
    ['the most', 2000, 200_000],
    ['a number that floating point cannot hold', 1.15, 115],
    ['a text with a comma', '7,25', 725],
  ])('counts in hundredths, exactly: %s', (_what, hours, hundredths) => {
    const one = year();
    take(one, { hours });
    expect(one.state.hoursToBook[0]?.hours).toBe(hundredths);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'no hours',
      { note: 'x' },
      'hours: expected a number, found nothing',
      'hours: förväntade ett tal, hittade ingenting',
    ],
    [
      'none',
      { hours: 0 },
      'hours: expected a number above 0 and at most 2000, found 0',
      'hours: förväntade ett tal över 0 och högst 2000, hittade 0',
    ],
    [
      'less than none',
      { hours: -2.5 },
      'hours: expected a number above 0 and at most 2000, found -2.5',
      'hours: förväntade ett tal över 0 och högst 2000, hittade -2.5',
    ],
    [
      'more than a year has',
      { hours: 2000.01 },
      'hours: expected a number above 0 and at most 2000, found 2000.01',
      'hours: förväntade ett tal över 0 och högst 2000, hittade 2000.01',
    ],
    [
      'without end',
      { hours: 'Infinity' },
      'hours: expected hours as 1.5 or 1:30, found "Infinity"',
      'hours: förväntade timmar som 1,5 eller 1:30, hittade "Infinity"',
    ],
    [
      'three decimals',
      { hours: 2.125 },
      'hours: expected at most two decimals, found 2.125',
      'hours: förväntade högst två decimaler, hittade 2.125',
    ],
    [
      'next to nothing',
      { hours: 1e-7 },
      'hours: expected at most two decimals, found 1e-7',
      'hours: förväntade högst två decimaler, hittade 1e-7',
    ],
  ])('is refused with the reason: %s', (_what, input, en, sv) => {
    expect(refusal(year(), input)).toEqual({ en, sv });
  });

  it.each([
    ['the millisecond before midnight in Sweden', '2026-12-31T22:59:59.999Z', true],
    ['midnight', '2026-12-31T23:00:00.000Z', false],
  ])('is refused until the year begins: %s', (_what, at, refused) => {
    const one = year({}, at);
    if (refused)
      expect(refusal(one, { hours: 1 })).toEqual({
        en: 'the agreement year begins on 2027-01-01; hours can be used from then',
        sv: 'avtalsåret börjar 2027-01-01; timmar kan användas från då',
      });
    else expect(take(one, { hours: 1 })).toEqual({ hours: 1 });
  });

  it.each([
    ['little waits while the year is closed', true, 10, false],
    ['much waits while the year is closed', true, 200, true],
    ['much waits while the year runs', false, 200, false],
  ])('is refused only where too much would go into the next run: %s', (_what, over, waiting, refused) => {
    const entry = {
      entryId: 'x'.repeat(36),
      hours: 100,
      by: 'anna',
      byAssumed: false,
      asOf: now,
      note: 'y'.repeat(30),
    };
    const one = year({ hoursToBook: Array.from({ length: waiting }, () => entry) });
    one.over = over;
    if (refused)
      expect(refusal(one, { hours: 1 })).toEqual({
        en: 'the agreement year is being closed just now; try again in a while',
        sv: 'avtalsåret avslutas just nu; försök igen om en stund',
      });
    else expect(take(one, { hours: 1 })).toEqual({ hours: 1 });
  });
});

describe('hoursCorrected', () => {
  const { take, refusal } = messageTo('hoursCorrected', judgeCorrection);

  it('has the entry corrected; taking it back is not taking a step back', () => {
    const one = year();
    const input = { ref: 'anna-1', hours: 2, reason: 'half an hour was travel', by: 'anna' };
    expect(take(one, input)).toEqual({ ref: 'anna-1', hours: 2 });
    const [entry] = one.state.hoursToBook;
    expect(entry).toEqual({
      ...{ entryId: entry?.entryId, hours: 200, corrects: { ref: 'anna-1' }, by: 'anna', byAssumed: false },
      ...{ asOf: now, note: 'half an hour was travel' },
    });
    expect(one.state.steps).toEqual([]);
  });

  it.each([
    ['nothing', 0, 0],
    ['the most', 2000, 200_000],
    ['a hundredth', '0,01', 1],
  ])('corrects to %s', (_what, hours, hundredths) => {
    const one = year();
    take(one, { ref: 'anna-1', hours });
    expect(one.state.hoursToBook[0]?.hours).toBe(hundredths);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'no ref',
      { hours: 2 },
      'ref: expected a text or a number, found nothing',
      'ref: förväntade en text eller ett tal, hittade ingenting',
    ],
    [
      'a blank ref',
      { hours: 2, ref: ' ' },
      'ref: expected a text or a number, found nothing',
      'ref: förväntade en text eller ett tal, hittade ingenting',
    ],
    [
      'no hours',
      { ref: 'anna-1' },
      'hours: expected a number, found nothing',
      'hours: förväntade ett tal, hittade ingenting',
    ],
    [
      'less than none',
      { ref: 'anna-1', hours: -0.01 },
      'hours: expected a number from 0 to 2000, found -0.01',
      'hours: förväntade ett tal från 0 till 2000, hittade -0.01',
    ],
    [
      'more than a year has',
      { ref: 'anna-1', hours: 2001 },
      'hours: expected a number from 0 to 2000, found 2001',
      'hours: förväntade ett tal från 0 till 2000, hittade 2001',
    ],
    [
      'three decimals',
      { ref: 'anna-1', hours: 0.125 },
      'hours: expected at most two decimals, found 0.125',
      'hours: förväntade högst två decimaler, hittade 0.125',
    ],
  ])('is refused with the reason: %s', (_what, input, en, sv) => {
    expect(refusal(year(), input)).toEqual({ en, sv });
  });
});
