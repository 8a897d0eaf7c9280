import { expectedFound } from '../basics/text';
import type { Text } from '../basics/text';

const mostLevels = 50;
const mostValues = 100_000;

/**
 * Why a JSON value cannot be stored: it is nested too deep, has too many values, or has texts that PostgreSQL cannot
 * store (NUL, halves of surrogate pairs). Does not recurse, since a sender decides how deep the value is.
 *
 * @returns nothing if it can be stored
 */
export function unstorable(value: unknown): Text | undefined {
  const waiting: { value: unknown; level: number }[] = [{ value, level: 1 }];
  let seen = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    seen++;
    if (seen > mostValues)
      return expectedFound(
        { sv: `högst ${mostValues} värden`, en: `at most ${mostValues} values` },
        { sv: 'fler', en: 'more' },
      );
    if (next.level > mostLevels)
      return expectedFound(
        { sv: `högst ${mostLevels} nivåer av nästling`, en: `at most ${mostLevels} levels of nesting` },
        { sv: 'fler', en: 'more' },
      );
    const { value: each, level } = next;
    const texts = typeof each === 'string' ? [each] : isContainer(each) ? Object.keys(each) : [];
    if (texts.some((text) => /\0|\p{Cs}/u.test(text)))
      return expectedFound(
        { sv: 'tecken som kan sparas', en: 'characters that can be kept' },
        { sv: 'NUL eller ett halvt tecken', en: 'NUL or half a character' },
      );
    if (isContainer(each))
      for (const inner of Object.values(each)) waiting.push({ value: inner, level: level + 1 });
  }
  return undefined;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
