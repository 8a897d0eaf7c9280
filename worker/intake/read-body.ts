/** Bodies as they arrive: counted piece by piece, so that a slow sender holds what it has sent and nothing more. */
import type { Readable } from 'node:stream';
import type { Share } from './bytes-in-flight';

/** A piece is copied into blocks: kept as it came, one of a single byte takes some four hundred (measured, Node 20). */
const blockBytes = 16 * 1024;

/** Tells how the request is answered. */
function unreadable(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}

export const tooLarge = (most: number): Error =>
  unreadable(413, `expected at most ${most} bytes, found more`);

/** There is no room in memory for what arrives. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
  readonly statusCode = 503;
}

/**
 * Reads a body whole. Where that fails the rest of it is left unread, and what was read is given back: the connection
 * has to be closed then.
 *
 * @param most bytes of this body
 * @param share what holds its bytes until whoever asked for them gives them back
 * @throws NoRoom, or an error with the status to answer with
 */
export function readBody(payload: Readable, most: number, share: Share): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const blocks: Buffer[] = [];
    let length = 0;
    const keep = (piece: Buffer): void => {
      for (let at = 0; at < piece.length;) {
        const used = length % blockBytes;
        if (used === 0) blocks.push(Buffer.allocUnsafeSlow(blockBytes));
        const copied = piece.copy(blocks[blocks.length - 1]!, used, at);
        length += copied;
        at += copied;
      }
    };
    const settle = (): void => {
      payload.off('data', take).off('end', end).off('error', broken).off('close', broken);
    };
    const fail = (error: Error): void => {
      settle();
      payload.pause();
      share.release();
      reject(error);
    };
    const take = (piece: Buffer): void => {
      if (length + piece.length > most) fail(tooLarge(most));
      else if (share.take(piece.length)) keep(piece);
      else fail(new NoRoom('expected room for a body in memory, found none'));
    };
    const end = (): void => {
      settle();
      resolve(Buffer.concat(blocks, length));
    };
    // A connection that was cut may tell of it by nothing but its end.
    const broken = (): void => fail(unreadable(400, 'expected the whole body, found its beginning'));
    if (payload.destroyed) return broken();
    payload.on('data', take).on('end', end).on('error', broken).on('close', broken);
  });
}
