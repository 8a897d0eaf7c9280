/** The only way to PostgreSQL: a pool, transactions, migrations. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { BilingualError } from '../rules/engine/basics/bilingual-error';
import type { RecordEntry, RecordKeeper } from './record/entries';

const TIMESTAMPTZ = 1184;
const DATE = 1082;
const INT8 = 20;

/** Dates stay calendar dates, instants become ISO strings: no local time zone can slip in. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === TIMESTAMPTZ) return (value: string) => new Date(value).toISOString();
    if (oid === DATE) return (value: string) => value;
    if (oid === INT8) return (value: string) => Number(value);
    return pg.types.getTypeParser(oid, format as 'text');
  }) as typeof pg.types.getTypeParser,
};

export type Row = Record<string, unknown>;

/** Runs one statement with bound parameters and gives its rows. */
export interface Queryable {
  query<R = Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
  /**
   * Keeps an entry in the record outside of the database, where there is one: in a transaction once it is committed, else
   * at once. It never fails.
   */
  keep?(entry: RecordEntry): Promise<void>;
}

export interface Db extends Queryable {
  /** Runs `work` in one transaction on one connection: all of it or nothing. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Calls `heard` at every NOTIFY on `channel` until the returned function is called or the connection is lost. */
  listen(channel: string, heard: () => void, lost: (reason: Error) => void): Promise<() => void>;
  /**
   * Runs `work` while holding the lock `name`, which a crash of this process releases at once.
   * @returns `undefined` where somebody else holds it; `work` has not run then
   */
  withLock<T>(name: string, work: () => Promise<T>): Promise<{ value: T } | undefined>;
  /**
   * Holds the lock `name`, beside whoever else holds it so, until the returned function is called or the connection is
   * lost: a crash of this process releases it at once.
   */
  holdLock(name: string, lost: (reason: Error) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const queryable = (client: pg.Pool | pg.PoolClient): Queryable => ({
  query: async <R>(sql: string, parameters: readonly unknown[] = []) =>
    (await client.query(sql, parameters as unknown[]).catch(tellNoRoom)).rows as R[],
});

/** @param kept gets what is to be kept outside of the database once all is committed */
async function inTransaction<T>(
  client: pg.PoolClient,
  kept: RecordEntry[],
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  const keep = (entry: RecordEntry): Promise<void> => Promise.resolve(void kept.push(entry));
  try {
    await client.query('begin');
    const result = await work({ ...queryable(client), keep });
    await client.query('commit').catch(tellNoRoom);
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** PostgreSQL found no room for what was to be written: its disk is full, or as full as it may be. Nothing was written. */
export class NoRoomError extends BilingualError {
  override readonly name = 'NoRoomError';
  /** SQLSTATE. */
  readonly code: string;
  constructor({ code = '', message }: Error & { code?: string }, options?: ErrorOptions) {
    super(
      {
        sv:
          `PostgreSQL får inte plats att skriva (${code}: ${message}). Inget av det skrevs. Frigör utrymme på databasens disk: ` +
          'det som väntar görs sedan av sig självt, ett kommando körs om.',
        en:
          `PostgreSQL has no room to write (${code}: ${message}). None of it was written. Free space on the disk of the database: ` +
          'what waits is then done by itself, a command is run again.',
      },
      options,
    );
    this.code = code;
  }
}

/** disk_full, and a file that would be larger than the server is configured to make. */
const noRoom = ['53100', '53400'];

function tellNoRoom(error: Error & { code?: string }): never {
  throw noRoom.includes(error.code ?? '') ? new NoRoomError(error, { cause: error }) : error;
}

/**
 * Keeps a connection that breaks from ending the process; the pool replaces it at its next use. The pool itself hears
 * of idle connections only, not of one that breaks between two statements in a transaction or under a lock.
 */
function outlivesItsConnections(pool: pg.Pool): pg.Pool {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

/**
 * Opens a pool on a PostgreSQL database.
 * @param databaseUrl connection string; never printed
 * @param options `maxConnections` of this pool, 8 by default; `allowExitOnIdle`, whether the process may end while
 *   connections wait to be used; `record`, where what must survive the database is kept
 */
export function openDb(
  databaseUrl: string,
  options: { maxConnections?: number; allowExitOnIdle?: boolean; record?: RecordKeeper } = {},
): Db {
  const { maxConnections: max = 8, allowExitOnIdle = false, record } = options;
  const pool = outlivesItsConnections(
    new pg.Pool({ connectionString: databaseUrl, max, types, allowExitOnIdle }),
  );
  // Locks have connections of their own: work under a lock may wait for the pool without waiting for itself.
  const locks = outlivesItsConnections(new pg.Pool({ connectionString: databaseUrl, max }));
  return {
    ...queryable(pool),
    ...(record && { keep: (entry: RecordEntry) => record.append([entry]) }),
    async transaction(work) {
      const kept: RecordEntry[] = [];
      const result = await inTransaction(await pool.connect(), kept, work);
      if (kept.length > 0) await record?.append(kept);
      return result;
    },
    async listen(channel, heard, lost) {
      const client = new pg.Client({ connectionString: databaseUrl });
      client.on('notification', heard);
      client.on('error', lost);
      client.on('end', () => lost(new Error('the connection for notifications ended')));
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
      return () => {
        client.removeAllListeners('end');
        void client.end().catch(() => undefined);
      };
    },
    async withLock(name, work) {
      const client = await locks.connect();
      let broken: Error | undefined;
      try {
        const { rows } = await client.query<{ ok: boolean }>(
          'select pg_try_advisory_lock(hashtextextended($1, 0)) as ok',
          [name],
        );
        if (!rows[0]?.ok) return undefined;
        try {
          return { value: await work() };
        } finally {
          await client
            .query('select pg_advisory_unlock(hashtextextended($1, 0))', [name])
            .catch((error: Error) => {
              broken = error;
            });
        }
      } finally {
        client.release(broken);
      }
    },
    async holdLock(name, lost) {
      const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
      let holds = false;
      const letGo = async (): Promise<void> => {
        holds = false;
        await client.end().catch(() => undefined);
      };
      const tellLost = (reason: Error): void => {
        if (!holds) return;
        void letGo();
        lost(reason);
      };
      client.on('error', tellLost);
      client.on('end', () => tellLost(new Error('the connection that held a lock ended')));
      try {
        await client.connect();
        await client.query('select pg_advisory_lock_shared(hashtextextended($1, 0))', [name]);
        holds = true;
        return letGo;
      } catch (error) {
        await letGo();
        throw error;
      }
    },
    close: async () => {
      await Promise.all([pool.end(), locks.end()]);
    },
  };
}

const migrationsFolder = path.join(__dirname, 'migrations');

interface Migration {
  name: string;
  sql: string;
  /** Whether versions that do not know it can go on: it only adds what they pass over. */
  expands: boolean;
}

function migrations(): Migration[] {
  return readdirSync(migrationsFolder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(migrationsFolder, name), 'utf8');
      return { name, sql, expands: sql.startsWith('-- expand:') };
    });
}

/** Migrations that were applied, by name; of those before 041 nobody has said whether they expand. */
const readApplied = (db: Queryable): Promise<Pick<Migration, 'name' | 'expands'>[]> =>
  db.query(
    `select name, coalesce((to_jsonb(migrations) ->> 'expands')::boolean, false) as expands from migrations`,
  );

/** Names the schema that `migrate` makes: two databases with the same fingerprint are alike. */
export function schemaFingerprint(): string {
  const hash = createHash('sha256');
  for (const { name, sql } of migrations()) hash.update(`${name}\n${sql}\n`);
  return hash.digest('hex').slice(0, 12);
}

/** A newer version of the product has changed the schema of this database. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';
  constructor(unknown: readonly string[]) {
    super(
      `The database was migrated by a newer version of serviceavtal: it has ${unknown.join(', ')}, which this version ` +
        'does not know.\nStop this process and start the newer version.',
    );
  }
}

/**
 * Brings the database to the newest schema; safe to run from several processes at once.
 * @returns names of the migrations that were applied now
 * @throws NewerSchemaError, with nothing changed, where the database has migrations that this version does not know and
 *   that do more than expand it
 */
export async function migrate(db: Db): Promise<string[]> {
  return db.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('serviceavtal-migrations'))`);
    await tx.query(
      'create table if not exists migrations (name text primary key, applied_at timestamptz default now())',
    );
    const applied = await readApplied(tx);
    const known = migrations();
    const unknown = unknownOf(applied, known);
    if (unknown.length > 0) throw new NewerSchemaError(unknown);
    const done = new Set(applied.map(({ name }) => name));
    const pending = known.filter(({ name }) => !done.has(name));
    for (const { name, sql, expands } of pending) {
      await tx.query(sql);
      await tx.query('insert into migrations (name) values ($1)', [name]);
      if (expands) await tx.query('update migrations set expands = true where name = $1', [name]);
    }
    return pending.map(({ name }) => name);
  });
}

/** What a newer version has done to the database that this one cannot live with. */
const unknownOf = (
  applied: readonly Pick<Migration, 'name' | 'expands'>[],
  known: readonly Migration[],
): string[] =>
  applied
    .filter(({ name, expands }) => !expands && !known.some((each) => each.name === name))
    .map(({ name }) => name)
    .sort();

/**
 * How a database's schema differs from ours: migrations that nobody has applied, and those of a newer version that we
 * cannot live with.
 */
export async function compareSchema(db: Queryable): Promise<{ missing: string[]; unknown: string[] }> {
  const [table] = await db.query<{ known: boolean }>(`select to_regclass('migrations') is not null as known`);
  const applied = table?.known ? await readApplied(db) : [];
  const names = new Set(applied.map(({ name }) => name));
  const known = migrations();
  return {
    missing: known.map(({ name }) => name).filter((name) => !names.has(name)),
    unknown: unknownOf(applied, known),
  };
}

/** SQLSTATE classes that no retry can mend: syntax or schema (42), bad data (22), broken constraint (23). */
export function isPermanentDbError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^(42|22|23)[0-9A-Z]{3}$/.test(code);
}

/** Which of these locks somebody holds, in this database. */
export async function heldLocks(db: Queryable, names: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ name: string }>(
    `select name from unnest($1::text[]) name
      where exists (select from pg_locks
                     where locktype = 'advisory' and objsubid = 1 and granted
                       and database = (select oid from pg_database where datname = current_database())
                       and (classid::bigint << 32) | objid::bigint = hashtextextended(name, 0))`,
    [names],
  );
  return new Set(rows.map(({ name }) => name));
}

/**
 * Has PostgreSQL write a megabyte to its disk, and forget it: sorted in little memory, rows go through a file.
 * @throws NoRoomError where there is no room for it
 */
export async function tryRoom(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`set local work_mem = '64kB'`);
    await tx.query(
      'select count(*) from (select repeat(md5(n::text), 4) from generate_series(1, 8000) n order by 1) sorted',
    );
  });
}

/** Makes the function that gives what rows hold, column by column, as `unnest` takes it. */
export const columnsOf =
  <T extends object>(rows: readonly T[]) =>
  (...names: (keyof T)[]): unknown[][] =>
    names.map((name) => rows.map((row) => row[name] ?? null));
