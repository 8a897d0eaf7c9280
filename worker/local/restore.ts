/**
 * Puts a back-up into an empty data folder. Until all of it is done a file in the folder says so, and no stack starts
 * there: one that knew nothing of the restoration would send again what went out before it.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { inWords } from '../basics/spoken';
import { makeFolders } from '../basics/make-folders';
import { placesInBackUp, refuseSmall, shownIn } from './back-up';
import type { Damage, KeptFile } from './back-up-files';
import { bytesOf, copyFiles, findDamage, writeWhole } from './back-up-files';
import type { Manifest } from './back-up-manifest';
import { readManifest } from './back-up-manifest';
import { developmentData } from './development-server';
import { createPartKeeper, plainEnvironment } from './parts';
import type { PublicPort } from './ports';
import { choosePorts } from './ports';
import { readPassword, serverMajor, startPostgres } from './postgres';
import type { User } from './postgres-place';
import { chooseUser, databaseDirectory, placeData, reachableNative } from './postgres-place';
import type { ProgressReporter } from './progress';
import { runStep } from './progress';
import { lockStack, readRunningStack, restoringFile } from './running-stack';
import { serverConfigFile, writeConfig } from './temporal-server';

const mostNamed = 10;

export interface RestoreOptions {
  dataDir: string;
  /** The back-up. */
  folder: string;
  ports: Partial<Record<PublicPort, number>>;
  log: ProgressReporter;
  signal: AbortSignal;
}

/** A manifest whose files are all there and as they were. @throws if one is damaged; names them */
export async function verifyBackUp({
  folder,
  log,
}: Pick<RestoreOptions, 'folder' | 'log'>): Promise<Manifest> {
  const manifest = readManifest(folder);
  const { files } = manifest;
  const damaged = await runStep(
    log,
    inWords({ sv: 'Kontrollerar säkerhetskopian', en: 'Verifying the back-up' }),
    (step) => findDamage(folder, files, shownIn(step, bytesOf(files))),
  );
  if (damaged.length === 0) return manifest;
  const rest = damaged.length - mostNamed;
  const and = inWords({ sv: `  … och ${rest} till`, en: `  … and ${rest} more` });
  const named = [...damaged.slice(0, mostNamed).map(inLine(files)), ...(rest > 0 ? [and] : [])].join('\n');
  throw new Error(
    inWords({
      sv: `Säkerhetskopian i ${folder} är skadad, och inget återställdes. Ta en annan. Det här stämmer inte:\n${named}`,
      en: `The back-up in ${folder} is damaged, and nothing was restored. Take another. These are wrong:\n${named}`,
    }),
  );
}

const inLine =
  (files: readonly KeptFile[]) =>
  ({ path: place, is, size }: Damage): string => {
    const expected = files.find((file) => file.path === place)?.size ?? 0;
    const found = size ?? expected;
    const words = {
      missing: { sv: 'saknas', en: 'is missing' },
      unreadable: { sv: 'går inte att läsa', en: 'cannot be read' },
      changed:
        found === expected
          ? { sv: 'har annat innehåll', en: 'holds something else' }
          : {
              sv: `har ${found} byte, förväntade ${expected}`,
              en: `holds ${found} bytes, expected ${expected}`,
            },
    };
    return `  ${place} ${inWords(words[is])}`;
  };

/**
 * Puts a verified back-up into a data folder, and does work on its database before anybody else can.
 *
 * @param work gets the address of our own database; the restoration is done once it has ended
 * @throws with nothing changed if the folder holds data, if a stack runs on it, if it has no room, or if the back-up is of
 *   another main version of PostgreSQL
 */
export async function restoreInto<T>(
  options: RestoreOptions,
  manifest: Manifest,
  work: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  const dataDir = path.resolve(options.dataDir);
  refuseUsed(dataDir);
  const lock = lockStack(dataDir);
  try {
    refuseUsed(dataDir);
    refuseSmall(dataDir, bytesOf(manifest.files));
    // Before the mark, so that a folder that cannot be used is left as it was.
    const user = chooseUser(databaseDirectory(dataDir));
    const native = reachableNative(user);
    refuseOtherMajor(manifest, serverMajor(native));
    mark(dataDir);
    await putFiles(options, manifest, { dataDir, user });
    await recover({ ...options, dataDir }, native, user);
    const done = await onDatabase({ ...options, dataDir }, work);
    fs.rmSync(restoringFile(dataDir));
    return done;
  } finally {
    lock.release();
  }
}

