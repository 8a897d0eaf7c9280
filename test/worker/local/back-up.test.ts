/** Back-ups of a real PostgreSQL, and what becomes of them. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { backUp } from '../../../worker/local/back-up';
import { manifestFile, readManifest } from '../../../worker/local/back-up-manifest';
import type { PartKeeper } from '../../../worker/local/parts';
import { createPartKeeper } from '../../../worker/local/parts';
import { choosePorts } from '../../../worker/local/ports';
import type { Postgres } from '../../../worker/local/postgres';
import { startPostgres } from '../../../worker/local/postgres';
import { identifyProcess } from '../../../worker/local/processes.cjs';
import { silentReporter } from '../../../worker/local/progress';
import { resetStack } from '../../../worker/local/reset';
import { restoreInto, verifyBackUp } from '../../../worker/local/restore';
import { restoringFile } from '../../../worker/local/running-stack';
import { startStack } from '../../../worker/local/stack';
import { speak } from '../../../worker/basics/spoken';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'back-up-'));
const dataDir = path.join(root, 'data');
const running = path.join(root, 'running');
const stopped = path.join(root, 'stopped');
const log = silentReporter;
const take = (folder: string) => backUp({ dataDir, folder, product: '1.2.3', log });
const { signal } = new AbortController();

let keeper: PartKeeper;
let postgres: Postgres;
const ask = async <T>(url: string, sql: string): Promise<T[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
};
/** Says that a stack runs, as its launcher does. */
const said = (): void =>
  fs.writeFileSync(
    path.join(dataDir, 'stack.json'),
    JSON.stringify({
      launcher: identifyProcess(),
      databaseUrl: postgres.url('serviceavtal'),
      embedded: { postgres: true },
    }),
  );

beforeAll(async () => {
  speak('en');
  const { postgres: port } = await choosePorts(dataDir);
  keeper = createPartKeeper(dataDir, () => undefined);
  postgres = await startPostgres({ dataDir, port, fsync: true, keeper, signal });
  await ask(
    postgres.url('serviceavtal'),
    `create table migrations (name text); insert into migrations values ('001-first');
     create table kept (n int, t text); insert into kept select n, repeat('x', 500) from generate_series(1, 20000) n`,
  );
});

afterAll(async () => {
  await keeper.close();
  for (const folder of fs.readdirSync(root)) await resetStack(path.join(root, folder));
  fs.rmSync(root, { recursive: true });
});

const restore = <T>(folder: string, to: string, work: (url: string) => Promise<T>): Promise<T> =>
  verifyBackUp({ folder, log }).then((manifest) =>
    restoreInto({ dataDir: to, folder, ports: {}, log, signal }, manifest, work),
  );

test('a back-up taken while rows are written holds all that was written before it, and all of each transaction', async () => {
  said();
  let writes = true;
  const writer = new Client({ connectionString: postgres.url('serviceavtal') });
  await writer.connect();
  const writing = (async () => {
    for (let n = 20_001; writes; n += 2)
      await writer.query(`insert into kept values (${n}, 'pair'), (${n + 1}, 'pair')`);
  })();
  const [before] = await ask<{ n: number }>(postgres.url('serviceavtal'), 'select max(n) as n from kept');
  const manifest = await take(running);
  writes = false;
  await writing;
  await writer.end();
  expect(manifest).toMatchObject({
    while: 'running',
    product: '1.2.3',
    migrations: { count: 1 },
    temporal: 'production',
  });
  const slots = await ask(postgres.url('postgres'), 'select * from pg_replication_slots');
  expect(slots).toEqual([]);

  const found = await restore(running, path.join(root, 'restored'), (url) =>
    ask<{ count: number; pairs: number; n: number }>(
      url,
      `select count(*)::int as count, max(n) as n, (count(*) filter (where t = 'pair'))::int as pairs from kept`,
    ),
  );
  expect(found[0]!.n).toBeGreaterThanOrEqual(before!.n);
  expect(found[0]!.count).toBe(found[0]!.n);
  expect(found[0]!.pairs % 2).toBe(0);
});

