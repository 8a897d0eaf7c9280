/** The stack that `npm test` started, and what tests need of it. */
import { randomBytes } from 'node:crypto';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import { cloneDatabase } from '../../worker/simulation/databases';
import type { StackAddresses } from '../../worker/local/stack';

export type TestStack = StackAddresses & { cacheDir: string };

/** Addresses of the running test stack. */
export function testStack(): TestStack {
  const given = process.env.SERVICEAVTAL_TEST_STACK;
  if (given === undefined)
    throw new Error('These tests need the test stack: run them with `npm test -- <path>`.');
  return JSON.parse(given) as TestStack;
}

export interface FreshDatabase {
  db: Db;
  databaseUrl: string;
  close(): Promise<void>;
}

/** An empty database with the newest schema, cloned from a template; removed by `close`. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const clone = await cloneDatabase(testStack().databaseUrl, `test_${randomBytes(6).toString('hex')}`);
  const db = openDb(clone.databaseUrl);
  return {
    db,
    databaseUrl: clone.databaseUrl,
    close: async () => {
      await db.close();
      await clone.drop();
    },
  };
}
