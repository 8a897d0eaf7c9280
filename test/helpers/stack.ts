/** The stack that `npm test` started, and databases on it. */
import type { Db } from '../../activities/db';
import type { StackAddresses } from '../../worker/local/running-stack';
import { takeDatabase } from './spare-databases';

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

/** Gives an empty database with the newest schema; `close` leaves it for another test. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { databaseUrl, db, leave } = await takeDatabase(testStack().databaseUrl);
  return { db, databaseUrl, close: leave };
}
