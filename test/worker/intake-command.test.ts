import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { keepDelivery } from '../../activities/signings/inbox';
import { findDelivery } from '../../activities/signings/delivery-commands';
import { arrive, missing, signedBody } from '../activities/signings/deliveries';
import { sign } from '../activities/signed-agreement';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';

let database: FreshDatabase;
let dataDir: string;
let folder: string;

beforeEach(async () => {
  database = await freshDatabase();
  dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl });
  folder = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-intake-'));
});

afterEach(async () => {
  await database.close();
  for (const each of [dataDir, folder]) rmSync(each, { recursive: true });
});

const inSwedish = (...args: string[]) => serviceavtalOn(dataDir, 'intake', ...args);
const run = (...args: string[]) => inSwedish(...args, '--language', 'en');
const stateOf = async (id: number) => (await findDelivery(database.db, id)).state;

it('lists what waits with its first reason in the language of the command, or says that nothing does', async () => {
  await arrive(database.db, { state: 'done', result: 'started' });
  const [empty, none, nothing, noneRefused] = await Promise.all([
    run('list'),
    run('list', '--state', 'refused'),
    inSwedish(),
    inSwedish('list', '--state', 'refused'),
  ]);
  expect(empty).toMatchObject({ code: 0, errors: '', out: 'Nothing waits. 1 taken in the last 30 days.\n' });
  expect(none.out).toBe('Nothing is refused.\n');
  expect(nothing.out).toBe('Inget väntar. Senaste 30 dagarna har 1 tagits emot som avtal eller tillägg.\n');
  expect(noneRefused.out).toBe('Ingen leverans är avvisad.\n');

  const { agreement } = await sign(database.db);
  const long = { message: { sv: `numret är känt\u001b[31m ${'x'.repeat(200)}`, en: 'known' } };
  const first = await arrive(database.db, {
    document: 'doc-x',
    reasons: [missing('Nivå'), missing('Start')],
  });
  const second = await arrive(database.db, { service: 'docusign', agreement, reasons: [long] });
  const [english, list, json, one] = await Promise.all([
    run('list'),
    inSwedish('list'),
    run('list', '--json'),
    run('list', '--service', 'docusign', '--state', 'all'),
  ]);
  const lines = list.out.trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^id +tjänst +mottagen +gånger +läge +dokument +avtal +skäl$/);
  expect(lines[1]).toMatch(
    new RegExp(
      `^${first} +signed +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d +1 +väntar +doc-x +- +contract.level: förväntade fältet "Nivå", hittade inget$`,
    ),
  );
  expect(lines[2]).toMatch(new RegExp(`^${second} +docusign .* ${agreement} +numret är känt\ufffd.*x…$`));
  expect(english.out).toMatch(
    new RegExp(
      '^id +service +received +times +state +document +agreement +reason\n' +
        `${first} +signed .* +1 +waiting +doc-x +- +contract.level: expected the field "Nivå", found none\n`,
    ),
  );
  expect(list.out).not.toContain('\u001b');
  expect(JSON.parse(json.out)).toMatchObject({ older: 0, deliveries: [{ id: first }, { id: second }] });
  expect(one.out).not.toContain('doc-x');
});

it('writes out what nobody sees in what others sent', async () => {
  const id = await arrive(database.db, {
    document: 'doc\u202ex',
    body: signedBody('doc-x', { note: 'Eva\u202eEk\u200b' }),
    reasons: [{ about: 'contract\u200e', message: { sv: 'hittade\u202e', en: 'found\u202e' } }],
  });
  for (const { out } of [await run('show', `${id}`), await run('list')]) {
    expect(out).not.toMatch(/[\u200b\u200e\u202e]/);
    expect(out).toContain('doc\\u202ex');
    expect(out).toContain('contract\\u200e: found\\u202e');
  }
  expect((await run('show', `${id}`)).out).toContain('"Eva\\u202eEk\\u200b"');
});

