/** The record outside of the database: what is written, in which files, and what becomes of a disk that takes nothing. */
import fs from 'node:fs';
import promises from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { RecordEntry } from '../../activities/record/entries';
import { openRecord } from '../../activities/record/record-file';
import { holdsRecord, readRecord } from '../../activities/record/read-record';

let root: string;
let folder: string;
const told: string[] = [];
const log = ({ en }: { en: string }): void => void told.push(en);
let clock = '2027-03-31T22:00:00.000Z';
const now = (): Date => new Date(clock);
const basis = (number: string): RecordEntry => ({
  kind: 'invoice',
  number,
  agreement: 'a',
  month: '2027-03',
});
const numbers = (lines: readonly { kind: string; number?: unknown }[]): unknown[] =>
  lines.map(({ kind, number = kind }) => number);

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'record-'));
  folder = path.join(root, 'record');
  told.length = 0;
  clock = '2027-03-31T22:00:00.000Z';
});
afterEach(() => fs.rmSync(root, { recursive: true }));

test('lines are on the disk when their writers go on, one file a month, closed to others', async () => {
  const record = openRecord(folder, { log, now });
  await record.append([{ kind: 'opened' }]);
  await Promise.all(['U-1', 'U-2', 'U-3'].map((number) => record.append([basis(number)])));
  clock = '2027-04-01T00:00:00.000Z';
  await record.append([basis('U-4')]);
  const files = fs.readdirSync(folder).sort();
  expect(files).toEqual(['record-2027-03.jsonl', 'record-2027-04.jsonl']);
  expect(files.map((file) => fs.statSync(path.join(folder, file)).mode & 0o777)).toEqual([0o600, 0o600]);
  const read = await readRecord(folder, '2027-03-31T22:00:00.000Z');
  expect(numbers(read.lines)).toEqual(['opened', 'U-1', 'U-2', 'U-3', 'U-4']);
  expect(read).toMatchObject({ isWhole: true, unreadable: 0, last: '2027-04-01T00:00:00.000Z' });
  expect(numbers((await readRecord(folder, '2027-04-01T00:00:00.000Z')).lines)).toEqual(['U-4']);
});

test.each([
  ['before the record was begun', '2027-03-31T21:59:59.000Z', false],
  ['when it was begun', '2027-03-31T22:00:00.000Z', true],
  ['in a later month', '2027-05-02T00:00:00.000Z', true],
])('of a back-up taken %s it is said whether the record is whole: %s, %s', async (_when, since, isWhole) => {
  await openRecord(folder, { log, now }).append([{ kind: 'opened' }]);
  expect((await readRecord(folder, since)).isWhole).toBe(isWhole);
});

test('half a line of a process that was killed is passed over, and the next begins on a line of its own', async () => {
  await openRecord(folder, { log, now }).append([basis('U-1')]);
  const file = path.join(folder, 'record-2027-03.jsonl');
  fs.appendFileSync(file, '{"written":"2027-03-31T22:00:00.000Z","kind":"invo');
  await openRecord(folder, { log, now }).append([basis('U-2')]);
  const read = await readRecord(folder, clock);
  expect(numbers(read.lines)).toEqual(['U-1', 'U-2']);
  expect(read.unreadable).toBe(1);
});

test('a disk that cannot be written holds up nothing, is told once, and leaves a gap that is told in the record', async () => {
  const record = openRecord(folder, { log, now });
  await record.append([{ kind: 'opened' }]);
  fs.renameSync(folder, `${folder}-gone`);
  fs.writeFileSync(folder, 'no folder');
  await record.append([basis('U-1')]);
  await record.append([basis('U-2')]);
  expect(record.trouble()).toMatch(/ENOTDIR|EEXIST/);
  expect(record.lost()).toBe(2);
  expect(told).toEqual([expect.stringContaining('cannot be written')]);
  fs.rmSync(folder);
  fs.renameSync(`${folder}-gone`, folder);
  await record.append([basis('U-3')]);
  expect(record.trouble()).toBeUndefined();
  expect(told[1]).toContain('is written again');
  const read = await readRecord(folder, clock);
  expect(read.lines).toMatchObject([
    { kind: 'opened' },
    { kind: 'gap', since: clock, lost: 2 },
    { number: 'U-3' },
  ]);
  expect(read.isWhole).toBe(false);
});

test('a disk that does not answer is waited for once, and what was to be written comes when it does', async () => {
  let answer = (): void => undefined;
  const silent = new Promise<undefined>((resolve) => (answer = () => resolve(undefined)));
  const hanging = jest.spyOn(promises, 'mkdir').mockReturnValue(silent);
  const record = openRecord(folder, { log, now, within: 1_500 });
  await record.append([basis('U-1')]);
  await record.append([basis('U-2')]);
  expect(told).toEqual([expect.stringContaining('no answer within 1500 ms')]);
  expect(record.trouble()).toBe('the disk does not answer');
  hanging.mockRestore();
  fs.mkdirSync(folder);
  answer();
  await record.append([basis('U-3')]);
  await record.close();
  expect(numbers((await readRecord(folder, clock)).lines)).toEqual(['U-1', 'U-2', 'U-3']);
  expect(record.trouble()).toBeUndefined();
});

test('an empty folder, or none, holds no record', () => {
  expect(holdsRecord(folder)).toBe(false);
  fs.mkdirSync(folder);
  expect(holdsRecord(folder)).toBe(false);
});
