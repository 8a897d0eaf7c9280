import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { identifyProcess } from '../../../worker/local/processes.cjs';
import { silentReporter } from '../../../worker/local/progress';
import { resetStack } from '../../../worker/local/reset';
import { lockStack, readRunningStack } from '../../../worker/local/running-stack';
import { startStack } from '../../../worker/local/stack';

let dataDir: string;

beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'stack-'));
});

afterEach(() => fs.rmSync(dataDir, { recursive: true, force: true }));

const writeInfo = (text: string): void => fs.writeFileSync(path.join(dataDir, 'stack.json'), text);

test('a running stack is found by its launcher', () => {
  writeInfo(JSON.stringify({ temporalAddress: '127.0.0.1:1', launcher: identifyProcess() }));
  expect(readRunningStack(dataDir)?.temporalAddress).toBe('127.0.0.1:1');
});

test('a stack whose launcher is gone is not running, even when another process has its id', () => {
  writeInfo(
    JSON.stringify({ temporalAddress: '127.0.0.1:1', launcher: { pid: process.pid, startedAt: 'then' } }),
  );
  expect(readRunningStack(dataDir)).toBeUndefined();
});

test.each(['', '{"launcher": {"pid', '[]', '{}'])('a record that reads %j is no running stack', (text) => {
  writeInfo(text);
  expect(readRunningStack(dataDir)).toBeUndefined();
});

test('a second start on the same data is refused, and says who has it', async () => {
  const lock = lockStack(dataDir);
  const start = startStack({ dataDir, environment: {}, log: silentReporter });
  await expect(start).rejects.toMatchObject({
    name: 'StackBusyError',
    message: expect.stringContaining(`process ${process.pid}`),
  });
  lock.release();
});

test('reset refuses while a stack runs on the data', async () => {
  fs.mkdirSync(path.join(dataDir, 'mail'));
  const lock = lockStack(dataDir);
  await expect(resetStack(dataDir)).rejects.toThrow(/process/);
  expect(fs.existsSync(path.join(dataDir, 'mail'))).toBe(true);
  lock.release();
});

test('reset removes the data and leaves the logs', async () => {
  for (const name of ['postgres', 'mail', 'logs']) fs.mkdirSync(path.join(dataDir, name));
  expect(await resetStack(dataDir)).toEqual(['postgres', 'mail'].map((name) => path.join(dataDir, name)));
  expect(fs.readdirSync(dataDir)).toEqual(['logs']);
});
