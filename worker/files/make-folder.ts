/** Makes a folder that a person named for what a command writes, and says in words why a file there cannot be written. */
import { existsSync } from 'node:fs';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import { makeFolders } from '../basics/make-folders';
import { systemReason } from '../basics/system-reason';

const aFileOfThatName = { sv: 'en fil med det namnet', en: 'a file of that name' };

/**
 * Makes a folder, and those it stands in, unless it is there.
 *
 * @param what it is for, as in `{ sv: 'en mapp för mejlen', en: 'a folder for the mails' }`
 * @throws BilingualError if it cannot be made
 */
export function makeFolder(folder: string, what: Text): void {
  try {
    makeFolders(folder);
  } catch (cause) {
    const possible = { sv: ` som går att skapa, ${folder}`, en: ` that can be made, ${folder}` };
    const found = existsSync(folder) ? aFileOfThatName : systemReason(cause, 'write');
    throw new BilingualError(expectedFound(joined(what, possible), found), { cause });
  }
}

/** The error of a file that cannot be written: `expected to write a new file x.pdf, found a full disk`. */
export const unwritableFile = (file: string, cause: unknown): BilingualError =>
  new BilingualError(
    expectedFound(
      { sv: `att skriva en ny fil ${file}`, en: `to write a new file ${file}` },
      systemReason(cause, 'write'),
    ),
    { cause },
  );
