/** The invoice basis against PostgreSQL: exported once, corrected by credits, numbered, and whole after a crash. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readHours } from '../../activities/hours/facts';
import { importHours } from '../../activities/hours/import';
import { createHoursActivities } from '../../activities/hours/hours';
import type { ReportedEntry } from '../../activities/hours/ledger';
import { prepaidOn } from '../../activities/invoicing/accrual';
import { readTransactions } from '../../activities/hours/postings';
import { moveHours } from '../../activities/hours/move';
import { readBases } from '../../activities/invoicing/bases';
import { makeUpMonth } from '../../activities/invoicing/issue';
import { tellClerk } from '../../activities/invoicing/tell-clerk';
import { createSendMessage } from '../../activities/mail/smtp';
import { readExport } from '../../rules/engine/invoicing/read-export';
import { openMailbox } from '../helpers/mailbox';
import { projectRoot } from '../../worker/settings/configuration';
import { reportNumbers } from '../../activities/invoicing/numbers';
import { createTermsActivities } from '../../activities/years/terms';
import { addMonths } from '../../rules/engine/calendar/dates';
import { instantAt } from '../../rules/engine/calendar/calendar';
import { sum } from '../../rules/engine/basics/sum';
import type { InvoiceBasis } from '../../templates/invoice-words';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { exampleContract } from '../helpers/example';
import { importedRow } from './imported-row';
import { killAt } from './processes';
import { besides, signAndPlanUnder } from './signed-agreement';

const agreement = 'testbolaget-2027';
const hour = 3600;
let database: FreshDatabase;

const invoicing = { instalments: 4, when: 'advance', daysBefore: 30, vatCode: '1', article: '3010' };
beforeEach(async () => {
  database = await freshDatabase();
  await signAndPlanUnder(database.db, { invoicing });
});
afterEach(() => database.close());

let count = 0;
const report = (day: string, said: Partial<ReportedEntry>) =>
  createHoursActivities(database).reportHours({
    agreement,
    year: 1,
    entries: [
      {
        ...{ entryId: `entry-${(count += 1)}`, by: 'anna', byAssumed: false, confirmed: true },
        ...{ asOf: `${day}T09:00:00.000Z`, ...said },
      },
    ],
  });
const run = (month: string, day = `${month}-01`, db = database.db) =>
  makeUpMonth(db, { month, today: day, at: `${day}T06:00:00.000Z` });
const told = (bases: readonly InvoiceBasis[]) =>
  bases.map(({ number, credits, rows }) => [
    number,
    credits?.basis ?? '',
    ...rows.map(({ text, amountMinor }) => `${text} = ${amountMinor / 100}`),
  ]);
const amounts = async (): Promise<number> =>
  sum((await readBases(database.db)).flatMap(({ rows }) => rows.map(({ amountMinor }) => amountMinor)));

it('exports what is due once, under numbers without gaps, and the same month again is the same', async () => {
  const december = await run('2026-12');
  expect(told(december.bases)).toEqual([
    ['U-2026-00001', '', 'Timbank, delbetalning 1 av 4, avser 2027-01-01–2027-03-31 = 36975'],
  ]);
  expect(december.bases[0]).toMatchObject({
    billTo: {
      name: 'Testbolaget AB',
      number: '10005',
      reference: 'Karin Ek',
      costCentre: '4100',
      language: 'sv',
    },
    rows: [{ seconds: 30 * hour, priceMinor: 123_250, article: '3010', vatCode: '1' }],
  });
  const dry = await makeUpMonth(database.db, {
    month: '2027-03',
    today: '2027-03-01',
    at: '2027-03-01T06:00:00.000Z',
    dryRun: true,
  });
  expect(dry.fresh).toEqual(['U-2027-00001']);
  await report('2027-03-01', {
    seconds: 10 * hour,
    gives: { kind: 'purchased', months: 12, priceMinor: 120_000 },
  });
  const both = await besides(database.databaseUrl, (other) =>
    Promise.all([run('2027-03', '2027-03-02'), run('2027-03', '2027-03-02', other)]),
  );
  expect(both.flatMap(({ fresh }) => fresh)).toEqual(['U-2027-00001']);
  const march = await run('2027-03', '2027-03-31');
  expect(march.fresh).toEqual([]);
  expect(told(march.bases)).toEqual([
    [
      'U-2027-00001',
      '',
      'Köpta timmar (post 1), avser 2027-03-01–2028-02-29 = 12000',
      'Timbank, delbetalning 2 av 4, avser 2027-04-01–2027-06-30 = 36975',
    ],
  ]);
  // A month before one that was made up stays as it was.
  expect(await run('2027-02', '2027-03-31')).toEqual({ bases: [], fresh: [], failed: [] });
});

it('takes an invoice of several bases of one company, and none of two or of a day that cannot be', async () => {
  const { customer } = exampleContract();
  const other = { ...customer, name: 'Annat AB', orgNumber: '556036-0793' };
  const { name, orgNumber } = customer;
  await signAndPlanUnder(database.db, { invoicing }, { agreement: 'annan-2027', customer: other });
  await signAndPlanUnder(
    database.db,
    { invoicing },
    { agreement: 'systern-2027', customer: other, billTo: { name, orgNumber } },
  );
  const { bases } = await run('2026-12');
  const of = (contract: string): string => bases.find((one) => one.agreement === contract)?.number ?? '';
  const rows = (invoicedOn: string, ...names: string[]) =>
    names.map((one, index) => ({ line: 2 + index, basis: of(one), invoice: '10233', invoicedOn }));
  const by = { by: 'eva', at: '2026-12-05T09:00:00.000Z' };
  const reported = (...[day, ...names]: Parameters<typeof rows>) =>
    reportNumbers(database.db, rows(day, ...names), by);
  expect(await reported('2026-12-02', agreement, 'annan-2027')).toMatchObject({
    faults: [
      { line: 3, message: { sv: expect.stringContaining('en faktura till Annat AB, hittade nummer 10233') } },
    ],
  });
  for (const day of ['2026-11-30', '2026-12-13'])
    expect(await reported(day, agreement)).toMatchObject({
      faults: [
        {
          line: 2,
          message: {
            en: `expected an invoice date from 2026-12-01, when the basis was made, to 2026-12-12, found ${day}`,
          },
        },
      ],
    });
  expect(await reported('2026-12-12', agreement, 'systern-2027')).toEqual({ added: 2, known: 0 });
  expect(await reported('2026-12-12', 'annan-2027')).toMatchObject({ faults: [{ line: 2 }] });
});

it('credits what was corrected since, by the invoice that the clerk reported, and pays back at an early end', async () => {
  await run('2026-12');
  await report('2027-02-01', {
    seconds: 10 * hour,
    gives: { kind: 'purchased', months: 12, priceMinor: 120_000 },
  });
  await run('2027-03');
  const numbers = [
    { line: 2, basis: 'U-2026-00001', invoice: '10233', invoicedOn: '2026-12-02' },
    { line: 3, basis: 'U-2027-00001', invoice: '10234' },
  ];
  const report2 = (rows = numbers) =>
    reportNumbers(database.db, rows, { by: 'eva', at: '2027-03-05T09:00:00.000Z' });
  expect(await report2()).toEqual({ added: 2, known: 0 });
  expect(await report2()).toEqual({ added: 0, known: 2 });
  const wrong = await report2([
    ...numbers.slice(1),
    { line: 4, basis: 'U-2026-00001', invoice: '99' },
    { line: 5, basis: 'U-2026-00009', invoice: '1' },
  ]);
  expect(wrong).toMatchObject({
    faults: [
      { line: 4, message: { sv: expect.stringContaining('faktura 10233') as string } },
      {
        line: 5,
        message: { en: expect.stringContaining('expected the number of an invoice basis') as string },
      },
    ],
  });
  const by = { by: 'eva', at: '2027-03-05T09:00:00.000Z' };
  const dated = await reportNumbers(
    database.db,
    [
      { ...numbers[0]!, invoicedOn: '2026-12-03' },
      { ...numbers[1]!, invoicedOn: '2027-03-02' },
      { line: 4, basis: 'U-2027-00001', invoice: '10234' },
    ],
    by,
  );
  expect(dated).toEqual({
    faults: [
      expect.objectContaining({ line: 2 }),
      expect.objectContaining({
        line: 3,
        message: expect.objectContaining({
          en: 'expected invoice 10234 without a date, which was reported for U-2027-00001 before, found 10234 2027-03-02',
        }) as unknown,
      }),
    ],
  });
  await report('2027-04-01', { seconds: 8 * hour, corrects: { number: 1 }, approvedBy: 'maria' });
  const april = await run('2027-04');
  expect(told(april.bases)).toEqual([
    ['U-2027-00002', '', 'Köpta timmar (post 1), avser 2027-02-01–2028-01-31 = 9600'],
    [
      'U-2027-00003',
      'U-2027-00001',
      'Kredit av faktura 10234, underlag U-2027-00001 rad 1, avser 2027-02-01–2028-01-31 = -12000',
    ],
  ]);
  expect(april.bases[1]?.credits).toEqual({ basis: 'U-2027-00001', invoice: '10234' });
  await report('2027-04-10', { seconds: 38 * hour });
  const end = { endedBy: 'us', cause: 'notice' } as const;
  await createHoursActivities(database).closeHours({
    agreement,
    year: 1,
    ended: true,
    ending: end,
    asOf: '2027-04-30T22:00:00.000Z',
  });
  const may = await run('2027-05');
  // 60 hours are paid, of which 38 are used; the package is not used.
  expect(may.bases.map(({ credits }) => credits?.basis).sort()).toEqual(['U-2027-00001', 'U-2027-00002']);
  expect(told(may.bases).flat()).toContain(
    'Återbetalning av outnyttjade timmar, faktura 10234, underlag U-2027-00001 rad 2, avser 2027-04-01–2027-06-30 = -27115',
  );
  expect(await amounts()).toBe(2 * 3_697_500 - 22 * 123_250);
  expect(await run('2027-06')).toEqual({ bases: [], fresh: [], failed: [] });
});

describe('time beyond the bank', () => {
  const work = (said: Partial<ReportedEntry>) => report('2027-10-08', { service: 'technical', ...said });
  /** Works six hours beyond the bank, has them ordered, and exports them as row 1 of a basis of its own. */
  const exported = async () => {
    await run('2027-10');
    await work({ seconds: 126 * hour });
    expect(await run('2027-11')).toEqual({ bases: [], fresh: [], failed: [] });
    await report('2027-11-03', { seconds: 6 * hour, orders: { kind: 'order' }, by: 'contact-1' });
    const { bases } = await run('2027-12');
    expect(told(bases)[0]).toContain(
      'Timmar utöver timbanken, tekniskt arbete (post 1), avser 2027-10-08 = 7395',
    );
    return bases[0]!.number;
  };
  const credit = (number: string): unknown => [
    expect.any(String),
    number,
    `Kredit av underlag ${number} rad 1, avser 2027-10-08 = -7395`,
  ];

  it('is invoiced once it is ordered; a correction credits it whole and invoices what is left anew', async () => {
    const number = await exported();
    await report('2027-12-10', { seconds: 124 * hour, corrects: { number: 1 } });
    expect(told((await run('2028-01')).bases)).toEqual([
      ['U-2028-00001', '', 'Timmar utöver timbanken, tekniskt arbete (post 1), avser 2027-10-08 = 4930'],
      credit(number),
    ]);
    expect(await amounts()).toBe(5 * 3_697_500 + 493_000);
  });

  it('is credited where a package that is bought covers it', async () => {
    const number = await exported();
    const gives = { kind: 'purchased', months: 12, priceMinor: 100_000 } as const;
    await report('2027-12-10', { seconds: 20 * hour, gives, on: '2027-10-01' });
    expect(told((await run('2028-01')).bases)).toEqual([
      ['U-2028-00001', '', 'Köpta timmar (post 3), avser 2027-10-01–2028-12-09 = 20000'],
      credit(number),
    ]);
  });

  it('is credited where it is moved to the agreement that it was for', async () => {
    const number = await exported();
    const to = 'annatbolag-2027';
    await signAndPlanUnder(database.db, { invoicing }, { agreement: to });
    await moveHours(database.db, {
      ...{ from: agreement, entry: 1, to, reason: 'fel kund', by: 'mats', asOf: '2027-12-10T09:00:00.000Z' },
    });
    const { bases } = await run('2028-01');
    expect(told(bases.filter((basis) => basis.agreement === agreement))).toEqual([credit(number)]);
  });

  it('stays as it is while the customer waits for an answer about it, and is credited if that takes it off', async () => {
    const number = await exported();
    await report('2027-12-10', { asks: { number: 1 }, note: 'Var det inte garanti?', by: 'contact-1' });
    await report('2027-12-11', { seconds: 120 * hour, corrects: { number: 1 } });
    expect(await run('2028-01')).toEqual({ bases: [], fresh: [], failed: [] });
    await report('2028-01-10', { answers: { number: 1 }, note: 'Jo, vi tar bort den.', by: 'mats' });
    expect(told((await run('2028-02')).bases)).toEqual([credit(number)]);
  });

  it('is not invoiced while the customer waits for an answer about it', async () => {
    for (const month of ['2027-10', '2027-11']) await run(month);
    await work({ seconds: 126 * hour });
    await report('2027-11-03', { seconds: 6 * hour, orders: { kind: 'order' }, by: 'contact-1' });
    await report('2027-11-04', { asks: { number: 1 }, note: 'Var det inte garanti?', by: 'contact-1' });
    expect(told((await run('2027-12')).bases).flat()).not.toContain(expect.stringContaining('utöver'));
    await report('2027-12-10', { answers: { number: 1 }, note: 'Nej, det ingick inte.', by: 'mats' });
    expect(told((await run('2028-01')).bases)).toEqual([
      ['U-2028-00001', '', 'Timmar utöver timbanken, tekniskt arbete (post 1), avser 2027-10-08 = 7395'],
    ]);
  });
});

