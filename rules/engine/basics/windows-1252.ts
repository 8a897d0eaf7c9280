/** What the bytes 0x80 to 0x9f are in Windows-1252: Node 20 takes them for control characters. */
const upper = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/**
 * Bytes in Windows-1252 as text; every byte is a character.
 *
 * @example windows1252Text(Uint8Array.of(0x80)) // '€'
 */
export const windows1252Text = (bytes: Uint8Array): string =>
  new TextDecoder('windows-1252')
    .decode(bytes)
    .replaceAll(/[\u0080-\u009f]/g, (each) => upper[each.charCodeAt(0) - 0x80] ?? each);

/**
 * Text as bytes in Windows-1252; what it has no letter for is a question mark.
 *
 * @example windows1252Bytes('€') // Uint8Array.of(0x80)
 */
export const windows1252Bytes = (text: string): Uint8Array =>
  Uint8Array.from([...text.normalize('NFC')], (each) => {
    const at = upper.indexOf(each);
    if (at >= 0) return 0x80 + at;
    const code = each.codePointAt(0) ?? 0;
    return code < 0x80 || (code >= 0xa0 && code <= 0xff) ? code : 0x3f;
  });
