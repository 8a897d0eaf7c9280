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

  const excel = 'Referens\tKund\tÖppnat\tStängt\tRubrik\tKategori\tStatus\tTimmar';
  const tabs = [
    excel,
    '\t\t\t',
    'A-1\tTestbolaget AB\t2026-01-15 08:05:30\t\t"Två\r\nrader"\tfråga',
    'A-2\ttestbolaget\t2026-02-03\t2026-02-04T22:30:00+01:00\tNy användare\tbeställning\tSolved\t1:30',
    '\t\t\t\t\t\t\t',
  ].join('\r\n');
  const semicolons = tabs.replaceAll('\t', ';');
  const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();

  it.each([
    ['UTF-16', 'Unicode text of Excel', Buffer.from(`\ufeff${tabs}`, 'utf16le')],
    ['UTF-16', 'the other order of bytes', swapped(`\ufeff${tabs}`)],
    ['UTF-8', 'UTF-8 with a byte order mark', Buffer.from(`\ufeff${semicolons}`)],
    ['UTF-8', 'UTF-8', Buffer.from(semicolons)],
    [
      'UTF-8',
      'empty cells beyond the last heading',
      Buffer.from(semicolons.replace(/(Timmar|1:30)/g, '$1;;;')),
    ],
    [
      'UTF-8',
      'empty cells beyond the last heading of a row',
      Buffer.from(semicolons.replace('1:30', '1:30;;;')),
    ],
    ['UTF-8', 'commas', Buffer.from(tabs.replaceAll('\t', ','))],
    ['UTF-8', 'rows of another separator', Buffer.from(tabs.replace('\t\t\t\r\n', ';;;;\r\n,,,\r\n'))],
    ['Windows-1252', 'Windows-1252', Buffer.from(semicolons, 'latin1')],
  ])('takes %s: %s', async (encoding, _, bytes) => {
    const file = path.join(folder, 'excel.txt');
    writeFileSync(file, bytes);
    const imported = await cases('import', file, '--json');
    expect(JSON.parse(imported.out)).toMatchObject({ imported: true, encoding, added: 2, problems: [] });
    expect(await listSupportCases(database.db)).toMatchObject([
      { reference: 'A-2', title: 'Ny användare', state: 'closed', closedOn: '2026-02-04', hours: 150 },
      { reference: 'A-1', title: 'Två rader', state: 'open', openedOn: '2026-01-15', hours: null },
    ]);
  });

  it.each([
    [
      'a cell beyond the last heading',
      `${semicolons}\r\nA-3;x;2026-01-15;;x;fråga;;;;extra`,
      /:7: .*8 fält, hittade 10 fält/,
    ],
    [
      'a workbook',
      Buffer.from([0x50, 0x4b, 3, 4, 20, 0]),
      /:1: .*en tabell som text.*hittade en arbetsbok \(\.xlsx\)/,
    ],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), /:1: .*en tabell som text.*hittade UTF-32/],
    [
      'half a character of UTF-16',
      Buffer.from([0xff, 0xfe, 0x61]),
      /:1: .*hittade UTF-16 med trasiga tecken/,
    ],
    [
      'an unknown status',
      `${excel}\r\nA-1\ttestbolaget\t2026-01-15\t\tx\tfråga\tkanske`,
      /:2: status: förväntade något av öppet, väntar, stängt eller ett annat ord i `cases import --help`, hittade "kanske"/,
    ],
    [
      'a number in hexadecimal',
      `${excel}\r\nA-1\ttestbolaget\t2026-01-15\t\tx\tfråga\t\t0x10`,
      /:2: timmar: .*hittade "0x10"/,
    ],
  ])('tells line and fault of %s, and imports nothing', async (_, bytes, said) => {
    const file = path.join(folder, 'wrong.csv');
    writeFileSync(file, bytes);
    const refused = await cases('import', file);
    expect(refused.code).toBe(1);
    expect(refused.errors).toMatch(said);
    expect(await stored()).toEqual([]);
  });

  it('tells what many rows have once, with their count and lines, and columns in the language', async () => {
    const rows = Array.from(
      { length: 12 },
      (_, index) => `A-${index};testbolaget;2026-01-15;;x;fråga;${index === 3 ? 'nja' : 'kanske'};`,
    );
    const file = csv();
    writeFileSync(file, [excel.replaceAll('\t', ';'), ...rows].join('\r\n'));
    const refused = await cases('import', file);
    const known = 'förväntade något av öppet, väntar, stängt eller ett annat ord i `cases import --help`';
    expect(refused.errors).toContain(
      `${file}:2: status: ${known}, hittade "kanske" (11 rader: 2, 3, 4, 6, 7, 8, 9, 10, 11, 12 …)\n` +
        `${file}:5: status: ${known}, hittade "nja"\n`,
    );
    expect(refused.errors).toContain('Inget importerades: 12 fel.');
    writeFileSync(file, [excel, 'A-1\ttestbolaget\t2026-13-01\t\tx\tfråga\t\t'].join('\n'));
    expect((await cases('import', file)).errors).toContain(':2: öppnat: förväntade ett datum');
    expect((await cases('import', file, '--language', 'en')).errors).toContain(':2: opened: expected a date');
  });

  it('counts one case as one', async () => {
    expect((await cases('import', csv(good[0]!))).out).toBe('1 nytt, 0 uppdaterade, 0 oförändrade.\n');
  });

  it('reads CP850, says so, and takes an encoding that is named', async () => {
    const file = csv();
    const text = excel.replaceAll('\t', ';') + '\nA-1;testbolaget;2026-01-15;;Möte;fråga;;';
    const dos: Record<string, number> = { Ö: 0x99, ö: 0x94, å: 0x86, ä: 0x84 };
    writeFileSync(file, Buffer.from([...text].map((each) => dos[each] ?? each.charCodeAt(0))));
    const imported = await cases('import', file);
    expect(imported.out).toBe('Filen lästes som CP850.\n1 nytt, 0 uppdaterade, 0 oförändrade.\n');
    expect(await listSupportCases(database.db)).toMatchObject([{ title: 'Möte' }]);
    const named = await cases('import', file, '--encoding', 'cp850');
    expect(named.out).toBe('Filen lästes som CP850.\n0 nya, 0 uppdaterade, 1 oförändrat.\n');
    expect((await cases('import', file, '--encoding', 'ebcdic')).errors).toContain(
      'möjliga värden är UTF-8, UTF-16, Windows-1252, CP850',
    );
  });

  it('names a file that is not there', async () => {
    const missing = await cases('import', path.join(folder, 'none.csv'));
    expect(missing.code).toBe(1);
    expect(missing.errors).toMatch(/förväntade en läsbar fil på .*none\.csv/);
    const inEnglish = await cases('import', path.join(folder, 'none.csv'), '--language', 'en');
    expect(inEnglish.errors).toMatch(/expected a readable file at .*none\.csv/);
  });
});

describe('cases list', () => {
  it('lists what was imported, of one agreement or of all', async () => {
    expect((await cases('list', '--language', 'en')).out).toBe('No support cases have been imported.\n');
    expect((await cases('list')).out).toBe('Inga supportärenden har importerats.\n');
    await cases('import', csv(...good));
    const listed = await cases('list', 'testbolaget-2027', '--language', 'en');
    expect(listed.out).toBe(
      '2026-02-03  testbolaget-2027  A-2  Ny användare (request, closed 2026-02-04)\n' +
        '2026-01-15  testbolaget-2027  A-1  Delfaktura (question, open, 0.5 h)\n',
    );
    expect((await cases('list', 'testbolaget-2027')).out).toBe(
      '2026-02-03  testbolaget-2027  A-2  Ny användare (beställning, stängt 2026-02-04)\n' +
        '2026-01-15  testbolaget-2027  A-1  Delfaktura (fråga, öppet, 0,5 h)\n',
    );
    expect(JSON.parse((await cases('list', '--json')).out)).toHaveLength(2);
    expect(await cases('list', 'nobody-2027')).toMatchObject({
      code: 1,
      errors: 'förväntade ett signerat avtal, hittade inget med numret nobody-2027\n',
    });
  });
});
