/** Runs one piece of work in a process of its own, so that a test can kill it; see `tasks`. */
import { setTimeout } from 'node:timers/promises';
import { migrate, openDb } from '../../activities/db';
import { mailActivities, notice } from './signed-agreement';

const [task, databaseUrl = '', smtpUrl = ''] = process.argv.slice(2);
const db = openDb(databaseUrl);

const tasks: Record<string, () => Promise<unknown>> = {
  /** Sends the invitation to the first meeting. */
  send: () => mailActivities(db, smtpUrl).sendNotice(notice({ roles: ['management'] })),
  /** Takes a lock, says so, and keeps it. */
  lock: () =>
    db.withLock('kept', async () => {
      process.stdout.write('holds the lock\n');
      await setTimeout(60_000);
    }),
  migrate: async () => process.stdout.write(JSON.stringify(await migrate(db))),
};

void tasks[task ?? '']?.().finally(() => void db.close());
