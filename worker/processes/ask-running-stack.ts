import { openDb } from '../../activities/db';
import type { Db } from '../../activities/db';
import { readRunningStack } from '../local/running-stack';
import type { Configuration } from '../settings/configuration';

/** Asks the database of the stack that runs here, and starts nothing. @returns nothing if none runs */
export async function askRunningStack<T>(
  { dataDir }: Configuration,
  ask: (db: Db) => Promise<T>,
): Promise<T | undefined> {
  const found = readRunningStack(dataDir);
  if (found === undefined) return undefined;
  const db = openDb(found.databaseUrl);
  try {
    return await ask(db);
  } finally {
    await db.close();
  }
}
