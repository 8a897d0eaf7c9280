/** Reads the answer of an HTTP server up to a limit, and compares it with what a check expects. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { Check, JsonExpectation, VersionReport } from '../../../rules/engine/contract/monitor';
import type { FoundVersion } from '../../../rules/engine/monitoring/watched';
import type { Text } from '../../../rules/engine/basics/text';
import { expectedFound, inBoth, joined } from '../../../rules/engine/basics/text';
import { NotWell } from './checker';
import { documentText } from './decode-text';
import { asSeen, textsOf } from './seen-text';
import { versionOfValue } from './version-found';

/** Most bytes of a body that are read, both packed and unpacked; the rest is cut off. */
export const mostBody = 1_000_000;

/** A body as far as it was read. */
export interface Body {
  text: string;
  /** Whether that is all of it. */
  whole: boolean;
  /** Its content type. */
  type: string;
}

interface Bytes {
  bytes: Buffer;
  whole: boolean;
}

/** Reads at most so many bytes and drops the rest. */
async function readAtMost(most: number, source: Readable, parts: Buffer[]): Promise<Bytes> {
  let size = 0;
  for await (const part of source as AsyncIterable<Buffer>) {
    parts.push(part.subarray(0, most - size));
    size += part.length;
    // Leaving the loop destroys the source: whoever sends ten gigabytes is not listened to.
    if (size > most) return { bytes: Buffer.concat(parts), whole: false };
  }
  return { bytes: Buffer.concat(parts), whole: true };
}

