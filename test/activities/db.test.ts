import type { NoRoomError } from '../../activities/db';
import { compareSchema, heldLocks, isPermanentDbError, migrate, openDb, tryRoom } from '../../activities/db';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase, testStack } from '../helpers/stack';
import { startTask } from './processes';
import { eventually } from './signed-agreement';

let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.close());

/** Connections to the test's database, other than the one that asks. */
async function connections(): Promise<number> {
  const admin = openDb(testStack().databaseUrl, { maxConnections: 1 });
  const [row] = await admin
    .query<{ open: number }>('select count(*)::int as open from pg_stat_activity where datname = $1', [
      new URL(database.databaseUrl).pathname.slice(1),
    ])
    .finally(() => admin.close());
  return row!.open;
}

async function emptied(): Promise<void> {
  await database.db.query('drop schema public cascade');
  await database.db.query('create schema public');
}

describe('migrating', () => {
  it('applies every migration, and nothing the second time', async () => {
    await emptied();
    expect(await migrate(database.db)).toContain('001-agreements.sql');
    expect(await migrate(database.db)).toEqual([]);
  });

  it('is done once when two processes start at the same time', async () => {
    await emptied();
    const processes = [
      startTask('migrate', database.databaseUrl),
      startTask('migrate', database.databaseUrl),
    ];
    expect(await Promise.all(processes.map(({ ended }) => ended))).toEqual([0, 0]);
    const applied = processes.map(({ said }) => said());
    expect(applied.filter((names) => names === '[]')).toHaveLength(1);
    expect(await database.db.query('select name from migrations')).toEqual(
      (JSON.parse(applied.find((names) => names !== '[]')!) as string[]).map((name) => ({ name })),
    );
  });
});

describe('a database that a newer version has migrated', () => {
  it('is left alone by an older one, which says what it does not know', async () => {
    await database.db.query(`insert into migrations (name) values ('998-later.sql'), ('999-latest.sql')`);
    await database.db.query(`delete from migrations where name = '011-ruleset-format.sql'`);
    await expect(migrate(database.db)).rejects.toThrow(
      'it has 998-later.sql, 999-latest.sql, which this version does not know',
    );
    expect(await compareSchema(database.db)).toEqual({
      missing: ['011-ruleset-format.sql'],
      unknown: ['998-later.sql', '999-latest.sql'],
    });
  });
});

describe('a database that a newer version has only expanded', () => {
  it('is used by an older one as before', async () => {
    await database.db.query(`insert into migrations (name, expands) values ('998-later.sql', true)`);
    expect(await migrate(database.db)).toEqual([]);
    expect(await compareSchema(database.db)).toEqual({ missing: [], unknown: [] });
  });

  it('is known by what the first line of a migration says', async () => {
    await emptied();
    await migrate(database.db);
    const expanding = await database.db.query('select name from migrations where expands');
    expect(expanding).toContainEqual({ name: '041-expanding-migrations.sql' });
    expect(expanding).not.toContainEqual({ name: '001-agreements.sql' });
  });
});

describe('a lock that several hold', () => {
  it('is held until the last lets go, or its connection ends', async () => {
    const names = ['version a', 'version b'];
    const held = async (): Promise<string[]> => [...(await heldLocks(database.db, names))];
    expect(await held()).toEqual([]);
    let lost = 0;
    const first = await database.db.holdLock('version a', () => (lost += 1));
    const second = await database.db.holdLock('version a', () => (lost += 1));
    await first();
    expect(await held()).toEqual(['version a']);
    expect(lost).toBe(0);
    await database.db.query(
      `select pg_terminate_backend(pid) from pg_locks
        where locktype = 'advisory' and granted and mode = 'ShareLock'
          and database = (select oid from pg_database where datname = current_database())`,
    );
    await eventually('the loss is told', () => Promise.resolve(lost > 0));
    expect(await held()).toEqual([]);
    await second();
  });
});

