/**
 * Writes the record: JSON lines, one file a month, each batch on the disk before its writers go on. Where the disk is
 * full or gone the product goes on: it is told, what was not written is counted, and a line says so once lines can be
 * written again.
 */
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import type { Text } from '../../rules/engine/basics/text';
import type { RecordEntry, RecordKeeper } from './entries';

/** Most lines that wait for a disk that does not answer. */
const mostWaiting = 10_000;

export interface RecordFile extends RecordKeeper {
  /** Why lines cannot be written now; nothing where they can. */
  trouble(): string | undefined;
  /** Lines that could not be written since the process began. */
  lost(): number;
  /** Resolves when all is written that was to be. */
  close(): Promise<void>;
}

export interface RecordOptions {
  /** Told once when lines can no longer be written, and once when they can again. */
  log: (line: Text) => void;
  now?: () => Date;
  /** Milliseconds that writers wait for the disk: a mail must not wait for one that hangs. */
  within?: number;
}

/** Place of the file for a moment. */
export const recordFileAt = (folder: string, at: string): string =>
  path.join(folder, `record-${at.slice(0, 7)}.jsonl`);

/** Opens the record in a folder, which is made if it is not there. */
export function openRecord(
  folder: string,
  { log, now = () => new Date(), within = 5_000 }: RecordOptions,
): RecordFile {
  let waiting: { entries: readonly RecordEntry[]; done: () => void }[] = [];
  let writing: Promise<void> | undefined;
  let failing: { why: string; since: string; lost: number } | undefined;
  let hangs = false;
  let lost = 0;
  let isWhole = false;

  const lose = (why: string, count: number): void => {
    if (!failing) {
      failing = { why, since: now().toISOString(), lost: 0 };
      log(cannotWrite(folder, why));
    }
    failing.lost += count;
    lost += count;
  };
  const write = async (entries: readonly RecordEntry[]): Promise<void> => {
    const written = now().toISOString();
    const gap: RecordEntry[] = failing ? [{ kind: 'gap', since: failing.since, lost: failing.lost }] : [];
    const lines = [...gap, ...entries].map((entry) => `${JSON.stringify({ written, ...entry })}\n`);
    await appendLines(folder, recordFileAt(folder, written), lines.join(''), isWhole);
    isWhole = true;
    if (failing) log(isWritten(folder));
    failing = undefined;
  };
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const entries = batch.flatMap((one) => one.entries);
      try {
        await write(entries);
      } catch (error) {
        // Half a line may be in the file.
        isWhole = false;
        lose((error as Error).message, entries.length);
      }
      hangs = false;
      for (const { done } of batch) done();
    }
    writing = undefined;
  };
  const append = async (entries: readonly RecordEntry[]): Promise<void> => {
    if (waiting.length >= mostWaiting) return lose('the disk does not answer', entries.length);
    const written = new Promise<void>((resolve) => waiting.push({ entries, done: resolve }));
    writing ??= drain();
    if (hangs) return;
    const late = await atMost(within, written);
    if (!late) return;
    if (!hangs) log(cannotWrite(folder, `no answer within ${within} ms`));
    hangs = true;
  };
  return {
    append,
    trouble: () => failing?.why ?? (hangs ? 'the disk does not answer' : undefined),
    lost: () => lost,
    close: async () => void (await atMost(within, writing ?? Promise.resolve())),
  };
}

const isWritten = (folder: string): Text => ({
  sv: `journalen utanför databasen skrivs igen: ${folder}`,
  en: `the record outside of the database is written again: ${folder}`,
});

const cannotWrite = (folder: string, why: string): Text => ({
  sv: `journalen utanför databasen går inte att skriva (${folder}: ${why}); allt annat går vidare, men efter en återställning vet ingen vad som hände från och med nu`,
  en: `the record outside of the database cannot be written (${folder}: ${why}); all else goes on, but after a restoration nobody knows what happened from now on`,
});

/** Adds lines to the end of a file, as one piece, and has them on the disk. */
async function appendLines(folder: string, file: string, lines: string, isWhole: boolean): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const handle = await open(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
  try {
    const { size } = await handle.stat();
    const torn = !isWhole && size > 0 && !(await endsInNewline(handle, size));
    await handle.appendFile(torn ? `\n${lines}` : lines);
    await handle.datasync();
    if (size === 0) await syncFolder(folder);
  } finally {
    await handle.close();
  }
}

/** A process that was killed while it wrote, or a disk that became full, leaves half a line. */
async function endsInNewline(handle: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Waits for work, but no longer than so many milliseconds. @returns whether it took longer */
async function atMost(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<true>((resolve) => {
    timer = setTimeout(() => resolve(true), milliseconds);
  });
  try {
    return await Promise.race([work.then(() => false), late]);
  } finally {
    clearTimeout(timer);
  }
}
