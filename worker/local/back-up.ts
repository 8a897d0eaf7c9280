/**
 * Copies the embedded PostgreSQL as a whole: it holds our own database and Temporal's, which belong together. With the
 * stack stopped the files are copied as they lie; while it runs, between PostgreSQL's own marks for a back-up, with the
 * part of its log that makes the copied files one consistent point.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { inWords } from '../basics/spoken';
import type { KeptFile, Tree } from './back-up-files';
import { bytesOf, copyFiles, freeBytes, listTree, syncFolder } from './back-up-files';
import type { Manifest } from './back-up-manifest';
import { manifestFile, writeManifest } from './back-up-manifest';
import { developmentData } from './development-server';
import { noteBackUp } from './last-back-up';
import { findDatabaseServer } from './parts';
import { databaseDirectory } from './postgres-place';
import type { ProgressReporter, Step } from './progress';
import { runStep } from './progress';
import { lockStack, readRunningStack } from './running-stack';

/** Places in a back-up. */
export const placesInBackUp = { postgres: 'postgres', development: 'temporal/development.db' };

export interface BackUpOptions {
  dataDir: string;
  /** A folder that does not exist yet, or is empty. */
  folder: string;
  /** Version of the product. */
  product: string;
  log: ProgressReporter;
}

/** What is only this server's, or is made anew when one starts. */
const ofThisServer = [
  /^postmaster\.(pid|opts)$/,
  /^backup_label(\.old)?$/,
  /^(pg_dynshmem|pg_notify|pg_replslot|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/./,
  /(^|\/)pgsql_tmp/,
  /(^|\/)pg_internal\.init/,
];
const isOfThisServer = (place: string): boolean => ofThisServer.some((pattern) => pattern.test(place));

/** What lies in the folder of the log: its segments are copied last. */
const ofLog = /^pg_wal\/(?!archive_status$|summaries$)/;

/** Bytes of log that a busy server may write while it is copied, for the check of space. */
const logMeanwhile = 256 * 1024 * 1024;

/**
 * Takes a back-up.
 * @throws before anything is written if the folder holds something, if it is too small, or if the data cannot be copied now
 */
export async function backUp(options: BackUpOptions): Promise<Manifest> {
  const { dataDir, folder } = options;
  refuseTaken(folder);
  const data = fs.realpathSync(mustExist(databaseDirectory(path.resolve(dataDir))));
  const running = readRunningStack(dataDir);
  if (running === undefined) return ofStopped(options, data);
  if (!running.embedded.postgres)
    throw new Error(
      inWords({
        sv: 'Stacken som kör har sin databas utanför (DATABASE_URL): den säkerhetskopieras där, tillsammans med Temporals.',
        en: "The stack that runs has its database outside (DATABASE_URL): it is backed up there, together with Temporal's.",
      }),
    );
  if (running.developmentServer)
    throw new Error(
      inWords({
        sv: 'Temporals utvecklingsserver kör och har sina data i en egen fil, som inte kan kopieras i samma ögonblick som databasen. Stoppa `npm start` och ta säkerhetskopian då.',
        en: "Temporal's development server runs and has its data in a file of its own, which cannot be copied at the same moment as the database. Stop `npm start`, and take the back-up then.",
      }),
    );
  return ofRunning(options, data, running.databaseUrl);
}

function refuseTaken(folder: string): void {
  if (!fs.existsSync(folder)) return;
  if (!fs.statSync(folder).isDirectory() || fs.readdirSync(folder).length > 0) {
    const half = !fs.existsSync(manifestFile(folder));
    throw new Error(
      inWords(
        half
          ? {
              sv: `förväntade en ny eller tom mapp, hittade något i ${folder} (ingen färdig säkerhetskopia): välj en annan, eller ta bort den`,
              en: `expected a new or empty folder, found something in ${folder} (no finished back-up): choose another, or remove it`,
            }
          : {
              sv: `förväntade en ny eller tom mapp, hittade en säkerhetskopia i ${folder}: den skrivs aldrig över`,
              en: `expected a new or empty folder, found a back-up in ${folder}: it is never overwritten`,
            },
      ),
    );
  }
}

function mustExist(data: string): string {
  if (fs.existsSync(path.join(data, 'PG_VERSION'))) return data;
  throw new Error(
    inWords({
      sv: `förväntade en databas i ${data}, hittade ingen: kör \`npm start\` först, eller sätt SERVICEAVTAL_DATA`,
      en: `expected a database in ${data}, found none: run \`npm start\` first, or set SERVICEAVTAL_DATA`,
    }),
  );
}

/** Copies what nothing writes to; the lock keeps a start away meanwhile. */
async function ofStopped(options: BackUpOptions, data: string): Promise<Manifest> {
  const dataDir = path.resolve(options.dataDir);
  const lock = lockStack(dataDir);
  try {
    const server = findDatabaseServer(databaseDirectory(dataDir));
    if (server !== undefined)
      throw new Error(
        inWords({
          sv: `PostgreSQL kör ännu, i process ${server.pid}, fast ingen start gör det. Starta och stoppa \`npm start\` en gång, och försök igen.`,
          en: `PostgreSQL still runs, in process ${server.pid}, though no start does. Start and stop \`npm start\` once, and try again.`,
        }),
      );
    const takenAt = new Date().toISOString();
    const tree = listTree(data, isOfThisServer);
    const development = developmentData(dataDir);
    const besides = fs.existsSync(development) ? filesBeside(development) : [];
    refuseSmall(options.folder, bytesOf([...tree.files, ...besides]));
    const files = await copied(options, data, tree);
    const of = fs.existsSync(development) ? ('development' as const) : ('production' as const);
    if (of === 'development')
      files.push(...(await copyDevelopment(options, path.dirname(development), besides)));
    const major = majorOf(data);
    return finish(options, {
      ...{ takenAt, while: 'stopped', temporal: of, lsn: null, migrations: null, files },
      postgres: { major, version: String(major) },
      folders: tree.folders,
    });
  } finally {
    lock.release();
  }
}

/** The file of the development server's data, and those that SQLite keeps beside it. */
function filesBeside(file: string): { path: string; size: number }[] {
  const { base } = path.parse(file);
  return listTree(path.dirname(file)).files.filter((one) => one.path.startsWith(base));
}

async function copyDevelopment(
  { folder }: BackUpOptions,
  from: string,
  files: Tree['files'],
): Promise<KeptFile[]> {
  const place = path.dirname(placesInBackUp.development);
  const kept = await copyFiles(from, path.join(folder, place), { folders: [], files });
  return kept.map((file) => ({ ...file, path: `${place}/${file.path}` }));
}

/** Copies the files of a server that runs. */
async function ofRunning(options: BackUpOptions, data: string, databaseUrl: string): Promise<Manifest> {
  const client = new Client({ connectionString: databaseUrl });
  // If the connection is cut between two calls, the next call fails with the reason.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const server = await askServer(client);
    const migrations = await askMigrations(client);
    const tree = listTree(data, (place) => isOfThisServer(place) || ofLog.test(place));
    refuseSmall(options.folder, bytesOf(tree.files) + logMeanwhile);
    const begun = await beginBackUp(client);
    const files = await copied(options, data, tree, true);
    const ended = await endBackUp(client);
    files.push(...(await copyLog(options, data, begun.segment, ended.segment)));
    files.push(...(await keepLabel(options.folder, ended.label)));
    return finish(options, {
      ...{
        takenAt: ended.takenAt,
        while: 'running',
        temporal: 'production',
        lsn: ended.lsn,
        migrations,
        files,
      },
      postgres: { major: majorOf(data), version: server.version },
      folders: tree.folders,
    });
  } finally {
    // The session's end ends a back-up that was begun, and drops what holds the log.
    await client.end();
  }
}

