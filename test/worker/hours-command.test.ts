/** `serviceavtal hours`, as somebody runs it on a stack that runs. */
import { rmSync } from 'node:fs';
import { createHoursActivities } from '../../activities/hours/hours';
import type { ReportedEntry } from '../../activities/hours/ledger';
import { signAndPlan } from '../activities/signed-agreement';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

const agreement = 'testbolaget-2027';
let database: FreshDatabase;
let dataDir: string;

beforeEach(async () => {
  database = await freshDatabase();
  await signAndPlan(database.db);
  dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
});

afterEach(async () => {
  await database.close();
  rmSync(dataDir, { recursive: true });
});

const hours = (...args: string[]) => serviceavtalOn(dataDir, 'hours', agreement, ...args);

const report = (...entries: Partial<ReportedEntry>[]) =>
  createHoursActivities(database).reportHours({
    agreement,
    year: 1,
    entries: entries.map((entry, at) => ({
      ...{ entryId: `entry-${at}`, by: 'anna', byAssumed: false, confirmed: true },
      ...{ asOf: '2027-03-10T09:00:00.000Z', ...entry },
    })),
  });

const reported = () =>
  report(
    { seconds: 118 * 3600, service: 'consulting', ref: 'a', note: 'layout' },
    { seconds: 4800, service: 'training', on: '2027-02-01' },
    { seconds: 3 * 3600, service: 'technical', asOf: '2027-04-01T09:00:00.000Z' },
    { seconds: 117 * 3600, corrects: { ref: 'a' }, asOf: '2027-05-01T09:00:00.000Z', note: 'travel' },
  );

it('shows what was given, used and corrected, and what is left', async () => {
  await reported();
  const { code, out } = await hours('--on', '2027-06-01');
  expect(code).toBe(0);
  expect(out).toBe(`testbolaget-2027, år 1 (2027-01-01–2027-12-31), som det står 2027-06-01
  avtalade          120:00
  använda           121:20
  kvar                0:00
  utöver timbanken    1:20

nr  dag            tid  slag             av    ref  anteckning
 2  2027-02-01    1:20  Utbildning       anna
 1  2027-03-10  118:00  Konsultarbete    anna  a    layout
 4  2027-03-10   −1:00  rättelse av 1    anna       travel
 3  2027-04-01    3:00  Tekniskt arbete  anna
`);
});

it('explains on which hours each entry drew, and what became of all', async () => {
  await reported();
  const { out } = await hours('--on', '2028-01-01', '--explain', '--language', 'en');
  expect(out).toContain(` 3  2027-04-01    3:00  Technical work   anna
      1:40 from contracted hours from 2027-01-01, expiring 2028-01-01
      1:20 beyond the hour bank: waits for an order, charged to nobody`);
  expect(out).toContain(`Hours given
  contracted hours from 2027-01-01, expiring 2028-01-01
      120:00 given, 120:00 used, 0:00 rolled over, 0:00 expired, 0:00 left`);
  expect(out).toContain('hourBank.orderOfUse');
  expect(out).toContain("left at the year's end");
  const [, posted = ''] = out.split('Posted (excl. VAT)\n');
  expect(posted).toMatch(/^ {2}2027-01-01 hours given, recorded \d{4}-\d\d-\d\d\n {6}hour bank +−120:00 /);
  expect(posted).toMatch(/ {6}beyond the hour bank, waits for an order +−1:20 +SEK\u00a0?/);
});

it('names the order that answers for work beyond the bank, and what was asked', async () => {
  await reported();
  const about = { by: 'contact-1', byAssumed: false, asOf: '2027-04-20T09:00:00.000Z' };
  await createHoursActivities(database).reportHours({
    agreement,
    year: 1,
    entries: [
      { ...about, entryId: 'o', seconds: 1800, orders: { kind: 'order', until: '2027-12-31' } },
      { ...about, entryId: 'q', seconds: 0, asks: { number: 3 }, note: 'Vad?' },
    ],
  });
  const { out } = await hours('--on', '2028-01-01', '--explain', '--language', 'en');
  expect(out).toContain('question 6 of the customer of 2027-04-20, not answered yet');
  expect(out).toContain(`      0:30 beyond the hour bank: ordered (no. 5)
      0:50 beyond the hour bank: waits for an order, charged to nobody`);
});

