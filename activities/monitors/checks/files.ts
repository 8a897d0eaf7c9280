/** Checks the files in a folder of the machine it runs on, or of an SFTP server: a stuck import, an export that stopped. */
import { lstat, opendir } from 'node:fs/promises';
import path from 'node:path';
import { allowedFolder } from './allowed-folder';
import type { Checker } from './checker';
import { NotMade, NotWell } from './checker';
import { versionInFile } from './version-found';
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
  const { reportsVersion: report } = watched.check;
  if (watched.check.sftp) {
    const found = await checkSftp(watched, deps, signal);
    return { ...found, ...(report && { version: { of: report.of, problem: notOverSftp } }) };
  }
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
  const measured = details ? seen : { count: seen.count, bytes: 0 };
  const version = report && (await versionInFile(report, path.join(folder, report.file ?? ''), deps, signal));
  return { ...holdToLimits(measured, watched, deps.now()), ...(version && { version }) };
};

const notOverSftp = {
  sv: 'versionen i en fil läses inte över SFTP',
  en: 'the version in a file is not read over SFTP',
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
