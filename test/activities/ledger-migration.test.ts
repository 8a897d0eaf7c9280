/** A ledger of the version before is taken over: every balance is as it was. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { migrate } from '../../activities/db';
import { hourBalance, readHours } from '../../activities/hours/facts';
import { createHoursActivities } from '../../activities/hours/hours';
import { createTermsActivities } from '../../activities/years/terms';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { signAndPlan } from './signed-agreement';

const agreement = 'testbolaget-2027';
const folder = path.join(__dirname, '../../activities/migrations');
const ledger = '017-hour-ledger.sql';
let database: FreshDatabase;

/** Statements of the earlier migrations that made the table of hours. */
const earlier = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.sql') && file < ledger)
    .sort()
    .flatMap((file) => readFileSync(path.join(folder, file), 'utf8').split(/;\s*\n/))
    .map((statement) => statement.replace(/^(\s*--.*\n|\s)*/, ''))
    .filter((statement) => /^(create|alter|drop|update)\b.*hour_entries/s.test(statement));

/** Plans two years, closes the first, and puts the ledger back as it was before it held facts. */
beforeEach(async () => {
  database = await freshDatabase();
  const { db } = database;
  await signAndPlan(db);
  const asOf = '2027-12-31T23:00:00.000Z';
  await createHoursActivities({ db }).closeHours({ agreement, year: 1, asOf, ended: false });
  await createTermsActivities({ db }).planAgreementYear({ agreement, yearNumber: 2, asOf, revision: 1 });
  const later = await db.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename ~ '^((hour|page|invoice|found)_|upgrade|testers|restorations|mails_before|messages_sent|audit|operator_mails|record_troubles)'`,
  );
  await db.query(`drop table ${later.map(({ name }) => name).join(', ')} cascade`);
  await db.query('drop index deliveries_with_doubts');
  await db.query('alter table plans drop column test_cases, drop column asked');
  await db.query('alter table migrations drop column expands');
  const functions = await db.query<{ name: string }>(
    `select proname as name from pg_proc where pronamespace = 'public'::regnamespace and proname ~ '^(refuse|is_statement)_'`,
  );
  await db.query(`drop function ${functions.map(({ name }) => name).join(', ')}`);
  for (const statement of earlier()) await db.query(statement);
  await db.query(`delete from migrations where name >= $1`, [ledger]);
});
afterEach(() => database.close());

type Row = [
  id: string,
  year: number,
  kind: string,
  hours: number,
  at: string,
  more?: Record<string, unknown>,
];

const before = async (...rows: Row[]): Promise<void> => {
  for (const [id, year, kind, hours, at, more = {}] of rows) {
    const values = { id, agreement, year, kind, hours, as_of: at, ...more };
    const names = Object.keys(values);
    await database.db.query(
      `insert into hour_entries (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
      Object.values(values),
    );
  }
};

const contracted: Row[] = [
  ['c1', 1, 'contracted', 12_000, '2026-12-31T23:00:00Z'],
  ['c2', 2, 'contracted', 12_000, '2027-12-31T23:00:00Z'],
];

it('keeps what was used, corrected, rolled over and amended, to the hundredth', async () => {
  await before(
    ...contracted,
    ['more', 1, 'contracted', 1_000, '2027-06-01T08:00:00Z', { note: 'the contract changed' }],
    [
      'u1',
      1,
      'used',
      9_025,
      '2027-03-01T09:00:00Z',
      { reported: 9_037, by: 'anna', note: 'layout', ref: 'a' },
    ],
    ['k1', 1, 'used', -25, '2027-04-01T09:00:00Z', { reported: -37, by: 'anna', corrects: 'u1' }],
    ['u2', 1, 'used', 500, '2027-04-02T09:00:00Z', { reported: 500, service: 'training' }],
    ['u2-undone', 1, 'used', -500, '2027-04-02T10:00:00Z', { reported: -500, corrects: 'u2' }],
    ['out', 1, 'rolledOut', 2_600, '2027-12-31T23:00:00Z'],
    ['gone', 1, 'expired', 1_400, '2027-12-31T23:00:00Z'],
    ['in', 2, 'rolledIn', 2_600, '2027-12-31T23:00:00Z'],
    ['late', 2, 'used', 333, '2028-01-03T09:00:00Z', { reported: 333, by: 'anna' }],
  );
  expect(await migrate(database.db)).toContain(ledger);
  const at = '2028-06-01T00:00:00.000Z';
  expect(await hourBalance(database.db, agreement, 1, at)).toEqual({
    ...{ contracted: 13_000, rolledIn: 0, used: 9_000, remaining: 4_000, overage: 0 },
  });
  expect(await hourBalance(database.db, agreement, 2, at)).toEqual({
    ...{ contracted: 12_000, rolledIn: 2_600, used: 333, remaining: 14_267, overage: 0 },
  });
  const { entries } = await readHours(database.db, agreement);
  expect(entries.map(({ id, number, action, on }) => [number, id, action, on])).toEqual([
    [1, 'u1', 'use', '2027-03-01'],
    [2, 'k1', 'correction', undefined],
    [3, 'u2', 'use', '2027-04-02'],
    [4, 'u2-undone', 'correction', undefined],
    [5, 'late', 'use', '2028-01-03'],
  ]);
  expect(entries[0]).toMatchObject({ ref: 'a', by: 'anna', note: 'layout', reported: 90.37 * 3600 });
});

it('counts in its year what was booked there after the last day, and hours of before a takeover on the first', async () => {
  await before(
    ...contracted,
    ['over', 1, 'used', 100, '2028-01-01T08:00:00Z', { reported: 100 }],
    [
      'taken',
      2,
      'used',
      1_000,
      '2028-03-01T08:00:00Z',
      { reported: 1_000, service: 'takeover', ref: 'takeover' },
    ],
  );
  await migrate(database.db);
  const { entries } = await readHours(database.db, agreement);
  expect(entries.map(({ on }) => on)).toEqual(['2027-12-31', '2028-01-01']);
});

it('keeps hours rolled in that no year before had rolled over', async () => {
  await before(contracted[0]!, ['in', 1, 'rolledIn', 1_025, '2026-12-31T23:00:00Z']);
  await migrate(database.db);
  expect(await hourBalance(database.db, agreement, 1, '2027-06-01T00:00:00.000Z')).toMatchObject({
    rolledIn: 1_025,
    remaining: 13_025,
  });
});
