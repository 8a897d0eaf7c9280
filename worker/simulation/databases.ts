/** Databases beside the live one: a template with the newest schema, and clones of it that can be thrown away. */
import type { Db } from '../../activities/db';
import { openDb, migrate, schemaFingerprint } from '../../activities/db';

const named = (databaseUrl: string, database: string): string => {
  const url = new URL(databaseUrl);
  url.pathname = `/${database}`;
  return url.toString();
};

/** What PostgreSQL answers to a name that is taken: found when it looks (duplicate_database), or when it writes (unique_violation). */
const nameTaken = ['42P04', '23505'];

/**
 * Makes the template once for each state of the migrations. Concurrent calls are safe, also from several databases
 * of one server: PostgreSQL's advisory locks hold within one database only, so each database builds under a name
 * of its own, and the first to rename it wins.
 * @returns the template's name
 */
async function template(databaseUrl: string, admin: Db): Promise<string> {
  const name = `template_${schemaFingerprint()}`;
  const known = async (): Promise<boolean> =>
    (await admin.query('select 1 from pg_database where datname = $1', [name])).length > 0;
  while (!(await known())) {
    const made = await admin.withLock(name, async () => {
      if (await known()) return;
      const [own] = await admin.query<{ oid: number }>(
        'select oid from pg_database where datname = current_database()',
      );
      const unfinished = `${name}_${own?.oid ?? 0}`;
      await admin.query(`drop database if exists ${unfinished}`);
      await admin.query(`create database ${unfinished}`);
      const db = openDb(named(databaseUrl, unfinished), { maxConnections: 1 });
      await migrate(db).finally(() => db.close());
      try {
        await admin.query(`alter database ${unfinished} rename to ${name}`);
      } catch (error) {
        if (!nameTaken.includes((error as { code?: string }).code ?? '')) throw error;
        await admin.query(`drop database ${unfinished}`);
      }
    });
    if (!made) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return name;
}

/**
 * How to copy the template. Copying its files costs a tenth of writing them to the log, but makes the server's
 * checkpoint wait for the disk: chosen only if the server does not wait for its disk anyway, as in tests.
 */
async function strategy(admin: Db): Promise<'file_copy' | 'wal_log'> {
  const [server] = await admin.query<{ fsync: string }>('show fsync');
  return server?.fsync === 'off' ? 'file_copy' : 'wal_log';
}

export interface ClonedDatabase {
  databaseUrl: string;
  /** Removes the database, even with connections open. */
  drop(): Promise<void>;
}

/**
 * Clones an empty database with the newest schema, beside the given one on the same server.
 * @param name lower case letters, digits and underscores
 */
export async function cloneDatabase(databaseUrl: string, name: string): Promise<ClonedDatabase> {
  if (!/^[a-z0-9_]{1,60}$/.test(name))
    throw new Error(`expected a database name of a-z, 0-9 and _, found "${name}"`);
  const asAdmin = async (work: (admin: Db) => Promise<unknown>): Promise<void> => {
    const admin = openDb(databaseUrl, { maxConnections: 1 });
    await work(admin).finally(() => admin.close());
  };
  await asAdmin(async (admin) => {
    const source = await template(databaseUrl, admin);
    await admin.query(`create database ${name} template ${source} strategy ${await strategy(admin)}`);
  });
  return {
    databaseUrl: named(databaseUrl, name),
    drop: () => asAdmin((admin) => admin.query(`drop database if exists ${name} with (force)`)),
  };
}
