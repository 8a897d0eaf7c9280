/** Versions as AA.BC.D, as people, files and databases write them: `17.0`, `17.10`, `18.00.0`, `18.00.0.4711`. */

/** A version as AA.BC.D; BC and D are absent where fewer parts are written. */
interface Version {
  main: string;
  line?: string;
  step?: string;
}

/** Reads AA, AA.B, AA.BC or AA.BC.D; AA.B is AA.B0, and what follows D, a build, counts nothing. Nothing for other forms. */
function readVersion(text: string): Version | undefined {
  const [, main, line, step] = /^(\d{2})(?:\.(\d{1,2})(?:\.(\d+)(?:\.\d+)*)?)?$/.exec(withoutX(text)) ?? [];
  if (main === undefined) return undefined;
  return {
    main,
    ...(line !== undefined && { line: line.padEnd(2, '0') }),
    ...(step !== undefined && { step }),
  };
}

const withoutX = (text: string): string => text.trim().replace(/\.x$/i, '');

/** The digits of a version as AA.BC.D; nothing for other forms. @example digitsOf('18.1') // '18100' */
export function digitsOf(text: string): string | undefined {
  const read = readVersion(text);
  return read && `${read.main}${read.line ?? '00'}${read.step ?? '0'}`;
}

/**
 * Compares two versions as AA.BC.D.
 *
 * @returns below 0, 0, or above 0; nothing if one of them has another form
 */
export function compareVersions(one: string, other: string): number | undefined {
  const [left, right] = [readVersion(one), readVersion(other)];
  if (!left || !right) return undefined;
  const numbers = ({ main, line = '00', step = '0' }: Version): number[] => [main, line, step].map(Number);
  return firstDifference(numbers(left), numbers(right));
}

/** The main version and its line, to compare: `18.10.0` of `v18.10.2`, `18.0.0` of `18.00.1`. */
export const lineOf = (version: string): string =>
  [...(version.match(/\d+/g) ?? []).slice(0, 2).map(Number), '0'].join('.');

/** Compares two versions of any form by the numbers in them, one after the other: 4.0 is below 5.2. */
export function compareNumbers(one: string, other: string): number {
  const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
  return firstDifference(numbers(one), numbers(other));
}

const firstDifference = (left: readonly number[], right: readonly number[]): number =>
  left.map((part, at) => part - (right[at] ?? 0)).find((difference) => difference !== 0) ?? 0;

/**
 * Whether a version is the one that is said, which may say fewer parts: 17.10.2 is 17.10, and 17.00.3 is 17.0. Versions of
 * other forms are compared part by part as they are written.
 */
export function isVersion(said: string, version: string): boolean {
  const [wanted, found] = [readVersion(said), readVersion(version)];
  if (!wanted || !found) {
    const [text, whole] = [withoutX(said).toLowerCase(), withoutX(version).toLowerCase()];
    return whole === text || whole.startsWith(`${text}.`);
  }
  const { main, line, step } = wanted;
  return (
    found.main === main &&
    (line === undefined || (found.line ?? '00') === line) &&
    (step === undefined || (found.step ?? '0') === step)
  );
}
