import { rmSync } from 'node:fs';
import type { AmendmentLook } from '../../activities/signings/amendments';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { signAndPlan } from '../activities/signed-agreement';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import { exampleContract } from '../helpers/example';
import { signLater } from '../helpers/signed-later';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

const today = localDateOf(new Date().toISOString());
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

const run = (...args: string[]) => serviceavtalOn(dataDir, 'amendments', ...args);
const changes = () => database.db.query('select changes from contract_changes');

function propose(hours: number, title?: string) {
  const contract = exampleContract({ signedOn: today });
  const hourBank = { ...contract.hourBank, hours };
  return signLater(database.db, { contract: { ...contract, hourBank } }, today, title);
}

it('an amendment is listed, shown with its difference, asked for, and approved once', async () => {
  const { id } = await propose(160, 'Fler\u001b[2J timmar');
  const [list, show, json, unasked] = await Promise.all([
    run('list'),
    run('show', String(id), '--language', 'en'),
    run('show', String(id), '--json'),
    run('approve', String(id), '--language', 'en'),
  ]);
  expect(list).toMatchObject({ code: 0, errors: '' });
  expect(list.out).toMatch(
    new RegExp(`^ +${id}  väntar +${agreement}  Testbolaget AB, ${today}, scrive/document-\\d+\n$`),
  );
  expect(show.out).toContain(`Amendment ${id}\nDocument scrive/document-`);
  expect(show.out).toContain('Signed 2027-03-10 by Karin Ek <karin.ek@testbolaget.example.com>');
  expect(show.out).toMatch(new RegExp(`~ hourBank.hours +120 → 160, from ${today}`));
  expect(show.out).toContain('rollover, at most');
  expect(show.out).toContain(`npx serviceavtal amendments approve ${id}`);
  expect(show.out).not.toContain('\u001b[2J');
  expect((JSON.parse(json.out) as AmendmentLook).values).toMatchObject([{ from: 120, to: 160 }]);
  expect(unasked.code).toBe(1);
  expect(unasked.errors).toContain(`Approve amendment ${id} of ${agreement}? There is no terminal`);
  expect(await changes()).toEqual([]);

  const approved = await run('approve', String(id), '--by', 'Erik Holm', '--yes');
  expect(approved).toMatchObject({ code: 0, errors: '' });
  expect(approved.out).toContain(`Godkänt; ${agreement} är ändrat.\nDet löpande året får veta det nu`);
  expect(await changes()).toHaveLength(1);
  const again = await run('approve', String(id), '--yes', '--language', 'en');
  expect(again.code).toBe(0);
  expect(again.out).toContain('by Erik Holm already; nothing was changed.');
  expect(await changes()).toHaveLength(1);
});

it('an amendment is declined with a reason, which it takes', async () => {
  const { id } = await propose(80);
  const [without, unknown, inSwedish] = await Promise.all([
    run('decline', String(id), '--language', 'en'),
    run('decline', '99', '--reason', 'fel', '--language', 'en'),
    run('decline', '99', '--reason', 'fel'),
  ]);
  expect(without.code).toBe(1);
  expect(without.errors).toContain("required option '--reason <text>'");
  expect(unknown).toMatchObject({ code: 1 });
  expect(unknown.errors).toContain('expected the number of an amendment, found 99');
  expect(inSwedish.errors).toContain('förväntade numret på ett tilläggsavtal, hittade 99');
  const declined = await run('decline', String(id), '--reason', 'fel antal timmar', '--by', 'Erik Holm');
  expect(declined.out).toBe(`Tilläggsavtal ${id} är avböjt; avtalet gäller som förut.\n`);
  const [shown, approved, toldInSwedish] = await Promise.all([
    run('show', String(id)),
    run('approve', String(id), '--yes', '--language', 'en'),
    run('approve', String(id), '--yes'),
  ]);
  expect(shown.out).toMatch(/Avböjt \S+ av Erik Holm: fel antal timmar\./);
  expect(approved).toMatchObject({ code: 1 });
  expect(approved.errors).toContain('was declined: fel antal timmar');
  expect(toldInSwedish.errors).toContain(`tilläggsavtal ${id} avböjdes: fel antal timmar`);
});
