/**
 * Characters that nobody sees, and that change the order in which others are shown: marks, embeddings, overrides and
 * isolates of writing direction, and spaces without width. Joiners stay, which some scripts and emoji need.
 */
const unseen = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/** Leaves out the characters that nobody sees. */
export function withoutUnseen(text: string): string {
  return text.replace(unseen, '');
}

/** Writes the characters that nobody sees as `\\u202e`, to show that they are there. */
export function escapeUnseen(text: string): string {
  return text.replace(unseen, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * The first character of a text that nobody sees: one that `withoutUnseen` leaves out or a control character, else
 * another without width, such as a soft hyphen.
 *
 * @returns its place, counted from 1, and its number in Unicode
 * @example findUnseen('Eva\u202eEk') // { place: 4, code: 'U+202E' }
 */
export function findUnseen(text: string): { place: number; code: string } | undefined {
  const letters = [...text];
  const isHidden = (letter: string): boolean =>
    withoutUnseen(letter) === '' || /[\p{Cc}\u2028\u2029]/u.test(letter);
  const first = letters.findIndex(isHidden);
  const at = first < 0 ? letters.findIndex((letter) => /\p{Cf}/u.test(letter)) : first;
  const code = letters[at]?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return code === undefined ? undefined : { place: at + 1, code: `U+${code}` };
}

/** Shows control characters as `\ufffd`: what others wrote, such as the name of a file, adds no line to ours. */
export function replaceControls(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, '\ufffd');
}

/**
 * What others wrote as it stands on a terminal: one line, controls as `\ufffd`, and what nobody sees written out.
 *
 * @example printable('a\u202eb\nc') // 'a\\u202eb c'
 */
export const printable = (text: string): string =>
  escapeUnseen(replaceControls(text.replace(/[\r\n\t\u2028\u2029]+/g, ' ')));

/**
 * A name, a place, or another text on one line, whatever somebody outside wrote: line breaks and other control
 * characters are spaces, and there is one space at a time.
 *
 * @example oneLine('Eva\u202e\r\n  Ek ') // 'Eva Ek'
 */
export function oneLine(text: string): string {
  return withoutUnseen(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** As `oneLine`, but a text that is one line already keeps its spaces, as numbers have them. */
export function onOneLine(text: string): string {
  return /[\p{Cc}\u2028\u2029]/u.test(text) ? oneLine(text) : withoutUnseen(text);
}
