/** Secrets from settings or files; those in files may be changed while we run. */
import { readFileSync, statSync } from 'node:fs';

/** Gives the current value; undefined if there is none. */
export type Secret = () => string | undefined;

/** Milliseconds between two looks at a file. */
const lookEvery = 1_000;
const longest = 64 * 1024;

export interface SecretOptions {
  /** Says why a value cannot be used, without repeating it. */
  problemOf?: (value: string) => string | undefined;
  /** Gets one line for each new value of a file that cannot be used. */
  log?: (line: string) => void;
}

/**
 * Opens a secret from its setting or its file. A file is read again once it has changed. While it cannot be read or
 * used, or is empty, as in the middle of a write, the last value applies.
 *
 * @param value the setting's value
 * @param file the file that holds the value instead
 * @throws if both are given, or if the value cannot be read or used at the beginning
 */
export function openSecret(
  name: string,
  value: string | undefined,
  file: string | undefined,
  { problemOf = () => undefined, log = () => undefined }: SecretOptions = {},
): Secret {
  if (file === undefined) {
    const problem = value === undefined ? undefined : problemOf(value);
    if (problem !== undefined) throw new Error(`${name}: ${problem}`);
    return () => value;
  }
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
    const problem = problemOf(current);
    if (problem !== undefined) throw new Error(problem);
  } catch (error) {
    throw new Error(`${name}_FILE: ${(error as Error).message}`, { cause: error });
  }
  let lookedAt = performance.now();
  return () => {
    if (performance.now() - lookedAt < lookEvery) return current;
    lookedAt = performance.now();
    try {
      const now = stampOf();
      if (now !== stamp) {
        const text = read();
        const problem = problemOf(text);
        stamp = now;
        if (problem === undefined) current = text;
        else log(`${name}_FILE: ${problem}; its last good value holds`);
      }
    } catch {
      // The file is being replaced: the last good value applies until it can be read.
    }
    return current;
  };
}

/** The values of a secret that holds several, separated by white space. */
export function partsOf(secret: Secret): string[] {
  return (secret() ?? '').split(/\s+/).filter((part) => part !== '');
}
