import type { Db } from '../../activities/db';
import type { YearPlan } from '../../rules/engine/plan/plan';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import type { RulesOnDisk } from '../../worker/files/rule-files';
import { scripted } from '../../worker/simulation/scenario';
import type { ScenarioStep } from '../../worker/simulation/scenario';
import type { YearStory } from '../../worker/simulation/timeline';
import { exampleContract, workingRules } from '../helpers/example';
import { play, replayAll } from '../helpers/play';

/** The working rules, with a rise of 3 % proposed at renewal: 1,450.00 becomes 1,493.50. */
function indexedRules(): RulesOnDisk {
  const texts = Object.fromEntries(
    Object.entries(workingRules().texts).map(([name, text]) => [
      name,
      text.replace('"indexPercent": 0', '"indexPercent": 3'),
    ]),
  );
  const { ruleset, findings } = readRuleset(texts);
  expect(findings).toEqual([]);
  return { ruleset: ruleset!, texts };
}

/** Entered late, with nothing of the renewal due yet: the months before are not played. */
const contract = exampleContract({ signedOn: '2027-07-20', startsOn: '2027-01-01' });

/**
 * Plays a year, under a proposed rise unless told otherwise, until the next one is planned; gives it with the prices that
 * the two were planned with, in öre.
 */
async function renew(
  steps: ScenarioStep[],
  rules = indexedRules(),
): Promise<{ years: YearStory[]; prices: number[] }> {
  let prices: number[] = [];
  const { years } = await play({
    contract,
    rules,
    scenario: () => scripted(steps),
    onPlayed: async (running) => {
      prices = await plannedPrices(running.db);
      await replayAll(running);
    },
  });
  return { years, prices };
}

async function plannedPrices(db: Db): Promise<number[]> {
  const rows = await db.query<{ plan: YearPlan }>(
    'select plan from plans where revision = 1 and year <= 2 order by year',
  );
  return rows.map(({ plan }) => plan.hourlyRateMinor!);
}

const approve = (on: string, input: Record<string, unknown>): ScenarioStep => ({
  on,
  signal: 'priceApproved',
  input,
});

const renewalMails = (story: YearStory | undefined): string[] => [
  ...new Set(
    story?.timeline
      .filter(({ kind, id }) => kind === 'mail' && id.startsWith('renewal/'))
      .map(({ at, id }) => `${at.slice(0, 16)} ${id}`),
  ),
];
const signals = (story: YearStory | undefined): string[] =>
  (story?.timeline ?? []).filter(({ kind }) => kind === 'signal').map(({ detail }) => detail);
const ended = (story: YearStory | undefined): string[] =>
  (story?.timeline ?? [])
    .filter(({ kind, id }) => kind === 'phase' && id.startsWith('renewal/'))
    .map(({ at, id, detail }) => `${at.slice(0, 10)} ${id} ${detail}`);

describe('a price approved before the customer is told of the renewal', () => {
  it('is asked for, stands in the notice alone, and is the next year’s', async () => {
    const { years, prices } = await renew([approve('2027-08-13', { by: 'erik' })]);
    expect(renewalMails(years[0])).toEqual([
      '2027-08-04T08:30 renewal/price/ask',
      '2027-09-03T08:30 renewal/notice/send',
    ]);
    expect(signals(years[0])).toEqual(['by erik, pricePerHour 1493.5']);
    expect(ended(years[0])).toEqual([
      '2027-08-13 renewal/price state done',
      '2027-09-03 renewal/notice state done',
    ]);
    expect(prices).toEqual([145_000, 149_350]);
  });
});

describe('a price approved after the customer was told of the renewal', () => {
  it('is announced by a mail of its own, a correction as well, and one too late is rejected', async () => {
    const { years, prices } = await renew([
      approve('2027-10-12', { pricePerHour: 1490, by: 'erik' }),
      approve('2027-10-16', { pricePerHour: 1480, by: 'erik' }),
      approve('2027-10-19', { pricePerHour: 'much' }),
      approve('2027-10-20', { pricePerHour: 14.805 }),
      approve('2027-11-03', { pricePerHour: 1600 }),
    ]);
    expect(renewalMails(years[0])).toEqual([
      '2027-08-04T08:30 renewal/price/ask',
      '2027-09-03T08:30 renewal/notice/send',
      '2027-10-12T12:00 renewal/price/tell',
      '2027-10-18T08:30 renewal/price/tell',
    ]);
    const [first, second, much, thousandths, late] = signals(years[0]);
    expect([first, second]).toEqual(['by erik, pricePerHour 1490', 'by erik, pricePerHour 1480']);
    expect(much).toContain(
      'rejected: pricePerHour: förväntade ett tal över 0 och högst 1000000, hittade much',
    );
    expect(thousandths).toContain('rejected: pricePerHour: förväntade högst två decimaler, hittade 14.805');
    expect(late).toContain('rejected: ett nytt pris måste vara godkänt senast 2027-11-02, så att');
    expect(prices).toEqual([145_000, 148_000]);
  });
});

describe('a price nobody approves', () => {
  it('stays as it is: the manager is reminded once, and the year is not the worse for it', async () => {
    const { years, prices } = await renew([]);
    expect(renewalMails(years[0])).toEqual([
      '2027-08-04T08:30 renewal/price/ask',
      '2027-09-03T08:30 renewal/notice/send',
      '2027-10-26T08:30 renewal/price/remind',
    ]);
    expect(ended(years[0])).toEqual([
      '2027-09-03 renewal/notice state done',
      '2027-11-02 renewal/price state cancelled',
    ]);
    expect(prices).toEqual([145_000, 145_000]);
  });
});

describe('a year for whose next no new price is proposed', () => {
  it('asks for none, and takes one that a manager gives all the same', async () => {
    const { years, prices } = await renew(
      [approve('2027-08-16', {}), approve('2027-08-17', { pricePerHour: 1460 })],
      workingRules(),
    );
    expect(renewalMails(years[0])).toEqual(['2027-09-03T08:30 renewal/notice/send']);
    const [nothing, given] = signals(years[0]);
    expect(nothing).toContain(
      'rejected: pricePerHour: förväntade ett pris, eftersom inget nytt är föreslaget',
    );
    expect(given).toBe('by manager (assumed), pricePerHour 1460');
    expect(prices).toEqual([145_000, 146_000]);
  });
});

describe('an agreement that ends with the year', () => {
  it('is not renewed', async () => {
    const end = { on: '2027-08-10', signal: 'agreementTerminated', input: { on: '2027-12-31' } };
    const { years, prices } = await renew([end, approve('2027-08-13', {})]);
    expect(renewalMails(years[0])).toEqual(['2027-08-04T08:30 renewal/price/ask']);
    expect(signals(years[0])[1]).toContain('rejected: avtalet upphör med det här året');
    expect(prices).toEqual([145_000]);
  });
});
