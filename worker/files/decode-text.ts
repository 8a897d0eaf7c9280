/** Decodes a file's bytes as UTF-8; anything else becomes a finding with the place of the first bad byte. */
import type { Finding } from '../../rules/engine/reading/finding';
import { findingAt } from '../../rules/engine/reading/finding-at';
import { expectedFound } from '../../rules/engine/basics/text';
import type { Wording } from '../../rules/engine/basics/text';
import { windows1252Text } from '../../rules/engine/basics/windows-1252';

/** Byte order marks. UTF-32 comes before UTF-16, whose little-endian mark is the beginning of UTF-32's. */
const marks: [name: string, bytes: number[]][] = [
  ['UTF-32', [0xff, 0xfe, 0, 0]],
  ['UTF-32', [0, 0, 0xfe, 0xff]],
  ['UTF-16', [0xff, 0xfe]],
  ['UTF-16', [0xfe, 0xff]],
];

/** The text of a file's bytes, or a finding that says what they are if they are not UTF-8. */
export function decodeText(bytes: Buffer, file: string): { text: string } | { finding: Finding } {
  const other = encodingOf(bytes);
  if (other !== undefined) return { finding: findingAt('', file, 0, expectedFound('UTF-8', other)) };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    const before = validStart(bytes);
    const bad = bytes[Buffer.byteLength(before)] ?? 0;
    return { finding: findingAt(before, file, before.length, expectedFound('UTF-8', describeByte(bad))) };
  }
}

function encodingOf(bytes: Buffer): string | undefined {
  const marked = marks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  if (marked) return marked[0];
  // JSON begins with two ASCII characters: a zero among their bytes is the other half of a UTF-16 unit.
  const zeros = [bytes[0], bytes[1]].filter((byte) => byte === 0).length;
  return bytes.length > 1 && zeros === 1 ? 'UTF-16' : undefined;
}

/** The text up to the first byte that is not valid UTF-8. */
function validStart(bytes: Buffer): string {
  const decode = (length: number): string | undefined => {
    try {
      const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
      return decoder.decode(bytes.subarray(0, length), { stream: true });
    } catch {
      return undefined;
    }
  };
  let [good, bad] = [0, bytes.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (decode(middle) === undefined) bad = middle;
    else good = middle;
  }
  return decode(good) ?? '';
}

function describeByte(byte: number): Wording {
  const hex = `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  const letter = windows1252Text(Uint8Array.of(byte));
  return {
    sv: `byten ${hex} ("${letter}" i Windows-1252); spara filen som UTF-8`,
    en: `the byte ${hex} ("${letter}" in Windows-1252); save the file as UTF-8`,
  };
}