async function askServer(client: Client): Promise<{ version: string }> {
  const { rows } = await client.query<{ version: string; level: string }>(
    `select current_setting('server_version') as version, current_setting('wal_level') as level`,
  );
  const [{ version, level } = { version: '', level: '' }] = rows;
  if (level !== 'minimal') return { version };
  throw new Error(
    inWords({
      sv: 'Databasen startades av en äldre version, som inte låter den kopieras medan den kör. Starta om `npm start`, eller stoppa den medan säkerhetskopian tas.',
      en: 'The database was started by an older version, which does not let it be copied while it runs. Restart `npm start`, or stop it while the back-up is taken.',
    }),
  );
}

async function askMigrations(client: Client): Promise<Manifest['migrations']> {
  const { rows } = await client.query<{ count: number; newest: string }>(
    'select count(*)::int as count, max(name) as newest from migrations',
  );
  return rows[0] ?? null;
}

/** Name of the segment of the log that holds a place in it. */
const segmentOf = 'pg_walfile_name($1::pg_lsn)';

/** Begins; from here on the server keeps its log until the session ends. */
async function beginBackUp(client: Client): Promise<{ segment: string }> {
  await client.query(
    `select pg_create_physical_replication_slot('serviceavtal_back_up_' || pg_backend_pid(), true, true)`,
  );
  const { rows } = await client.query<{ lsn: string }>(
    `select pg_backup_start('serviceavtal', fast => true)::text as lsn`,
  );
  const named = await client.query<{ segment: string }>(`select ${segmentOf} as segment`, [rows[0]?.lsn]);
  return { segment: named.rows[0]?.segment ?? '' };
}