it('invoices the year to come before it is planned, and credits that where it comes otherwise', async () => {
  for (const month of ['2026-12', '2027-11']) await run(month);
  const asked = await run('2027-12');
  expect(told(asked.bases).flat()).toContain(
    'Timbank, delbetalning 1 av 4, avser 2028-01-01–2028-03-31 = 36975',
  );
  const asOf = '2027-12-31T23:00:00.000Z';
  await createHoursActivities(database).closeHours({ agreement, year: 1, asOf, ended: false });
  await createTermsActivities(database).planAgreementYear({ agreement, yearNumber: 2, asOf, revision: 1 });
  expect(await run('2028-01')).toEqual({ bases: [], fresh: [], failed: [] });
  expect(await amounts()).toBe(5 * 3_697_500);
  await database.db.query(
    `update plans set plan = jsonb_set(plan, '{hourlyRateMinor}', '150000') where year = 2`,
  );
  expect(told((await run('2028-02')).bases)).toEqual([
    ['U-2028-00001', '', 'Timbank, delbetalning 1 av 4, avser 2028-01-01–2028-03-31 = 38250'],
    ['U-2028-00002', asked.bases[0]?.number, expect.stringContaining('= -36975') as string],
  ]);
});

it('does not invoice a year that does not come', async () => {
  await run('2026-12');
  await database.db.query(
    `update obligations set state = 'cancelled', closed_by = 'system' where id = 'renewal/notice'`,
  );
  const bases = (await run('2027-12')).bases.flatMap(({ rows }) => rows.map(({ key }) => key));
  expect(bases).toEqual(['instalment/1/2', 'instalment/1/3', 'instalment/1/4']);
});

