/** Bytes as text, in the charset they are in. */
import { TextDecoder } from 'node:util';
import { cp850Text, eightBitOf, eightBitText } from '../../../rules/engine/basics/cp850';
import { windows1252Text } from '../../../rules/engine/basics/windows-1252';

/** The decoder of a charset, by any of its names; nothing if nobody knows it. */
function decoderOf(charset: string | undefined): TextDecoder | undefined {
  if (charset === undefined || charset === '') return undefined;
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}

function decoded(bytes: Uint8Array, charset: string): string {
  const decoder = decoderOf(charset) ?? new TextDecoder();
  return decoder.encoding === 'windows-1252' ? windows1252Text(bytes) : decoder.decode(bytes);
}

/** The charset that a byte order mark tells. */
function charsetOfMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xff && second === 0xfe ? 'utf-16le' : undefined;
}

/** Whether bytes are UTF-8, the last character perhaps cut off. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** UTF-16 without a mark, if most characters are of a western alphabet: every other byte is 0. */
function unmarkedUtf16(bytes: Uint8Array): string | undefined {
  const zeros = [0, 0];
  for (const [index, byte] of bytes.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const most = bytes.length / 4;
  if (odd > most && even < odd / 4) return 'utf-16le';
  return even > most && odd < even / 4 ? 'utf-16be' : undefined;
}

/** The charset that a content type names. */
const charsetIn = (contentType: string): string | undefined =>
  /;\s*charset\s*=\s*["']?([^\s;"',]+)/i.exec(contentType)?.[1];

/**
 * Text that programs print. What it is said to be counts only where it is neither marked nor UTF-8 or UTF-16: a client that
 * sends output of others seldom knows. Else it is Windows-1252, which has every byte.
 *
 * @param contentType what the sender says, if anything
 */
export function printedText(bytes: Uint8Array, contentType = ''): string {
  const plain = charsetOfMark(bytes) ?? unmarkedUtf16(bytes);
  if (plain !== undefined) return decoded(bytes, plain);
  if (isUtf8(bytes)) return decoded(bytes, 'utf-8');
  const named = charsetIn(contentType);
  if (/^(cp|ibm)?850$/i.test(named ?? '')) return cp850Text(bytes);
  const said = decoderOf(named)?.encoding;
  // A client that says Windows-1252, or Latin-1, which is the same decoder, seldom knows either.
  return said === undefined || /^(utf-|windows-1252)/.test(said)
    ? eightBitText(bytes, eightBitOf(bytes) ?? 'Windows-1252')
    : decoded(bytes, said);
}

/** How far into a document browsers look for its charset, at least. */
const lookedAt = 16_384;

/** The charset that an XML declaration names; it may be in UTF-16 itself, without a mark. */
function charsetOfXml(bytes: Uint8Array, start: string): string | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0x3c && second === 0 && third === 0x3f && fourth === 0) return 'utf-16le';
  if (first === 0 && second === 0x3c && third === 0 && fourth === 0x3f) return 'utf-16be';
  const named = /^<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]+)["']/.exec(start)?.[1]?.trim();
  return asciiBased(named);
}

/** The charset that a `meta` element names. */
function charsetOfMeta(start: string): string | undefined {
  const head = start.replaceAll(
    /<!--[^]*?(?:-->|$)|<(script|style|title|noscript)\b[^]*?(?:<\/\1\s*>|$)/gi,
    '',
  );
  for (const [, attributes = ''] of head.matchAll(/<meta[\s/]((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi)) {
    const valueOf = (name: string): string | undefined => {
      const found = new RegExp(
        `(?:^|[\\s/"'])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`,
        'i',
      ).exec(attributes);
      return found?.[1] ?? found?.[2] ?? found?.[3];
    };
    const isType = valueOf('http-equiv')?.trim().toLowerCase() === 'content-type';
    const inContent = isType
      ? /charset\s*=\s*["']?([^\s;"']+)/i.exec(valueOf('content') ?? '')?.[1]
      : undefined;
    const charset = asciiBased((valueOf('charset') ?? inContent)?.trim());
    if (charset !== undefined) return charset;
  }
  return undefined;
}

/** A charset named in letters of ASCII: whoever can read "utf-16" there reads no UTF-16. */
function asciiBased(charset: string | undefined): string | undefined {
  if (charset?.toLowerCase() === 'x-user-defined') return 'windows-1252';
  const encoding = decoderOf(charset)?.encoding;
  return encoding?.startsWith('utf-16') ? 'utf-8' : encoding;
}

/**
 * A document as a browser reads it: by its byte order mark, else by the header, else by its XML declaration or a `meta` element.
 * Where nothing tells it is UTF-8 if it can be, else Windows-1252.
 */
export function documentText(bytes: Uint8Array, contentType: string): string {
  const marked = charsetOfMark(bytes) ?? decoderOf(charsetIn(contentType))?.encoding;
  if (marked !== undefined) return decoded(bytes, marked);
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const isHtml = type === '' || /\bx?html\b/.test(type);
  const isXml = isHtml || /[/+]xml$/.test(type);
  const start = isXml ? Buffer.from(bytes.subarray(0, lookedAt)).toString('latin1') : '';
  const named =
    (isXml ? charsetOfXml(bytes, start) : undefined) ?? (isHtml ? charsetOfMeta(start) : undefined);
  return decoded(bytes, named ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252'));
}
