/** Text of programs that know nothing of UTF-8: Windows' own encoding, or that of its console (DOS). */
import { windows1252Text } from './windows-1252';

/** What the bytes from 0x80 on are in code page 850. */
const upper =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤' +
  'ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0';

/**
 * Bytes in code page 850 as text; every byte is a character.
 *
 * @example cp850Text(Uint8Array.of(0x86, 0x84, 0x94)) // 'åäö'
 */
export const cp850Text = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[\u0080-\u00ff]/g, (each) => upper[each.charCodeAt(0) - 0x80] ?? each);

/** An encoding of one byte a character. */
export type EightBit = 'Windows-1252' | 'CP850';

/**
 * Swedish letters by what code page 850 has for them, where Windows-1252 would have †, ” or „ within a word, nothing at all,
 * or a quotation mark that has no other in its cell.
 */
const dosLetters = [
  /[\u0082\u0084\u0086\u0094](?<=[A-Za-z].)(?=[A-Za-z])/g,
  /[\u0084\u0086](?<=[A-Za-z].)(?![A-Za-z])/g,
  /[\u0086\u0099](?<![A-Za-z].)(?=[A-Za-z])/g,
  /\u008e(?=[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz])|\u008f/g,
  /[\u0084\u0094](?<=(?:^|[\s;,"]).)(?=[A-Za-z][^;,\t\n\u0093\u0094]*(?:[;,\t\n]|$))/g,
  /\u0094(?<=(?:^|[;,\t\n])[^;,\t\n\u0084\u0093\u0094]*[A-Za-z].)(?![A-Za-z])/g,
];
/** The same by what Windows-1252 has for them, which in code page 850 are signs, or letters that Swedish does not have. */
const windowsLetters = [/[\u00c4\u00c5\u00d6\u00e4\u00e5\u00e9\u00f6](?:(?<=[A-Za-z].)|(?=[A-Za-z]))/g];

/**
 * Which of the two encodings bytes are in that are no UTF-8, by where Swedish letters stand.
 *
 * @returns nothing if as much tells for the one as for the other
 */
export function eightBitOf(bytes: Uint8Array): EightBit | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const count = (letters: readonly RegExp[]): number =>
    letters.reduce((sum, each) => sum + (text.match(each)?.length ?? 0), 0);
  const [dos, windows] = [count(dosLetters), count(windowsLetters)];
  if (dos === windows && dos > 0) return undefined;
  return dos > windows ? 'CP850' : 'Windows-1252';
}

/** Bytes in an encoding of one byte a character as text. */
export const eightBitText = (bytes: Uint8Array, encoding: EightBit): string =>
  encoding === 'CP850' ? cp850Text(bytes) : windows1252Text(bytes);
