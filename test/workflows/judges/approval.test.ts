import { askedFor, guldPlan, messageTo, yearAt } from '../year-at';
import type { StoredPlan } from '../../../rules/engine/plan/plan';
import { judgeApproval } from '../../../workflows/judges/approval';
import type { YearState } from '../../../workflows/year/year-state';

const now = '2027-08-10T08:00:00.000Z';

let plan: StoredPlan;
/** A year for whose next one another price is proposed. */
let dearer: StoredPlan;
beforeAll(async () => {
  plan = await guldPlan();
  dearer = { ...plan, renewal: { ...plan.renewal, proposedRateMinor: 149_000 } };
});

describe('priceApproved', () => {
  const { take, refusal } = messageTo('priceApproved', judgeApproval);

  it.each<[string, Record<string, unknown>, number]>([
    ['the proposed price where none is given', {}, 149_000],
    ['another one', { pricePerHour: 1475 }, 147_500],
    ['one with decimals', { pricePerHour: '1475,25' }, 147_525],
    ['the lowest', { pricePerHour: 0.01 }, 1],
    ['the highest', { pricePerHour: 1_000_000 }, 100_000_000],
  ])('approves %s', async (_what, input, priceMinor) => {
    const year = yearAt(now, { plan: dearer });
    expect(take(year, { ...input, by: 'erik' })).toEqual({ pricePerHour: priceMinor / 100, by: 'erik' });
    expect(year.state.approvals).toEqual([{ priceMinor, by: 'erik', asOf: now }]);
    expect(year.state.steps).toEqual([]);
    expect(await askedFor()).toEqual([]);
  });

  it('takes a manager for who approved it where nobody is named', () => {
    const year = yearAt(now, { plan: dearer });
    expect(take(year)).toMatchObject({ by: 'manager (assumed)' });
    expect(year.state.approvals).toMatchObject([{ by: 'manager' }]);
  });

  it('keeps approvals in the order they came', () => {
    const year = yearAt(now, { plan: dearer });
    take(year, { pricePerHour: 1475 });
    take(year, { pricePerHour: 1480 });
    expect(year.state.approvals.map(({ priceMinor }) => priceMinor)).toEqual([147_500, 148_000]);
  });

  it.each([
    ['the last moment', '2027-11-02T15:30:00.000Z', undefined],
    [
      'a millisecond later',
      '2027-11-02T15:30:00.001Z',
      {
        en: 'a new price had to be approved by 2027-11-02, so that the customer is told as early as promised; the price stays as it is',
        sv: 'ett nytt pris måste vara godkänt senast 2027-11-02, så att kunden får veta så tidigt som utlovat; priset är oförändrat',
      },
    ],
  ])('can be approved as long as the customer can be told in time: %s', (_what, at, reason) => {
    const year = yearAt(at, { plan: dearer });
    if (reason) expect(refusal(year)).toEqual(reason);
    else expect(take(year)).toHaveProperty('pricePerHour', 1490);
  });

  it.each<[string, unknown, string, string]>([
    [
      'none',
      0,
      'pricePerHour: expected a number above 0 and at most 1000000, found 0',
      'pricePerHour: förväntade ett tal över 0 och högst 1000000, hittade 0',
    ],
    [
      'less than none',
      -1450,
      'pricePerHour: expected a number above 0 and at most 1000000, found -1450',
      'pricePerHour: förväntade ett tal över 0 och högst 1000000, hittade -1450',
    ],
    [
      'too high',
      1_000_000.01,
      'pricePerHour: expected a number above 0 and at most 1000000, found 1000000.01',
      'pricePerHour: förväntade ett tal över 0 och högst 1000000, hittade 1000000.01',
    ],
    [
      'words',
      '1 490 kr',
      'pricePerHour: expected a number above 0 and at most 1000000, found 1 490 kr',
      'pricePerHour: förväntade ett tal över 0 och högst 1000000, hittade 1 490 kr',
    ],
    [
      'of three decimals',
      1450.125,
      'pricePerHour: expected at most two decimals, found 1450.125',
      'pricePerHour: förväntade högst två decimaler, hittade 1450.125',
    ],
  ])('is refused for a price that is %s', (_what, pricePerHour, en, sv) => {
    expect(refusal(yearAt(now, { plan: dearer }), { pricePerHour })).toEqual({ en, sv });
  });

  it.each([
    ['no price where none is proposed', () => plan, {}, 'pricePerHour: expected a price'],
    [
      'an agreement that ends with the year',
      () => dearer,
      { termination: { at: '2027-12-31T23:00:00.000Z', reason: 'x' } },
      'the agreement ends with this year; there is no next period to price',
    ],
  ] satisfies [string, () => StoredPlan, Partial<YearState>, string][])(
    'is refused for %s',
    (_what, of, state, en) => {
      expect(refusal(yearAt(now, { plan: of(), state })).en).toContain(en);
    },
  );

  it('is taken where the agreement ends in a later year', () => {
    const state = { termination: { at: '2028-06-30T22:00:00.000Z', reason: 'x' } };
    expect(take(yearAt(now, { plan: dearer, state }))).toHaveProperty('pricePerHour', 1490);
  });
});
