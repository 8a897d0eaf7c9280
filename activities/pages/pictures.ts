/** Pictures that testers send with a test case. They are kept as they came, by their hash, and shown within their agreement alone. */
import { createHash } from 'node:crypto';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';

/** What a picture can be. */
export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif';

export interface Picture {
  mediaType: PictureType;
  bytes: Buffer;
}

/** Keeps a picture; one that the agreement has already stays. @returns its SHA-256, by which messages name it */
export async function keepPicture(
  db: Queryable,
  { mediaType, bytes }: Picture,
  of: { agreement: string; link: number | null; at: Instant },
): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await db.query(
    `insert into page_pictures (agreement, sha256, media_type, bytes, link, at) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [of.agreement, sha256, mediaType, bytes, of.link, of.at],
  );
  return sha256;
}

/** A picture as it is kept, with the link that it came by first. */
export interface KeptPicture extends Picture {
  link: number | null;
}

/** A picture of an agreement. @returns undefined if it has none with that hash */
export async function findPicture(
  db: Queryable,
  agreement: string,
  sha256: string,
): Promise<KeptPicture | undefined> {
  const [picture] = await db.query<KeptPicture>(
    `select media_type as "mediaType", bytes, link from page_pictures where agreement = $1 and sha256 = $2`,
    [agreement, sha256],
  );
  return picture;
}

/** Those hashes that an agreement has pictures of, in the order given. */
export async function knownPictures(
  db: Queryable,
  agreement: string,
  hashes: readonly string[],
): Promise<string[]> {
  if (hashes.length === 0) return [];
  const rows = await db.query<{ sha256: string }>(
    'select sha256 from page_pictures where agreement = $1 and sha256 = any ($2)',
    [agreement, hashes],
  );
  return [...new Set(hashes)].filter((hash) => rows.some(({ sha256 }) => sha256 === hash));
}

/** How many pictures came by a link since an instant. */
export async function countPictures(db: Queryable, link: number | null, since: Instant): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    'select count(*)::int as count from page_pictures where link = $1 and at > $2',
    [link, since],
  );
  return row?.count ?? 0;
}
