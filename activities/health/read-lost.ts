/** What the last restoration lost and is still not there, by the record outside of the database. */
import { compare } from '../../rules/engine/basics/compare';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';
import { readRecord } from '../record/read-record';
import { lostSince } from './lost-since';
import type { Lost } from './lost-since';

/**
 * Reads the record and compares.
 *
 * @param folders where the record may be
 * @returns nothing where no folder holds a line of that time
 */
export async function readLost(
  db: Queryable,
  { takenAt, restoredAt }: { takenAt: Instant; restoredAt: Instant },
  folders: readonly string[],
): Promise<Lost | undefined> {
  const lines = [];
  for (const folder of new Set(folders)) lines.push(...(await readRecord(folder, takenAt)).lines);
  if (lines.length === 0) return undefined;
  lines.sort((a, b) => compare(a.written, b.written));
  return lostSince(lines, db, restoredAt);
}
