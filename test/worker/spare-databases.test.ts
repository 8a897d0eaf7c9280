import { randomBytes } from 'node:crypto';
import type { Db } from '../../activities/db';
import { openDb } from '../../activities/db';
import type { TestDatabase } from '../helpers/spare-databases';
import { takeDatabase } from '../helpers/spare-databases';
import { testStack } from '../helpers/stack';

const opened: Db[] = [];

afterEach(() => Promise.all(opened.splice(0).map((db) => db.close())));

/** A pool that no other test takes from. */
const ownPool = (): string => `pool_${randomBytes(4).toString('hex')}`;
const take = (pool: string): Promise<TestDatabase> => takeDatabase(testStack().databaseUrl, pool);

function open({ databaseUrl }: TestDatabase): Db {
  const db = openDb(databaseUrl);
  opened.push(db);
  return db;
}

/** The server's number of a database, which stays when it is renamed. */
const numberOf = async (db: Db): Promise<unknown> =>
  (await db.query('select oid, datname from pg_database where datname = current_database()'))[0];
const note = async (db: Db): Promise<unknown> => {
  await db.query(`insert into rulesets values ('a', '{}') on conflict do nothing`);
  return (await db.query(`insert into publications (hash, note) values ('a', '') returning id`))[0];
};
/** Has it removed when it is left. */
const spoil = (db: Db) => db.query('create table spoilt ()');

it('serves the next one who asks: empty, counting from 1, under another name', async () => {
  const pool = ownPool();
  const first = await take(pool);
  const db = open(first);
  const before = await numberOf(db);
  expect([await note(db), await note(db)]).toEqual([{ id: 1 }, { id: 2 }]);
  await first.leave();

  const second = await take(pool);
  const again = open(second);
  const after = await numberOf(again);
  expect(after).toEqual({ ...(before as object), datname: (after as { datname: string }).datname });
  expect(second.databaseUrl).not.toBe(first.databaseUrl);
  expect(await again.query('select 1 from publications')).toEqual([]);
  expect(await note(again)).toEqual({ id: 1 });
  await spoil(again);
  await second.leave();
});

it('is closed to those who were connected when it was left', async () => {
  const pool = ownPool();
  const first = await take(pool);
  const straggler = open(first);
  await straggler.query('select 1');
  await first.leave();
  const second = await take(pool);
  await expect(note(straggler)).rejects.toThrow();
  await expect(note(straggler)).rejects.toThrow(/does not exist/);
  const db = open(second);
  expect(await db.query('select 1 from publications')).toEqual([]);
  await spoil(db);
  await second.leave();
});

it.each([
  ['a table', 'create table more (id integer)'],
  ['a renamed table', 'alter table outbox rename to mislaid'],
  ['a column', 'alter table outbox add column more text'],
  ['a constraint', 'alter table outbox add constraint broken check (false) not valid'],
  ['an index', 'create index more on outbox (kind)'],
  ['a function', `create function more() returns integer language sql as 'select 1'`],
  ['a schema that was emptied', 'drop schema public cascade; create schema public'],
  ['a migration', `insert into migrations (name) values ('9999-of-tomorrow.sql')`],
])('is removed when it is left with %s', async (_what, sql) => {
  const pool = ownPool();
  const first = await take(pool);
  const db = open(first);
  const left = await numberOf(db);
  await db.query(sql);
  await first.leave();
  const second = await take(pool);
  const another = open(second);
  expect((await numberOf(another)) as { oid: number }).not.toMatchObject({
    oid: (left as { oid: number }).oid,
  });
  await spoil(another);
  await second.leave();
});
