/** Where files may be looked at: below the roots that the worker allows, links followed. */
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { CheckDeps } from './checker';
import { NotMade } from './checker';

/** Where a folder really is. @throws NotMade if that is not below an allowed root; otherwise as the system says */
export async function allowedFolder(folder: string, { fileRoots }: CheckDeps): Promise<string> {
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

/**
 * Opens a plain file to read it. A link is refused, so that what is read lies where its folder does, and so is what is no file:
 * a pipe would be waited for.
 *
 * @throws NotMade if it is no plain file; otherwise as the system says
 */
export async function openPlain(file: string): Promise<FileHandle> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(file, flags);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw new NotMade({ sv: `${file} är ingen vanlig fil`, en: `${file} is no plain file` });
}
