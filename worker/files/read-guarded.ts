/** Reads one file that anybody may have put there: never hangs, never leaves the folder, never reads too much. */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../rules/engine/reading/finding';
import { findingAt } from '../../rules/engine/reading/finding-at';
import { maxBytes, tooManyBytes } from '../../rules/engine/reading/read-json';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { Text, Wording } from '../../rules/engine/basics/text';
import { systemReason } from '../basics/system-reason';
import { decodeText } from './decode-text';

/** A path below a folder that no link may lead out of, and the name that findings about it carry. */
export interface Place {
  /** Real path of the folder. */
  root: string;
  /** Relative to it, with `/`. */
  path: string;
  /** As `rules/levels/guld.json`. */
  file: string;
}

const aFile: Text = { sv: 'en fil', en: 'a file' };

/** The text of a regular file, or the one reason why it was not read. */
export function readGuarded(place: Place): { text: string } | { finding: Finding } {
  const refused = (message: Text): { finding: Finding } => ({
    finding: findingAt('', place.file, 0, message),
  });
  const found = resolve(place);
  if ('wrong' in found) return refused(found.wrong);
  const { real, stats } = found;
  if (!stats.isFile()) return refused(expectedFound(aFile, kindOf(stats)));
  if (stats.size > maxBytes) return refused(tooManyBytes(stats.size));
  try {
    // Non-blocking: a pipe may have taken the file's place meanwhile.
    const descriptor = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const opened = fstatSync(descriptor);
      if (!opened.isFile()) return refused(expectedFound(aFile, kindOf(opened)));
      if (opened.size > maxBytes) return refused(tooManyBytes(opened.size));
      return decodeText(readFileSync(descriptor), place.file);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return refused(unreadable(error));
  }
}

/** The real path of a file or folder with its stats, or why it must not be used. */
export function resolve({ root, path: relative }: Place): { real: string; stats: Stats } | { wrong: Text } {
  const given = path.join(root, relative);
  try {
    lstatSync(given);
    const real = realpathSync(given);
    if (real !== root && !real.startsWith(root + path.sep))
      return {
        wrong: expectedFound(
          { sv: 'en fil eller mapp i regelmappen', en: 'a file or folder within the folder of the rules' },
          { sv: 'en länk som leder ut ur den', en: 'a link that leads out of it' },
        ),
      };
    return { real, stats: statSync(real) };
  } catch (error) {
    return { wrong: unreadable(error) };
  }
}

function kindOf(stats: Stats): Wording {
  if (stats.isDirectory()) return { sv: 'en mapp', en: 'a folder' };
  if (stats.isFIFO()) return { sv: 'ett namngivet rör (fifo)', en: 'a named pipe (fifo)' };
  if (stats.isSocket()) return { sv: 'en socket', en: 'a socket' };
  return { sv: 'en enhet', en: 'a device' };
}

/** An error of the file system in words for the reader. */
export function unreadable(error: unknown): Text {
  // Its name was found in a folder.
  const found =
    (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? joined(systemReason(error), {
          sv: '; en länk leder kanske till något borttaget',
          en: '; perhaps a link to what was removed',
        })
      : systemReason(error);
  return expectedFound({ sv: 'en läsbar fil eller mapp', en: 'a readable file or folder' }, found);
}
