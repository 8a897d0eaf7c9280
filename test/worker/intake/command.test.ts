import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { heartbeatReader } from '../../../activities/monitors/heartbeats';
import { sign } from '../../activities/signed-agreement';
import type { Ran } from '../../helpers/command-line';
import { serviceavtalOn, writeDownStack } from '../../helpers/command-line';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase, testStack } from '../../helpers/stack';
import type { Listening } from './listening';
import { agreement, clock, listen, watch } from './listening';

let database: FreshDatabase;
let intake: Listening;
let dataDir: string;

beforeEach(async () => {
  clock.now = Date.now();
  database = await freshDatabase();
  await sign(database.db);
  await watch(database.db, {
    id: 'nightly-import',
    kind: 'heartbeat',
    name: 'Nattlig import',
    everyMinutes: 60,
  });
  intake = await listen(database.db);
  const intakePort = Number(new URL(intake.url).port);
  dataDir = writeDownStack({ ...testStack(), databaseUrl: database.databaseUrl, intakePort });
});

afterEach(async () => {
  await intake.stop();
  await database.close();
  rmSync(dataDir, { recursive: true });
});

const heartbeats = (...args: string[]): Promise<Ran> =>
  serviceavtalOn(dataDir, 'heartbeats', ...args, '--language', 'en');
const hasCurl = spawnSync('curl', ['--version']).status === 0;

it('a token is made, shown once, listed never, and replaced only when that is said', async () => {
  const before = await heartbeats();
  expect(before.out).toContain(
    `${agreement}  nightly-import  Nattlig import\n  has no token yet: npx serviceavtal heartbeats token ${agreement} nightly-import`,
  );
  const swedish = await serviceavtalOn(dataDir, 'heartbeats');
  expect(swedish.out).toContain(`Nattlig import\n  har ingen adress än: npx serviceavtal heartbeats token`);
  const made = await heartbeats('token', agreement, 'nightly-import', '--json');
  const { token, url, ...rest } = JSON.parse(made.out) as Record<string, string>;
  expect(rest).toEqual({ agreement, check: 'nightly-import', replaced: false });
  expect(url).toBe(`${intake.url}/heartbeats/${token}`);
  expect((await fetch(`${url}/3`, { method: 'POST' })).status).toBe(200);

  const [list, json, again, unasked] = await Promise.all([
    heartbeats('list', agreement),
    heartbeats('list', '--json'),
    heartbeats('token', agreement, 'nightly-import', '--json'),
    heartbeats('token', agreement, 'nightly-import'),
  ]);
  expect(list.out).toMatch(
    /failed \d{4}-\d\d-\d\d \d\d:\d\d with exit code 3, due \d{4}-\d\d-\d\d \d\d:\d\d\n/,
  );
  expect(list.out + json.out).not.toContain(token);
  expect(JSON.parse(json.out)).toMatchObject([{ monitor: 'nightly-import', token: true, exitCode: 3 }]);
  expect([again.code, again.errors]).toEqual([1, expect.stringContaining('expected --yes to replace it')]);
  expect([unasked.code, unasked.errors]).toEqual([1, expect.stringContaining('There is no terminal')]);
  expect((await fetch(url ?? '', { method: 'POST' })).status).toBe(200);

  const replaced = await heartbeats('token', agreement, 'nightly-import', '--yes', '--json');
  expect(JSON.parse(replaced.out)).toMatchObject({ replaced: true });
  expect((await fetch(url ?? '', { method: 'POST' })).status).toBe(404);
  const wrong = await heartbeats('token', agreement, 'nightly');
  expect([wrong.code, wrong.errors]).toEqual([1, expect.stringContaining('it has nightly-import')]);
});

(hasCurl ? it : it.skip)('the printed line for cron reports exit code and output as it stands', async () => {
  const { out } = await heartbeats('token', agreement, 'nightly-import');
  const line = /^ {2}15 2 \* \* \* (.*)$/m.exec(out)?.[1] ?? '';
  expect(line).not.toContain('%');
  const job = path.join(dataDir, 'job');
  for (const [code, kind] of [
    [0, 'success'],
    [7, 'fail'],
  ] as const) {
    writeFileSync(job, `#!/bin/sh\nseq 1 2000\necho "kört: 100%" >&2\nexit ${code}\n`);
    chmodSync(job, 0o755);
    await promisify(execFile)('/bin/sh', ['-c', line.replace('/path/to/job', job)]);
    const report = await heartbeatReader(database.db)(agreement, 'nightly-import');
    expect(report).toMatchObject({ lastKind: kind, exitCode: code });
    expect(report?.body).toMatch(/\n1999\n2000\nkört: 100%\n$/);
  }
});
