/** Reads a version out of what a check has got hold of: a value, a text, or a file. */
import path from 'node:path';
import type { Text } from '../../../rules/engine/basics/text';
import { expectedFound } from '../../../rules/engine/basics/text';
import type { VersionReport } from '../../../rules/engine/contract/monitor';
import type { FoundVersion } from '../../../rules/engine/monitoring/watched';
import { allowedFolder, openPlain } from './allowed-folder';
import type { CheckDeps } from './checker';
import { answerText, NotMade, NotWell } from './checker';
import { printedText } from './decode-text';

/** Most characters of a version. */
const longest = 50;
/** Most bytes that are read of a text, and of a program. */
const mostText = 1_000_000;
const mostProgram = 300_000_000;

/** A version that is a whole value, such as a field of JSON or of a database. */
export function versionOfValue(of: string, value: unknown): FoundVersion {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined;
  if (text !== undefined && isVersionText(text)) return { of, version: text };
  const found = text === undefined ? nothing : `"${answerText(text.slice(0, longest))}"`;
  return { of, problem: expectedFound(aVersion, found) };
}

const isVersionText = (text: string): boolean => text.length <= longest && /^v?\d[\w .+-]*$/i.test(text);
const aVersion: Text = { sv: 'en version', en: 'a version' };
const nothing: Text = { sv: 'ingen', en: 'none' };

/**
 * A version somewhere in a text.
 *
 * @param after the text that it follows; without it the first that looks like 18.00.0 is taken
 */
export function versionInText(of: string, text: string, after: string | undefined): FoundVersion {
  const from = after === undefined ? 0 : text.indexOf(after);
  const found =
    from < 0
      ? undefined
      : after === undefined
        ? /(?<![\w.])\d{1,4}(?:\.\d{1,6}){1,4}(?![\w.])/.exec(text)?.[0]
        : /^[\s"'=:>]*v?(\d[\w.+-]*)/i.exec(text.slice(from + after.length, from + after.length + 200))?.[1];
  if (found !== undefined && found.length <= longest) return { of, version: found };
  const expected = {
    sv: `en version efter "${after}" i filen`,
    en: `a version after "${after}" in the file`,
  };
  const somewhere = { sv: 'en version någonstans i filen', en: 'a version somewhere in the file' };
  return { of, problem: expectedFound(after === undefined ? somewhere : expected, nothing) };
}

/**
 * The version that a file tells: a program or library of Windows by its version resource, on whatever system it lies; any other
 * file by its text. What cannot be read is a problem of the report, not of what is checked.
 *
 * @param file absolute, below a folder that may be read
 */
export async function versionInFile(
  { of, after }: VersionReport,
  file: string,
  deps: CheckDeps,
  signal: AbortSignal,
): Promise<FoundVersion> {
  try {
    const folder = await allowedFolder(path.dirname(file), deps);
    const real = path.join(folder, path.basename(file));
    return isProgram(file)
      ? { of, ...(await programVersion(real, signal)) }
      : versionInText(of, printedText(await bytesOf(real, mostText)), after);
  } catch (error) {
    if (error instanceof NotMade || error instanceof NotWell) return { of, problem: error.text };
    const { code = '' } = error as NodeJS.ErrnoException;
    return {
      of,
      problem: {
        sv: `filen ${file} gick inte att läsa (${code})`,
        en: `the file ${file} could not be read (${code})`,
      },
    };
  }
}

const isProgram = (file: string): boolean => /\.(exe|dll|ocx|sys)$/i.test(file);

async function bytesOf(file: string, most: number): Promise<Buffer> {
  const handle = await openPlain(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(most), 0, most, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The first bytes of what Windows calls VS_FIXEDFILEINFO; the file's version stands eight bytes behind. */
const mark = Buffer.from([0xbd, 0x04, 0xef, 0xfe]);
const markBytes = 16;
const chunk = 1_000_000;

/** The file version of a program of Windows, four numbers. */
async function programVersion(
  file: string,
  signal: AbortSignal,
): Promise<{ version: string } | { problem: Text }> {
  const handle = await openPlain(file);
  try {
    const bytes = Buffer.alloc(chunk + markBytes);
    for (let at = 0; at < mostProgram; at += chunk) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
      const found = bytes.subarray(0, bytesRead).indexOf(mark);
      if (found >= 0 && found + markBytes <= bytesRead) {
        const word = (offset: number): number => bytes.readUInt16LE(found + offset);
        return { version: [word(10), word(8), word(14), word(12)].join('.') };
      }
      if (bytesRead < bytes.length) break;
    }
  } finally {
    await handle.close();
  }
  const expected = { sv: `en filversion i ${file}`, en: `a file version in ${file}` };
  return { problem: expectedFound(expected, nothing) };
}
