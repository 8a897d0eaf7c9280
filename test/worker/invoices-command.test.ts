/** `serviceavtal invoices` and `hours value`, as somebody runs them on a stack that runs. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { addMonths } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { windows1252Text } from '../../rules/engine/basics/windows-1252';
import { signAndPlan } from '../activities/signed-agreement';
import { exampleContract } from '../helpers/example';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

// The first year began this month, whatever day it is.
const month = localDateOf(new Date().toISOString()).slice(0, 7);
const startsOn = `${month}-01`;
const today = localDateOf(new Date().toISOString());
let database: FreshDatabase;
let dataDir: string;
let out: string;

beforeEach(async () => {
  database = await freshDatabase();
  dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
  out = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-invoices-'));
});
afterEach(async () => {
  await database.close();
  for (const folder of [dataDir, out]) rmSync(folder, { recursive: true });
});

const begin = (changed: object = {}) =>
  signAndPlan(database.db, { startsOn, signedOn: addMonths(startsOn, -1), ...changed });
const run = (...args: string[]) => serviceavtalOn(dataDir, ...args);
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

it('shows a month, keeps nothing without a yes, makes it once, and writes it for people and for the ERP', async () => {
  await begin();
  const asked = await run('invoices');
  expect(asked.code).toBe(0);
  expect(plain(asked.out)).toContain(`Fakturaunderlag ${month}, belopp exkl. moms\n`);
  expect(asked.errors).toContain('lägg till --yes');
  expect(await database.db.query('select 1 from invoice_months')).toEqual([]);
  const made = await run('invoices', '--yes', '--export', 'visma-business', '--out', out);
  const number = `U-${month.slice(0, 4)}-00001`;
  expect(plain(made.out)).toContain(
    `${number}  Faktura  Testbolaget AB (testbolaget-2027)  147 900,00 kr  nytt\n`,
  );
  expect(plain(made.out)).toContain('120:00 tim à 1 232,50 kr = 147 900,00 kr');
  const again = await run('invoices', '--export', 'visma-business', '--out', out);
  expect(plain(again.out)).toBe(plain(made.out).replace('  nytt', ''));
  expect(readdirSync(out).sort()).toEqual([`fakturaunderlag-${month}.csv`, `fakturaunderlag-${month}.edi`]);
  const csv = readFileSync(path.join(out, `fakturaunderlag-${month}.csv`), 'utf8');
  expect(csv).toMatch(new RegExp(`^\ufeffUnderlagsnummer;Rad;.*\r\n${number};1;Faktura;`));
  expect(csv).toContain(';120:00;120;1232,50;147900,00;SEK\r\n');
  const edi = windows1252Text(readFileSync(path.join(out, `fakturaunderlag-${month}.edi`)));
  expect(edi).toMatch(
    new RegExp(`^H;1;${number};\\d{8};;Karin Ek;10005;4100;SEK\r\nL;;3010;.*;120;1232,5;1;`),
  );
  const json = JSON.parse((await run('invoices', '--json', '--yes')).out) as {
    fresh: string[];
    bases: unknown[];
  };
  expect([json.fresh, json.bases.length]).toEqual([[], 1]);
});

it('takes the numbers of invoices: all or none, with what is wrong by line', async () => {
  await begin();
  await run('invoices', '--yes');
  const number = `U-${month.slice(0, 4)}-00001`;
  const file = path.join(out, 'fakturor.csv');
  const report = (...lines: string[]) => {
    writeFileSync(file, `Underlagsnummer;Fakturanummer;Fakturadatum\r\n${lines.join('\r\n')}\r\n`);
    return run('invoices', 'numbered', file, '--by', 'eva');
  };
  const wrong = await report(`${number};10234;2027-13-01`, `U-2027-99999;10235;`);
  expect([wrong.code, wrong.out]).toEqual([1, '']);
  expect(wrong.errors).toContain('fakturor.csv:2: förväntade ett datum');
  const unknown = await report(`${number};10234;${today}`, `U-2027-99999;10235;`);
  expect(unknown.errors).toContain('fakturor.csv:3: förväntade numret på ett fakturaunderlag');
  expect((await report(`${number};10234;${today}`)).out).toBe('1 nya, 0 redan rapporterade.\n');
  expect((await report(`${number};10234;${today}`)).out).toBe('0 nya, 1 redan rapporterade.\n');
  expect((await report(`${number};10299;`)).errors).toContain(
    `faktura 10234 den ${today}, som redan är rapporterad för ${number}`,
  );
  expect((await run('invoices')).out).toContain('faktura 10234');
});

it('refuses an export to an ERP that does not know the customer, an unknown profile, and a month that has not begun', async () => {
  const { number: _, reference: __, ...customer } = exampleContract().customer;
  await begin({ customer });
  const refused = await run('invoices', '--yes', '--export', 'visma-business', '--out', out);
  expect([refused.code, readdirSync(out)]).toEqual([1, []]);
  expect(refused.errors).toContain('förväntade kundens nummer i affärssystemet');
  expect(await database.db.query('select 1 from invoice_months')).toEqual([]);
  expect((await run('invoices', '--dry-run')).errors).toContain(
    'er referens saknas; en e-faktura utan den avvisas',
  );
  expect((await run('invoices', '--export', 'visma-busines')).errors).toContain(
    'menade du "visma-business"?',
  );
  expect((await run('invoices', '--month', '2099-01')).errors).toContain(
    'förväntade en månad som har börjat',
  );
});

it('says what unused prepaid hours are worth', async () => {
  await begin();
  const { out: said } = await run('hours', 'value', '--on', startsOn, '--language', 'en');
  expect(plain(said)).toContain('testbolaget-2027  Testbolaget AB  SEK 147,900.00\n  contracted, expiring ');
  const json = JSON.parse((await run('hours', 'value', '--on', startsOn, '--json')).out) as {
    totals: object;
  };
  expect(json.totals).toEqual({ SEK: 14_790_000 });
});
