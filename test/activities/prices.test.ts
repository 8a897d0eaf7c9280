import { findAgreement, storeSignedContract } from '../../activities/agreements/agreements';
import { createRenewalActivities } from '../../activities/years/renewal';
import { renewalData } from '../../activities/mail/renewal-data';
import { publishRuleset } from '../../activities/agreements/rulesets';
import { findPlan } from '../../activities/agreements/plans';
import { createTermsActivities } from '../../activities/years/terms';
import type { Contract } from '../../rules/engine/contract/contract';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import { exampleContract, workingRules } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan, signedAt } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.close());

const agreement = 'testbolaget-2027';

/** The example without a price of its own. */
function unpriced(currency = 'SEK'): Contract {
  const { hourlyRate: _, ...hourBank } = exampleContract().hourBank;
  return exampleContract({ hourBank: { ...hourBank, currency } });
}

/** Puts the working rules in force with these ordinary prices of consulting in SEK. */
async function publishPrices(...prices: [from: string, pricePerHour: number][]): Promise<void> {
  const about = { sv: 'Priser', en: 'Prices' };
  const listed = prices.map(([from, pricePerHour]) => ({
    service: 'consulting',
    currency: 'SEK',
    from,
    pricePerHour,
  }));
  const texts = { ...workingRules().texts, 'prices.json': JSON.stringify({ about, prices: listed }) };
  const { ruleset, findings } = readRuleset(texts);
  expect(findings).toEqual([]);
  await publishRuleset(database.db, ruleset!, { author: 'test', message: 'prices of a test' });
}

const planYearOf = (yearNumber: number, revision = 1, asOf = signedAt) =>
  createTermsActivities(database).planAgreementYear({ agreement, yearNumber, asOf, revision });

describe('the price of an agreement year', () => {
  it('is the contract’s where it fixes one', async () => {
    const { plan } = await signAndPlan(database.db);
    expect(plan.hourlyRateMinor).toBe(145_000);
  });

  it('is the ordinary price on its first day, and stays when the list changes and the year is planned again', async () => {
    await publishPrices(['2026-01-01', 1400], ['2027-03-01', 1500]);
    await storeSignedContract(database.db, unpriced(), { start: false });
    expect((await planYearOf(1)).hourlyRateMinor).toBe(140_000);
    await publishPrices(['2026-01-01', 1600]);
    expect((await planYearOf(1, 2, '2027-04-01T10:00:00.000Z')).hourlyRateMinor).toBe(140_000);
  });

  it('stays in the next year where nobody approved another', async () => {
    await publishPrices(['2026-01-01', 1400], ['2028-01-01', 1500]);
    await storeSignedContract(database.db, unpriced(), { start: false });
    await planYearOf(1);
    expect((await planYearOf(2, 1, '2027-12-31T23:00:00.000Z')).hourlyRateMinor).toBe(140_000);
  });

  it('cannot be planned without any: a failure for good that says where it looked', async () => {
    await publishPrices(['2027-02-01', 1500]);
    await storeSignedContract(database.db, unpriced(), { start: false });
    await expect(planYearOf(1)).rejects.toMatchObject({
      type: 'TermsUnusable',
      nonRetryable: true,
      message: expect.stringContaining('on 2027-01-01 in rules/prices.json; found neither') as string,
    });
  });
});

describe('signing without a price', () => {
  it('is refused where the ordinary prices have none in the contract’s currency, and stores nothing', async () => {
    await publishPrices(['2026-01-01', 1400]);
    await expect(storeSignedContract(database.db, unpriced('NOK'), { start: false })).rejects.toThrow(
      'expected hourBank.hourlyRate in the contract, or ordinary prices of consulting in NOK in rules/prices.json; ' +
        'found neither',
    );
    expect(await findAgreement(database.db, agreement)).toBeUndefined();
  });

  it('is allowed where they have one', async () => {
    await publishPrices(['2026-01-01', 1400]);
    expect(await storeSignedContract(database.db, unpriced(), { start: false })).toBe('signed');
  });
});

describe('an approved price', () => {
  const approved = () =>
    database.db.query<{ price: number; by: string }>('select price_minor as price, by from approved_prices');
  const approve = (priceMinor: number, asOf: string) =>
    createRenewalActivities(database).approvePrice({ agreement, forYear: 2, priceMinor, by: 'erik', asOf });
  const [monday, saturday] = ['2027-10-18T10:00:00.000Z', '2027-10-16T10:00:00.000Z'];

  beforeEach(async () => {
    await signAndPlan(database.db);
  });

  it('is the next year’s, and the running one keeps its own', async () => {
    await approve(149_000, monday);
    expect((await planYearOf(2, 1, '2027-12-31T23:00:00.000Z')).hourlyRateMinor).toBe(149_000);
    expect((await planYearOf(1, 2, monday)).hourlyRateMinor).toBe(145_000);
  });

  it('is kept once however often it is tried, and a newer one holds whatever order they end in', async () => {
    await approve(149_000, monday);
    await approve(149_000, monday);
    await approve(160_000, saturday);
    expect(await approved()).toEqual([{ price: 149_000, by: 'erik' }]);
    await approve(148_000, '2027-10-19T10:00:00.000Z');
    expect(await approved()).toEqual([{ price: 148_000, by: 'erik' }]);
  });

  it('may be told at once within support hours, else when support opens', async () => {
    expect(await approve(149_000, monday)).toEqual({ mailAt: monday });
    expect(await approve(149_000, saturday)).toEqual({ mailAt: '2027-10-18T06:30:00.000Z' });
  });

  it('stands in the mails of the renewal from the day it was approved, not before', async () => {
    const { contract, plan } = await signedBefore();
    const { terms } = (await findPlan(database.db, agreement, 1))!;
    const context = { contract, plan, terms, agreementLink: 'http://temporal.example', linkTo: String };
    await approve(149_000, monday);
    const on = async (asOf: string) => renewalData(database.db, { ...context, asOf }, 'renewal/price');
    expect(await on(saturday)).toEqual({
      renewal: {
        from: '2028-01-01',
        to: '2029-01-01',
        hours: 12_000,
        currency: 'SEK',
        discountPercent: 15,
        currentRateMinor: 145_000,
        currentDiscountedMinor: 123_250,
        proposedRateMinor: 145_000,
        lastNoticeOn: '2027-10-01',
        announceBy: '2027-11-02',
        noticePassed: true,
      },
      signal: { name: 'priceApproved', example: '{"agreement":"testbolaget-2027","pricePerHour":1450}' },
    });
    expect((await on('2027-10-01T12:00:00.000Z')).renewal).not.toHaveProperty('noticePassed');
    expect((await on('2027-11-02T15:29:00.000Z')).renewal).not.toHaveProperty('announcePassed');
    expect((await on('2027-11-02T15:30:00.000Z')).renewal).toMatchObject({ announcePassed: true });
    expect((await on(monday)).renewal).toMatchObject({
      approvedRateMinor: 149_000,
      approvedDiscountedMinor: 126_650,
    });
  });

  const signedBefore = async () => ({
    contract: (await findAgreement(database.db, agreement))!.contract,
    plan: (await findPlan(database.db, agreement, 1))!.plan,
  });
});
