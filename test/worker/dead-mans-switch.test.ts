import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { findTrouble } from '../../activities/health/metrics';
import type { DeadMansSwitch } from '../../worker/processes/dead-mans-switch';
import { startDeadMansSwitch } from '../../worker/processes/dead-mans-switch';
import { eventually, signAndPlan } from '../activities/signed-agreement';
import type { FreshDatabase } from '../helpers/stack';
import { freshDatabase } from '../helpers/stack';
import { agreement, clock, watch } from './intake/listening';

let database: FreshDatabase;
let server: http.Server;
let heard: string[];
let answers: number;
let running: DeadMansSwitch | undefined;
let logged: string[];

beforeEach(async () => {
  clock.now = Date.now();
  [heard, logged, answers] = [[], [], 200];
  database = await freshDatabase();
  await signAndPlan(database.db);
  await database.db.query('delete from outbox');
  server = http.createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.writeHead(answers).end('OK');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await database.close();
});

const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`;
const begin = (changed: Partial<Parameters<typeof startDeadMansSwitch>[0]> = {}): void => {
  running = startDeadMansSwitch({
    url: url(),
    everySeconds: 0.05,
    healthy: () => findTrouble(database.db),
    log: (line) => logged.push(line),
    ...changed,
  });
};
const trouble = (): Promise<string | undefined> => findTrouble(database.db);
const query = (sql: string): Promise<unknown> =>
  database.db.query(sql, sql.includes('$1') ? [agreement] : []);
const rest = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 400));

it('tells that we live, time and again, and says nothing of it', async () => {
  begin();
  await eventually('three signs of life', () => heard.length >= 3);
  expect(new Set(heard)).toEqual(new Set(['POST /secret-path']));
  expect(logged).toEqual([]);
});

it('stops while a watch is silent, says why once, and goes on when it is back', async () => {
  await watch(database.db, { id: 'web', kind: 'http', name: 'Webb', url: 'https://a.example' });
  const beat = (ago: string): Promise<unknown> =>
    query(`insert into watches (place, shard, worker, beat_at, checks) values ('central', 1, 'w', now() - interval '${ago}', 1)
           on conflict (place, shard) do update set beat_at = excluded.beat_at`);
  await beat('2 minutes');
  begin();
  await eventually('a sign of life', () => heard.length > 0);
  await beat('4 minutes');
  await eventually('it is said', () => logged.length > 0);
  const before = heard.length;
  await rest();
  expect(heard).toHaveLength(before);
  expect(logged).toEqual([
    expect.stringMatching(
      /^not well, so 127\.0\.0\.1:\d+ is not told that we live: the watch central\/1 has been silent for 24\d s, expected at most 180$/,
    ),
  ]);
  await beat('0 minutes');
  await eventually('it goes on', () => heard.length > before && logged.length === 2);
  expect(logged[1]).toMatch(/^all is well again/);
});

it('stops while the database cannot be asked, or does not answer', async () => {
  begin({ healthy: () => Promise.reject(new Error('gone')) });
  await eventually('it is said', () => logged.length > 0);
  await rest();
  expect(heard).toEqual([]);
  expect(logged).toEqual([expect.stringContaining('the database cannot be asked: gone')]);
});

it('outlives whom it tells: a refusal and a closed door are said once, without the address, and well again', async () => {
  answers = 500;
  begin();
  await eventually('it is said', () => logged.length > 0);
  await rest();
  expect(logged).toEqual([
    expect.stringMatching(/^could not tell 127\.0\.0\.1:\d+ that we live: .* found 500$/),
  ]);
  answers = 200;
  await eventually('well again', () => logged.length === 2);
  const { port } = server.address() as AddressInfo;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await eventually('it is said', () => logged.length === 3);
  await rest();
  expect(logged[2]).toContain('ECONNREFUSED');
  server.listen(port, '127.0.0.1');
  await eventually('well again', () => logged.length === 4);
  expect(logged.join('')).not.toContain('secret-path');
});

it('takes no address but https and http', () => {
  expect(() => begin({ url: 'file:///etc/passwd' })).toThrow(
    'expected an address that begins with https:// or http://, found file:',
  );
});

describe('all is well', () => {
  it('with nothing watched, with what has just been set up, and with what is not ours to run', async () => {
    expect(await trouble()).toBeUndefined();
    await watch(database.db, { id: 'new', kind: 'tcp', name: 'Ny', host: 'a', port: 1 });
    await watch(database.db, { id: 'none', kind: 'tcp', name: 'Ej' }, 'nowhere', 'notPossible');
    await query(`update monitors set configured_at = now() - interval '1 day' where state <> 'watched'`);
    expect(await trouble()).toBeUndefined();
  });

  it('not with a watch that never began', async () => {
    await watch(database.db, { id: 'web', kind: 'tcp', name: 'Webb', host: 'a', port: 1 });
    await query(`update monitors set configured_at = now() - interval '200 seconds'`);
    expect(await trouble()).toMatch(/^the watch central\/1 has been silent for 20\d s/);
  });

  it('with a site that is known to be silent: that is told by itself; not with one whose silence nobody noticed', async () => {
    await watch(database.db, { id: 'disk', kind: 'files', name: 'Disk', folder: '/a' }, 'kontoret');
    await query(`update monitors set configured_at = now() - interval '24 hours'`);
    // While all is well there, its worker tells once a day.
    expect(await trouble()).toBeUndefined();
    await query(`update monitors set configured_at = now() - interval '26 hours'`);
    await query(`insert into sites (id, silent_since) values ('kontoret', now() - interval '1 hour')`);
    expect(await trouble()).toBeUndefined();
    await query('update sites set silent_since = null');
    expect(await trouble()).toContain('the watch kontoret/1 has been silent');
  });

  it('not with an outbox that is not told for five minutes, also while each failure puts it off', async () => {
    await query(
      `insert into outbox (agreement, kind, due_at) values ($1, 'monitoring', now() - interval '290 seconds')`,
    );
    expect(await trouble()).toBeUndefined();
    await query(`update outbox set due_at = now() - interval '301 seconds'`);
    expect(await trouble()).toMatch(/^Temporal has not been told of monitoring testbolaget-2027 for 30\d s/);
    // As the dispatcher leaves it: 1, 2, 4 and 8 seconds, then 15 each time.
    await query(`update outbox set due_at = now() + interval '10 seconds', attempts = 4 + 18`);
    expect(await trouble()).toBeUndefined();
    await query(`update outbox set due_at = now() + interval '10 seconds', attempts = 4 + 20`);
    expect(await trouble()).toContain('Temporal has not been told');
    await query('update outbox set done_at = now()');
    expect(await trouble()).toBeUndefined();
  });

  it('with what is due later; not with a mail to a desk that is ten minutes late', async () => {
    await query(
      `insert into outbox (agreement, kind, due_at) values ($1, 'contract-changed', now() + interval '1 day')`,
    );
    await query(
      `insert into desk_mails (desk, kind, agreement, incidents, due_at, decided_at, recipient)
       values ('a@b.example', 'problem', $1, '{}', now() - interval '590 seconds', now() - interval '1 hour', 'a@b.example')`,
    );
    expect(await trouble()).toBeUndefined();
    await query(`update desk_mails set due_at = now() - interval '601 seconds'`);
    expect(await trouble()).toMatch(/^mail \d+ to a desk has not been sent for 60\d s/);
    await query('update desk_mails set sent_at = now()');
    expect(await trouble()).toBeUndefined();
  });

  it('with deliveries that are put off while a service is down; not with one that nobody has looked at for ten minutes', async () => {
    await query(
      `insert into deliveries (service, headers, body, digest, state, due_at)
       values ('oneflow', '{}', '', '1', 'received', now() - interval '590 seconds'),
              ('scrive', '{}', '', '2', 'received', now() + interval '1 hour'),
              ('signed', '{}', '', '3', 'waiting', now() - interval '1 day'),
              ('signed', '{}', '', '4', 'done', now() - interval '1 day'),
              ('signed', '{}', '', '5', 'refused', now() - interval '1 day')`,
    );
    expect(await trouble()).toBeUndefined();
    await query(`update deliveries set due_at = now() - interval '601 seconds' where service = 'oneflow'`);
    expect(await trouble()).toMatch(/^deliveries of oneflow have been due for 60\d s, expected at most 600$/);
    // Another service's failures explain nothing.
    await query(`update deliveries set last_error = '503' where service = 'scrive'`);
    expect(await trouble()).toContain('deliveries of oneflow');
    // Of this one some were put off lately: the others have to wait for their turn.
    await query(
      `insert into deliveries (service, headers, body, digest, state, due_at, last_error)
       values ('oneflow', '{}', '', '6', 'received', now() + interval '900 seconds', '503')`,
    );
    expect(await trouble()).toBeUndefined();
    // They have not been tried again, either.
    await query(`update deliveries set due_at = now() - interval '700 seconds' where service = 'oneflow'`);
    expect(await trouble()).toMatch(/^deliveries of oneflow have been due for 70\d s/);
    await query(`update deliveries set state = 'done' where service = 'oneflow'`);
    expect(await trouble()).toBeUndefined();
  });
});
