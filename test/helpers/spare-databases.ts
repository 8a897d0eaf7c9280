/**
 * Reuses databases: one that a test left with an unchanged schema is emptied for the next test. Making and removing a
 * database means some thousand files, which costs more than most of the tests that need one.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../activities/db';
import { openDb, schemaFingerprint } from '../../activities/db';
import { cloneDatabase } from '../../worker/simulation/databases';

export interface TestDatabase {
  databaseUrl: string;
  db: Db;
  /** Closes `db`, and leaves the database for another test, even with connections open; if its schema was changed, removes it. */
  leave(): Promise<void>;
}

const GONE = '3D000';
const IN_USE = '55006';
const GIVE_UP_AFTER = 20;

const newName = (kind: string): string => `${kind}_${randomBytes(6).toString('hex')}`;
const prefixOf = (pool: string): string => `${pool}_${schemaFingerprint()}`;

function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

const administrators = new Map<string, Db>();

/** The server's own database. Opening a connection costs more than what is done on it: it stays open until nobody uses it. */
function administratorOf(serverUrl: string): Db {
  const known =
    administrators.get(serverUrl) ?? openDb(serverUrl, { maxConnections: 1, allowExitOnIdle: true });
  administrators.set(serverUrl, known);
  return known;
}

/** A fingerprint of every table, column, constraint, index, trigger, function and setting; not of the rows. */
async function schemaOf(db: Db): Promise<string> {
  const [row] = await db.query<{ schema: string }>(
    `with tables as (select oid, relname from pg_class where relnamespace = to_regnamespace('public'))
     select md5(string_agg(part, ',' order by part)) as schema from (
       select nspname || '' from pg_namespace where nspname not like 'pg\\_%'
       union all select name from migrations
       union all select oid || relname from tables
       union all select attrelid || '/' || attname || '/' || a.xmin
         from pg_attribute a join tables t on t.oid = attrelid
       union all select oid || conname from pg_constraint
       union all select oid || tgname from pg_trigger
       union all select oid || proname from pg_proc where oid >= 16384
       union all select s::text from pg_db_role_setting s
     ) as parts (part)`,
  );
  return row!.schema;
}

/** The tables of the schema, without the record of its migrations. */
const tables = `select oid::regclass::text from pg_class
  where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migrations'`;

/**
 * Removes all rows and resets all sequences, as in a new database. `truncate` would make the files of every table anew,
 * which takes thirty times as long.
 */
export async function emptyDatabase(db: Db): Promise<void> {
  await db.query(`do $$
    declare
      found text;
      has_rows boolean;
    begin
      set local session_replication_role = replica;
      for found in ${tables} loop
        execute format('select exists (select from %s)', found) into has_rows;
        if has_rows then execute format('delete from %s', found); end if;
      end loop;
      perform setval(seqrelid, seqstart, false) from pg_sequence;
      -- The server counts it now, not in the midst of a test that asks how much was written.
      perform pg_stat_force_next_flush();
    end $$`);
}

/** Turns autovacuum off: rows would fill the space that it frees, and no longer lie in the order of their writing. */
async function keepOrder(db: Db): Promise<void> {
  await db.query(`do $$
    declare found text;
    begin
      for found in ${tables} loop
        execute format('alter table %s set (autovacuum_enabled = false)', found);
      end loop;
    end $$`);
}

/** Renames a database. A spare one is taken by renaming it: of several processes that try, one succeeds. */
async function rename(admin: Db, from: string, to: string): Promise<'done' | 'gone' | 'in use'> {
  try {
    await admin.query(`alter database ${from} rename to ${to}`);
    return 'done';
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === GONE) return 'gone';
    if (code === IN_USE) return 'in use';
    throw error;
  }
}

/** Takes a spare database. @returns its new name; undefined if none is left */
async function takeSpare(admin: Db, pool: string): Promise<string | undefined> {
  const name = newName('test');
  const spares = await admin.query<{ datname: string }>(
    `select datname from pg_database where starts_with(datname, $1)`,
    [prefixOf(pool)],
  );
  for (const { datname } of spares) if ((await rename(admin, datname, name)) === 'done') return name;
  return undefined;
}

async function leave(admin: Db, { db, name, schema }: Taken, pool: string): Promise<void> {
  const left = await schemaOf(db).catch(() => 'cannot be read');
  await db.close().catch(() => undefined);
  for (let attempt = 0; left === schema && attempt < GIVE_UP_AFTER; attempt += 1) {
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    if ((await rename(admin, name, newName(prefixOf(pool)))) !== 'in use') return;
    await pause(10);
  }
  await admin.query(`drop database if exists ${name} with (force)`);
}

/** A database in use, with its schema when it was taken. */
interface Taken {
  db: Db;
  name: string;
  schema: string;
}

/**
 * Takes an empty database with the newest schema: one that another test has left, or a new clone of the template.
 * @param pool name of the pool; only tests of the same pool share databases
 */
export async function takeDatabase(serverUrl: string, pool = 'spare'): Promise<TestDatabase> {
  const admin = administratorOf(serverUrl);
  const spare = await takeSpare(admin, pool);
  const name = spare ?? newName('test');
  const databaseUrl = urlOf(serverUrl, name);
  if (spare === undefined) await cloneDatabase(serverUrl, name);
  const db = openDb(databaseUrl);
  await (spare === undefined ? keepOrder(db) : emptyDatabase(db));
  const schema = await schemaOf(db);
  return { databaseUrl, db, leave: () => leave(admin, { db, name, schema }, pool) };
}
