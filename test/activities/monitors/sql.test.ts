import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import tls from 'node:tls';
import { generate } from 'selfsigned';
import type { Found } from '../../../activities/monitors/checks/checker';
import { NotMade, NotWell } from '../../../activities/monitors/checks/checker';
import { instantOfLocal, sqlServerConfig } from '../../../activities/monitors/checks/ask-sql-server';
import { singleStatement } from '../../../activities/monitors/checks/single-statement';
import { checkSql } from '../../../activities/monitors/checks/sql';
import { readSqlConnection } from '../../../activities/monitors/checks/sql-connection';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import type { Check } from '../../../rules/engine/contract/monitor';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import type { TdsAnswers, TdsServer } from '../../helpers/tds-server';
import { column, startTdsServer } from '../../helpers/tds-server';
import { depsWith, watchedCheck } from './watched-check';

const newest = 'select max(created) from orders';
/** An age in minutes, give or take those that pass between the row and the check. */
const about = (minutes: number): number => expect.closeTo(minutes, -1) as number;
const age = { ageMinutes: { warnAbove: 10, errorAbove: 30 } };
const always = [{ days: 'all' as const, from: '00:00', to: '24:00' }];

interface Wanted extends Partial<Check> {
  url: string;
  signal?: AbortSignal;
  now?: number;
  allowed?: boolean;
}

function check({ url, signal, now = Date.now(), allowed = true, ...more }: Wanted): Promise<Found> {
  const watched = watchedCheck({
    id: 'orders',
    kind: 'sql',
    connection: { secret: 'DB' },
    query: newest,
    limits: age,
    ...more,
  });
  const deps = depsWith({ now: () => now, secrets: { DB: url }, addressAllowed: () => allowed });
  return Promise.resolve(checkSql(watched, deps, signal ?? AbortSignal.timeout(30_000)));
}

/** What it failed with; whatever that is, it does not tell how to log in. */
async function failure(wanted: Wanted): Promise<NotMade | NotWell> {
  const error: unknown = await check(wanted).then(
    (found) => found,
    (reason: unknown) => reason,
  );
  if (!(error instanceof NotMade || error instanceof NotWell)) throw error;
  const told = JSON.stringify([error.text, error.message, error instanceof NotWell ? error.answer : '']);
  if (wanted.url !== '') expect(told).not.toContain(wanted.url);
  const password = URL.canParse(wanted.url) ? new URL(wanted.url).password : '';
  if (password !== '') expect(told).not.toContain(password);
  return error;
}

const port = (server: net.Server): number => (server.address() as AddressInfo).port;
async function listening(serve: (socket: net.Socket) => void): Promise<net.Server> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function unusedPort(): Promise<number> {
  const server = await listening(() => undefined);
  const free = port(server);
  server.close();
  await once(server, 'close');
  return free;
}

