/** Makes folders one by one: `mkdirSync` with `recursive` never returns where the system refuses them as missing, as below /proc. */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder, and those it stands in, unless it is there.
 *
 * @throws the system's error if one cannot be made
 */
export function makeFolders(folder: string): void {
  const missing: string[] = [];
  for (let place = path.resolve(folder); !isThere(place); place = path.dirname(place)) missing.unshift(place);
  for (const place of missing) make(place);
}

/** @throws if something else stands there, or the system does not say */
function isThere(place: string): boolean {
  const found = statSync(place, { throwIfNoEntry: false });
  if (found && !found.isDirectory())
    throw Object.assign(new Error(`not a directory: ${place}`), { code: 'ENOTDIR' });
  return found !== undefined;
}

function make(place: string): void {
  try {
    mkdirSync(place);
  } catch (error) {
    // Somebody else has made it meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST' && isThere(place)))
      throw error;
  }
}
