/** Folders of personal data and secrets: nobody but their owner reads them. */
import fs from 'node:fs';
import path from 'node:path';
import { makeFolders } from '../basics/make-folders';

/** The mode of files with personal data or secrets. */
export const privateFile = 0o600;

/** Makes a folder that its owner alone may enter, and closes it and its files if they are open from before. */
export function makePrivateFolder(folder: string): void {
  makeFolders(folder);
  fs.chmodSync(folder, 0o700);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true }))
    if (entry.isFile()) fs.chmodSync(path.join(folder, entry.name), privateFile);
}