it('goes on where the rules cannot be carried out for one agreement, and says which', async () => {
  await signAndPlanUnder(database.db, { invoicing }, { agreement: 'annatbolag-2027' });
  for (const month of ['2026-12', '2027-11']) await run(month);
  const preview = await makeUpMonth(database.db, {
    ...{ month: '2027-12', today: '2027-12-01', at: '2027-12-01T06:00:00.000Z', dryRun: true },
  });
  expect(preview.fresh).toEqual(['U-2027-00003', 'U-2027-00004']);
  await database.db.query(
    `update agreements set contract = jsonb_set(contract, '{level}', '"silver"') where number = 'annatbolag-2027'`,
  );
  const { fresh, failed } = await run('2027-12');
  expect(fresh).toEqual(['U-2027-00003']);
  expect(failed).toEqual([
    {
      agreement: 'annatbolag-2027',
      reason: { sv: expect.stringContaining('nivå silver') as string, en: expect.any(String) as string },
    },
  ]);
});

describe.each(['before', 'after'] as const)('a process that is killed just %s its commit', (at) => {
  it('leaves a month that is made up once, under the first number', async () => {
    await killAt(database.databaseUrl, 'invoices', at);
    const { bases, fresh } = await run('2026-12');
    expect(told(bases)).toEqual([
      ['U-2026-00001', '', 'Timbank, delbetalning 1 av 4, avser 2027-01-01–2027-03-31 = 36975'],
    ]);
    expect(fresh).toHaveLength(at === 'before' ? 1 : 0);
  });

  it('leaves a file whose rows are booked once, and told to the run once', async () => {
    await killAt(database.databaseUrl, 'import', at);
    const { rows } = await importHours(database.db, importedRow);
    expect(rows.map(({ fate }) => fate)).toEqual([at === 'before' ? 'booked' : 'unchanged']);
    const { uses } = await readHours(database.db, agreement);
    expect(uses.map(({ on, reported }) => [on, reported])).toEqual([['2027-03-09', 7_200]]);
    const told = await database.db.query(`select 1 from outbox where kind = 'hours-changed'`);
    expect(told).toHaveLength(1);
  });
});

