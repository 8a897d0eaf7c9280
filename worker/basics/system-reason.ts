/** What the system says of a file that could not be read or written, in words. */
import type { Text } from '../../rules/engine/basics/text';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import { BilingualError, textOf } from '../../rules/engine/basics/bilingual-error';

const reasons: Record<string, Text> = {
  ENOENT: { sv: 'ingen', en: 'none' },
  EACCES: { sv: 'en som inte får läsas (rättigheter)', en: 'one that may not be read (permissions)' },
  EPERM: { sv: 'en som inte får läsas (rättigheter)', en: 'one that may not be read (permissions)' },
  EISDIR: { sv: 'en mapp', en: 'a folder' },
  ENOTDIR: { sv: 'en fil där en mapp skulle vara', en: 'a file where a folder should be' },
  ELOOP: { sv: 'en länk som leder till sig själv', en: 'a link that leads to itself' },
  ENAMETOOLONG: { sv: 'ett namn som är för långt', en: 'a name that is too long' },
  EMFILE: { sv: 'för många öppna filer', en: 'too many open files' },
  ENFILE: { sv: 'för många öppna filer', en: 'too many open files' },
  EIO: { sv: 'ett fel på disken', en: 'a fault of the disk' },
};

/** Those that mean something else where a file is written. */
const whenWriting: Record<string, Text> = {
  ENOENT: { sv: 'ingen mapp för den', en: 'no folder for it' },
  EACCES: {
    sv: 'en mapp som inte får ändras (rättigheter)',
    en: 'a folder that may not be changed (permissions)',
  },
  EPERM: {
    sv: 'en mapp som inte får ändras (rättigheter)',
    en: 'a folder that may not be changed (permissions)',
  },
  EEXIST: { sv: 'en som redan finns', en: 'one that is there already' },
  ENOSPC: { sv: 'en full disk', en: 'a full disk' },
  EDQUOT: { sv: 'en full disk', en: 'a full disk' },
  EROFS: { sv: 'en disk som bara får läsas', en: 'a disk that may only be read' },
};

/**
 * What was found instead of a file, by the code of a system's error.
 *
 * @example systemReason({ code: 'EISDIR' }).en // 'a folder'
 */
export function systemReason(error: unknown, to: 'read' | 'write' = 'read'): Text {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  const known = (to === 'write' ? whenWriting[code] : undefined) ?? reasons[code];
  return known ?? { sv: `felet ${code}`, en: `the error ${code}` };
}

/** The error of a file that cannot be read: `expected a readable file at x.json, found none`. */
export function unreadableFile(
  file: string,
  error: unknown,
  what: Text = { sv: 'en läsbar fil', en: 'a readable file' },
): BilingualError {
  const wanted: Text = { sv: `${what.sv} på ${file}`, en: `${what.en} at ${file}` };
  const { code } = error as NodeJS.ErrnoException;
  const told =
    code === undefined
      ? // An error of our own, such as a file that is too large, says itself what was found.
        joined({ sv: `förväntade ${wanted.sv}: `, en: `expected ${wanted.en}: ` }, textOf(error))
      : expectedFound(wanted, systemReason(error));
  return new BilingualError(told, { cause: error });
}
