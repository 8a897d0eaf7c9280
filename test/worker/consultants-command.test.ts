import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findAgreement } from '../../activities/agreements/agreements';
import type { ConsultantStatus } from '../../activities/agreements/list-consultants';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
import { signAndPlan } from '../activities/signed-agreement';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import { exampleContract } from '../helpers/example';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

const today = localDateOf(new Date().toISOString());
const [from, until] = [addDays(today, 10), addDays(today, 20)];
const agreement = 'testbolaget-2027';
let database: FreshDatabase;
let dataDir: string;

beforeEach(async () => {
  database = await freshDatabase();
  dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
  await signAndPlan(database.db);
});

afterEach(async () => {
  await database.close();
  rmSync(dataDir, { recursive: true });
});

const run = (...args: string[]) => serviceavtalOn(dataDir, ...args);
const replaceInSwedish = (...args: string[]) =>
  run('consultants', 'replace', 'konsult-1', 'konsult-2', ...args);
const replace = (...args: string[]) => replaceInSwedish(...args, '--language', 'en');
const bo = ['--name', 'Bo Ek', '--email', 'bo.ek@pector.example'];
const leave = [...bo, '--from', from, '--until', until];
const told = () =>
  database.db.query(`select agreement from outbox where kind not in ('monitoring', 'digests')`);

it('a replacement is shown, asked for, recorded once, and listed', async () => {
  await database.db.query(
    `insert into meetings (agreement, year, id, booked_at, place) values ($1, 1, 'meeting-1', $2, 'Teams')`,
    [agreement, `${addDays(from, 1)}T09:00:00Z`],
  );
  const unasked = await replace(...leave);
  expect(unasked.code).toBe(1);
  expect(unasked.out).toContain(
    `konsult-1 is replaced by konsult-2 (Bo Ek <bo.ek@pector.example>) from ${from} until ${until}:\n`,
  );
  expect(unasked.out).toMatch(
    new RegExp(
      `  ${agreement}  Testbolaget AB: \\d+ open steps? until ${until}, 1 booked meeting\n` +
        `    meeting-1  ${addDays(from, 1)} \\d\\d:00, Teams\nThe day after, konsult-1 is back.\n$`,
    ),
  );
  expect(unasked.errors).toContain('Replace konsult-1 by konsult-2 in 1 agreement? There is no terminal');
  const inSwedish = await replaceInSwedish(...leave);
  expect(inSwedish.out).toMatch(
    new RegExp(
      `^konsult-1 ersätts av konsult-2 \\(Bo Ek <bo.ek@pector.example>\\) från ${from} till och med ${until}:\n` +
        `  ${agreement}  Testbolaget AB: \\d+ öppn?[ae]t? steg till och med ${until}, 1 bokat möte\n` +
        `    meeting-1  ${addDays(from, 1)} \\d\\d:00, Teams\nDagen efter är konsult-1 tillbaka.\n$`,
    ),
  );
  expect(inSwedish.errors).toMatch(
    /^Ersätta konsult-1 med konsult-2 i 1 avtal\? Det finns ingen terminal.*\nInget är ändrat\.\n$/,
  );
  expect(await told()).toEqual([]);

  const recorded = await replace(...leave, '--yes');
  expect(recorded).toMatchObject({ code: 0, errors: '' });
  expect(recorded.out).toContain(`Recorded; the running years are told on ${from}.`);
  expect(await told()).toHaveLength(2);

  const [again, overlapping, list, json, swedish, clash] = await Promise.all([
    replace(...leave, '--yes'),
    replace(...bo, '--from', addDays(from, 5), '--yes'),
    run('consultants', 'list', '--language', 'en'),
    run('consultants', 'list', '--json'),
    run('consultants'),
    replaceInSwedish(...bo, '--from', addDays(from, 5), '--yes'),
  ]);
  expect(again).toMatchObject({
    code: 0,
    out: `Nothing to do: this is recorded already, for ${agreement}.\n`,
  });
  expect(overlapping).toMatchObject({ code: 1, out: '' });
  expect(overlapping.errors).toContain(
    `${agreement}: konsult-1 is replaced by konsult-2 from ${from} until ${until}`,
  );
  expect(list.out).toMatch(
    /^konsult-1 {2}Anna Berg <anna\.berg@pector\.example>: 1 agreement, \d+ open steps\n/,
  );
  expect(list.out).toContain(`  replaced by konsult-2 from ${from} until ${until}: ${agreement}\n`);
  expect(swedish.out).toMatch(
    /^konsult-1 {2}Anna Berg <anna\.berg@pector\.example>: 1 avtal, \d+ öppna steg\n/,
  );
  expect(swedish.out).toContain(`  ersätts av konsult-2 från ${from} till och med ${until}: ${agreement}\n`);
  expect(clash.errors).toContain(
    `${agreement}: konsult-1 ersätts av konsult-2 från ${from} till och med ${until}`,
  );
  const [anna] = JSON.parse(json.out) as ConsultantStatus[];
  expect(anna).toMatchObject({ id: 'konsult-1', absences: [{ from, until, standIn: 'konsult-2' }] });
  expect(await told()).toHaveLength(2);
});

it('a replacement as one document takes --yes; what is missing or wrong is said', async () => {
  const [json, unconfirmed, half, unknown, badDate, badId, badIdInSwedish] = await Promise.all([
    replace(...bo, '--yes', '--json'),
    replace(...bo, '--json'),
    replace('--name', 'Bo Ek', '--yes'),
    replace('--yes'),
    replaceInSwedish('--until', '2027-02-30'),
    run('consultants', 'replace', 'Anna Berg', 'konsult-2', '--language', 'en'),
    run('consultants', 'replace', 'Anna Berg', 'konsult-2'),
  ]);
  expect(JSON.parse(json.out)).toMatchObject({
    replaced: true,
    from: today,
    until: null,
    agreements: [{ agreement }],
  });
  expect(unconfirmed.errors).toContain('expected --yes with --json');
  expect(half.errors).toContain('expected --name and --email together, found one of them');
  expect(unknown.errors + unknown.out).toMatch(/expected a name and an address|is recorded already/);
  expect(badDate.errors).toContain('förväntade ett datum som ÅÅÅÅ-MM-DD');
  expect(badId.errors).toContain("expected a consultant's id");
  expect(badIdInSwedish.errors).toContain('förväntade id för en konsult');
  expect(await told()).toHaveLength(1);
});

it('change still gives one agreement another consultant', async () => {
  const { contacts, ...contract } = exampleContract();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-change-'));
  const file = path.join(folder, 'changed.json');
  const consultant = { id: 'konsult-2', name: 'Bo Ek', email: 'bo.ek@pector.example' };
  const { contract: signed } = (await findAgreement(database.db, agreement))!;
  const { customer } = signed.contacts;
  writeFileSync(file, JSON.stringify({ ...contract, contacts: { ...contacts, customer, consultant } }));
  const changed = await run('change', agreement, file, '--yes', '--language', 'en');
  rmSync(folder, { recursive: true });
  expect(changed).toMatchObject({ code: 0, errors: '' });
  expect(changed.out).toBe(
    '~ contacts.consultant.email: "anna.berg@pector.example" -> "bo.ek@pector.example"\n' +
      '~ contacts.consultant.id: "konsult-1" -> "konsult-2"\n' +
      '~ contacts.consultant.name: "Anna Berg" -> "Bo Ek"\n' +
      'Recorded; the running year is told.\n',
  );
  expect(await told()).toEqual([{ agreement }]);
});
