/** Removes the data of the local stack. */
import fs from 'node:fs';
import path from 'node:path';
import { recoverLeftovers } from './parts';
import { POSTGRES_STOP } from './postgres';
import { databaseDirectory, outsideDirectory } from './postgres-place';
import { lockStack } from './running-stack';

/**
 * Removes the databases, the mails, the key of links and the remembered ports below `dataDir`, and the database that
 * lies elsewhere for root. Logs stay. Refuses while a stack runs on the data; first stops what a killed one left
 * running. Asks for no confirmation: that is the caller's part. Returns what was removed.
 */
export async function resetStack(dataDir: string): Promise<string[]> {
  const root = path.resolve(dataDir);
  if (!fs.existsSync(root)) return [];
  const lock = lockStack(root);
  try {
    await recoverLeftovers(root, databaseDirectory(root), POSTGRES_STOP);
    const outside = outsideDirectory(root);
    const places = [
      ...(outside === undefined ? [] : [outside]),
      databaseDirectory(root),
      ...[
        'postgres.new',
        'postgres-password',
        'temporal',
        'mail',
        'ports.json',
        'stack.json',
        'restoring.json',
        'last-back-up.json',
        // Incidents are numbered from one again: an old link would lead to another incident.
        'link-key',
      ].map((name) => path.join(root, name)),
    ];
    const removed: string[] = [];
    for (const place of places) {
      if (fs.lstatSync(place, { throwIfNoEntry: false }) === undefined) continue;
      fs.rmSync(place, { recursive: true, force: true });
      removed.push(place);
    }
    return removed;
  } finally {
    lock.release();
  }
}
