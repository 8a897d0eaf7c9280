import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Found } from '../../../activities/monitors/checks/checker';
import { NotMade, NotWell } from '../../../activities/monitors/checks/checker';
import { checkFiles } from '../../../activities/monitors/checks/files';
import type { Check } from '../../../rules/engine/contract/monitor';
import type { SftpServer, SftpServerOptions } from '../../helpers/sftp-server';
import { generateKey, startSftpServer } from '../../helpers/sftp-server';
import { depsWith, watchedCheck } from './watched-check';

const now = Date.parse('2027-05-03T10:00:00.000Z');
const password = 'pa55-ord';
const keys = generateKey();
const secrets = { PASSWORD: password, WRONG: 'not-this-one', KEY: keys.private, NOKEY: 'not a key' };
let root: string;
let server: SftpServer;

async function serving(more: Partial<SftpServerOptions> = {}): Promise<void> {
  server = await startSftpServer({ root, user: 'orders', password, publicKey: keys.public, ...more });
}
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sftp-'));
  await mkdir(path.join(root, 'import'));
});
afterEach(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

async function file(name: string, minutesOld: number): Promise<void> {
  const at = new Date(now - minutesOld * 60_000);
  await writeFile(path.join(root, 'import', name), 'x');
  await utimes(path.join(root, 'import', name), at, at);
}

type Server = NonNullable<Check['sftp']>;
interface Wanted {
  sftp?: Partial<Server>;
  check?: Partial<Check>;
  signal?: AbortSignal;
  allowed?: boolean;
}

function check({ sftp, check: more, signal, allowed = true }: Wanted = {}): Promise<Found> {
  const watched = watchedCheck({
    id: 'import',
    kind: 'files',
    folder: '/import',
    limits: { oldestMinutes: { errorAbove: 30 }, count: { errorAbove: 200 } },
    sftp: {
      host: '127.0.0.1',
      port: server.port,
      user: 'orders',
      hostKey: server.hostKey,
      ...(sftp?.key ? {} : { password: { secret: 'PASSWORD' } }),
      ...sftp,
    },
    ...more,
  });
  const deps = depsWith({ now: () => now, secrets, addressAllowed: () => allowed });
  return Promise.resolve(checkFiles(watched, deps, signal ?? AbortSignal.timeout(20_000)));
}

async function failure(wanted: Wanted): Promise<NotMade | NotWell> {
  const error: unknown = await check(wanted).then(
    (found) => found,
    (reason: unknown) => reason,
  );
  if (!(error instanceof NotMade || error instanceof NotWell)) throw error;
  expect(JSON.stringify([error.text, error.message])).not.toMatch(/pa55-ord|not-this-one|PRIVATE KEY/);
  return error;
}

const left = async (): Promise<void> => {
  while (server.open() > 0) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('files on an SFTP server', () => {
  test('are measured as those of a folder are, and the connection is closed', async () => {
    await serving();
    await file('a.xml', 20);
    await file('b.xml', 10);
    await mkdir(path.join(root, 'import', 'done'));
    await expect(check()).resolves.toMatchObject({
      outcome: 'ok',
      measured: { oldestMinutes: 20, count: 2 },
    });
    await file('c.txt', 45);
    await expect(check()).resolves.toMatchObject({
      outcome: 'down',
      message: { en: "the oldest file's age in minutes: expected at most 30, found 45" },
      answer: expect.stringContaining('oldest: c.txt, 2027-05-03T09:15:00.000Z, 1 byte') as string,
    });
    await expect(check({ check: { pattern: '*.xml' } })).resolves.toMatchObject({ outcome: 'ok' });
    await left();
  });

  test('more files than one answer holds are all counted', async () => {
    await serving();
    await Promise.all(Array.from({ length: 250 }, (_, index) => file(`order-${index}`, 1)));
    await expect(check()).resolves.toMatchObject({ outcome: 'down', measured: { count: 250 } });
  });

  test('a private key opens as well', async () => {
    await serving();
    await file('a', 1);
    await expect(check({ sftp: { key: { secret: 'KEY' } } })).resolves.toMatchObject({
      measured: { count: 1 },
    });
    expect(server.tried).toEqual([]);
  });
});

describe('an SFTP server that cannot be asked', () => {
  test('another host key is told, and no password is sent', async () => {
    await serving();
    const hostKey = 'A'.repeat(43);
    const error = await failure({ sftp: { hostKey } });
    expect(error).toBeInstanceOf(NotMade);
    expect(error.text.en).toContain(`expected SHA-256 ${hostKey}, found ${server.hostKey}`);
    expect(server.tried).toEqual([]);
    await left();
  });

  test.each<[string, Partial<Server>, string]>([
    ['a wrong password', { password: { secret: 'WRONG' } }, 'does not let the user in'],
    ['an unknown user', { user: 'somebody' }, 'does not let the user in'],
    ['a missing secret', { password: { secret: 'NONE' } }, 'SERVICEAVTAL_SECRET_ACME__NONE is missing'],
    ['a key that is none', { key: { secret: 'NOKEY' } }, 'the secret NOKEY is not a private key'],
  ])('%s says nothing of the files', async (_, sftp, reason) => {
    await serving();
    const error = await failure({ sftp });
    expect(error).toBeInstanceOf(NotMade);
    expect(error.text.en).toContain(reason);
    await left();
  });

  test('a folder that is missing is not well, one that may not be read is not known', async () => {
    await serving({ forbidden: '/secret' });
    const missing = await failure({ check: { folder: '/gone' } });
    expect(missing).toBeInstanceOf(NotWell);
    expect(missing.text.en).toBe('the folder /gone does not exist on 127.0.0.1');
    const forbidden = await failure({ check: { folder: '/secret' } });
    expect(forbidden).toBeInstanceOf(NotMade);
    expect(forbidden.text.en).toContain('may not be read by the user');
    await left();
  });

  test.each<'login' | 'folder'>(['login', 'folder'])(
    'one that hangs at the %s is left in time',
    async (hangsAt) => {
      await serving({ hangsAt });
      const error = await failure({ signal: AbortSignal.timeout(500) });
      expect(error).toBeInstanceOf(NotWell);
      await left();
    },
  );

  test('one that says nothing at all, and one that is no SSH server', async () => {
    await serving();
    const silent = net
      .createServer((socket) => void socket.on('error', () => undefined))
      .listen(0, '127.0.0.1');
    const other = net
      .createServer(
        (socket) => void socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      )
      .listen(0, '127.0.0.1');
    await Promise.all([once(silent, 'listening'), once(other, 'listening')]);
    const port = (one: net.Server): number => (one.address() as AddressInfo).port;
    try {
      const quiet = await failure({ sftp: { port: port(silent) }, signal: AbortSignal.timeout(300) });
      expect(quiet.text.en).toBe('the folder was not read through');
      const wrong = await failure({ sftp: { port: port(other) } });
      expect(wrong).toBeInstanceOf(NotWell);
      expect(wrong.text.en).toContain('does not answer as an SFTP server');
    } finally {
      silent.close();
      other.close();
    }
  });

  test('a forbidden address is not connected to', async () => {
    await serving();
    expect(await failure({ allowed: false })).toBeInstanceOf(NotMade);
    expect(server.open()).toBe(0);
  });

  test('a port nobody listens on is not well', async () => {
    await serving();
    const { port } = server;
    await server.close();
    expect(await failure({ sftp: { port } })).toBeInstanceOf(NotWell);
    await serving();
  });
});
