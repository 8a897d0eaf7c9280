/** Secrets that may be changed while we run: those that stand in files. */
import { readFileSync, statSync } from 'node:fs';

/** The value as it is now; nothing where there is none. */
export type Secret = () => string | undefined;

/** Milliseconds between two looks at a file. */
const lookEvery = 1_000;
const longest = 64 * 1024;

export interface SecretOptions {
  /** What keeps a value from being used, without repeating it. */
  problemOf?: (value: string) => string | undefined;
  /** Hears once of each new value of a file that cannot be used. */
  log?: (line: string) => void;
}

/**
 * A secret from its setting or its file. A file is read again once it has changed; while it cannot be read or used, or
 * is empty as in the middle of being written, its last value holds.
 *
 * @param value what the setting says
 * @param file the file that holds it instead
 * @throws if both are given, or what is given cannot be read or used at the beginning
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
      // It is being replaced: what was good holds until it can be read.
    }
    return current;
  };
}

/** The parts of a secret that holds several, separated by white space. */
export function partsOf(secret: Secret): string[] {
  return (secret() ?? '').split(/\s+/).filter((part) => part !== '');
}
