/**
 * Reads a form that may hold pictures. Each picture is in memory alone and only while it arrives, and is kept as soon as it is whole;
 * the form then names it by its hash. What is wrong with one of them loses nothing else of the form.
 */
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { Db } from '../../../activities/db';
import type { PictureType } from '../../../activities/pages/pictures';
import { countPictures, keepPicture, knownPictures } from '../../../activities/pages/pictures';
import { oneLine } from '../../../rules/engine/basics/one-line';
import type { Text } from '../../../rules/engine/basics/text';
import { pictureProblems } from '../../../templates/pages/test-words';
import { fill } from '../../../templates/pages/wording';
import { boundBytes } from '../bytes-in-flight';
import { megabytes } from '../signatures/verify';
import { within } from '../within';
import type { Visit } from './page';

/** Most pictures of one form, the most bytes of each, and how many one link may send in a day. */
export const mostPictures = 4;
export const largestPicture = megabytes(10);
const picturesADay = 100;
/** A form with pictures that are too large is read to its end up to here, so that its other fields are not lost. */
export const largestPictureForm = megabytes(100);
/** Bytes of all pictures that arrive at the same time. */
const inFlight = boundBytes(megabytes(60));
const databaseWithin = 8_000;

/** What busboy counts; of more files than this the form is refused. */
export const multipartLimits = {
  ...{ fileSize: largestPicture, files: 20, fields: 40, parts: 60 },
  ...{ fieldSize: 16 * 1024, fieldNameSize: 100, headerPairs: 20 },
};

export interface PictureForm {
  /** Its fields; those that name pictures are not among them. */
  body: Record<string, string>;
  /** Hashes of the pictures that came with it, and of those that came before and it names. */
  pictures: string[];
  /** What is wrong with pictures, each in a sentence. */
  problems: string[];
}

/**
 * @param isOurs whether the form is one of ours, by the fields that came before the first picture: of another's nothing is kept
 * @throws errors with the status to answer with
 */
export async function readPictureForm(
  request: FastifyRequest,
  { db, visit, isOurs }: { db: Db; visit: Visit<unknown>; isOurs: (body: Record<string, string>) => boolean },
): Promise<PictureForm> {
  const { link, language, now } = visit;
  const body: Record<string, string> = {};
  const problems: string[] = [];
  const came: string[] = [];
  const say = (problem: Text, name: string): number =>
    problems.push(fill(problem[language], { name: oneLine(name).slice(0, 80) || '–' }));
  let left: number | undefined;
  const room = async (): Promise<number> =>
    (left ??=
      picturesADay - (await countPictures(db, link.id, new Date(now - 24 * 3_600_000).toISOString())));
  for await (const part of partsOf(request)) {
    if (part.type === 'field') {
      body[part.fieldname] ??= typeof part.value === 'string' ? part.value : '';
      continue;
    }
    const isWanted = part.filename !== '' && isOurs(body) && came.length < mostPictures && (await room()) > 0;
    const received = isWanted ? await receive(part) : await skip(part);
    const { filename } = part;
    if (filename === '' || filename === undefined) continue;
    if (!isOurs(body)) continue;
    if (came.length >= mostPictures) say(pictureProblems.tooMany, filename);
    else if ((await room()) <= 0) say(pictureProblems.tooManyToday, filename);
    else if (typeof received === 'string') say(pictureProblems[received], filename);
    else {
      const { share, ...picture } = received;
      const kept = keepPicture(db, picture, {
        agreement: link.agreement,
        ...{ link: link.id, at: new Date(now).toISOString() },
      });
      came.push(await within(databaseWithin, 'the database', kept).finally(share.release));
      left = (await room()) - 1;
    }
  }
  const named = (body.pictures ?? '').split(' ').filter((hash) => /^[0-9a-f]{64}$/.test(hash));
  const pictures = [...new Set([...(await knownPictures(db, link.agreement, named)), ...came])];
  if (pictures.length > mostPictures) problems.push(pictureProblems.tooMany[language]);
  return { body, pictures: pictures.slice(0, mostPictures), problems };
}

/** A form that is not whole, or no form, is what its sender did wrong. */
const unreadable = (cause: unknown): Error =>
  typeof (cause as { statusCode?: unknown }).statusCode === 'number'
    ? (cause as Error)
    : Object.assign(new Error('expected a whole form', { cause }), { statusCode: 400 });

async function* partsOf(request: FastifyRequest): AsyncGenerator<Multipart> {
  try {
    yield* request.parts();
  } catch (error) {
    throw unreadable(error);
  }
}

type Received = { mediaType: PictureType; bytes: Buffer; share: { release(): void } };
type Fault = 'tooLarge' | 'heic' | 'notOne' | 'noRoom' | 'skipped';

async function skip({ file }: MultipartFile): Promise<Fault> {
  try {
    for await (const piece of file as AsyncIterable<Buffer>) void piece;
  } catch (error) {
    throw unreadable(error);
  }
  return 'skipped';
}

/** A picture as it came, or what is wrong with it. */
async function receive({ file }: MultipartFile): Promise<Received | Fault> {
  const share = inFlight.open();
  const pieces: Buffer[] = [];
  let fault: Fault | undefined;
  try {
    for await (const piece of file as AsyncIterable<Buffer>) {
      fault ??= pieces.length === 0 && piece.length >= 12 ? faultOf(piece) : undefined;
      if (fault === undefined && !share.take(piece.length)) fault = 'noRoom';
      if (fault === undefined) pieces.push(piece);
      else drop(pieces, share);
    }
  } catch (error) {
    share.release();
    throw unreadable(error);
  }
  if (file.truncated) fault ??= 'tooLarge';
  const bytes = Buffer.concat(pieces);
  fault ??= faultOf(bytes);
  const mediaType = typeOf(bytes);
  if (fault === undefined && mediaType) return { mediaType, bytes, share };
  share.release();
  return fault ?? 'notOne';
}

function drop(pieces: Buffer[], share: { release(): void }): void {
  pieces.length = 0;
  share.release();
}

/** What a file is by its first bytes; its name and what the browser says of it count nothing. */
function typeOf(bytes: Buffer): PictureType | undefined {
  const begins = (text: string, at = 0): boolean => bytes.toString('latin1', at, at + text.length) === text;
  if (begins('\xff\xd8\xff')) return 'image/jpeg';
  if (begins('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (begins('GIF87a') || begins('GIF89a')) return 'image/gif';
  return begins('RIFF') && begins('WEBP', 8) ? 'image/webp' : undefined;
}

/** HEIC and AVIF are told apart from what is no picture at all: they are pictures, which not every browser shows. */
function faultOf(bytes: Buffer): Fault | undefined {
  if (typeOf(bytes)) return undefined;
  return /^ftyp(hei|hev|mif|msf|avi)/.test(bytes.toString('latin1', 4, 12)) ? 'heic' : 'notOne';
}