it('shows everything of one: reasons, relatives, what can be done, and the beginning of what came', async () => {
  const base64 = 'JVBERi0x'.repeat(1_000);
  const files = [{ kind: 'contract', name: 'avtal.pdf', mediaType: 'application/pdf', base64 }];
  const more = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`field${index}`, index]));
  const id = await arrive(database.db, {
    document: 'doc-x',
    body: signedBody('doc-x', { files, more }),
    reasons: [missing('Nivå'), missing('Start')],
  });
  const other = await arrive(database.db, { document: 'doc-x', body: Buffer.from('x'), state: 'received' });
  const [shown, swedish, json, related] = await Promise.all([
    run('show', `${id}`),
    inSwedish('show', `${id}`),
    run('show', `${id}`, '--json'),
    run('show', `${other}`),
  ]);
  expect(shown).toMatchObject({ code: 0, errors: '' });
  expect(shown.out).toContain(`Delivery ${id}  signed: waiting\n`);
  expect(shown.out).toContain('  reason     contract.level: expected the field "Start", found none\n');
  expect(swedish.out).toContain(`Leverans ${id}  signed: väntar\n`);
  expect(swedish.out).toContain('  skäl       contract.level: förväntade fältet "Start", hittade inget\n');
  expect(swedish.out).toMatch(new RegExp(`  även       ${other}  .* mottagen\\n`));
  expect(swedish.out).toContain('  signerare  Anna Lindqvist <anna@kund.example.com>\n');
  expect(swedish.out).toContain('JVBERi0xJV… (8000 tecken)');
  expect(swedish.out).toMatch(/… och \d+ rader till\nAlltihop, som det kom: npx/);
  expect(swedish.out).toContain(
    `Rätta rules/signing/signed.json, eller det som skälen säger; sedan: npx serviceavtal intake retry ${id}\n`,
  );
  expect(shown.out).toMatch(new RegExp(`  also       ${other}  .* received\\n`));
  expect(shown.out).toContain('  title      Serviceavtal doc-x\n');
  expect(shown.out).toContain('  signer     Anna Lindqvist <anna@kund.example.com>\n');
  expect(shown.out).toContain('  header     content-type: application/json\n');
  expect(shown.out).toContain(
    `rules/signing/signed.json, or what the reasons say; then: npx serviceavtal intake retry ${id}\n`,
  );
  expect(shown.out).toContain('JVBERi0xJV… (8000 characters)');
  expect(shown.out).not.toContain(base64);
  expect(shown.out).toMatch(/… and \d+ more lines\n/);
  expect(JSON.parse(json.out)).toMatchObject({
    id,
    related: [{ id: other }],
    next: [
      expect.stringContaining('Mend rules/signing/signed.json') as string,
      expect.stringContaining('If nothing is to become of it') as string,
    ],
  });
  expect(related.out).toContain(
    `It is neither JSON nor a form; as it came: npx serviceavtal intake show ${other} --raw -\n`,
  );
});

it('gives what came byte for byte, to the output or a new file, and what the API answered where it was asked', async () => {
  const form = `document_id=42&document_json=${encodeURIComponent('{"title":"Avtal å"}')}`;
  const id = await arrive(database.db, { service: 'scrive', body: Buffer.from(form) });
  const file = path.join(folder, 'body');
  const [raw, shown, unasked] = await Promise.all([
    run('show', `${id}`, '--raw', '-'),
    run('show', `${id}`),
    run('show', `${id}`, '--fetched', '--raw', '-'),
  ]);
  expect(raw.out).toBe(form);
  expect(shown.out).toContain('"document_json": {\n      "title": "Avtal å"');
  expect(unasked).toMatchObject({ code: 1, out: '' });
  expect(unasked.errors).toContain('found none: it was not asked');
  await database.db.query(`update deliveries set fetched = $2 where id = $1`, [id, Buffer.from('{"a":[1]}')]);
  const [fetched, written] = await Promise.all([
    run('show', `${id}`, '--fetched'),
    run('show', `${id}`, '--raw', file),
  ]);
  expect(fetched.out).toContain('  {\n    "a": [\n      1\n    ]\n  }\n');
  expect(written.errors).toContain(`${form.length} bytes written to ${file}`);
  expect(readFileSync(file, 'utf8')).toBe(form);
  const again = await run('show', `${id}`, '--raw', file);
  expect(again.code).toBe(1);
  expect(again.errors).toContain(`expected to write a new file ${file}`);
});