describe('a PostgreSQL', () => {
  let database: FreshDatabase;
  let url: string;

  beforeAll(async () => {
    database = await freshDatabase();
    url = database.databaseUrl;
    await database.db.query('create table orders (id int, created timestamptz, local timestamp, day date)');
  });
  afterAll(() => database.close());
  beforeEach(() => database.db.query('truncate orders'));

  test.each<[string, string, object]>([
    ['as text', "select '18.10.0'::text", { version: '18.10.0' }],
    ['as a number', 'select 5.2', { version: '5.2' }],
    ['as null', 'select null::text', { problem: { en: 'expected a version, found none' } }],
    ['as something else', "select 'latest'", { problem: { sv: 'förväntade en version, hittade "latest"' } }],
    [
      'as many rows',
      "select '1' union all select '2'",
      { problem: { en: 'the query: expected one row, found several' } },
    ],
    [
      'as a mistake',
      'select version from nowhere',
      { problem: { en: expect.stringContaining('nowhere') as string } },
    ],
  ])(
    'tells a version %s by a query of its own, whatever the check itself finds',
    async (_, query, version) => {
      const reportsVersion = { of: 'visma-business', query };
      const found = await check({
        url,
        query: 'select 7',
        limits: { value: { errorAbove: 5 } },
        reportsVersion,
      });
      expect(found).toMatchObject({ outcome: 'down', version: { of: 'visma-business', ...version } });
    },
  );

  const order = (minutesOld: number) =>
    database.db.query("insert into orders values (1, now() - $1 * interval '1 minute')", [minutesOld]);
  const other = (change: (address: URL) => void): string => {
    const address = new URL(url);
    change(address);
    return address.href;
  };

  test('a table that stops growing becomes a warning, then down, and well again with the next row', async () => {
    await order(1);
    await expect(check({ url })).resolves.toMatchObject({
      outcome: 'ok',
      measured: { ageMinutes: about(1) },
    });
    // Time goes by without an order.
    await database.db.query("update orders set created = created - interval '10 minutes'");
    await expect(check({ url })).resolves.toMatchObject({
      outcome: 'warning',
      message: {
        sv: expect.stringMatching(
          /^den nyaste radens ålder i minuter: förväntade högst 10, hittade 11/,
        ) as string,
      },
    });
    await database.db.query("update orders set created = created - interval '20 minutes'");
    await expect(check({ url })).resolves.toMatchObject({
      outcome: 'down',
      answer: expect.stringMatching(/^newest: 20.*Z, clock of the database: 20.*Z$/) as string,
    });
    await order(0);
    await expect(check({ url })).resolves.toMatchObject({ outcome: 'ok' });
  });

  test('age is by the clock of the database, not by ours', async () => {
    await order(5);
    const found = await check({ url, now: Date.parse('2040-01-01') });
    expect(found).toMatchObject({ outcome: 'ok', measured: { ageMinutes: about(5) } });
  });

  test('only expected minutes count', async () => {
    await order(60 * 24 * 3);
    await expect(check({ url, expectedHours: always })).resolves.toMatchObject({
      outcome: 'down',
      measured: { ageMinutes: about(60 * 24 * 3) },
    });
    const never = [{ days: 'all' as const, from: '10:00', to: '10:00' }];
    await expect(check({ url, expectedHours: never })).resolves.toMatchObject({
      outcome: 'ok',
      measured: { ageMinutes: 0 },
    });
  });

  test.each<[string, string, Check['clock'], string]>([
    [
      'a time without zone is local to the database',
      "(now() at time zone 'America/New_York')",
      'local',
      'set',
    ],
    ['it is local without a word', "(now() at time zone 'America/New_York')", undefined, 'set'],
    ['it is UTC where the check says so', "(now() at time zone 'UTC')", 'utc', 'set'],
    ['one with a zone is what it is', 'now()', 'utc', 'set'],
  ])('%s', async (_, value, clock) => {
    // A database in another part of the world.
    const name = new URL(url).pathname.slice(1);
    await database.db.query(`alter database ${name} set timezone to 'America/New_York'`);
    try {
      const query = `select ${value} - interval '7 minutes' from (values (1)) as one`;
      const found = await check({ url, query, ...(clock && { clock }) });
      expect(found.measured?.ageMinutes).toBeCloseTo(7, 1);
    } finally {
      await database.db.query(`alter database ${name} reset timezone`);
    }
  });

  test('a date is its midnight', async () => {
    const query = "select (now() at time zone 'UTC')::date";
    const found = await check({ url, query, clock: 'utc', limits: { ageMinutes: { errorAbove: 100_000 } } });
    expect(found.answer).toMatch(/^newest: \d{4}-\d\d-\d\dT00:00:00.000Z/);
  });

  test('a table nobody ever wrote to is down', async () => {
    const error = await failure({ url });
    expect(error).toBeInstanceOf(NotWell);
    expect(error.text).toEqual({ sv: 'det finns ingen rad alls', en: 'there is no row at all' });
    const without = await failure({ url, query: 'select created from orders limit 1' });
    expect(without.text.en).toBe('there is no row at all');
  });

  test.each([
    ['-infinity', 'expected a point in time, found one without end'],
    ['infinity', 'expected a point in time, found one without end'],
  ])('a time of %s is told', async (value, message) => {
    const error = await failure({ url, query: `select '${value}'::timestamptz` });
    expect(error.text.en).toContain(message);
  });

  test('a number is held to its limits, and outside the expected hours any is well', async () => {
    await order(1);
    await order(2);
    const count = { url, query: 'select count(*) from orders', limits: { value: { errorBelow: 3 } } };
    await expect(check(count)).resolves.toMatchObject({
      outcome: 'down',
      message: { en: "the query's value: expected at least 3, found 2" },
      measured: { value: 2 },
    });
    await order(3);
    await expect(check(count)).resolves.toMatchObject({ outcome: 'ok', measured: { value: 3 } });
    const night = Date.parse('2027-05-03T01:00:00.000Z');
    const daytime = [{ from: '10:00', to: '14:00' }];
    expect(localDateOf(new Date(night).toISOString())).toBe('2027-05-03');
    const few = { ...count, limits: { value: { errorBelow: 9 } }, expectedHours: daytime };
    await expect(check({ ...few, now: night })).resolves.toMatchObject({ outcome: 'ok' });
    await expect(check({ ...few, now: night + 9 * 3_600_000 })).resolves.toMatchObject({ outcome: 'down' });
  });

  test.each([
    ['select 12.5::numeric', 12.5],
    ['select 3::smallint;', 3],
    ['select 4.5::float4 -- in all', 4.5],
    ["select length('a;b') /* ; */ ;  ", 3],
    ['SELECT 9007199254740991', 9_007_199_254_740_991],
  ])('%s is %d', async (query, value) => {
    const limits = { value: { errorAbove: 1e17 } };
    await expect(check({ url, query, limits })).resolves.toMatchObject({
      outcome: 'ok',
      measured: { value },
    });
  });

  test.each<[string, string, Check['limits'], string]>([
    ['several rows', 'select generate_series(1, 3)', { value: {} }, 'expected one row, found several'],
    ['no row', 'select 1 where false', { value: {} }, 'expected one row, found none'],
    ['null', 'select null::int', { value: {} }, 'expected one row, found none'],
    ['two columns', 'select 1, 2', { value: {} }, 'expected one column, found 2'],
    ['no column', 'select from orders', { value: {} }, 'expected one column, found 0'],
    ['a text', "select 'now'", age, 'expected a point in time or a number, found something else'],
    [
      'a number for an age',
      'select 1',
      age,
      'expected a point in time for the limit ageMinutes, found a number',
    ],
    [
      'a time for a number',
      'select now()',
      { value: {} },
      'expected a number for the limit value, found a point in time',
    ],
    ['no number', "select 'NaN'::float8", { value: {} }, 'expected a number, found something else'],
    [
      'a missing table',
      'select max(created) from invoices',
      age,
      'the database: relation "invoices" does not exist',
    ],
    ['nonsense', 'select selec from', age, 'the database: syntax error'],
    [
      'a billion rows, of which two are made',
      'select generate_series(1, 1000000000)',
      { value: {} },
      'several',
    ],
  ])('%s is not well', async (_, query, limits, reason) => {
    const error = await failure({ url, query, ...(limits && { limits }) });
    expect(error).toBeInstanceOf(NotWell);
    expect(error.text.en).toContain(reason);
    expect(error.text.sv).not.toBe(error.text.en);
  });

  test('nothing is written, whatever the query says', async () => {
    await order(1);
    await database.db.query(
      `create or replace function wipe() returns int language plpgsql as 'begin delete from orders; return 1; end'`,
    );
    for (const query of [
      'select wipe()',
      'select 1 into copied',
      'select 1 from orders for update',
      'select 1; delete from orders',
      "select 1 /* ; */ ; delete from orders where 'a' = 'a'",
    ])
      await failure({ url, query, limits: { value: {} } });
    await expect(database.db.query('select id from orders')).resolves.toHaveLength(1);
    await expect(database.db.query("select 1 from pg_class where relname = 'copied'")).resolves.toEqual([]);
  });

  test('a slow query is ended by the database itself', async () => {
    const query = 'select case when pg_sleep(20) is null then 1 else 2 end';
    const error = await failure({ url, query, limits: { value: {} }, timeoutSeconds: 1 });
    expect(error).toBeInstanceOf(NotWell);
    expect(error.text.en).toBe('the database did not answer within 1 s');
  });

  test('a check that is called off leaves at once, and nothing goes on without it', async () => {
    const query = 'select case when pg_sleep(3) is null then 1 else 2 end';
    const error = await failure({
      url,
      query,
      limits: { value: {} },
      timeoutSeconds: 2,
      signal: AbortSignal.timeout(300),
    });
    expect(error).toBeInstanceOf(NotWell);
    expect(error.text.en).toBe('no answer from the database');
    await noneLeft();
  });

  /** Until the database has no connection of a check any more. */
  async function noneLeft(): Promise<void> {
    const name = new URL(url).pathname.slice(1);
    const left = () =>
      database.db.query(
        "select pid from pg_stat_activity where datname = $1 and application_name = 'serviceavtal'",
        [name],
      );
    for (const until = Date.now() + 15_000; (await left()).length > 0;)
      if (Date.now() > until) throw new Error('expected no connection of a check, found one');
  }

  test('each check closes its connection, well or not', async () => {
    await order(1);
    await check({ url });
    await failure({ url, query: 'select 1, 2' });
    await noneLeft();
  });

  test.each<[string, (address: URL) => void]>([
    ['a wrong password', (address) => (address.password = 'wr0ng-one')],
    ['no password', (address) => (address.password = '')],
    ['an unknown user', (address) => (address.username = 'nobody-here')],
  ])('%s says nothing of what is checked', async (_, change) => {
    const error = await failure({ url: other(change) });
    expect(error).toBeInstanceOf(NotMade);
    expect(error.text.en).toContain('does not let the user in');
  });

  test('nor does a database that is not there', async () => {
    const error = await failure({ url: other((address) => (address.pathname = '/nothing_here')) });
    expect(error).toBeInstanceOf(NotMade);
    expect(error.text.en).toBe('the database: there is no such database');
  });

  test('nor does a table the user may not read', async () => {
    const role = `reader_${new URL(url).pathname.slice(1)}`;
    await database.db.query(`create role ${role} login password 'r3ader'`);
    try {
      const error = await failure({
        url: other((address) => {
          address.username = role;
          address.password = 'r3ader';
        }),
      });
      expect(error).toBeInstanceOf(NotMade);
      expect(error.text.en).toBe('the database: the user may not read this');
    } finally {
      await database.db.query(`drop role ${role}`);
    }
  });

  test('a server that is gone is not well', async () => {
    const free = await unusedPort();
    const error = await failure({ url: other((address) => (address.port = String(free))) });
    expect(error).toBeInstanceOf(NotWell);
    expect(error.text.en).toContain('no connection to 127.0.0.1:');
  });

  test('one that takes connections and says nothing, or hangs up, or is something else', async () => {
    const silent = await listening(() => undefined);
    const closing = await listening((socket) => socket.end());
    const wrong = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const at = (server: net.Server): string => other((address) => (address.port = String(port(server))));
    try {
      const hung = await failure({ url: at(silent), signal: AbortSignal.timeout(300) });
      expect(hung.text.en).toBe('no answer from the database');
      for (const server of [closing, wrong])
        expect(await failure({ url: at(server), signal: AbortSignal.timeout(5000) })).toBeInstanceOf(NotWell);
    } finally {
      for (const server of [silent, closing, wrong]) server.close();
    }
  });

  test('a forbidden address is not asked', async () => {
    const asked: net.Socket[] = [];
    const server = await listening((socket) => asked.push(socket));
    const error = await failure({
      url: other((address) => (address.port = String(port(server)))),
      allowed: false,
    });
    server.close();
    expect(error).toBeInstanceOf(NotMade);
    expect(asked).toEqual([]);
  });

  test('a certificate is asked for where the address says so, and one that nobody vouches for is refused', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keySize: 2048,
    });
    const { port: realPort } = new URL(url);
    let encrypted = 0;
    const front = await listening((socket) => {
      // The client asks for encryption in eight bytes, the server says yes in one.
      socket.once('data', (asked) => {
        expect(asked.readInt32BE(4)).toBe(80_877_103);
        socket.write('S');
        const secure = new tls.TLSSocket(socket, { isServer: true, key, cert });
        const real = net.connect(Number(realPort), '127.0.0.1');
        for (const one of [secure, real]) one.on('error', () => real.destroy());
        secure.once('secure', () => (encrypted += 1));
        secure.pipe(real).pipe(secure);
      });
    });
    const through = (sslmode: string): string =>
      other((address) => {
        address.port = String(port(front));
        address.hostname = 'localhost';
        address.search = `?sslmode=${sslmode}`;
      });
    try {
      await order(1);
      await expect(check({ url: through('require') })).resolves.toMatchObject({ outcome: 'ok' });
      expect(encrypted).toBeGreaterThan(0);
      const error = await failure({ url: through('verify-full') });
      expect(error).toBeInstanceOf(NotWell);
      expect(error.text.en).toContain('self-signed certificate');
    } finally {
      front.close();
    }
    const plain = await failure({ url: other((address) => (address.search = '?sslmode=require')) });
    expect(plain.text.en).toContain('does not support SSL');
  });
});

