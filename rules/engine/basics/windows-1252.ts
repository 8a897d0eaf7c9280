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
