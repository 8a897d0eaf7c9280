/** Reads bodies and counts their bytes as they arrive, so that a slow sender occupies only what it has sent. */
import type { Readable } from 'node:stream';
import type { Share } from './bytes-in-flight';

/** Pieces are copied into such blocks: kept as it came, a piece of one byte takes some 400 (measured, Node 20). */
const blockBytes = 16 * 1024;

/** An error with the status to answer with. */
function unreadable(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}

export const tooLarge = (most: number): Error =>
  unreadable(413, `expected at most ${most} bytes, found more`);

/** Thrown when there is no room in memory for a body. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
  readonly statusCode = 503;
}

/**
 * Reads a whole body. If that fails, the rest of it stays unread and `share` is released: the connection has to be
 * closed then.
 *
 * @param most bytes that the body may have
 * @param share counts its bytes until the caller releases it
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
    const unlisten = (): void => {
      payload.off('data', take).off('end', end).off('error', broken).off('close', broken);
    };
    const fail = (error: Error): void => {
      unlisten();
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
      unlisten();
      resolve(Buffer.concat(blocks, length));
    };
    // A connection that was cut may emit `close` alone.
    const broken = (): void => fail(unreadable(400, 'expected the whole body, found its beginning'));
    if (payload.destroyed) return broken();
    payload.on('data', take).on('end', end).on('error', broken).on('close', broken);
  });
}
