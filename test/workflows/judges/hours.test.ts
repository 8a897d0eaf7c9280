import { askedFor, guldPlan, messageTo, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { judgeCorrection, judgeGiving, judgeHours } from '../../../workflows/judges/hours';
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
        ...{ entryId, seconds: 9000, by: 'anna', byAssumed: false, asOf: now },
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
      seconds: 3600,
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
    ['a hundredth', 0.01, 36],
    ['the most', 2000, 7_200_000],
    ['a number that floating point cannot hold', 1.15, 4140],
    ['a text with a comma', '7,25', 26_100],
    ['twenty minutes', '0:20', 1200],
    ['twenty minutes as a calculator says it', 1 / 3, 1200],
    ['minutes and seconds', '1:30:05', 5405],
  ])('counts in whole seconds, exactly: %s', (_what, hours, seconds) => {
    const one = year();
    take(one, { hours, confirm: true });
    expect(one.state.hoursToBook[0]?.seconds).toBe(seconds);
  });

  it('takes the day of the work', () => {
    const one = year();
    expect(take(one, { hours: 1, on: '2027-03-09' })).toEqual({ hours: 1, on: '2027-03-09' });
    expect(one.state.hoursToBook[0]?.on).toBe('2027-03-09');
  });

  it('takes a manager’s yes with its reason', () => {
    const one = year();
    take(one, { hours: 1, on: '2027-03-09', approvedBy: 'mats', note: 'a forgotten report' });
    expect(one.state.hoursToBook[0]).toMatchObject({ approvedBy: 'mats', note: 'a forgotten report' });
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'a yes without a reason',
      { hours: 1, approvedBy: 'mats' },
      'note: expected a reason why the manager approves it, found none',
      'note: förväntade en anledning till att chefen godkänner det, hittade ingen',
    ],
    [
      'a yes of one who is no manager',
      { hours: 1, approvedBy: 'contact-1', note: 'late' },
      'approvedBy: expected a manager, found contact-1, who is none',
      'approvedBy: förväntade en chef, hittade contact-1, som inte är det',
    ],
    [
      'a day to come',
      { hours: 1, on: '2027-03-11' },
      'on: expected the day of the work, today (2027-03-10) or before, found 2027-03-11',
      'on: förväntade dagen då arbetet gjordes, i dag (2027-03-10) eller tidigare, hittade 2027-03-11',
    ],
    [
      'a day before the agreement',
      { hours: 1, on: '2026-12-31' },
      "on: expected a day from the agreement's first, 2027-01-01, on, found 2026-12-31",
      'on: förväntade en dag från och med avtalets första, 2027-01-01, hittade 2026-12-31',
    ],
    [
      'more than a day',
      { hours: 24.5 },
      'hours: 24.5 hours are more than a day; if that is right, send the same with "confirm": true',
      'hours: 24.5 timmar är mer än ett dygn; om det stämmer, skicka samma med "confirm": true',
    ],
    [
      'a kind of work that there is not',
      { hours: 1, kind: 'fika' },
      'kind: expected one of consulting, technical, training, project, support, meeting, other, found fika',
      'kind: förväntade ett av consulting, technical, training, project, support, meeting, other, hittade fika',
    ],
    [
      'a kind that is a number',
      { hours: 1, kind: 7 },
      'kind: expected one of consulting, technical, training, project, support, meeting, other, found 7',
      'kind: förväntade ett av consulting, technical, training, project, support, meeting, other, hittade 7',
    ],
  ])('asks about %s; a run that took it keeps it', (_what, input, en, sv) => {
    expect(refusal(year(), input)).toEqual({ en, sv });
    const before = messageTo('hoursUsed', (one, fields) => judgeHours(one, fields, () => false));
    expect(before.take(year(), input)).toMatchObject({ hours: input.hours });
  });

  it('takes a kind of work that the rules have a price for, by the name on the page too', () => {
    const one = yearAt(now, { plan: { ...plan, services: ['project'] } });
    for (const kind of ['project', 'Utbildning']) take(one, { hours: 1, kind });
    expect(one.state.hoursToBook.map(({ service }) => service)).toEqual(['project', 'training']);
  });

  it('takes more than a day where it is confirmed', () => {
    expect(take(year(), { hours: 120, confirm: true })).toEqual({ hours: 120 });
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'no hours',
      { note: 'x' },
      'hours: expected hours as 1.5 or 1:30, found nothing',
      'hours: förväntade timmar som 1,5 eller 1:30, hittade ingenting',
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
      'what is no whole second',
      { hours: 2.0001 },
      'hours: expected at most two decimals, or as 0:20, found 2.0001',
      'hours: förväntade högst två decimaler, eller som 0:20, hittade 2.0001',
    ],
    [
      'next to nothing',
      { hours: 1e-7 },
      'hours: expected at most two decimals, or as 0:20, found 1e-7',
      'hours: förväntade högst två decimaler, eller som 0:20, hittade 1e-7',
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

  it('has the entry corrected, which is a step that can be taken back', () => {
    const one = year();
    const input = { ref: 'anna-1', hours: 2, reason: 'half an hour was travel', by: 'anna' };
    expect(take(one, input)).toEqual({ ref: 'anna-1', hours: 2 });
    const [entry] = one.state.hoursToBook;
    expect(entry).toEqual({
      ...{
        entryId: entry?.entryId,
        seconds: 7200,
        corrects: { ref: 'anna-1' },
        by: 'anna',
        byAssumed: false,
      },
      ...{ asOf: now, note: 'half an hour was travel' },
    });
    expect(one.state.steps.map(({ entryId }) => entryId)).toEqual([entry?.entryId]);
  });

  it('names the entry by its number', () => {
    const one = year();
    expect(take(one, { entry: 12, hours: 2, on: '2027-03-01' })).toEqual({
      number: 12,
      hours: 2,
      on: '2027-03-01',
    });
    expect(one.state.hoursToBook[0]).toMatchObject({ corrects: { number: 12 }, on: '2027-03-01' });
  });

  it.each([
    ['nothing', 0, 0],
    ['the most', 2000, 7_200_000],
    ['a hundredth', '0,01', 36],
  ])('corrects to %s', (_what, hours, seconds) => {
    const one = year();
    take(one, { ref: 'anna-1', hours, confirm: true });
    expect(one.state.hoursToBook[0]?.seconds).toBe(seconds);
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
      'hours: expected hours as 1.5 or 1:30, found nothing',
      'hours: förväntade timmar som 1,5 eller 1:30, hittade ingenting',
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
      'what is no whole second',
      { ref: 'anna-1', hours: 0.0001 },
      'hours: expected at most two decimals, or as 0:20, found 0.0001',
      'hours: förväntade högst två decimaler, eller som 0:20, hittade 0.0001',
    ],
  ])('is refused with the reason: %s', (_what, input, en, sv) => {
    expect(refusal(year(), input)).toEqual({ en, sv });
  });
});

