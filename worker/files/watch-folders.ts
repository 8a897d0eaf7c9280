/** Notices every change in the folders of the rule files, however an editor saves. */
import type { FSWatcher } from 'node:fs';
import { readdirSync, statSync, watch } from 'node:fs';
import path from 'node:path';
import { dataFolders } from '../../rules/engine/ruleset/ruleset-paths';

/** Milliseconds between looks for folders that came back without an event. */
const lookEvery = 5_000;

/**
 * Watches `root` and the folders of rule files below it, also those that come later or come back. Each folder has a
 * watcher of its own: on Linux a recursive watcher of Node misses a file that is replaced, as most editors do.
 *
 * @param lost called when a folder cannot be watched now; it is tried again
 * @returns a function that ends the watching
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
    // A folder made anew may have the inode of the removed one, whose watcher hears nothing any more.
    for (const folder of watchers.keys()) if (!isFolder(folder)) leave(folder);
    try {
      return [root, ...foldersBelow(root)].filter(follow).length > 0;
    } catch {
      // The folder was removed in this very moment: its parent's watcher notices, and all folders are listed again.
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
  const below = [...dataFolders, 'levels', 'tests', 'customers'].map((name) => path.join(root, name));
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