/** @throws if the folder holds data; what a restoration that was interrupted has left does not count */
export function refuseUsed(dataDir: string): void {
  const running = readRunningStack(dataDir);
  if (running !== undefined)
    throw new Error(
      inWords({
        sv: `En stack kör i ${dataDir}, i process ${running.launcher.pid}. Stoppa den, och återställ i en tom mapp (SERVICEAVTAL_DATA).`,
        en: `A stack runs in ${dataDir}, in process ${running.launcher.pid}. Stop it, and restore into an empty folder (SERVICEAVTAL_DATA).`,
      }),
    );
  if (fs.existsSync(restoringFile(dataDir))) return;
  const taken = [databaseDirectory(dataDir), developmentData(dataDir)].find(
    (place) => fs.lstatSync(place, { throwIfNoEntry: false }) !== undefined,
  );
  if (taken === undefined) return;
  throw new Error(
    inWords({
      sv: `förväntade en mapp utan data, hittade ${taken}. Sätt SERVICEAVTAL_DATA till en tom mapp, eller flytta undan ${dataDir} (eller ta bort dess data: npx serviceavtal reset).`,
      en: `expected a folder without data, found ${taken}. Set SERVICEAVTAL_DATA to an empty folder, or move ${dataDir} away (or remove its data: npx serviceavtal reset).`,
    }),
  );
}

function refuseOtherMajor({ postgres }: Manifest, ours: number | undefined): void {
  if (ours === undefined || ours === postgres.major) return;
  throw new Error(
    inWords({
      sv: `Säkerhetskopian är av PostgreSQL ${postgres.major}, och den här versionen kör PostgreSQL ${ours}. Återställ med versionen av serviceavtal som tog den.`,
      en: `The back-up is of PostgreSQL ${postgres.major}, and this version runs PostgreSQL ${ours}. Restore with the version of serviceavtal that took it.`,
    }),
  );
}

function mark(dataDir: string): void {
  makeFolders(dataDir);
  writeWhole(restoringFile(dataDir), `${JSON.stringify({ since: new Date().toISOString() })}\n`);
}

/** Copies the files, in place of what an interrupted restoration has left. */
async function putFiles(
  { folder, log }: RestoreOptions,
  { files, folders, temporal }: Manifest,
  { dataDir, user }: { dataDir: string; user: User | undefined },
): Promise<void> {
  const place = placeData(dataDir, user);
  const development = developmentData(dataDir);
  for (const left of [place, path.dirname(development)]) fs.rmSync(left, { recursive: true, force: true });
  const under = `${placesInBackUp.postgres}/`;
  const below = (all: readonly string[]): string[] =>
    all.filter((one) => one.startsWith(under)).map((one) => one.slice(under.length));
  const ofPostgres = files
    .filter((file) => file.path.startsWith(under))
    .map((file) => ({ ...file, path: file.path.slice(under.length) }));
  await runStep(
    log,
    inWords({ sv: 'Lägger tillbaka databaserna', en: 'Putting the databases back' }),
    (step) =>
      copyFiles(
        path.join(folder, placesInBackUp.postgres),
        place,
        { folders: below(folders), files: ofPostgres },
        { owner: user, onProgress: shownIn(step, bytesOf(ofPostgres)) },
      ),
  );
  if (temporal === 'production') {
    // It tells which server made the data; the start writes what it says.
    writeConfig(serverConfigFile(dataDir), {});
    return;
  }
  const from = path.dirname(placesInBackUp.development);
  const others = files
    .filter((file) => file.path.startsWith(`${from}/`))
    .map((file) => ({ ...file, path: path.basename(file.path) }));
  await copyFiles(path.join(folder, from), path.dirname(development), { folders: [], files: others });
}

/**
 * Has the server bring the copied files to one point, and gives it the password of this folder: the back-up's own is not
 * known here. Nobody can connect meanwhile.
 */
async function recover(
  { dataDir, log }: RestoreOptions,
  native: string,
  user: User | undefined,
): Promise<void> {
  const password = readPassword(dataDir, true);
  const place = fs.realpathSync(databaseDirectory(dataDir));
  await runStep(
    log,
    inWords({ sv: 'Spelar upp databasens logg', en: "Replaying the database's log" }),
    async () => {
      const { status, stderr } = spawnSync(
        path.join(native, 'bin', 'postgres'),
        ['--single', '-D', place, '-c', 'log_timezone=UTC', 'postgres'],
        {
          ...user,
          cwd: '/',
          env: plainEnvironment(),
          encoding: 'utf8',
          input: `ALTER ROLE serviceavtal PASSWORD '${password}';\n`,
        },
      );
      if (status === 0 && !/^.*(FATAL|PANIC|ERROR):/m.test(stderr)) return;
      const last = stderr.trimEnd().split('\n').slice(-8).join('\n');
      throw new Error(
        inWords({
          sv: `PostgreSQL kan inte läsa det som lades tillbaka:\n${last}`,
          en: `PostgreSQL cannot read what was put back:\n${last}`,
        }),
      );
    },
  );
}

/** Runs PostgreSQL alone while work is done. */
async function onDatabase<T>(
  { dataDir, ports, signal }: RestoreOptions,
  work: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  const keeper = createPartKeeper(dataDir, () => undefined);
  try {
    const { postgres: port } = await choosePorts(dataDir, ports, (name) => name === 'postgres');
    const postgres = await startPostgres({ dataDir, port, fsync: true, keeper, signal });
    return await work(postgres.url('serviceavtal'));
  } finally {
    await keeper.close();
  }
}