describe('a transaction', () => {
  beforeEach(() => database.db.query('create table things (id integer primary key)'));

  it('keeps everything when the work ends well, and gives its result', async () => {
    const result = await database.db.transaction(async (tx) => {
      await tx.query('insert into things values (1), (2)');
      return 'done';
    });
    expect(result).toBe('done');
    expect(await database.db.query('select id from things order by id')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('leaves nothing when the work fails, and throws what the work threw', async () => {
    const work = database.db.transaction(async (tx) => {
      await tx.query('insert into things values (1)');
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await database.db.query('select id from things')).toEqual([]);
  });

  it('shows nobody else what is not finished', async () => {
    await database.db.transaction(async (tx) => {
      await tx.query('insert into things values (1)');
      expect(await database.db.query('select id from things')).toEqual([]);
    });
    expect(await database.db.query('select id from things')).toHaveLength(1);
  });

  it('gives its connection back, also after failures', async () => {
    for (let count = 0; count < 20; count += 1)
      await database.db.transaction((tx) => tx.query('select 1 / 0')).catch(() => undefined);
    expect(await database.db.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('fails when its connection is cut, and the next one works', async () => {
    const work = database.db.transaction(async (tx) => {
      const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await database.db.query('select pg_terminate_backend($1)', [row!.pid]);
      return tx.query('select 1');
    });
    await expect(work).rejects.toThrow();
    expect(await database.db.transaction((tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }]);
  });
});

describe('a lock', () => {
  it('is held by one at a time, and free again after the work, also when it fails', async () => {
    const inner = await database.db.withLock('one', () =>
      database.db.withLock('one', () => Promise.resolve('never')),
    );
    expect(inner).toEqual({ value: undefined });
    await expect(database.db.withLock('one', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await database.db.withLock('one', () => Promise.resolve('mine'))).toEqual({ value: 'mine' });
  });

  it('that is lost with its connection leaves the process and the work alone', async () => {
    const outcome = await database.db.withLock('one', async () => {
      await database.db.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and query ilike '%pg_try_advisory_lock%' and pid <> pg_backend_pid()`,
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      return 'done';
    });
    expect(outcome).toEqual({ value: 'done' });
    expect(await database.db.withLock('one', () => Promise.resolve('mine'))).toEqual({ value: 'mine' });
  });

  it('does not keep work under another name waiting', async () => {
    const inner = await database.db.withLock('one', () =>
      database.db.withLock('two', () => Promise.resolve('both')),
    );
    expect(inner).toEqual({ value: { value: 'both' } });
  });

  it('is free as soon as the process that held it is killed', async () => {
    const task = startTask('lock', database.databaseUrl);
    await eventually('the other process holds the lock', () => task.said().includes('holds the lock'));
    const take = () => database.db.withLock('kept', () => Promise.resolve('mine'));
    expect(await take()).toBeUndefined();
    task.child.kill('SIGKILL');
    await task.ended;
    await eventually('the lock is free', async () => (await take()) !== undefined);
  });

  it('leaves room for the work it guards, however many hold one', async () => {
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        database.db.withLock(`lock-${index}`, () => database.db.transaction((tx) => tx.query('select 1'))),
      ),
    );
    expect(results.filter((result) => result !== undefined)).toHaveLength(30);
  });
});

it('leaves no connection open when it is closed', async () => {
  const db = openDb(database.databaseUrl);
  const before = await connections();
  await db.transaction((tx) => tx.query('select 1'));
  await db.withLock('one', () => db.query('select 1'));
  const unlisten = await db.listen(
    'a channel',
    () => undefined,
    () => undefined,
  );
  expect(await connections()).toBeGreaterThan(before);
  unlisten();
  await db.close();
  await eventually('every connection is closed', async () => (await connections()) === before);
});

it('hears a notification, and is told when the connection for them is lost', async () => {
  let heard = 0;
  let lost = 0;
  const unlisten = await database.db.listen(
    'a_channel',
    () => (heard += 1),
    () => (lost += 1),
  );
  await database.db.query(`select pg_notify('a_channel', '')`);
  await eventually('a notification', () => heard === 1);
  await database.db.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query ilike 'listen%'`,
  );
  await eventually('word of the lost connection', () => lost > 0);
  unlisten();
});

it('gives dates as they are written and instants in UTC, whatever the time zone of the session', async () => {
  await database.db.transaction(async (tx) => {
    await tx.query(`set local time zone 'Asia/Tokyo'`);
    expect(
      await tx.query(
        `select date '2027-03-28' as day, timestamptz '2027-03-28 03:30+02' as at, 12::bigint as n`,
      ),
    ).toEqual([{ day: '2027-03-28', at: '2027-03-28T01:30:00.000Z', n: 12 }]);
  });
});

it.each([
  ['a dropped table', 'select 1 from nowhere', true],
  ['a broken constraint', `insert into publications (hash, note) values ('none', '')`, true],
  ['bad data', `select 'x'::integer`, true],
  ['a cut connection', 'select pg_terminate_backend(pg_backend_pid())', false],
  ['a statement that took too long', `set statement_timeout = 1; select pg_sleep(1)`, false],
])('tells failures for good from those that may pass: %s', async (_what, sql, permanent) => {
  const error: unknown = await database.db.query(sql).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(isPermanentDbError(error)).toBe(permanent);
});

describe('a database without room', () => {
  const full = `do $$ begin raise exception using errcode = 'disk_full', message = 'could not extend file'; end $$`;

  it.each<[string, (db: FreshDatabase['db']) => Promise<unknown>]>([
    ['a statement', (db) => db.query(full)],
    ['a transaction', (db) => db.transaction((tx) => tx.query(full))],
  ])('says so in words where %s fails by it, and the work is tried again', async (_, work) => {
    const error = await work(database.db).catch((reason: unknown) => reason as NoRoomError);
    expect(error).toMatchObject({
      code: '53100',
      message: expect.stringMatching(
        /^PostgreSQL has no room to write \(53100: could not extend file\)\. None/,
      ),
      messageSv: expect.stringMatching(
        /^PostgreSQL får inte plats att skriva \(53100: could not extend file\)/,
      ),
    });
    expect(isPermanentDbError(error)).toBe(false);
  });

  it('is found by trying, which leaves nothing behind', async () => {
    await tryRoom(database.db);
    const [{ name } = { name: '' }] = await database.db.query<{ name: string }>(
      'select current_database() as name',
    );
    await database.db.query(`alter database "${name}" set temp_file_limit = 0`);
    const db = openDb(database.databaseUrl);
    await expect(tryRoom(db)).rejects.toMatchObject({ name: 'NoRoomError', code: '53400' });
    await db.close();
  });
});
