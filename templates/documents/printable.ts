/** Text in the letters that a PDF's standard fonts have (Windows-1252): everything Swedish and Western European. */

/** Beyond Latin-1. */
const more = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');

const replaced: Record<string, string> = {
  '\u2212': '–',
  '\u2010': '-',
  '\u2011': '-',
  '\u2015': '—',
  '\u00ad': '',
  '\u200b': '',
  '\ufeff': '',
  '→': '->',
  '←': '<-',
  '≤': '<=',
  '≥': '>=',
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  ı: 'i',
};

const known = (character: string): boolean => {
  const code = character.codePointAt(0) ?? 0;
  return (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff) || more.has(character);
};

/**
 * The same text in letters that can be printed: an accent that the fonts lack is left out, any other character they
 * lack is a question mark. Line breaks stay.
 * @example printable('Łódź, −5') // 'Lódz, –5'
 */
export function printable(text: string): string {
  return [...text.replace(/\r\n?|[\u2028\u2029]/g, '\n').normalize('NFC')].map(printableCharacter).join('');
}

function printableCharacter(character: string): string {
  if (character === '\n') return character;
  const other = replaced[character];
  if (other !== undefined) return other;
  if (known(character)) return character;
  if (/^\p{Zs}$/u.test(character)) return '\u00a0';
  if (/^\p{Cc}$/u.test(character)) return ' ';
  const plain = [...character.normalize('NFKD').replace(/\p{M}/gu, '')];
  return plain.length > 0 && plain.every(known) ? plain.join('') : '?';
}