interface Ended {
  takenAt: string;
  lsn: string;
  segment: string;
  label: string;
}

async function endBackUp(client: Client): Promise<Ended> {
  // What is committed after this instant may be in it, what was before is.
  const takenAt = new Date().toISOString();
  const { rows } = await client.query<{ lsn: string; label: string }>(
    'select lsn::text, labelfile as label from pg_backup_stop(wait_for_archive => false)',
  );
  const [{ lsn, label } = { lsn: '', label: '' }] = rows;
  const named = await client.query<{ segment: string }>(`select ${segmentOf} as segment`, [lsn]);
  return { takenAt, lsn, label, segment: named.rows[0]?.segment ?? '' };
}

/** Copies the log from the back-up's beginning to its end. */
async function copyLog(
  { folder }: BackUpOptions,
  data: string,
  first: string,
  last: string,
): Promise<KeptFile[]> {
  const log = path.join(data, 'pg_wal');
  const { files } = listTree(
    log,
    (place) => place.includes('/') || /^(archive_status|summaries)$/.test(place),
  );
  const needed = files.filter(
    ({ path: name }) => /^[0-9A-F]{24}$/.test(name) && first <= name && name <= last,
  );
  if (needed[0] === undefined)
    throw new Error(
      inWords({
        sv: `PostgreSQL har inte kvar sin logg från ${first}: ta säkerhetskopian igen`,
        en: `PostgreSQL no longer has its log from ${first}: take the back-up again`,
      }),
    );
  const place = `${placesInBackUp.postgres}/pg_wal`;
  const kept = await copyFiles(log, path.join(folder, place), { folders: [], files: needed });
  return kept.map((file) => ({ ...file, path: `${place}/${file.path}` }));
}

/** Keeps what tells a server that these files are a back-up, and from where in the log it has to begin. */
async function keepLabel(folder: string, label: string): Promise<KeptFile[]> {
  const made = fs.mkdtempSync(path.join(folder, 'label-'));
  try {
    fs.writeFileSync(path.join(made, 'backup_label'), label);
    const files = listTree(made).files;
    const place = placesInBackUp.postgres;
    const kept = await copyFiles(made, path.join(folder, place), { folders: [], files });
    return kept.map((file) => ({ ...file, path: `${place}/${file.path}` }));
  } finally {
    fs.rmSync(made, { recursive: true });
  }
}

async function copied(
  { folder, log }: BackUpOptions,
  data: string,
  tree: Tree,
  mayVanish = false,
): Promise<KeptFile[]> {
  const place = placesInBackUp.postgres;
  const kept = await runStep(
    log,
    inWords({ sv: 'Kopierar databaserna', en: 'Copying the databases' }),
    (step) =>
      copyFiles(data, path.join(folder, place), tree, {
        mayVanish,
        onProgress: shownIn(step, bytesOf(tree.files)),
      }),
  );
  return kept.map((file) => ({ ...file, path: `${place}/${file.path}` }));
}

/** Shows how much of a number of bytes is done. */
export function shownIn(step: Step, all: number): (bytes: number) => void {
  return (bytes) => step.update(`${megabytes(bytes)} / ${megabytes(all)}`, all === 0 ? 1 : bytes / all);
}

export const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MB`;

/** @throws if the disk of a folder has no room for so many bytes */
export function refuseSmall(folder: string, needed: number): void {
  const free = freeBytes(folder);
  if (free > needed) return;
  throw new Error(
    inWords({
      sv: `förväntade ${megabytes(needed)} ledigt för ${folder}, hittade ${megabytes(free)}`,
      en: `expected ${megabytes(needed)} free for ${folder}, found ${megabytes(free)}`,
    }),
  );
}

const majorOf = (data: string): number =>
  Number(fs.readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim());

/** Writes down what the back-up is, now that all of it is on the disk. */
function finish(
  { folder, product, dataDir }: BackUpOptions,
  what: Omit<Manifest, 'format' | 'product'>,
): Manifest {
  syncFolder(folder);
  const folders = what.folders.map((one) => `${placesInBackUp.postgres}/${one}`);
  const manifest = { product, ...what, folders };
  writeManifest(folder, manifest);
  syncFolder(path.dirname(path.resolve(folder)));
  noteBackUp(dataDir, { takenAt: what.takenAt, folder: path.resolve(folder) });
  return { format: 1, ...manifest };
}