it('shows a balance as it was known, and leaves out what came later', async () => {
  await reported();
  const known = JSON.parse((await hours('--known-at', '2027-04-15T00:00:00Z', '--json')).out) as object;
  expect(known).toMatchObject({
    ...{ on: '2027-04-15', knownAt: '2027-04-15T00:00:00.000Z' },
    ...{ contracted: 432_000, used: 440_400, overage: 8_400 },
  });
  const earlier = JSON.parse((await hours('--on', '2027-02-28', '--json')).out) as object;
  expect(earlier).toMatchObject({ used: 4800, remaining: 427_200, entries: [{ number: 2 }] });
});

it('says that nothing is booked yet', async () => {
  expect((await hours()).out).toContain('Inga timmar är bokförda.');
});

it.each([
  [['--year', '3'], 'förväntade ett planerat avtalsår: 1, hittade 3'],
  [['--year', '0x1'], 'förväntade ett avtalsår, från 1 och uppåt'],
  [['--on', '2027-02-30'], '2027-02-30'],
  [['--on', '2020-01-01'], 'förväntade --on från avtalets första dag, 2027-01-01, hittade 2020-01-01'],
  [['--known-at', '2027-02-01'], 'förväntade en tidpunkt med tidszon'],
])('says what it expects: %j', async (args, said) => {
  const { code, errors } = await hours(...args);
  expect(code).toBe(1);
  expect(errors).toContain(said);
});

it('says that there is no such agreement', async () => {
  const { code, errors } = await serviceavtalOn(dataDir, 'hours', 'nobody-2027');
  expect([code, errors]).toEqual([1, expect.stringContaining('inget med numret nobody-2027')]);
});

describe('hours move', () => {
  const move = (...args: string[]) =>
    serviceavtalOn(dataDir, 'hours', 'move', ...args, '--reason', 'fel kund', '--language', 'en');

  it('shows what becomes of both, and moves the entry once it is told to', async () => {
    await signAndPlan(database.db, { agreement: 'annatbolag-2027' });
    await reported();
    const seen = await move(`${agreement}/2`, '--to', 'annatbolag-2027', '--dry-run');
    expect(seen.out).toBe(`testbolaget-2027/2  2027-02-01  1:20  training  anna
  testbolaget-2027, year 1: left 118:40 → 120:00
  annatbolag-2027, year 1: left 120:00 → 118:40
`);
    const unasked = await move(`${agreement}/2`, '--to', 'annatbolag-2027');
    expect(unasked.errors).toContain('Nothing was changed.');
    const { code, out } = await move(`${agreement}/2`, '--to', 'annatbolag-2027', '--yes');
    expect(code).toBe(0);
    expect(out).toContain(
      'entry 5 of testbolaget-2027 takes the time back, entry 1 of annatbolag-2027 books it. ' +
        'To undo it: npx serviceavtal hours move annatbolag-2027/1 --to testbolaget-2027',
    );
    const again = await move(`${agreement}/2`, '--to', 'annatbolag-2027', '--yes');
    expect([again.code, again.errors]).toEqual([
      1,
      expect.stringContaining('entry 2 of testbolaget-2027 was moved before, to annatbolag-2027/1'),
    ]);
  });

  it.each([
    [['testbolaget-2027', '--to', 'annatbolag-2027'], 'as testbolaget-2027/12'],
    [['testbolaget-2027/1', '--to', 'testbolaget-2027'], 'another agreement after --to'],
    [['testbolaget-2027/1', '--to', 'nobody-2027'], 'none with number nobody-2027'],
    [
      ['testbolaget-2027/9', '--to', 'annatbolag-2027', '--yes'],
      'an entry of testbolaget-2027, which has none, found 9',
    ],
    [['testbolaget-2027/1', '--to', 'annatbolag-2027', '--json'], 'expected --yes or --dry-run with --json'],
  ])('says what it expects: %j', async (args, said) => {
    await signAndPlan(database.db, { agreement: 'annatbolag-2027' });
    const { code, errors } = await move(...args);
    expect(code).toBe(1);
    expect(errors).toContain(said);
  });
});
