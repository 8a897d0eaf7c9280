/** Runs one piece of work in a process of its own, so that a test can kill it; see `tasks`. */
import { setTimeout } from 'node:timers/promises';
import type { Db } from '../../activities/db';
import { migrate, openDb } from '../../activities/db';
import { importHours } from '../../activities/hours/import';
import { makeUpMonth } from '../../activities/invoicing/issue';
import { importedRow } from './imported-row';
import { mailActivities, notice } from './signed-agreement';

const [task, databaseUrl = '', more = ''] = process.argv.slice(2);
const db = openDb(databaseUrl);

/** A database whose transactions stop, and say so: `before` they are committed, with all that they write written, or `after`. */
const stopping: Db = {
  ...db,
  transaction: async (work) => {
    const stop = async (): Promise<void> => {
      process.stdout.write(`stands ${more}\n`);
      await setTimeout(60_000);
    };
    const result = await db.transaction(async (tx) => {
      const value = await work(tx);
      if (more === 'before') await stop();
      return value;
    });
    if (more === 'after') await stop();
    return result;
  },
};

const tasks: Record<string, () => Promise<unknown>> = {
  /** Sends the invitation to the first meeting. */
  send: () => mailActivities(db, more).sendNotice(notice({ roles: ['management'] })),
  /** Takes a lock, says so, and keeps it. */
  lock: () =>
    db.withLock('kept', async () => {
      process.stdout.write('holds the lock\n');
      await setTimeout(60_000);
    }),
  /** Makes up the first month of the example. */
  invoices: () =>
    makeUpMonth(stopping, { month: '2026-12', today: '2026-12-01', at: '2026-12-01T06:00:00.000Z' }),
  /** Imports the row of a file. */
  import: () => importHours(stopping, importedRow),
  migrate: async () => process.stdout.write(JSON.stringify(await migrate(db))),
};

void tasks[task ?? '']?.().finally(() => void db.close());
