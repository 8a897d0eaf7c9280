/** Reads a file that somebody names on the command line: a table, and no larger than tables are. */
import { readFileSync, statSync } from 'node:fs';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound } from '../../rules/engine/basics/text';
import { unreadableFile } from '../basics/system-reason';

/** Larger files are no tables of a year: one of a busy help desk is a few megabytes. */
const maxBytes = 64 * 1024 * 1024;

/** @throws BilingualError, with the file's name, if it cannot be read or is too large */
export function readBytes(file: string): Buffer {
  try {
    const { size } = statSync(file);
    if (size > maxBytes)
      throw new BilingualError(
        expectedFound({ sv: `högst ${maxBytes} byte`, en: `at most ${maxBytes} bytes` }, String(size)),
      );
    return readFileSync(file);
  } catch (error) {
    throw unreadableFile(file, error);
  }
}