it('keeps nothing of a run that fails, and its numbers are the next ones', async () => {
  const broken = {
    ...database.db,
    transaction: ((work) =>
      database.db.transaction((tx) =>
        work({
          query: (sql, values) =>
            sql.includes('into invoice_rows')
              ? Promise.reject(new Error('the process died'))
              : tx.query(sql, values),
        }),
      )) as typeof database.db.transaction,
  };
  await expect(run('2026-12', '2026-12-01', broken)).rejects.toThrow('the process died');
  expect(await readBases(database.db)).toEqual([]);
  expect((await run('2026-12')).fresh).toEqual(['U-2026-00001']);
  for (const table of ['invoice_months', 'invoice_bases', 'invoice_rows', 'invoice_numbers'])
    await expect(database.db.query(`truncate ${table} cascade`)).rejects.toThrow('append-only');
});

it('over three years of a made-up agreement the sum of all rows is what the ledger posted, to the öre', async () => {
  let seed = 7;
  const random = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
  const plan = (yearNumber: number, revision: number, asOf: string) =>
    createTermsActivities(database).planAgreementYear({ agreement, yearNumber, revision, asOf });
  const bought: number[] = [];
  await run('2026-12');
  for (let at = 0; at < 36; at += 1) {
    const first = addMonths('2027-01-01', at);
    const month = first.slice(0, 7);
    if (at % 12 === 0 && at > 0) {
      const asOf = instantAt(first, '00:00');
      await createHoursActivities(database).closeHours({ agreement, year: at / 12, asOf, ended: false });
      await plan(at / 12 + 1, 1, asOf);
    }
    await run(month);
    await report(`${month}-10`, { seconds: 60 * (1 + random(at < 24 ? 2_400 : 400)) });
    if (at % 3 === 1) {
      const gives = { kind: 'purchased', months: 12, priceMinor: 100_000 + random(30_000) } as const;
      const { booked } = await report(`${month}-11`, { seconds: 1 + random(40_000), gives });
      bought.push(...Object.values(booked));
    }
    if (at % 4 === 2) {
      const number = bought[random(bought.length)]!;
      await report(`${month}-12`, { seconds: 1 + random(40_000), corrects: { number }, approvedBy: 'maria' });
    }
    if (at % 5 === 4)
      await report(`${month}-13`, {
        seconds: 1 + random(90_000),
        orders: { kind: 'order' },
        by: 'contact-1',
      });
    if (at === 18) {
      await database.db.query(
        `update agreements set contract = jsonb_set(contract, '{hourBank,hours}', '157.33')`,
      );
      await plan(2, 2, `${month}-15T09:00:00.000Z`);
    }
  }
  const ending = { endedBy: 'us', cause: 'notice' } as const;
  const asOf = instantAt('2030-01-01', '00:00');
  await createHoursActivities(database).closeHours({ agreement, year: 3, asOf, ended: true, ending });
  await run('2030-01');
  expect(await run('2030-02')).toEqual({ bases: [], fresh: [], failed: [] });
  const posted = (await readTransactions(database.db, agreement)).flatMap(({ postings }) => postings);
  const on = (wanted: string): number =>
    sum(posted.flatMap(({ account, minor }) => (account === wanted ? [minor] : [])));
  for (const account of ['refunded', 'overage']) expect(on(account)).not.toBe(0);
  expect(await amounts()).toBe(0 - on('bank') - on('refunded') - on('overage'));
  // Whatever was corrected stands twice: as it was, and as its credit.
  const bases = await readBases(database.db);
  const credits = bases.flatMap(({ rows }) => rows.filter(({ kind }) => kind === 'credit'));
  expect(credits.length).toBeGreaterThan(3);
  for (const { of, seconds, amountMinor } of credits)
    expect(bases.find(({ number }) => number === of?.basis)?.rows[of!.row - 1]).toMatchObject({
      ...{ seconds: 0 - seconds, amountMinor: 0 - amountMinor },
    });
});

