import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  acquireLock,
  identifyProcess,
  isRunning,
  stopProcess,
  tryLock,
} from '../../../worker/local/processes.cjs';

let directory: string;
let file: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'locks-'));
  file = path.join(directory, 'some.lock');
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  fs.rmSync(directory, { recursive: true });
});

/** A process of its own that runs until it is stopped; `script` runs in it first. */
async function startProcess(script = ''): Promise<number> {
  const child = spawn(process.execPath, [
    '-e',
    `${script}; process.stdout.write('up'); setInterval(() => {}, 1000)`,
  ]);
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid as number;
}

describe('a process', () => {
  test('is running as long as it runs', async () => {
    const identity = identifyProcess(await startProcess());
    expect(isRunning(identity)).toBe(true);
    await stopProcess(identity, [{ signal: 'SIGTERM', waitMs: 2_000 }]);
    expect(isRunning(identity)).toBe(false);
  });

  test('is not taken for an earlier one with the same id', async () => {
    const pid = await startProcess();
    expect(isRunning({ pid, startedAt: 'another time' })).toBe(false);
  });

  test('is not signalled for an earlier one with the same id', async () => {
    const pid = await startProcess();
    await stopProcess({ pid, startedAt: 'another time' }, [{ signal: 'SIGTERM', waitMs: 100 }]);
    expect(isRunning(identifyProcess(pid))).toBe(true);
  });

  test('that ignores the signal is killed', async () => {
    const identity = identifyProcess(await startProcess("process.on('SIGTERM', () => {})"));
    await stopProcess(identity, [{ signal: 'SIGTERM', waitMs: 100 }]);
    expect(isRunning(identity)).toBe(false);
  });
});

describe('a lock', () => {
  test('is taken once, and again after its release', () => {
    const first = tryLock(file);
    expect(tryLock(file).holder).toEqual(identifyProcess());
    first.lock?.release();
    expect(tryLock(file).lock).toBeDefined();
  });

  test('of another living process is respected', async () => {
    const holder = identifyProcess(await startProcess());
    fs.writeFileSync(file, JSON.stringify(holder));
    expect(tryLock(file).holder).toEqual(holder);
  });

  test('of a dead holder is taken over', async () => {
    const holder = identifyProcess(await startProcess());
    fs.writeFileSync(file, JSON.stringify(holder));
    await stopProcess(holder, []);
    expect(tryLock(file).lock).toBeDefined();
  });

  test('whose holder died while writing it is taken over', () => {
    fs.writeFileSync(file, '');
    const longAgo = new Date(Date.now() - 60_000);
    fs.utimesSync(file, longAgo, longAgo);
    expect(tryLock(file).lock).toBeDefined();
  });

  test('that was taken over is not released by its former holder', () => {
    const first = tryLock(file);
    const other = JSON.stringify({ pid: 1, startedAt: 'then' });
    fs.writeFileSync(file, other);
    first.lock?.release();
    expect(fs.readFileSync(file, 'utf8')).toBe(other);
  });

  test('is waited for', async () => {
    const first = tryLock(file);
    const waitedFor: number[] = [];
    setTimeout(() => first.lock?.release(), 300);
    const second = await acquireLock(file, { onWait: (holder) => waitedFor.push(holder.pid) });
    expect(waitedFor).toEqual([process.pid]);
    second.release();
  });

  test('is not waited for any longer when the caller gives up', async () => {
    tryLock(file);
    await expect(acquireLock(file, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout/);
  });
});
