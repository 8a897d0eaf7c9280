/** `cases import` and `cases list`, as somebody runs them on a stack that runs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listSupportCases } from '../../activities/agreements/support-cases';
import { sign } from '../activities/signed-agreement';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

let database: FreshDatabase;
let dataDir: string;
let folder: string;

beforeAll(async () => {
  database = await freshDatabase();
  await sign(database.db);
  dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
  folder = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-cases-'));
});

afterAll(async () => {
  await database.close();
  for (const each of [dataDir, folder]) rmSync(each, { recursive: true });
});

afterEach(() => database.db.query('delete from support_cases'));

const cases = (...args: string[]) => serviceavtalOn(dataDir, 'cases', ...args);
const stored = async () =>
  (await listSupportCases(database.db)).map(({ reference, state }) => [reference, state]);

/** Writes a file of cases of the example's customer. */
function csv(...rows: string[]): string {
  const file = path.join(folder, 'cases.csv');
  const header = 'Referens;Kund;Öppnat;Stängt;Rubrik;Kategori;Timmar';
  writeFileSync(file, [header, ...rows].join('\r\n'));
  return file;
}

const good = [
  'A-1;Testbolaget AB;2026-01-15;;Delfaktura;fråga;0,5',
  'A-2;testbolaget;2026-02-03;2026-02-04;Ny användare;beställning;',
];
const bad = 'A-3;Okänd AB;2026-13-01;;Utskrift;fråga;';

describe('cases import', () => {
  it('adds cases, and a second time brings them up to date without doubling any', async () => {
    const first = await cases('import', csv(...good));
    expect(first).toMatchObject({ code: 0, out: '2 nya, 0 uppdaterade, 0 oförändrade.\n' });
    expect(await stored()).toEqual([
      ['A-2', 'closed'],
      ['A-1', 'open'],
    ]);
    const closed = 'A-1;Testbolaget AB;2026-01-15;2026-01-20;Delfaktura;fråga;0,75';
    const second = await cases('import', csv(closed, good[1]!), '--language', 'en');
    expect(second).toMatchObject({ code: 0, out: '0 new, 1 updated, 1 unchanged.\n' });
    expect(await stored()).toEqual([
      ['A-2', 'closed'],
      ['A-1', 'closed'],
    ]);
  });

  it('imports nothing where a row is bad, and tells line, expected and found', async () => {
    const file = csv(...good, bad);
    const refused = await cases('import', file, '--language', 'en');
    expect(refused.code).toBe(1);
    expect(refused.errors).toContain(
      `${file}:4: customer: expected a customer with an agreement, found "Okänd AB"`,
    );
    expect(refused.errors).toContain(
      `${file}:4: opened: expected a date such as 2027-03-15, found "2026-13-01"`,
    );
    expect(refused.errors).toContain('Nothing was imported: 2 problems. --skip-bad imports the others.');
    expect(await stored()).toEqual([]);
    const skipped = await cases('import', file, '--skip-bad', '--language', 'en');
    expect(skipped).toMatchObject({ code: 0, out: '2 new, 0 updated, 0 unchanged, 1 left out.\n' });
    expect(await stored()).toHaveLength(2);
  });

  it('shows what would happen, as one document', async () => {
    const dry = await cases('import', csv(...good), '--dry-run', '--json');
    expect(JSON.parse(dry.out)).toEqual({
      imported: false,
      dryRun: true,
      encoding: 'UTF-8',
      good: 2,
      added: 2,
      updated: 0,
      unchanged: 0,
      problems: [],
    });
    const refused = await cases('import', csv(bad), '--json');
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.out)).toMatchObject({
      imported: false,
      good: 0,
      problems: [
        { line: 2, column: 'customer' },
        { line: 2, column: 'opened', messageSv: 'förväntade ett datum som 2027-03-15, hittade "2026-13-01"' },
      ],
    });
    expect(await stored()).toEqual([]);
  });

  it('names a file that is not there', async () => {
    const missing = await cases('import', path.join(folder, 'none.csv'));
    expect(missing.code).toBe(1);
    expect(missing.errors).toMatch(/expected a readable file at .*none\.csv/);
  });
});

describe('cases list', () => {
  it('lists what was imported, of one agreement or of all', async () => {
    expect((await cases('list')).out).toBe('No support cases have been imported.\n');
    await cases('import', csv(...good));
    const listed = await cases('list', 'testbolaget-2027');
    expect(listed.out).toBe(
      '2026-02-03  testbolaget-2027  A-2  Ny användare (request, closed 2026-02-04)\n' +
        '2026-01-15  testbolaget-2027  A-1  Delfaktura (question, open, 0.5 h)\n',
    );
    expect(JSON.parse((await cases('list', '--json')).out)).toHaveLength(2);
    expect(await cases('list', 'nobody-2027')).toMatchObject({ code: 1 });
  });
});
