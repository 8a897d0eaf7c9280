/** Checks the files in a folder of the machine it runs on, or of an SFTP server: a stuck import, an export that stopped. */
import { lstat, opendir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Checker, CheckDeps } from './checker';
import { NotMade, NotWell } from './checker';
import { asksForDetails, fitsPattern, holdToLimits, nothingSeen, notReadInTime, see } from './measure-files';
import { checkSftp } from './sftp';

/** Most files that are looked at in parallel. */
const atOnce = 64;
const ignoreCase = process.platform === 'win32';

/**
 * Measures a folder itself, not what is in folders below it. Links are not followed, so that what is measured lies where
 * the folder does.
 *
 * @throws NotMade if the folder may not be looked at: not below an allowed root, or by the system's permissions
 * @throws NotWell if there is no such folder
 */
export const checkFiles: Checker = async (watched, deps, signal) => {
  if (watched.check.sftp) return checkSftp(watched, deps, signal);
  const { folder = '', pattern } = watched.check;
  const details = asksForDetails(watched);
  const seen = nothingSeen();
  const look = async (directory: string, name: string): Promise<void> => {
    const file = details ? await statOf(path.join(directory, name)) : { mtimeMs: 0, size: 0 };
    if (file) see(seen, { name, modifiedAt: file.mtimeMs, bytes: file.size });
  };
  try {
    const directory = await allowedFolder(folder, deps);
    let looking: Promise<void>[] = [];
    for await (const entry of await opendir(directory, { bufferSize: 4 * atOnce })) {
      if (signal.aborted) throw new NotWell(notReadInTime);
      if (!entry.isFile() || !fitsPattern(entry.name, pattern, ignoreCase)) continue;
      looking.push(look(directory, entry.name));
      if (looking.length < atOnce) continue;
      await Promise.all(looking);
      looking = [];
    }
    await Promise.all(looking);
  } catch (error) {
    throw told(error, folder);
  }
  if (details) return holdToLimits(seen, watched, deps.now());
  return holdToLimits({ count: seen.count, bytes: 0 }, watched, deps.now());
};

/** A file's size and time; nothing where it was removed since its name was read. */
async function statOf(file: string): Promise<{ mtimeMs: number; size: number } | undefined> {
  try {
    return await lstat(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Where a folder really is. @throws NotMade if that is not below an allowed root; otherwise as the system says */
async function allowedFolder(folder: string, { fileRoots }: CheckDeps): Promise<string> {
  if (!path.isAbsolute(folder))
    throw new NotMade({
      sv: `förväntade en hel sökväg, hittade "${folder}"`,
      en: `expected an absolute path, found "${folder}"`,
    });
  const roots = await Promise.all(fileRoots.map((root) => realpath(root).catch(() => undefined)));
  const real = await wherever(path.resolve(folder));
  if (!roots.some((root) => root !== undefined && isBelow(real.folder, root)))
    throw new NotMade({
      sv: `mappen ${folder} ligger inte under någon av rötterna som får läsas där kontrollen körs: tillåt den med SERVICEAVTAL_MONITOR_FILES, på en plats i kundens nät med site-worker --files`,
      en: `the folder ${folder} is not below any of the roots that may be read where the check runs: allow it by SERVICEAVTAL_MONITOR_FILES, at a site in a customer's network by site-worker --files`,
    });
  if (real.missing) throw real.missing;
  return real.folder;
}

/**
 * The path of a folder with all links followed; of a folder that does not exist, the path it would have. So a check
 * cannot be used to find out whether a folder outside the roots exists.
 */
async function wherever(folder: string): Promise<{ folder: string; missing?: unknown }> {
  try {
    return { folder: await realpath(folder) };
  } catch (error) {
    const parent = path.dirname(folder);
    if (parent === folder) throw error;
    const above = await wherever(parent);
    return { folder: path.join(above.folder, path.basename(folder)), missing: above.missing ?? error };
  }
}

function isBelow(folder: string, root: string): boolean {
  const way = path.relative(root, folder);
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

function told(error: unknown, folder: string): unknown {
  switch (codeOf(error)) {
    case 'ENOENT':
      return new NotWell(
        { sv: `mappen ${folder} finns inte`, en: `the folder ${folder} does not exist` },
        undefined,
        { cause: error },
      );
    case 'ENOTDIR':
      return new NotWell({ sv: `${folder} är ingen mapp`, en: `${folder} is not a folder` }, undefined, {
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
      return new NotMade(
        {
          sv: `mappen ${folder} får inte läsas av den som kör kontrollen`,
          en: `the folder ${folder} may not be read by whoever runs the check`,
        },
        { cause: error },
      );
    default:
      return error;
  }
}