const unpackers: Record<string, (whole: boolean, bytes: Buffer) => Transform> = {
  gzip: (whole) => createGunzip(whole ? {} : { finishFlush: constants.Z_SYNC_FLUSH }),
  // With a header of zlib, as the standard has it, or without one, as some servers send it and browsers take it.
  deflate: (whole, [first = 0]) =>
    (first % 16 === 8 ? createInflate : createInflateRaw)(
      whole ? {} : { finishFlush: constants.Z_SYNC_FLUSH },
    ),
  br: (whole) => createBrotliDecompress(whole ? {} : { finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};

/** Most times that a body may be packed. */
const mostPackings = 5;

/** Unpacks a body, packed once or more: some servers pack it unasked. @throws NotWell if it cannot be unpacked */
async function unpacked(read: Bytes, encoding: string): Promise<Bytes> {
  const names = encoding
    .split(',')
    .map((each) => each.trim().toLowerCase().replace(/^x-/, ''))
    .filter((name) => name !== '' && name !== 'identity');
  if (names.length > mostPackings) throw unknownPacking(encoding);
  let result = read;
  for (const name of names.reverse()) result = await unpackedOnce(result, name);
  return result;
}

const unknownPacking = (encoding: string): NotWell =>
  new NotWell(
    expectedFound(
      { sv: 'ett svar som gzip, deflate, br eller opackat', en: 'an answer as gzip, deflate, br or plain' },
      short(encoding),
    ),
  );

async function unpackedOnce({ bytes, whole }: Bytes, name: string): Promise<Bytes> {
  if (bytes.length === 0) return { bytes, whole };
  const unpacker = Object.hasOwn(unpackers, name) ? unpackers[name]?.(whole, bytes) : undefined;
  if (!unpacker) throw unknownPacking(name);
  try {
    unpacker.end(bytes);
    const result = await readAtMost(mostBody, unpacker, []);
    return { bytes: result.bytes, whole: whole && result.whole };
  } catch (error) {
    throw new NotWell(
      {
        sv: `svaret gick inte att packa upp (${name}: ${(error as Error).message})`,
        en: `the answer could not be unpacked (${name}: ${(error as Error).message})`,
      },
      undefined,
      { cause: error },
    );
  }
}

const header = (headers: IncomingHttpHeaders, name: string): string =>
  [headers[name] ?? ''].flat().join(', ');

/**
 * Reads the body of an answer as text, by its encoding and charset.
 *
 * @param parts receives what has come, also where reading fails
 * @throws NotWell if it cannot be unpacked; what the connection throws
 */
export async function readBody(
  source: Readable,
  headers: IncomingHttpHeaders,
  parts: Buffer[],
): Promise<Body> {
  const read = await readAtMost(mostBody, source, parts);
  const { bytes, whole } = await unpacked(read, header(headers, 'content-encoding'));
  const type = header(headers, 'content-type');
  return { text: documentText(bytes, type), whole, type };
}

const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
const quoted = (text: string): string => `"${short(text)}"`;
const nothing: Text = { sv: 'ingenting', en: 'nothing' };

/** Whether a status is what the check wants. */
export const statusWanted = ({ status }: Check, found: number): boolean =>
  status ? status.includes(found) : found >= 200 && found <= 299;

/** The expectations of a check that an answer does not meet, a line each. */
export function notMet(check: Check, status: number, body: Body, hide: (text: string) => string): Text[] {
  const { contains, lacks, json } = check;
  const within = body.whole ? '' : { sv: ' i den första megabyten', en: ' in the first megabyte' };
  // What a program looks for stands in the source; what a person looks for, in what the browser shows.
  const texts = contains === undefined && lacks === undefined ? [] : textsOf(body.text, body.type);
  const holds = (text: string): boolean => texts.some((each) => each.includes(asSeen(text)));
  const lines: Text[] = [];
  if (!statusWanted(check, status))
    lines.push(joined('status: ', expectedFound(check.status?.join(', ') ?? '200–299', String(status))));
  if (contains !== undefined && !holds(contains))
    lines.push(
      joined(
        { sv: 'svaret: ', en: 'the answer: ' },
        expectedFound(
          joined({ sv: 'texten ', en: 'the text ' }, quoted(contains)),
          body.text.trim() === '' ? nothing : { sv: 'ett svar utan den', en: 'an answer without it' },
        ),
        within,
      ),
    );
  if (lacks !== undefined && holds(lacks))
    lines.push(
      joined(
        { sv: 'svaret: ', en: 'the answer: ' },
        expectedFound(joined({ sv: 'inte texten ', en: 'not the text ' }, quoted(lacks)), {
          sv: 'den',
          en: 'it',
        }),
      ),
    );
  if (json) lines.push(...jsonNotMet(json, body, hide));
  return lines;
}

function jsonNotMet(
  expected: readonly JsonExpectation[],
  body: Body,
  hide: (text: string) => string,
): Text[] {
  const about: Text = { sv: 'svaret: ', en: 'the answer: ' };
  if (!body.whole)
    return [
      joined(
        about,
        expectedFound({ sv: 'JSON av högst 1 MB', en: 'JSON of at most 1 MB' }, { sv: 'mer', en: 'more' }),
      ),
    ];
  const root = parsed(body.text);
  if (root === undefined)
    return [
      joined(
        about,
        expectedFound('JSON', body.text.trim() === '' ? nothing : quoted(hide(body.text.trim()))),
      ),
    ];
  return expected.flatMap((each) => {
    const found = valueAt(root.value, each.path);
    if (holds(each, found)) return [];
    const told = found === undefined ? nothing : short(hide(JSON.stringify(found)));
    return [joined(`${each.path}: `, expectedFound(wanted(each), told))];
  });
}

/** The version that a field of an answer of JSON tells. */
export function versionInJson({ of, path = '' }: VersionReport, { text }: Body): FoundVersion {
  const root = parsed(text);
  if (root !== undefined) return versionOfValue(of, valueAt(root.value, path));
  return { of, problem: expectedFound('JSON', nothing) };
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The value at a dotted path: names of objects, numbers of lists from 0, and a list's `length`. */
function valueAt(root: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined,
      root,
    );
}

function holds({ equals, above, below }: JsonExpectation, found: unknown): boolean {
  if (equals !== undefined && found !== equals) return false;
  if (above !== undefined && !(typeof found === 'number' && found > above)) return false;
  return below === undefined || (typeof found === 'number' && found < below);
}

function wanted({ equals, above, below }: JsonExpectation): Text {
  const parts: Text[] = [];
  if (equals !== undefined) parts.push(inBoth(short(JSON.stringify(equals))));
  if (above !== undefined) parts.push({ sv: `ett tal över ${above}`, en: `a number above ${above}` });
  if (below !== undefined) parts.push({ sv: `ett tal under ${below}`, en: `a number below ${below}` });
  return parts.reduce((all, part) => joined(all, { sv: ' och ', en: ' and ' }, part));
}
