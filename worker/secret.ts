/** Secrets that may be changed while we run: those that stand in files. */
import { readFileSync, statSync } from 'node:fs';

/** The value as it is now; nothing where there is none. */
export type Secret = () => string | undefined;

/** Milliseconds between two looks at a file. */
const lookEvery = 1_000;
const longest = 64 * 1024;

/**
 * A secret from its setting or its file. A file is read again once it has changed; while it cannot be read, or is
 * empty as in the middle of being written, its last value holds.
 *
 * @param value what the setting says
 * @param file the file that holds it instead
 * @throws if both are given, or the file cannot be read at the beginning
 */
export function openSecret(name: string, value: string | undefined, file: string | undefined): Secret {
  if (file === undefined) return () => value;
  if (value !== undefined)
    throw new Error(`${name}: expected it, or the file in ${name}_FILE, found both; unset one`);
  const read = (): string => {
    const text = readFileSync(file, 'utf8').trim();
    if (text === '' || text.length > longest)
      throw new Error(`expected a secret of at most ${longest} characters, found ${text.length}`);
    return text;
  };
  const stampOf = (): string => {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs}/${size}/${ino}`;
  };
  let current: string;
  let stamp: string;
  try {
    stamp = stampOf();
    current = read();
  } catch (error) {
    throw new Error(`${name}_FILE: ${(error as Error).message}`, { cause: error });
  }
  let lookedAt = Date.now();
  return () => {
    if (Date.now() - lookedAt < lookEvery) return current;
    lookedAt = Date.now();
    try {
      const now = stampOf();
      if (now !== stamp) {
        current = read();
        stamp = now;
      }
    } catch {
      // It is being replaced: what was good holds until it can be read.
    }
    return current;
  };
}

/** The parts of a secret that holds several, separated by white space. */
export function partsOf(secret: Secret): string[] {
  return (secret() ?? '').split(/\s+/).filter((part) => part !== '');
}
