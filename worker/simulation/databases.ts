/** Databases beside the live one: a template with the newest schema, and clones of it that can be thrown away. */
import { openDb, migrate, schemaFingerprint } from '../../activities/db';

const named = (databaseUrl: string, database: string): string => {
  const url = new URL(databaseUrl);
  url.pathname = `/${database}`;
  return url.toString();
};

/** Makes the template once for each state of the migrations; many may ask at the same time. */
async function template(databaseUrl: string): Promise<string> {
  const name = `template_${schemaFingerprint()}`;
  const admin = openDb(databaseUrl, { maxConnections: 1 });
  try {
    for (;;) {
      const [known] = await admin.query('select 1 from pg_database where datname = $1', [name]);
      if (known) return name;
      const made = await admin.withLock(name, async () => {
        const unfinished = `${name}_unfinished`;
        await admin.query(`drop database if exists ${unfinished}`);
        await admin.query(`create database ${unfinished}`);
        const db = openDb(named(databaseUrl, unfinished), { maxConnections: 1 });
        await migrate(db).finally(() => db.close());
        await admin.query(`alter database ${unfinished} rename to ${name}`);
      });
      if (!made) await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    await admin.close();
  }
}

export interface ClonedDatabase {
  databaseUrl: string;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * Clones an empty database with the newest schema, beside the given one on the same server.
 * @param name lower case letters, digits and underscores
 */
export async function cloneDatabase(databaseUrl: string, name: string): Promise<ClonedDatabase> {
  if (!/^[a-z0-9_]{1,60}$/.test(name))
    throw new Error(`expected a database name of a-z, 0-9 and _, found "${name}"`);
  const source = await template(databaseUrl);
  const run = async (sql: string): Promise<void> => {
    const admin = openDb(databaseUrl, { maxConnections: 1 });
    await admin.query(sql).finally(() => admin.close());
  };
  await run(`create database ${name} template ${source}`);
  return {
    databaseUrl: named(databaseUrl, name),
    drop: () => run(`drop database if exists ${name} with (force)`),
  };
}
