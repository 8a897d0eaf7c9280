import { compilePattern, fold } from '../basics/patterns';
import type { Release, ReleaseCheck } from './release';

/** A customer's import definition: its name, such as that of its file, and its text. */
export interface ImportDefinition {
  name: string;
  text: string;
}

/** A line of an import definition that a check's pattern fits. */
export interface FoundLine {
  definition: string;
  /** From 1. */
  line: number;
  text: string;
}

/** A check to make before an upgrade, and what was found of it already. */
export interface CheckBefore {
  check: ReleaseCheck;
  /**
   * `toDo`: a person makes it; `concerned`: lines fit its pattern, and a person looks at them; `notConcerned`: no line does;
   * `notLookedAt`: it has a pattern, and nobody has given the import definitions.
   */
  state: 'toDo' | 'concerned' | 'notConcerned' | 'notLookedAt';
  found: FoundLine[];
}

/**
 * What has to be checked before an upgrade to a release, in the order of its file. A pattern is held against every line of the
 * definitions, without regard to capitals.
 *
 * @param definitions the customer's; none if nobody has given them, which is not the same as an empty list
 */
export function checksBefore(
  { checks }: Release,
  definitions: readonly ImportDefinition[] | undefined,
): CheckBefore[] {
  return checks.map((check): CheckBefore => {
    if (check.pattern === undefined) return { check, state: 'toDo', found: [] };
    if (!definitions) return { check, state: 'notLookedAt', found: [] };
    const found = linesWith(check.pattern, definitions);
    return { check, state: found.length > 0 ? 'concerned' : 'notConcerned', found };
  });
}

function linesWith(pattern: string, definitions: readonly ImportDefinition[]): FoundLine[] {
  const fitsPattern = compilePattern(pattern);
  return definitions.flatMap(({ name, text }) =>
    text
      .split(/\r?\n/)
      .flatMap((line, index) =>
        fitsPattern(fold(line)) ? [{ definition: name, line: index + 1, text: line.trim() }] : [],
      ),
  );
}
