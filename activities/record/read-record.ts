/** Reads the record. Lines that a power cut or a full disk left in half are counted and passed over. */
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Instant } from '../../rules/engine/contract/contract';
import type { RecordLine } from './entries';

export interface ReadRecord {
  lines: RecordLine[];
  /** Lines that cannot be read. */
  unreadable: number;
  /** Whether the record was kept for all of the time: it was opened before it, and has no gap in it. */
  isWhole: boolean;
  /** When its last line was written; nothing where it has none. */
  last?: Instant;
}

/** Whether a folder holds a record. */
export const holdsRecord = (folder: string): boolean => filesOf(folder).length > 0;

const filesOf = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^record-\d{4}-\d{2}\.jsonl$/.test(name))
        .sort()
    : [];

/**
 * Milliseconds before a back-up from which lines are read: a line may be written before the database has what it tells.
 */
const margin = 10 * 60_000;

/** Reads what was written since an instant, and shortly before it. */
export async function readRecord(folder: string, since: Instant): Promise<ReadRecord> {
  const read: ReadRecord = { lines: [], unreadable: 0, isWhole: false };
  const from = new Date(Date.parse(since) - margin).toISOString();
  let begun: Instant | undefined;
  for (const name of filesOf(folder)) {
    // Of earlier months only the first is looked at: it tells since when there is a record.
    const isEarlier = name.slice('record-'.length, 'record-'.length + 7) < from.slice(0, 7);
    if (isEarlier && begun !== undefined) continue;
    for await (const text of createInterface({ input: createReadStream(path.join(folder, name)) })) {
      const line = parse(text);
      if (line === undefined) read.unreadable += text === '' ? 0 : 1;
      else {
        begun ??= line.written;
        read.last = line.written;
        if (line.written >= from) read.lines.push(line);
      }
      if (isEarlier && begun !== undefined) break;
    }
  }
  const hasGap = read.lines.some((line) => line.kind === 'gap');
  read.isWhole = begun !== undefined && begun <= since && !hasGap;
  return read;
}

function parse(text: string): RecordLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<RecordLine> | null;
    return typeof line?.kind === 'string' && typeof line.written === 'string'
      ? (line as RecordLine)
      : undefined;
  } catch {
    return undefined;
  }
}
