/** Secrets from settings or files; those in files may be changed while we run. */
import { readFileSync, statSync } from 'node:fs';
import { BilingualError, textOf } from '../../rules/engine/basics/bilingual-error';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { Text } from '../../rules/engine/basics/text';
import { inWords } from '../basics/spoken';
import { unreadableFile } from '../basics/system-reason';

/** Gives the current value; undefined if there is none. */
export type Secret = () => string | undefined;

/** Milliseconds between two looks at a file. */
const lookEvery = 1_000;
const longest = 64 * 1024;

export interface SecretOptions {
  /** Says why a value cannot be used, without repeating it. */
  problemOf?: (value: string) => Text | undefined;
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
    if (problem !== undefined) throw new BilingualError(joined(`${name}: `, problem));
    return () => value;
  }
  if (value !== undefined)
    throw new BilingualError(
      joined(
        `${name}: `,
        expectedFound(
          { sv: `den, eller filen i ${name}_FILE`, en: `it, or the file in ${name}_FILE` },
          { sv: 'båda; ta bort den ena', en: 'both; unset one' },
        ),
      ),
    );
  const read = (): string => {
    const text = readFileSync(file, 'utf8').trim();
    if (text === '' || text.length > longest)
      throw new BilingualError(
        expectedFound(
          { sv: `en hemlighet på högst ${longest} tecken`, en: `a secret of at most ${longest} characters` },
          String(text.length),
        ),
      );
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
    if (problem !== undefined) throw new BilingualError(problem);
  } catch (error) {
    const told = error instanceof BilingualError ? error : unreadableFile(file, error);
    throw new BilingualError(joined(`${name}_FILE: `, textOf(told)), { cause: error });
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
        else
          log(
            `${name}_FILE: ${inWords(joined(problem, { sv: '; dess senaste goda värde gäller', en: '; its last good value holds' }))}`,
          );
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
