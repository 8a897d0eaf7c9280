/** The whole stack, for real: started, killed, started again on the same data. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { Connection } from '@temporalio/client';
import nodemailer from 'nodemailer';
import { Client } from 'pg';
import { SEARCH_ATTRIBUTES } from '../../../worker/local/namespaces';
import { isRunning, sleep } from '../../../worker/local/processes.cjs';
import type { PartRecord } from '../../../worker/local/processes.cjs';
import { resetStack } from '../../../worker/local/reset';
import { readRunningStack } from '../../../worker/local/running-stack';
import type { StackAddresses } from '../../../worker/local/running-stack';
import { findWatchdog } from '../../helpers/own-start';

/** The first start may have to build Temporal. */
const START_MS = 20 * 60_000;
jest.setTimeout(START_MS);

interface Launcher {
  process: ChildProcess;
  stack: StackAddresses;
  /** The next line it writes. */
  next(): Promise<string>;
}

let dataDir: string;
const launched: ChildProcess[] = [];

beforeAll(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'local-stack-'));
});

afterAll(async () => {
  for (const child of launched) child.kill('SIGTERM');
  await until(() => launched.every((child) => child.exitCode !== null || child.signalCode !== null));
  await until(() => readParts().every((part) => !isRunning(part)));
  // For root the database may lie outside.
  await resetStack(dataDir);
  fs.rmSync(dataDir, { recursive: true });
});

async function launch(): Promise<Launcher> {
  const child = spawn(
    process.execPath,
    ['--require', 'tsx/cjs', path.join(__dirname, 'launcher.ts'), dataDir],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  launched.push(child);
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('The launcher ended without a word; its reason stands above.');
    return line.value;
  };
  return { process: child, stack: JSON.parse(await next()) as StackAddresses, next };
}

function readParts(): PartRecord[] {
  const file = path.join(dataDir, 'parts.json');
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as PartRecord[]) : [];
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(50);
}

async function queryDatabase(stack: StackAddresses, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: stack.databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

async function countMails(stack: StackAddresses): Promise<number> {
  const response = await fetch(`${stack.inboxUrl}/api/email`);
  return ((await response.json()) as unknown[]).length;
}

async function listNamespaces(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 2_000 });
  try {
    await connection.workflowService.listNamespaces({ pageSize: 1 });
  } finally {
    await connection.close();
  }
}

/** Asks until there is an answer. */
async function answering(ask: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await ask();
      return;
    } catch {
      await sleep(100);
    }
  }
}

describe('the local stack', () => {
  let first: Launcher;
  let second: Launcher;

  test('comes up with database, namespaces, search attributes, Web UI and inbox', async () => {
    first = await launch();
    const { stack } = first;
    expect(stack.fullyEmbedded).toBe(true);
    expect(readRunningStack(dataDir)?.temporalAddress).toBe(stack.temporalAddress);

    await queryDatabase(stack, 'CREATE TABLE kept (what text)');
    await nodemailer
      .createTransport(stack.smtpUrl)
      .sendMail({ from: 'a@example.com', to: 'b@example.com', text: 'hej' });
    expect(await countMails(stack)).toBe(1);
    expect((await fetch(`${stack.webUiUrl}/namespaces/serviceavtal/workflows`)).status).toBe(200);

    const connection = await Connection.connect({ address: stack.temporalAddress });
    for (const namespace of ['serviceavtal', 'simulations']) {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
      expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.keys(SEARCH_ATTRIBUTES)));
    }
    await connection.close();
  });

  test('hides from the Web UI what would end or rewrite an agreement, and keeps signals and updates', async () => {
    const settings: unknown = await (await fetch(`${first.stack.webUiUrl}/api/v1/settings`)).json();
    expect(settings).toMatchObject({
      WorkflowTerminateDisabled: true,
      WorkflowCancelDisabled: true,
      WorkflowResetDisabled: true,
      WorkflowPauseDisabled: true,
      BatchActionsDisabled: true,
      StartWorkflowDisabled: true,
      WorkflowSignalDisabled: false,
      WorkflowUpdateDisabled: false,
      DisableWriteActions: false,
    });
  });

  test('ends with its launcher when that is killed', async () => {
    const parts = readParts();
    expect(parts.map((part) => part.name).sort()).toEqual(['mail', 'postgres', 'temporal', 'temporal-ui']);
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    expect(readRunningStack(dataDir)).toBeUndefined();
    await until(() => parts.every((part) => !isRunning(part)));
  });

  test('starts again after that, on the same ports, with its data and mails', async () => {
    second = await launch();
    expect(second.stack).toEqual(first.stack);
    expect(await queryDatabase(second.stack, 'SELECT * FROM kept')).toEqual([]);
    expect(await countMails(second.stack)).toBe(1);
  });

  test('stops the parts itself when the launcher and the watchdog were both killed', async () => {
    const parts = readParts();
    const watchdog = findWatchdog(second.process.pid as number);
    // Stopped first, it learns of nothing; the next start has to find the parts itself.
    process.kill(watchdog, 'SIGSTOP');
    second.process.kill('SIGKILL');
    await once(second.process, 'exit');
    process.kill(watchdog, 'SIGKILL');
    expect(parts.every((part) => isRunning(part))).toBe(true);

    second = await launch();
    expect(parts.some((part) => isRunning(part))).toBe(false);
  });

  test.each([
    ['mail', ({ inboxUrl = '' }: StackAddresses) => fetch(inboxUrl)],
    ['temporal-ui', ({ webUiUrl = '' }: StackAddresses) => fetch(webUiUrl)],
    ['temporal', ({ temporalAddress }: StackAddresses) => listNamespaces(temporalAddress)],
    ['postgres', (stack: StackAddresses) => queryDatabase(stack, 'SELECT * FROM kept')],
  ])('starts %s again when it is killed, at the same address, while the others go on', async (name, ask) => {
    const before = readParts();
    const killed = before.find((part) => part.name === name)?.pid ?? NaN;
    process.kill(killed, 'SIGKILL');
    await until(() => readParts().some((part) => part.name === name && part.pid !== killed));
    await answering(() => ask(second.stack));
    const others = before.filter((part) => part.name !== name);
    expect(others.filter((part) => !isRunning(part)).map((part) => part.name)).toEqual([]);
    await answering(() => listNamespaces(second.stack.temporalAddress));
  });

  test('stops in order when it is told to', async () => {
    const parts = readParts();
    second.process.kill('SIGTERM');
    await once(second.process, 'exit');
    expect(parts.some((part) => isRunning(part))).toBe(false);
    expect(readRunningStack(dataDir)).toBeUndefined();
  });

  test('starts the watchdog again when it is killed, which then stops the parts of a killed launcher', async () => {
    second = await launch();
    process.kill(findWatchdog(second.process.pid as number), 'SIGKILL');
    expect(JSON.parse(await second.next())).toContain('watchdog was killed by SIGKILL');
    expect(JSON.parse(await second.next())).toContain('watchdog runs again');
    const parts = readParts();
    second.process.kill('SIGKILL');
    await once(second.process, 'exit');
    await until(() => !parts.some((part) => isRunning(part)));
  });
});
