/** A folder's files, copied with their sums, and compared with them later. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file of a back-up: its place below the back-up's folder, its bytes and their SHA-256. */
export interface KeptFile {
  path: string;
  size: number;
  sha256: string;
}

export interface Tree {
  folders: string[];
  files: { path: string; size: number }[];
}

const modes = { file: 0o600, folder: 0o700 };
const atOnce = 4;

/**
 * Lists what lies below a folder, by places below it.
 * @param skips whether a place is left out; of a folder that is left out nothing is looked at
 */
export function listTree(root: string, skips: (place: string) => boolean = () => false): Tree {
  const tree: Tree = { folders: [], files: [] };
  const look = (below: string): void => {
    for (const entry of fs.readdirSync(path.join(root, below), { withFileTypes: true })) {
      const place = below === '' ? entry.name : `${below}/${entry.name}`;
      if (skips(place)) continue;
      if (entry.isDirectory()) {
        tree.folders.push(place);
        look(place);
      } else if (entry.isFile()) {
        const found = fs.statSync(path.join(root, place), { throwIfNoEntry: false });
        if (found) tree.files.push({ path: place, size: found.size });
      }
    }
  };
  look('');
  return tree;
}

/** Bytes that files hold together. */
export const bytesOf = (files: readonly { size: number }[]): number =>
  files.reduce((sum, { size }) => sum + size, 0);

/** Bytes that this user can still write on the disk of a folder, or of the nearest one above it that exists. */
export function freeBytes(folder: string): number {
  let place = path.resolve(folder);
  while (!fs.existsSync(place)) place = path.dirname(place);
  const { bavail, bsize } = fs.statfsSync(place);
  return bavail * bsize;
}

export interface CopyOptions {
  /** A file that is gone when its turn comes is left out: the server that owns it has removed it. */
  mayVanish?: boolean;
  /** Called with the bytes copied so far. */
  onProgress?: (bytes: number) => void;
  /** Who is to own the copies, where it is not this user. */
  owner?: { uid: number; gid: number } | undefined;
}

/**
 * Copies files below one folder to the same places below another, each written to the disk.
 * @returns what was copied, with the sums of what was read
 */
export async function copyFiles(
  from: string,
  to: string,
  { folders, files }: Tree,
  { mayVanish = false, onProgress, owner }: CopyOptions = {},
): Promise<KeptFile[]> {
  for (const folder of ['', ...folders]) makeFolder(path.join(to, folder), owner);
  const copied: KeptFile[] = [];
  let bytes = 0;
  await inTurn(files, async (file) => {
    try {
      copied.push({
        path: file.path,
        ...(await copyOne(path.join(from, file.path), path.join(to, file.path), owner)),
      });
    } catch (error) {
      if (!mayVanish || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      fs.rmSync(path.join(to, file.path), { force: true });
    }
    onProgress?.((bytes += file.size));
  });
  for (const folder of [...folders, '']) syncFolder(path.join(to, folder));
  return copied.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function makeFolder(folder: string, owner: CopyOptions['owner']): void {
  fs.mkdirSync(folder, { recursive: true, mode: modes.folder });
  if (owner) fs.chownSync(folder, owner.uid, owner.gid);
}

async function copyOne(
  from: string,
  to: string,
  owner: CopyOptions['owner'],
): Promise<Omit<KeptFile, 'path'>> {
  const sum = summing();
  // Opened before the copy is made: of a file that has vanished none is.
  const source = await fs.promises.open(from, 'r');
  const copy = await fs.promises.open(to, 'wx', modes.file);
  await pipeline(source.createReadStream(), sum.pass, copy.createWriteStream({ flush: true }));
  if (owner) await fs.promises.chown(to, owner.uid, owner.gid);
  return sum.result();
}

/** Why a file is not what was kept of it: it is not there, holds more or fewer bytes, or others. */
export type Damage = { path: string; is: 'missing' | 'unreadable' | 'changed'; size?: number };

/** Compares files with what was kept of them. @returns those that differ */
export async function findDamage(
  root: string,
  files: readonly KeptFile[],
  onProgress: (bytes: number) => void = () => undefined,
): Promise<Damage[]> {
  const damaged: Damage[] = [];
  let bytes = 0;
  await inTurn(files, async ({ path: place, size, sha256 }) => {
    const file = path.join(root, place);
    const found = fs.statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile()) damaged.push({ path: place, is: 'missing' });
    else if (found.size !== size) damaged.push({ path: place, is: 'changed', size: found.size });
    else {
      const read = await sumOf(file).catch(() => undefined);
      if (read === undefined) damaged.push({ path: place, is: 'unreadable' });
      else if (read.sha256 !== sha256) damaged.push({ path: place, is: 'changed' });
    }
    onProgress((bytes += size));
  });
  return damaged.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function sumOf(file: string): Promise<Omit<KeptFile, 'path'>> {
  const sum = summing();
  sum.pass.resume();
  await pipeline(fs.createReadStream(file), sum.pass);
  return sum.result();
}

function summing(): { pass: Transform; result: () => Omit<KeptFile, 'path'> } {
  const hash = createHash('sha256');
  let size = 0;
  const pass = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { pass, result: () => ({ size, sha256: hash.digest('hex') }) };
}

/** Writes a file whole or not at all, and has it on the disk when it returns. */
export function writeWhole(file: string, text: string): void {
  const handle = fs.openSync(`${file}.new`, 'w', modes.file);
  try {
    fs.writeFileSync(handle, text);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  fs.renameSync(`${file}.new`, file);
  syncFolder(path.dirname(file));
}

/** Has the names in a folder on the disk. */
export function syncFolder(folder: string): void {
  const handle = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/** Does work for each, a few at the same time; the first failure is thrown once those begun have ended. */
async function inTurn<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  let failed = false;
  const lane = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined && !failed; one = waiting.shift()) {
      try {
        await work(one);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: atOnce }, lane));
  for (const each of lanes) if (each.status === 'rejected') throw each.reason;
}
