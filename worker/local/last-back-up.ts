/** When a data folder was last backed up, and to where. */
import fs from 'node:fs';
import path from 'node:path';
import type { Instant } from '../../rules/engine/contract/contract';
import { writeWhole } from './back-up-files';

export interface LastBackUp {
  takenAt: Instant;
  folder: string;
}

const noteOf = (dataDir: string): string => path.join(dataDir, 'last-back-up.json');

export function noteBackUp(dataDir: string, last: LastBackUp): void {
  writeWhole(noteOf(dataDir), `${JSON.stringify(last)}\n`);
}

/** Nothing where none was taken, or the note is damaged. */
export function readLastBackUp(dataDir: string): LastBackUp | undefined {
  try {
    const { takenAt, folder } = JSON.parse(fs.readFileSync(noteOf(dataDir), 'utf8')) as Partial<LastBackUp>;
    return takenAt !== undefined && folder !== undefined ? { takenAt, folder } : undefined;
  } catch {
    return undefined;
  }
}