it('mails the month to our clerk once its first working day begins, with the files, once', async () => {
  const mailbox = await openMailbox();
  const { profile } = readExport(
    readFileSync(path.join(projectRoot, 'rules/exports/visma-business.json'), 'utf8'),
    'visma-business.json',
  );
  const tell = (at: string) =>
    tellClerk(
      database.db,
      {
        ...{
          db: database.db,
          sendMessage: createSendMessage(mailbox.smtpUrl),
          mailFrom: 'avtal@pector.example',
        },
        ...{ staffLanguage: 'sv', clerkMail: 'faktura@pector.example', profile: () => profile },
      },
      at,
    );
  // 1 May 2027 is a Saturday.
  for (const at of ['2027-05-01T10:00:00.000Z', '2027-05-03T06:29:00.000Z']) expect(await tell(at)).toBe(0);
  expect(await readBases(database.db)).toEqual([]);
  expect(await tell('2027-05-03T06:31:00.000Z')).toBe(1);
  expect(await tell('2027-05-03T06:41:00.000Z')).toBe(0);
  expect(await tell('2027-06-01T06:41:00.000Z')).toBe(1);
  const [may] = mailbox.mails;
  expect(may?.subject?.replaceAll('\u00a0', ' ')).toBe('Fakturaunderlag maj 2027: 1 faktura');
  expect(may?.text?.replaceAll('\u00a0', ' ')).toContain('- U-2027-00001: Testbolaget AB, 73 950,00 kr');
  expect(may?.attachments.map(({ filename }) => filename)).toEqual([
    'fakturaunderlag-2027-05.csv',
    'fakturaunderlag-2027-05.edi',
  ]);
  await mailbox.close();
});

it('says what unused prepaid hours are worth: of instalments those that are due, and nothing for gifts', async () => {
  await report('2027-02-01', { seconds: 12 * hour });
  await report('2027-02-02', {
    seconds: 5 * hour,
    gives: { kind: 'goodwill', months: 12 },
    approvedBy: 'maria',
  });
  await report('2027-02-02', {
    seconds: 5 * hour,
    gives: { kind: 'purchased', months: 12, priceMinor: 120_000 },
  });
  const worth = async (on: string) =>
    (await prepaidOn(database.db, on)).flatMap(({ hours }) =>
      hours.map(({ kind, seconds, amountMinor }) => [kind, seconds / hour, amountMinor / 100]),
    );
  expect(await worth('2027-03-31')).toEqual([
    ['contracted', 18, 22_185],
    ['purchased', 5, 6_000],
  ]);
  expect(await worth('2027-12-31')).toEqual([
    ['contracted', 108, 133_110],
    ['purchased', 5, 6_000],
  ]);
  expect((await readHours(database.db, agreement)).uses).toHaveLength(1);
});