describe('a SQL Server, played by a stand-in', () => {
  let server: TdsServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  const summer = { now: column.datetimeoffset('2027-07-01T10:00:00.000Z', 120), ahead: column.int(120) };
  async function asking(answers: TdsAnswers): Promise<string> {
    server = await startTdsServer(answers);
    return `sqlserver://sa:p%40ss-w0rd@127.0.0.1:${server.port}/webshop?encrypt=false`;
  }

  test.each<[string, TdsAnswers['query'], Check['clock'], number]>([
    ['a local datetime', { value: column.datetime('2027-07-01T11:30:00Z'), ...summer }, 'local', 30],
    ['a local datetime2', { value: column.datetime2('2027-07-01T11:30:00Z'), ...summer }, undefined, 30],
    ['a datetime in UTC', { value: column.datetime('2027-07-01T09:30:00Z'), ...summer }, 'utc', 30],
    [
      'a datetimeoffset',
      { value: column.datetimeoffset('2027-07-01T09:30:00Z', -300), ...summer },
      'local',
      30,
    ],
    ['a row of last winter', { value: column.datetime('2027-01-01T12:00:00Z'), ...summer }, 'local', 260_580],
  ])('%s has its age by the server’s clock', async (_, query, clock, minutes) => {
    const url = await asking(query === undefined ? {} : { query });
    await expect(
      check({ url, limits: { ageMinutes: { errorAbove: 1e6 } }, ...(clock && { clock }) }),
    ).resolves.toMatchObject({ outcome: 'ok', measured: { ageMinutes: about(minutes) } });
  });

  test.each<[string, ReturnType<(typeof column)['int']>, number]>([
    ['an int', column.int(-7), -7],
    ['a bigint', column.bigint(9_007_199_254_740_991n), 9_007_199_254_740_991],
    ['a decimal', column.decimal(1250), 12.5],
  ])('%s is a number', async (_, value, expected) => {
    const url = await asking({ query: { value, ...summer } });
    const found = await check({ url, query: 'select 1', limits: { value: { errorAbove: 1e17 } } });
    expect(found).toMatchObject({ outcome: 'ok', measured: { value: expected } });
  });

  test('the query is sent as a single value, without waiting for locks, and connections are closed', async () => {
    const url = await asking({ query: { value: column.datetime(null), ...summer } });
    const error = await failure({
      url,
      query: "select max(created) from [dbo].[orders] where a <> ';' -- all;",
    });
    expect(error.text.en).toBe('there is no row at all');
    expect(server?.statements).toEqual([
      [
        'set nocount on; set textsize 1000; set lock_timeout 30000;',
        'set transaction isolation level read uncommitted;',
        'select (',
        "select max(created) from [dbo].[orders] where a <> ';' -- all;",
        ') as [value], sysdatetimeoffset() as [now], datepart(tzoffset, sysdatetimeoffset()) as [ahead];',
      ].join('\n'),
    ]);
    while ((server?.open() ?? 0) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  test.each<[string, TdsAnswers, typeof NotMade | typeof NotWell, string]>([
    [
      'a wrong password',
      { login: { number: 18_456, message: "Login failed for user 'sa'." } },
      NotMade,
      'does not let the user in',
    ],
    [
      'a table that may not be read',
      { query: { number: 229, message: "The SELECT permission was denied on the object 'orders'." } },
      NotMade,
      'the user may not read this',
    ],
    [
      'a missing table',
      { query: { number: 208, message: "Invalid object name 'orders'." } },
      NotWell,
      "the database: Invalid object name 'orders'.",
    ],
    [
      'several rows',
      { query: { number: 512, message: 'Subquery returned more than 1 value.' } },
      NotWell,
      'Subquery returned more than 1 value.',
    ],
    [
      'a lock that is not given up',
      { query: { number: 1222, message: 'Lock request time out period exceeded.' } },
      NotWell,
      'did not answer within 30 s',
    ],
    [
      'what would tell the password',
      { query: { number: 50_000, message: 'no p@ss-w0rd, no p%40ss-w0rd' } },
      NotWell,
      'the database: no …, no …',
    ],
    ['a text', { query: { value: column.text('now'), ...summer } }, NotWell, 'found something else'],
  ])('%s', async (_, answers, kind, reason) => {
    const error = await failure({ url: await asking(answers) });
    expect(error).toBeInstanceOf(kind);
    expect(error.text.en).toContain(reason);
  });

  test('a query that is never answered', async () => {
    const url = await asking({ query: 'silence' });
    const error = await failure({ url, timeoutSeconds: 1 });
    expect(error.text.en).toBe('the database did not answer within 1 s');
    const off = await failure({ url, signal: AbortSignal.timeout(500) });
    expect(off.text.en).toBe('no answer from the database');
  });

  test('a server that is gone, says nothing, hangs up, or has another address than allowed', async () => {
    const silent = await listening(() => undefined);
    const closing = await listening((socket) => socket.end());
    const at = (where: number): string => `sqlserver://sa:p%40ss@localhost:${where}/webshop`;
    try {
      const gone = await failure({ url: at(await unusedPort()) });
      expect(gone).toBeInstanceOf(NotWell);
      expect(gone.text.en).toContain('no connection to localhost:');
      const hung = await failure({ url: at(port(silent)), signal: AbortSignal.timeout(500) });
      expect(hung.text.en).toBe('no answer from the database');
      const slow = await failure({ url: at(port(silent)), timeoutSeconds: 1 });
      expect(slow.text.en).toBe('the database did not answer within 1 s');
      expect(await failure({ url: at(port(closing)) })).toBeInstanceOf(NotWell);
      expect(await failure({ url: at(port(silent)), allowed: false })).toBeInstanceOf(NotMade);
    } finally {
      silent.close();
      closing.close();
    }
  });

  test.each([
    ['', true, false],
    ['?encrypt=true&trustServerCertificate=true', true, true],
    ['?encrypt=false', false, true],
  ])('the address %p says how the driver connects', (parameters, encrypt, trustServerCertificate) => {
    const connection = readSqlConnection(`sqlserver://sa:p%40ss@db.acme.example/webshop${parameters}`, 'DB');
    const config = sqlServerConfig(connection, 7, async () => undefined);
    expect(config).toMatchObject({
      server: 'db.acme.example',
      port: 1433,
      user: 'sa',
      password: 'p@ss',
      database: 'webshop',
      requestTimeout: 7000,
      connectionTimeout: 7000,
      options: { encrypt, trustServerCertificate, maxRetriesOnTransientErrors: 0 },
    });
  });

  test.each([
    ['summer, in Sweden', '2027-07-01T12:00Z', 120, '2027-07-01T12:00Z', '2027-07-01T10:00:00.000Z'],
    ['written before summer time', '2027-03-27T12:00Z', 120, '2027-03-29T12:00Z', '2027-03-27T11:00:00.000Z'],
    ['elsewhere', '2027-03-27T12:00Z', -240, '2027-03-29T12:00Z', '2027-03-27T16:00:00.000Z'],
    ['twice: the first has been', '2027-10-31T02:30Z', 120, '2027-10-31T00:45Z', '2027-10-31T00:30:00.000Z'],
    ['twice: both have been', '2027-10-31T02:30Z', 60, '2027-10-31T02:00Z', '2027-10-31T01:30:00.000Z'],
  ])('a local time, %s', (_, read, ahead, now, expected) => {
    expect(new Date(instantOfLocal(Date.parse(read), ahead, Date.parse(now))).toISOString()).toBe(expected);
  });
});

describe('what is refused before anything is connected to', () => {
  test.each([
    ['mysql://user:s3cret@db/orders'],
    ['s3cret'],
    ['postgresql://db/orders'],
    ['postgresql://user:s3cret@/orders'],
    ['postgresql://user:s3cret@db'],
    ['postgresql://user:s3%zzcret@db/orders'],
    ['postgresql://user:s3cret@db/orders?sslmode=prefer'],
    ['postgresql://user:s3cret@db/orders?sslrootcert=/etc/passwd'],
    ['postgresql://user:pa?s3cret@db/orders'],
    ['postgresql://user:pa#s3cret@db/orders'],
    ['sqlserver://user:s3cret@db/orders?encrypt=yes'],
    ['sqlserver://user:s3cret@db/orders?instanceName=s3cret'],
  ])('%s is no address, and is not told', async (url) => {
    const error = await failure({ url });
    expect(error).toBeInstanceOf(NotMade);
    expect(error.text.en).toMatch(
      /^the secret DB: expected an address as (postgresql|sqlserver):\/\/user:password@host/,
    );
    expect(JSON.stringify(error.text)).not.toMatch(/s3|pa\?|pa#/);
  });

  test('an address may name a port, and an IPv6 address', () => {
    expect(readSqlConnection('postgres://u:p@[::1]:6000/d', 'DB')).toMatchObject({ host: '::1', port: 6000 });
    expect(readSqlConnection('sqlserver://u:p@[::1]/d', 'DB')).toMatchObject({ host: '::1', port: 1433 });
  });

  test.each<[string, string]>([
    ['select 1; select 2', 'expected one statement, found more after a semicolon'],
    ["select ';' ; delete from a", 'found more after a semicolon'],
    ['select 1;;', 'found more after a semicolon'],
    ['select 1) as a delete from b select (1', 'found one that closes too much'],
    ["select ')') as a delete from b --", 'found one that closes too much'],
    ['select (1', 'found one that is not closed'],
    ["select 'a", 'found one that does not, at character 8'],
    ['select 1 /* a', 'found one that does not, at character 10'],
    ['select 1 /* a /* b */', 'found one that does not, at character 10'],
  ])('%s', (query, reason) => {
    for (const dialect of ['postgresql', 'sqlserver'] as const)
      expect(() => singleStatement(query, dialect)).toThrow(reason);
  });

  test.each<[string, 'postgresql' | 'sqlserver']>([
    ["select ';)' /* ;) /* ;) */ */ -- ;)", 'postgresql'],
    ['select \'it\'\'s;\' , ";"" )" ', 'sqlserver'],
    ["select E'\\';)'", 'postgresql'],
    ['select $$;)$$, $a$ $$;) $a$', 'postgresql'],
    ['select a[1]', 'postgresql'],
    ['select [a;)]]b]', 'sqlserver'],
    ['select (select (1))', 'sqlserver'],
  ])('%s is one statement', (query, dialect) => {
    expect(singleStatement(query, dialect)).toBe(query);
    expect(singleStatement(`${query}\n ; \n`, dialect).trim()).toBe(query.trim());
  });

  test.each([
    ["select '\\' ;) '", 'postgresql' as const],
    ["select e'\\';) ", 'sqlserver' as const],
    ['select $$;)$$', 'sqlserver' as const],
    ['select [;)]', 'postgresql' as const],
  ])('%s is not, in %s', (query, dialect) => {
    expect(() => singleStatement(query, dialect)).toThrow(NotMade);
  });

  test('a check without a limit of databases, or with a missing secret, is not made', async () => {
    const error = await failure({ url: 'postgresql://u:s3cret@db/d', limits: { count: {} } });
    expect(error.text.en).toBe('expected a limit of ageMinutes or value, found none');
    const missing = await failure({ url: '' });
    expect(missing.text.en).toContain('SERVICEAVTAL_SECRET_ACME__DB is missing');
  });
});