it('has one or all tried again, and says what stands in the way', async () => {
  const [first, second] = [await arrive(database.db), await arrive(database.db)];
  const done = await arrive(database.db, { state: 'done', result: 'duplicate' });
  const refused = { message: { sv: 'fel', en: 'wrong' } };
  const { id: forged } = await keepDelivery(database.db, {
    service: 'docusign',
    headers: {},
    body: Buffer.from('{}'),
    refused,
  });
  const [one, unknown, finished, signature, both, word, ...swedish] = await Promise.all([
    run('retry', `${first}`, '--by', 'erik'),
    run('retry', '999'),
    run('retry', `${done}`),
    run('retry', `${forged}`),
    run('retry', `${first}`, '--all'),
    run('retry', 'doc-x'),
    inSwedish('retry', '999'),
    inSwedish('retry', `${done}`),
    inSwedish('retry', `${forged}`),
    inSwedish('retry', `${first}`, '--all'),
    inSwedish('retry', 'doc-x'),
  ]);
  const expected = [
    `förväntade numret på en leverans, hittade ingen med numret 999; närmast är ${forged}`,
    `hittade ${done}, klar (känt): inget finns kvar att försöka`,
    'och låt sedan tjänsten skicka den igen',
    'förväntade numret på en leverans eller --all, hittade båda eller inget',
    'förväntade numret på en leverans, som `intake list` visar det',
  ];
  expect(swedish.map(({ errors }) => errors)).toEqual(
    expected.map((text) => expect.stringContaining(text) as string),
  );
  expect(one).toMatchObject({ code: 0, errors: '' });
  expect(one.out).toContain(`Delivery ${first} is processed now;`);
  expect(await findDelivery(database.db, first)).toMatchObject({ state: 'received', by: 'erik' });
  expect([unknown.code, finished.code, signature.code, both.code, word.code]).toEqual([1, 1, 1, 1, 1]);
  expect(unknown.errors).toContain(`found none with number 999; the nearest is ${forged}`);
  expect(finished.errors).toContain(`found ${done} done (duplicate): nothing is left to try`);
  expect(signature.errors).toContain('then have the service send it again');
  expect(both.errors).toContain('expected the number of a delivery or --all, found both or neither');
  expect(word.errors).toContain('expected the number of a delivery, as `intake list` shows it');
  const all = await run('retry', '--all', '--json');
  expect(JSON.parse(all.out)).toMatchObject({ retried: [second] });
  const shown = await findDelivery(database.db, second);
  expect(shown.by).toBe(os.userInfo().username);
});

it('rejects after a question, says how to undo it, and keeps who and why', async () => {
  const id = await arrive(database.db);
  const unasked = await run('reject', `${id}`, '--reason', 'Provavtal');
  expect(unasked.code).toBe(1);
  expect(unasked.errors).toContain(`Reject delivery ${id}? No agreement becomes of it. There is no terminal`);
  expect((await inSwedish('reject', `${id}`, '--reason', 'Provavtal')).errors).toMatch(
    new RegExp(
      `Lägga leverans ${id} åt sidan\\? Det blir inget avtal av den. Det finns ingen terminal .*\nInget är ändrat.\n$`,
    ),
  );
  expect(await stateOf(id)).toBe('waiting');
  const rejected = await run('reject', `${id}`, '--reason', 'Provavtal', '--by', 'erik', '--yes');
  expect(rejected.out).toBe(`Delivery ${id} is rejected. To undo it: npx serviceavtal intake retry ${id}\n`);
  const [shown, again, unreasoned, empty, json] = await Promise.all([
    run('show', `${id}`),
    run('reject', `${id}`, '--reason', 'x', '--yes'),
    run('reject', `${id}`, '--yes'),
    run('reject', `${id}`, '--reason', ' ', '--yes'),
    run('reject', `${id}`, '--reason', 'x', '--json'),
  ]);
  expect(shown.out).toContain('  by         erik\n');
  expect(shown.out).toContain('  rejected   Provavtal\n  reason     contract.level: expected');
  expect(shown.out).toContain(`To take it up again: npx serviceavtal intake retry ${id}\n`);
  expect(again.errors).toContain(`expected a delivery that is waiting or received, found ${id} rejected`);
  expect(unreasoned.errors).toContain("required option '--reason <text>' not specified");
  expect((await inSwedish('reject', `${id}`, '--yes')).errors).toContain(
    "flaggan '--reason <text>' måste anges",
  );
  expect(empty.errors).toContain('expected a reason of 1 to 1000 characters');
  expect(json.errors).toContain('expected --yes with --json');
  await run('retry', `${id}`);
  expect(await stateOf(id)).toBe('received');
});

it('does not choke on what others send: nested without end, or ten megabytes', async () => {
  const nested = await arrive(database.db, { body: Buffer.from('['.repeat(200_000) + ']'.repeat(200_000)) });
  const large = await arrive(database.db, {
    body: signedBody('y', { files: [{ base64: 'A'.repeat(10_000_000) }] }),
  });
  const [deep, big, raw] = await Promise.all([
    run('show', `${nested}`),
    run('show', `${large}`),
    run('show', `${large}`, '--raw', path.join(folder, 'large')),
  ]);
  expect(deep).toMatchObject({ code: 0, errors: '' });
  expect(deep.out).toContain('It is neither JSON nor a form');
  expect(big.out).toContain('(10000000 characters)');
  expect(big.out.length).toBeLessThan(5_000);
  expect(raw.code).toBe(0);
});
