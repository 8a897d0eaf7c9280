/** What a back-up says of itself: `backup.json`, written last, so that half a back-up is never taken for a whole one. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Instant } from '../../rules/engine/contract/contract';
import { inWords } from '../basics/spoken';
import type { KeptFile } from './back-up-files';
import { writeWhole } from './back-up-files';

const format = 1;

export interface Manifest {
  format: number;
  /** Version of the product. */
  product: string;
  /** All that was committed before this instant is in it. */
  takenAt: Instant;
  /** Whether the server ran. */
  while: 'running' | 'stopped';
  postgres: { major: number; version: string };
  /** Which of Temporal's servers the data are of: no other can open them. */
  temporal: 'production' | 'development';
  /** Where the back-up ends in PostgreSQL's log; null where the server was stopped. */
  lsn: string | null;
  /** Migrations of our own database; null where nobody could ask. */
  migrations: { count: number; newest: string } | null;
  folders: string[];
  files: KeptFile[];
}

export const manifestFile = (folder: string): string => path.join(folder, 'backup.json');

const sumOf = (manifest: Manifest): string =>
  createHash('sha256').update(JSON.stringify(manifest)).digest('hex');

/** Writes it, whole or not at all. */
export function writeManifest(folder: string, manifest: Omit<Manifest, 'format'>): void {
  const whole: Manifest = { format, ...manifest };
  writeWhole(manifestFile(folder), `${JSON.stringify({ sha256: sumOf(whole), manifest: whole }, null, 1)}\n`);
}

/** @throws if there is none, if it is damaged, or if a later version wrote it */
export function readManifest(folder: string): Manifest {
  const file = manifestFile(folder);
  if (!fs.existsSync(file))
    throw new Error(
      inWords({
        sv: `förväntade en säkerhetskopia i ${folder}, hittade ingen backup.json: mappen är en annan, eller så avbröts kopieringen`,
        en: `expected a back-up in ${folder}, found no backup.json: it is another folder, or copying was interrupted`,
      }),
    );
  const read = parse(fs.readFileSync(file, 'utf8'));
  if (read?.manifest === undefined || read.sha256 !== sumOf(read.manifest))
    throw new Error(
      inWords({
        sv: `${file} är skadad: dess innehåll stämmer inte med dess summa. Ta en annan säkerhetskopia.`,
        en: `${file} is damaged: its content does not match its sum. Take another back-up.`,
      }),
    );
  const { manifest } = read;
  if (manifest.format > format)
    throw new Error(
      inWords({
        sv: `${file} är skriven av en nyare version av serviceavtal (${manifest.product}). Återställ med den.`,
        en: `${file} was written by a newer version of serviceavtal (${manifest.product}). Restore with that one.`,
      }),
    );
  return manifest;
}

function parse(text: string): { sha256?: string; manifest?: Manifest } | undefined {
  try {
    return JSON.parse(text) as { sha256?: string; manifest?: Manifest };
  } catch {
    return undefined;
  }
}
