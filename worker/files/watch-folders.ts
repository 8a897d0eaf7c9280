/** Hears of every change in the folders of the rule files, however an editor saves. */
import type { FSWatcher } from 'node:fs';
import { readdirSync, statSync, watch } from 'node:fs';
import path from 'node:path';

/** Milliseconds after which a folder that came back unheard of is watched again. */
const lookEvery = 5_000;

/**
 * Watches `root` and the folders of rule files below it, also those that come later or come back. Folder by folder:
 * watching recursively, Node on Linux goes deaf for a file that another took the place of, which is how most editors save.
 *
 * @param lost hears of a folder that cannot be watched now; it is tried again
 * @returns ends it
 */
export function watchFolders(root: string, changed: () => void, lost: (error: Error) => void): () => void {
  const watchers = new Map<string, { inode: number; watcher: FSWatcher }>();
  const leave = (folder: string): void => {
    watchers.get(folder)?.watcher.close();
    watchers.delete(folder);
  };
  const follow = (folder: string): boolean => {
    const { ino: inode } = statSync(folder);
    if (watchers.get(folder)?.inode === inode) return false;
    leave(folder);
    const watcher = watch(folder, () => {
      followAll();
      changed();
    });
    watcher.on('error', (error) => {
      leave(folder);
      lost(error);
    });
    watchers.set(folder, { inode, watcher });
    return true;
  };
  const followAll = (): boolean => {
    // A folder made anew may have the number of the one that is gone, whose watcher is deaf.
    for (const folder of watchers.keys()) if (!isFolder(folder)) leave(folder);
    try {
      return [root, ...foldersBelow(root)].filter(follow).length > 0;
    } catch {
      // One is gone again in this very moment: the folder it stood in hears of that, and all are followed anew.
      return false;
    }
  };
  try {
    follow(root);
  } catch (error) {
    lost(error as Error);
  }
  followAll();
  const looking = setInterval(() => {
    if (followAll()) changed();
  }, lookEvery).unref();
  return () => {
    clearInterval(looking);
    for (const { watcher } of watchers.values()) watcher.close();
  };
}

/** The folders in which rule files and examples stand. */
function foldersBelow(root: string): string[] {
  const customers = path.join(root, 'customers');
  const below = ['levels', 'tests', 'customers'].map((name) => path.join(root, name));
  return [...below.filter(isFolder), ...foldersIn(customers)];
}

function foldersIn(folder: string): string[] {
  if (!isFolder(folder)) return [];
  return readdirSync(folder)
    .map((name) => path.join(folder, name))
    .filter(isFolder);
}

function isFolder(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}