describe('hoursGiven', () => {
  const { take, refusal } = messageTo('hoursGiven', judgeGiving);

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'bought',
      { kind: 'köpta', hours: 20, pricePerHour: '1 400,50' },
      { kind: 'purchased', months: 12, priceMinor: 140_050 },
    ],
    [
      'on us',
      { kind: 'goodwill', hours: 2, approvedBy: 'mats', note: 'our slip' },
      { kind: 'goodwill', months: 3 },
    ],
    ['bought for half a year', { kind: 'purchased', hours: 20, months: 6 }, { kind: 'purchased', months: 6 }],
  ])('gives hours: %s', (_what, input, gives) => {
    const one = year();
    take(one, input);
    expect(one.state.hoursToBook[0]).toMatchObject({ seconds: Number(input.hours) * 3600, gives });
    expect(one.state.steps[0]?.entryId).toBe(one.state.hoursToBook[0]?.entryId);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no kind', { hours: 1 }, 'kind: expected one of purchased, goodwill, found nothing'],
    ['another kind', { hours: 1, kind: 'free' }, 'kind: expected one of purchased, goodwill, found free'],
    ['no hours', { kind: 'purchased' }, 'hours: expected hours as 1.5 or 1:30, found nothing'],
    [
      'none at all',
      { kind: 'purchased', hours: 0 },
      'hours: expected a number above 0 and at most 2000, found 0',
    ],
    [
      'half a month',
      { kind: 'purchased', hours: 1, months: 1.5 },
      'months: expected a number from 1 to 60, found 1.5',
    ],
    [
      'a price with three decimals',
      { kind: 'purchased', hours: 1, pricePerHour: 1.005 },
      'pricePerHour: expected at most two decimals, found 1.005',
    ],
    [
      'goodwill at a price',
      { kind: 'goodwill', hours: 1, pricePerHour: 1, approvedBy: 'mats', note: 'x' },
      'pricePerHour: hours that we give (goodwill) have no price; leave it out, or say kind purchased',
    ],
    [
      'goodwill without a manager',
      { kind: 'goodwill', hours: 1 },
      "approvedBy: hours that we give (goodwill) need a manager; say the manager's name, and a reason in note",
    ],
    [
      'goodwill without a reason',
      { kind: 'goodwill', hours: 1, approvedBy: 'mats' },
      'note: expected a reason why the manager approves it, found none',
    ],
  ])('refuses %s', (_what, input, why) => {
    expect(refusal(year(), input)?.en).toBe(why);
  });
});
