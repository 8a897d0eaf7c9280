/** What `doctor` says of machines and services that are well, and of those that are not. */
import fs from 'node:fs';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { generate } from 'selfsigned';
import { markRestoration } from '../../activities/health/restorations';
import type { Finding } from '../../worker/health/doctor';
import { looked } from '../../worker/health/doctor';
import { clockOf } from '../../worker/health/doctor-database';
import {
  lookAtBackUp,
  lookAtDisk,
  lookAtKeys,
  lookAtNode,
  lookAtRecord,
} from '../../worker/health/doctor-machine';
import { lookAtCertificate } from '../../worker/health/doctor-services';
import { noteBackUp } from '../../worker/local/last-back-up';
import { serviceavtalOn, writeDownStack } from '../helpers/command-line';
import { freshDatabase, testStack } from '../helpers/stack';

let dataDir: string;
const name = { sv: 'Mappen', en: 'The folder' };

beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'doctor-'));
});
afterEach(() => fs.rmSync(dataDir, { recursive: true }));

test.each([
  ['20.18.1', 'ok'],
  ['22.0.0', 'ok'],
  ['20.18.0', 'wrong'],
  ['18.20.0', 'wrong'],
])('Node %s is %s', (version, standing) => {
  expect(lookAtNode(version).standing).toBe(standing);
});

test.each([
  [3_000, 'ok'],
  [1_000, 'warning'],
  [100, 'wrong'],
])('a disk with %d MB free is %s', (megabytes, standing) => {
  const found = lookAtDisk('disk.data', name, dataDir, () => megabytes * 1024 * 1024);
  expect(found.standing).toBe(standing);
  expect(fs.readdirSync(dataDir)).toEqual([]);
});

test('a folder that cannot be written is wrong', () => {
  const file = path.join(dataDir, 'file');
  fs.writeFileSync(file, '');
  expect(lookAtDisk('disk.data', name, file)).toMatchObject({
    standing: 'wrong',
    found: { en: expect.stringContaining('cannot be written') as string },
  });
});

test.each([
  [1, 'ok'],
  [27, 'warning'],
  [200, 'wrong'],
])('a back-up of %d hours ago is %s', (hours, standing) => {
  const takenAt = '2027-03-10T00:00:00.000Z';
  noteBackUp(dataDir, { takenAt, folder: dataDir });
  expect(lookAtBackUp({ dataDir }, Date.parse(takenAt) + hours * 3_600_000).standing).toBe(standing);
});

test('without a back-up, a record or a key it says so', () => {
  expect(lookAtBackUp({ dataDir }).standing).toBe('warning');
  expect(lookAtRecord({ dataDir, recordDir: path.join(dataDir, 'record') }).at(-1)).toMatchObject({
    about: 'record',
    standing: 'warning',
  });
  expect(lookAtKeys({ dataDir, intake: {} as never })).toMatchObject([{ standing: 'warning' }]);
});

test('a key that others can read is wrong', () => {
  const key = path.join(dataDir, 'link-key');
  fs.writeFileSync(key, 'x'.repeat(40), { mode: 0o600 });
  expect(lookAtKeys({ dataDir, intake: {} as never })).toMatchObject([{ standing: 'ok' }]);
  fs.chmodSync(key, 0o644);
  expect(lookAtKeys({ dataDir, intake: {} as never })).toMatchObject([
    { standing: 'wrong', todo: { en: `chmod 600 ${key}` } },
  ]);
});

test.each([
  [0, 'ok'],
  [-5_000, 'warning'],
  [90_000, 'wrong'],
])('a clock that differs by %d ms is %s', (milliseconds, standing) => {
  expect(clockOf('PostgreSQL', milliseconds).standing).toBe(standing);
});

test.each([
  [60, 'ok'],
  [10, 'warning'],
  [3, 'wrong'],
  [-2, 'wrong'],
])('a certificate that ends in %d days is %s', async (days, standing) => {
  const notAfterDate = new Date(Date.now() + (days + 0.5) * 86_400_000);
  const notBeforeDate = new Date(notAfterDate.getTime() - 90 * 86_400_000);
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    notBeforeDate,
    notAfterDate,
    keySize: 2048,
  });
  const server = tls.createServer({ key, cert }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const found = await lookAtCertificate('x', 'localhost', (server.address() as AddressInfo).port);
    expect(found.standing).toBe(standing);
  } finally {
    server.close();
  }
});

test('what does not answer, or fails, is wrong, and hides nothing else', async () => {
  const silent = (): Promise<Finding[]> => new Promise(() => undefined);
  expect(await looked('x', name, silent, 10)).toMatchObject([{ standing: 'wrong', todo: name }]);
  const failing = (): Finding[] => {
    throw new Error('no');
  };
  expect(await looked('x', name, failing)).toMatchObject([{ standing: 'wrong', found: { en: 'no' } }]);
});

test('of a stack that is down it says so, looks at the rest, and starts nothing', async () => {
  const { code, out } = await serviceavtalOn(dataDir, 'doctor', '--language', 'en');
  expect(code).toBe(1);
  expect(out).toMatch(/^ok +Node /m);
  expect(out).toMatch(/^wrong +The stack does not run .*\n +→ start it with `npm start`/m);
  expect(fs.readdirSync(dataDir)).toEqual([]);
});

test('of a stack that runs it looks at every part, in both languages', async () => {
  const database = await freshDatabase();
  const stack = { ...testStack(), databaseUrl: database.databaseUrl };
  const written = writeDownStack(stack);
  try {
    await markRestoration(database.db, { takenAt: '2027-03-10T00:00:00.000Z', by: 'test' });
    const { code, out } = await serviceavtalOn(written, 'doctor', '--json', '--language', 'en');
    const found = JSON.parse(out) as { about: string; standing: string; found: string; todo?: string }[];
    const standing = Object.fromEntries(found.map((one) => [one.about, one.standing]));
    expect(standing).toMatchObject({
      ...{ node: 'ok', database: 'ok', 'database.schema': 'ok', 'clock.postgresql': 'ok' },
      ...{ temporal: 'ok', smtp: 'ok', workflows: 'ok', mails: 'ok', restoration: 'warning' },
      // Nothing works on this stack's own queues, and no intake listens.
      ...{ 'queue.serviceavtal.workflows': 'wrong', intake: 'wrong' },
    });
    expect(found.every(({ standing: how, todo }) => (how === 'ok') === (todo === undefined))).toBe(true);
    expect(code).toBe(1);
    const swedish = await serviceavtalOn(written, 'doctor');
    expect(swedish.out).toMatch(/^bra +PostgreSQL 18\.\d+ svarar på \d+ ms$/m);
    expect(swedish.out).toMatch(/^fel +Kön serviceavtal \(arbetsflöden\): 0 arbetar/m);
  } finally {
    fs.rmSync(written, { recursive: true });
    await database.close();
  }
});
