/** Hears of every change in the folders of the rule files, however an editor saves. */
import type { FSWatcher } from 'node:fs';
import { readdirSync, statSync, watch } from 'node:fs';
import path from 'node:path';

/**
 * Watches `root` and the folders of rule files below it, also those that come later. Folder by folder: watching
 * recursively, Node on Linux goes deaf for a file that another took the place of, which is how most editors save.
 *
 * @returns ends it
 * @throws where `root` cannot be watched
 */
export function watchFolders(root: string, changed: () => void, lost: (error: Error) => void): () => void {
  const watchers = new Map<string, { inode: number; watcher: FSWatcher }>();
  const follow = (folder: string): void => {
    const { ino: inode } = statSync(folder);
    const known = watchers.get(folder);
    if (known?.inode === inode) return;
    known?.watcher.close();
    const watcher = watch(folder, () => {
      followAll();
      changed();
    });
    watcher.on('error', lost);
    watchers.set(folder, { inode, watcher });
  };
  const followAll = (): void => {
    try {
      foldersBelow(root).forEach(follow);
    } catch {
      // One is gone again in this very moment: the folder it stood in hears of that, and all are followed anew.
    }
  };
  follow(root);
  followAll();
  return () => {
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
