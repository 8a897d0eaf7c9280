/** The embedded PostgreSQL: real server binaries from npm, data that lasts, listening on 127.0.0.1 only. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { inWords } from '../basics/spoken';
import type { Part, PartKeeper } from './parts';
import { logFile, plainEnvironment, readTail, startPart } from './parts';
import { sleep } from './processes.cjs';
import type { StopSignal } from './processes.cjs';
import { makePrivateFolder, privateFile } from './private-folder';
import { makeFolders } from '../basics/make-folders';
import type { User } from './postgres-place';
import { chooseUser, databaseDirectory, placeData, reachableNative } from './postgres-place';

const ROLE = 'serviceavtal';
const DATABASES = ['serviceavtal', 'temporal', 'temporal_visibility'] as const;
const READY_POLL_MS = 50;
const READY_WITHIN_MS = 60_000;

/** Signals for a fast shutdown, then an immediate one; the data stays usable after either. */
export const POSTGRES_STOP: StopSignal[] = [
  { signal: 'SIGINT', waitMs: 15_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
];

export interface PostgresOptions {
  dataDir: string;
  port: number;
  /** False only where losing the data in a power cut is fine: tests. */
  fsync: boolean;
  keeper: PartKeeper;
  signal: AbortSignal;
}

export interface Postgres {
  part: Part;
  /** Starts the server again on the existing data. Missing data is not made anew. */
  restart(): Promise<Part>;
  port: number;
  user: string;
  password: string;
  url(database: string): string;
}

/**
 * The password of the database's role, kept beside the data.
 * @param fresh whether one is made where there is none
 */
export function readPassword(dataDir: string, fresh: boolean): string {
  const file = path.join(dataDir, 'postgres-password');
  if (fs.existsSync(file)) return fs.readFileSync(file, 'utf8').trim();
  if (!fresh) {
    throw new Error(
      inWords({
        sv: `Databasens lösenord saknas: ${file}.\nLägg tillbaka filen, eller ta bort allt med: npx serviceavtal reset`,
        en: `The database's password is missing: ${file}.\nBring the file back, or remove the data with: npx serviceavtal reset`,
      }),
    );
  }
  const password = randomBytes(24).toString('base64url');
  fs.writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/** Makes the cluster under another name and renames it when it is complete: an interrupted start leaves nothing. */
function initialise(
  native: string,
  place: string,
  user: User | undefined,
  password: string,
  options: PostgresOptions,
): void {
  const unfinished = `${place}.new`;
  fs.rmSync(unfinished, { recursive: true, force: true });
  fs.mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const passwordFile = `${place}.pw`;
  fs.writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user !== undefined) {
    fs.chownSync(unfinished, user.uid, user.gid);
    fs.chownSync(passwordFile, user.uid, user.gid);
  }
  const log = logFile(options.dataDir, 'postgres-init');
  makePrivateFolder(path.dirname(log));
  const result = spawnSync(
    path.join(native, 'bin', 'initdb'),
    [
      `--pgdata=${unfinished}`,
      `--username=${ROLE}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The builtin provider sorts alike on every machine and after every library upgrade.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(options.fsync ? [] : ['--no-sync']),
    ],
    { ...user, cwd: '/', env: plainEnvironment(), encoding: 'utf8' },
  );
  fs.rmSync(passwordFile, { force: true });
  fs.writeFileSync(log, `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\n`, {
    mode: privateFile,
  });
  if (result.status !== 0) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    const code = String(result.status ?? result.signal ?? '?');
    throw new Error(
      inWords({
        sv: `initdb slutade med ${code}.\n${readTail(log)}\n  Hela loggen: ${log}`,
        en: `initdb ended with ${code}.\n${readTail(log)}\n  The full log: ${log}`,
      }),
    );
  }
  fs.renameSync(unfinished, place);
}

/** Main version of the server's programs. */
export function serverMajor(native: string): number | undefined {
  const { stdout } = spawnSync(path.join(native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' });
  const major = /(\d+)/.exec(stdout)?.[1];
  return major === undefined ? undefined : Number(major);
}

function assertSameMajor(place: string, native: string): void {
  const data = Number(fs.readFileSync(path.join(place, 'PG_VERSION'), 'utf8').trim());
  const server = serverMajor(native);
  if (server !== undefined && data !== server) {
    throw new Error(
      inWords({
        sv:
          `Databasen i ${place} skrevs av PostgreSQL ${data}; den här versionen kör PostgreSQL ${server}.\n` +
          'Gå tillbaka till versionen som skrev den för att ta en dump, eller ta bort allt med: npx serviceavtal reset',
        en:
          `The database in ${place} was written by PostgreSQL ${data}; this version runs PostgreSQL ${server}.\n` +
          'Go back to the version that wrote it to take a dump, or remove the data with: npx serviceavtal reset',
      }),
    );
  }
}

async function createDatabases(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
    const present = new Set(rows.map((row) => row.datname));
    for (const name of DATABASES) {
      if (!present.has(name)) await client.query(`CREATE DATABASE ${name}`);
    }
  } finally {
    await client.end();
  }
}

/** Resolves when the server takes connections; until then it refuses them or says that it is starting up. */
async function waitUntilReady(part: Part, url: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    signal.throwIfAborted();
    part.assertRunning();
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    // The connection may be cut while the server still recovers: the next attempt follows.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code === '28P01') {
        throw new Error(
          inWords({
            sv: 'PostgreSQL tar inte emot lösenordet som är sparat i datamappen.',
            en: 'PostgreSQL refuses the password kept in the data directory.',
          }),
          { cause: error },
        );
      }
      if (Date.now() > deadline) {
        const seconds = READY_WITHIN_MS / 1000;
        throw new Error(
          inWords({
            sv: `PostgreSQL var inte klar inom ${seconds} s.\n${part.logTail()}`,
            en: `PostgreSQL was not ready within ${seconds} s.\n${part.logTail()}`,
          }),
          { cause: error },
        );
      }
    }
    await sleep(READY_POLL_MS);
  }
}

/** Starts the server on `dataDir`'s data (made on the first start) and creates the databases that are missing. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { dataDir, port, keeper } = options;
  makeFolders(dataDir);
  const user = chooseUser(databaseDirectory(dataDir));
  const native = reachableNative(user);
  const place = placeData(dataDir, user);
  const fresh = !fs.existsSync(path.join(place, 'PG_VERSION'));
  const password = readPassword(dataDir, fresh);
  if (fresh) initialise(native, place, user, password, options);
  else assertSameMajor(place, native);

  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '256MB',
    // A back-up is taken while the server runs: its log has to hold all that the copied files lack.
    wal_level: options.fsync ? 'replica' : 'minimal',
    max_wal_senders: '0',
    max_wal_size: '2GB',
    // All statements are short: compiling them costs more than it gains.
    jit: 'off',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...(options.fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const spec = {
    name: 'postgres',
    command: path.join(native, 'bin', 'postgres'),
    args: [
      '-D',
      place,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    cwd: '/',
    user,
    ports: [port],
    stopOrder: 3,
    stopSignals: POSTGRES_STOP,
  };
  const url = (database: string): string => `postgres://${ROLE}:${password}@127.0.0.1:${port}/${database}`;
  const run = (): Promise<Part> =>
    startPart(keeper, spec, (part) => waitUntilReady(part, url('postgres'), options.signal));
  const part = await run();
  await createDatabases(url('postgres'));
  return { part, restart: run, port, user: ROLE, password, url };
}
