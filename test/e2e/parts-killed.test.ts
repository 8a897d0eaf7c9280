/** `npm start` as it is typed, with each of its parts killed in turn while an agreement is served. */
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { storeSignedContract } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import { termsAtSigning } from '../../activities/agreements/rulesets';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { isRunning } from '../../worker/local/processes.cjs';
import { resetStack } from '../../worker/local/reset';
import { readRunningStack } from '../../worker/local/running-stack';
import type { StackInfo } from '../../worker/local/running-stack';
import { workflowIdOf } from '../../worker/temporal/start-agreement';
import { openClient } from '../../worker/temporal/temporal-connection';
import { exampleContract } from '../helpers/example';
import type { OwnStart } from '../helpers/own-start';
import { findWatchdog, runningParts, startOwn } from '../helpers/own-start';

jest.setTimeout(20 * 60_000);

const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'parts-killed-'));
const up = 'Ctrl-C stops everything';
const starts: OwnStart[] = [];
const begin = (environment?: Record<string, string>): OwnStart => {
  const own = startOwn(dataDir, environment);
  starts.push(own);
  return own;
};

/** Without a limit of its own: the test has one. What fails meanwhile is tried again. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds().catch(() => false))) await pause(100);
}

afterAll(async () => {
  // The watchdog stops the parts of one that a failed test left behind.
  for (const own of starts) own.process.kill('SIGKILL');
  await Promise.all(starts.map(({ ended }) => ended));
  await until(async () => runningParts(dataDir).length === 0);
  await resetStack(dataDir);
  fs.rmSync(dataDir, { recursive: true });
});

describe('a start that serves an agreement', () => {
  let own: OwnStart;
  let stack: StackInfo;
  let client: Client;
  let db: Db;
  let sent = 0;

  /** Signs an agreement, and waits until its year is planned: dispatcher, worker and database do their work. */
  const serve = async (agreement: string): Promise<void> => {
    const today = localDateOf(new Date().toISOString());
    const contract = exampleContract({ agreement, signedOn: today, startsOn: today });
    await until(async () => {
      await storeSignedContract(db, contract, await termsAtSigning(db, contract));
      return true;
    });
    await until(
      async () => (await db.query('select 1 from plans where agreement = $1', [agreement])).length > 0,
    );
  };

  /** Reports an hour, as often as it takes until Temporal has it, and waits until it is booked. */
  const book = async (ref: string): Promise<void> => {
    const handle = client.workflow.getHandle(workflowIdOf('served'));
    await until(async () => {
      await client.withDeadline(Date.now() + 3_000, () => handle.signal('hoursUsed', { hours: 1, ref }));
      return true;
    });
    sent += 1;
    await until(
      async () => (await db.query('select 1 from hour_entry_refs where ref = $1', [ref])).length > 0,
    );
  };

  const ready = async (): Promise<boolean> =>
    (await fetch(`http://127.0.0.1:${stack.intakePort}/readyz`, { signal: AbortSignal.timeout(3_000) })).ok;

  beforeAll(async () => {
    // Told to by a signal, it fails as a library does in a call of its own, and writes where nobody reads any more.
    const preload = path.join(dataDir, 'fail-when-told.cjs');
    fs.writeFileSync(
      preload,
      `process.on('SIGUSR2', () => {
         process.stdout.write('to nobody');
         void Promise.reject(new Error('a rejection of nobody'));
         setTimeout(() => { throw new Error('an exception of nobody'); }, 10);
       });`,
    );
    own = begin({ NODE_OPTIONS: `--require=${preload}` });
    await own.says(up);
    stack = readRunningStack(dataDir)!;
    client = await openClient(stack);
    db = openDb(stack.databaseUrl);
    await serve('served');
  });

  afterAll(async () => {
    await client.connection.close();
    await db.close();
  });

  test.each(['mail', 'temporal-ui', 'temporal', 'postgres', 'watchdog'])(
    '%s is killed and comes back; hours are booked before, later and after, and all others go on',
    async (name) => {
      await book(`before ${name}`);
      const others = runningParts(dataDir).filter((part) => part.name !== name);
      const part = runningParts(dataDir).find((each) => each.name === name);
      process.kill(part?.pid ?? findWatchdog(own.process.pid!), 'SIGKILL');
      await book(`meanwhile ${name}`);
      await own.says(`${name} was killed by SIGKILL; it is started again in 0.5 s`);
      await own.says(`${name} runs again`);
      await book(`after ${name}`);
      await until(ready);
      await serve(`signed-after-${name}`);
      expect(others.every(isRunning)).toBe(true);
    },
  );

  test('errors that nobody caught are told, and all goes on, also when nobody reads what it says', async () => {
    own.process.stdout?.destroy();
    own.process.kill('SIGUSR2');
    await own.says('an error that nobody caught; all goes on: Error: a rejection of nobody');
    await own.says('an error that nobody caught; all goes on: Error: an exception of nobody');
    await book('after errors');
    await serve('signed-after-errors');
  });

  test('each hour was booked once', async () => {
    const entries = await db.query(
      `select id from hour_entries where agreement = 'served' and action = 'use'`,
    );
    expect(entries).toHaveLength(sent);
    expect(sent).toBe(16);
  });

  test('Ctrl-C while a part cannot come back stops everything in order', async () => {
    const port = Number(new URL(stack.inboxUrl!).port);
    const other = net.createServer();
    const taken = new Promise<void>((resolve) => {
      const take = (): void => void other.listen(port, '127.0.0.1', resolve);
      other.on('error', () => setTimeout(take, 5));
      take();
    });
    process.kill(runningParts(dataDir).find(({ name }) => name === 'mail')!.pid, 'SIGKILL');
    await taken;
    await own.says(`mail cannot be started: port ${port} is taken by another program`);
    await book('without a mail catcher');
    const parts = runningParts(dataDir);
    own.process.kill('SIGINT');
    expect(await own.ended).toBe(0);
    other.close();
    expect(parts.filter(isRunning)).toEqual([]);
    expect(own.said().split(`port ${port} is taken`)).toHaveLength(2);
    expect(readRunningStack(dataDir)).toBeUndefined();
  });
});

describe('a start that fails late', () => {
  const linkKey = path.join(dataDir, 'link-key');

  test.each<{ why: string; prepare: () => void; environment: Record<string, string>; says: RegExp }>([
    {
      why: 'the key of links is empty',
      prepare: () => fs.writeFileSync(linkKey, ''),
      environment: {},
      says: /link-key: expected a key of at least 32 characters, found 0/,
    },
    {
      why: 'the intake cannot listen where it is told to',
      prepare: () => fs.rmSync(linkKey),
      environment: { SERVICEAVTAL_INTAKE_HOST: '192.0.2.1' },
      says: /192\.0\.2\.1/,
    },
  ])('says that $why, stops what it had started, and ends', async ({ prepare, environment, says }) => {
    prepare();
    const own = begin(environment);
    expect(await own.ended).toBe(1);
    expect(own.said()).toMatch(says);
    expect(own.said()).not.toContain(up);
    expect(runningParts(dataDir)).toEqual([]);
    expect(readRunningStack(dataDir)).toBeUndefined();
  });
});