test('a back-up is never written over, nor taken where nothing is', async () => {
  said();
  await expect(take(running)).rejects.toThrow(/found a back-up in .*never overwritten/);
  await expect(
    backUp({ dataDir: path.join(root, 'none'), folder: path.join(root, 'x'), product: '', log }),
  ).rejects.toThrow(/expected a database in .*found none/);
});

test('without a start it is refused while PostgreSQL runs, and taken once it does not', async () => {
  fs.rmSync(path.join(dataDir, 'stack.json'));
  await expect(take(stopped)).rejects.toThrow(/PostgreSQL still runs, in process \d+/);
  await keeper.close();
  expect(await take(stopped)).toMatchObject({ while: 'stopped', lsn: null });
});

test('a restoration is refused where there are data, and where one was interrupted nothing starts', async () => {
  const interrupted = path.join(root, 'interrupted');
  await expect(restore(stopped, interrupted, () => Promise.reject(new Error('power cut')))).rejects.toThrow(
    'power cut',
  );
  expect(fs.existsSync(restoringFile(interrupted))).toBe(true);
  await expect(startStack({ dataDir: interrupted, environment: {}, log })).rejects.toThrow(
    /restoration of .* was interrupted/,
  );
  const found = await restore(stopped, interrupted, (url) =>
    ask<{ count: number }>(url, 'select count(*)::int as count from kept'),
  );
  expect(found[0]!.count).toBeGreaterThan(20_000);
  expect(fs.existsSync(restoringFile(interrupted))).toBe(false);
  await expect(restore(stopped, interrupted, async () => undefined)).rejects.toThrow(
    /expected a folder without data, found .*postgres/,
  );
});

test('a copy that was interrupted, and one of another PostgreSQL, are told and not restored', async () => {
  const half = path.join(root, 'half');
  fs.cpSync(running, half, { recursive: true });
  const manifest = readManifest(half);
  fs.rmSync(manifestFile(half));
  await expect(verifyBackUp({ folder: half, log })).rejects.toThrow(/found no backup\.json/);
  const to = path.join(root, 'other-main-version');
  const other = { ...manifest, postgres: { major: 17, version: '17.4' } };
  await expect(
    restoreInto({ dataDir: to, folder: running, ports: {}, log, signal }, other, async () => undefined),
  ).rejects.toThrow(/PostgreSQL 17, and this version runs PostgreSQL 18/);
  expect(fs.existsSync(path.join(to, 'postgres'))).toBe(false);
});

test.each([
  {
    damage: 'lost',
    file: 'postgres/PG_VERSION',
    says: 'PG_VERSION is missing',
    do: (file: string) => fs.rmSync(file),
  },
  {
    damage: 'cut short',
    file: 'postgres/global/pg_control',
    says: 'pg_control holds 100 bytes, expected 8192',
    do: (file: string) => fs.truncateSync(file, 100),
  },
  {
    damage: 'changed in one byte',
    file: 'postgres/global/pg_control',
    says: 'pg_control holds something else',
    do: (file: string) => {
      const bytes = fs.readFileSync(file);
      bytes[4000] = bytes[4000]! ^ 1;
      fs.writeFileSync(file, bytes);
    },
  },
])('a file that is $damage is named', async ({ file, says, do: damage }) => {
  const place = path.join(running, file);
  const kept = fs.readFileSync(place);
  damage(place);
  await expect(verifyBackUp({ folder: running, log })).rejects.toThrow(says);
  fs.writeFileSync(place, kept);
  await verifyBackUp({ folder: running, log });
});

test('a manifest that was changed is told', async () => {
  const text = fs.readFileSync(manifestFile(running), 'utf8');
  fs.writeFileSync(manifestFile(running), text.replace('"1.2.3"', '"1.2.4"'));
  await expect(verifyBackUp({ folder: running, log })).rejects.toThrow(/backup\.json is damaged/);
  fs.writeFileSync(manifestFile(running), text);
});
