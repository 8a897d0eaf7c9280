import http from 'node:http';
import net from 'node:net';
import { heartbeatReader, issueToken, listHeartbeats } from '../../../activities/monitors/heartbeats';
import { monitorsOf } from '../../../activities/monitors/overview';
import { monitorsChannel } from '../../../activities/monitors/places';
import { heartbeatOutcome } from '../../../rules/engine/monitoring/heartbeat';
import { openDb } from '../../../activities/db';
import { eventually, sign } from '../../activities/signed-agreement';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { printMonitors, printResult } from '../../../worker/commands/monitors';
import type { Listening } from './listening';
import { agreement, clock, listen, minutes, morning, openIncident, watch, watchJob } from './listening';

let database: FreshDatabase;
let intake: Listening;
let token: string;

beforeEach(async () => {
  clock.now = morning;
  database = await freshDatabase();
  await sign(database.db);
  ({ token } = await watchJob(database.db));
  intake = await listen(database.db);
});

afterEach(async () => {
  await intake.stop();
  await database.close();
});

interface Said {
  status: number;
  text: string;
}

async function report(what = '', body?: string | Uint8Array, init: RequestInit = {}): Promise<Said> {
  const answer = await fetch(`${intake.url}/heartbeats/${token}${what}`, {
    method: 'POST',
    ...(body !== undefined && { body: body as string }),
    ...init,
  });
  return { status: answer.status, text: (await answer.text()).trim() };
}

const taken: Said = { status: 200, text: 'ok' };
const read = (monitor = 'nightly-import') => heartbeatReader(database.db)(agreement, monitor);
const one = async <T>(sql: string): Promise<T> => (await database.db.query<T>(sql))[0] as T;
const rechecked = async (): Promise<boolean> =>
  (await one<{ asked: boolean }>('select recheck_at is not null as asked from monitors')).asked;

describe('a job that reports', () => {
  it('is in time until its period and grace are over, from this report on', async () => {
    clock.now += minutes(3);
    expect(await report()).toEqual(taken);
    expect(await read()).toEqual({
      deadlineAt: morning + minutes(73),
      lastAt: morning + minutes(3),
      lastKind: 'success',
      succeededAt: morning + minutes(3),
    });
  });

  it('is known by its last success, whatever comes after', async () => {
    await report('/start');
    await report('/1');
    expect(await read()).not.toHaveProperty('succeededAt');
    clock.now += minutes(5);
    await report();
    clock.now += minutes(5);
    await report('/1');
    expect(await read()).toMatchObject({ lastKind: 'fail', succeededAt: morning + minutes(5) });
  });

  it('may also use GET, as simple clients do', async () => {
    expect(await report('', undefined, { method: 'GET' })).toEqual(taken);
    expect((await read())?.lastKind).toBe('success');
  });

  it.each([
    ['/start', { lastKind: 'start', startedAt: morning }],
    ['/fail', { lastKind: 'fail' }],
    ['/0', { lastKind: 'success', succeededAt: morning, exitCode: 0 }],
    ['/255', { lastKind: 'fail', exitCode: 255 }],
    ['/-1073741819', { lastKind: 'fail', exitCode: -1_073_741_819 }],
    ['/3221225477', { lastKind: 'fail', exitCode: -1_073_741_819 }],
    ['/4294967295', { lastKind: 'fail', exitCode: -1 }],
    ['/-2147483648', { lastKind: 'fail', exitCode: -2_147_483_648 }],
    ['/1/', { lastKind: 'fail', exitCode: 1 }],
  ])('says %s by its address', async (what, kept) => {
    expect(await report(what)).toEqual(taken);
    expect(await read()).toEqual({ deadlineAt: morning + minutes(70), lastAt: morning, ...kept });
  });

  it.each(['/ok', '/4294967296', '/-2147483649', '/01', '/1.5', '/%00', '/start/now'])(
    'is refused where its address says nothing: %s',
    async (what) => {
      expect((await report(what)).status).toBe(404);
      expect((await read())?.lastAt).toBeUndefined();
    },
  );

  it('has its check looked at anew when it fails, and when it heals what was an incident; not otherwise', async () => {
    let announced = 0;
    const silence = await database.db.listen(
      monitorsChannel,
      () => (announced += 1),
      () => undefined,
    );
    await report('/start');
    await report();
    expect(await rechecked()).toBe(false);
    await report('/fail');
    expect(await rechecked()).toBe(true);
    await database.db.query('update monitors set recheck_at = null');
    await openIncident(database.db, 'nightly-import');
    await report();
    expect(await rechecked()).toBe(true);
    await eventually('both were announced', () => announced === 2);
    silence();
  });

  it('may name its runs, so that each end finds its start', async () => {
    await report('/start?run=a');
    clock.now += minutes(5);
    await report('/start?run=b');
    await report('/0?run=a');
    expect(await read()).toMatchObject({
      lastKind: 'success',
      startedAt: clock.now,
      runs: { b: clock.now },
    });
    await report(`/start?run=${encodeURIComponent('\u0000åä')}&run=c`);
    expect(Object.keys((await read())?.runs ?? {})).toEqual(['b', ' åä,c']);
    await report('?run=b');
    await report(`/0?run=${encodeURIComponent('\u0000åä,c')}`);
    expect(await read()).not.toHaveProperty('startedAt');
    expect(await read()).not.toHaveProperty('runs');
  });

  it('reports twice, and twenty times at once: one state, each counted', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => report('/0', 'same')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await read()).toEqual({
      deadlineAt: morning + minutes(70),
      lastAt: morning,
      lastKind: 'success',
      succeededAt: morning,
      exitCode: 0,
      body: 'same',
    });
    expect(await one('select reports from heartbeats')).toEqual({ reports: 20 });
  });

  it('is not made worse by a report that comes out of order', async () => {
    clock.now = morning + minutes(5);
    expect(await report()).toEqual(taken);
    const before = await read();
    // Another intake, whose clock is behind or which was held up.
    const other = await listen(database.db, { now: () => morning + minutes(4) });
    for (const what of ['/fail', '/start', '/7'])
      await fetch(`${other.url}/heartbeats/${token}${what}`, { method: 'POST' });
    await other.stop();
    expect(await read()).toEqual(before);
  });

  it('is late at the instant that was set, whatever restarted meanwhile, and well again once it reports', async () => {
    await report();
    const well = async () => heartbeatOutcome(await read(), clock.now, {}).outcome;
    for (const later of [30, 60, 70]) {
      clock.now = morning + minutes(later);
      await intake.stop();
      intake = await listen(database.db);
      expect([later, await well()]).toEqual([later, 'ok']);
    }
    clock.now = morning + minutes(70) + 1;
    await intake.stop();
    intake = await listen(database.db);
    expect(await well()).toBe('down');
    await report();
    expect(await well()).toBe('ok');
    expect((await read())?.deadlineAt).toBe(clock.now + minutes(70));
  });

  it('is told that its check is not watched any more', async () => {
    await database.db.query(`update monitors set state = 'notSetUp'`);
    expect(await report()).toEqual({ status: 410, text: 'this check is not watched now' });
    await database.db.query('delete from monitors');
    expect((await report()).status).toBe(410);
    expect(await one('select reports from heartbeats')).toEqual({ reports: 0 });
  });

  it('owes its report by the check as it is now, when that was changed after the last one', async () => {
    await report();
    await database.db.query(
      `update monitors set watched = jsonb_set(watched, '{check,everyMinutes}', '120'), configured_at = $1`,
      [new Date(morning + minutes(1)).toISOString()],
    );
    expect((await read())?.deadlineAt).toBe(morning + minutes(130));
  });
});

it('a job at a time of day owes its report at that time, also on the day when summer time ends', async () => {
  const nightly = {
    id: 'nightly',
    kind: 'heartbeat' as const,
    name: 'Nattlig',
    dailyAt: '02:15',
    lateMinutes: 10,
  };
  await watch(database.db, nightly);
  const reported = Date.parse('2027-10-30T00:16:00.000Z');
  const made = await issueToken(database.db, { agreement, monitor: 'nightly' }, reported - minutes(1440));
  token = made.token;
  clock.now = reported;
  expect(await report()).toEqual(taken);
  // 02:25 of winter time.
  expect((await read('nightly'))?.deadlineAt).toBe(Date.parse('2027-10-31T01:25:00.000Z'));
});

describe('a job that has not reported yet', () => {
  it('is not said to be well: it waits for its first report', async () => {
    const stands = async (): Promise<string> => {
      const rows = await monitorsOf(database.db, { agreement, now: new Date(clock.now).toISOString() });
      return printMonitors(rows, 'sv');
    };
    await database.db.query(
      `insert into monitor_states (agreement, id, status, state)
       select agreement, id, 'ok', '{"status": "ok", "since": "2027-05-03T00:26:00.000Z"}' from monitors`,
    );
    expect(await stands()).toContain('väntar på sin första rapport sedan');
    expect(await report()).toEqual(taken);
    expect(await stands()).toContain('bra sedan');
  });

  it('has every line of what was found set in below its check', async () => {
    await database.db.query(
      `insert into monitor_states (agreement, id, status, state)
       select agreement, id, 'down', '{"status": "down", "since": "2027-05-03T00:26:00.000Z",
              "message": {"sv": "första raden\\nandra raden", "en": "first line\\nsecond line"}}' from monitors`,
    );
    const rows = await monitorsOf(database.db, { agreement, now: new Date(clock.now).toISOString() });
    const lines = printMonitors(rows, 'sv').split('\n');
    const [first, second] = ['första raden', 'andra raden'].map(
      (text) => lines.find((line) => line.trimStart() === text)?.indexOf(text) ?? -1,
    );
    expect(first).toBeGreaterThan(2);
    expect(second).toBe(first);
    const result = {
      outcome: 'down',
      at: '2027-05-03T00:26:00.000Z',
      milliseconds: 5,
      message: { sv: 'ett\ntvå', en: 'one\ntwo' },
    } as const;
    expect(printResult(result, 'sv')).toBe('NERE  ett\n      två  (tog 5 ms)');
  });

  it('is waited for at its next run, however near that is to its token or its set-up', async () => {
    // 02:00 in Sweden.
    clock.now = Date.parse('2027-05-03T00:00:00.000Z');
    const job = {
      id: 'nightly',
      kind: 'heartbeat' as const,
      name: 'Nattlig',
      dailyAt: '02:02',
      lateMinutes: 1,
    };
    await watch(database.db, job);
    const due = clock.now + minutes(3);
    await database.db.query("update monitors set configured_at = $1 where id = 'nightly'", [
      new Date(clock.now).toISOString(),
    ]);
    expect(await read('nightly')).toEqual({ deadlineAt: due });
    ({ token } = await issueToken(database.db, { agreement, monitor: 'nightly' }, clock.now));
    expect(await read('nightly')).toEqual({ deadlineAt: due });
    expect(await listHeartbeats(database.db)).toContainEqual(
      expect.objectContaining({ monitor: 'nightly', deadlineAt: new Date(due).toISOString() }),
    );
    // A report that comes as early is of that run: the next is owed tomorrow.
    expect(await report()).toEqual(taken);
    expect((await read('nightly'))?.deadlineAt).toBe(due + minutes(1440));
  });

  it('is waited for from when its token was made', async () => {
    expect(await read()).toEqual({ deadlineAt: morning + minutes(70) });
  });

  it('is waited for from when it was set up, where it has no token', async () => {
    await watch(database.db, { id: 'other', kind: 'heartbeat', name: 'Annat', everyMinutes: 1440 });
    expect(await read('other')).toEqual({ deadlineAt: morning + minutes(1440) });
    expect(await read('nobody')).toBeUndefined();
  });
});

describe('what a job sends along', () => {
  it('is kept to its last 2000 characters, blanks at the end aside', async () => {
    expect(await report('/1', `begins ${'å'.repeat(5_000)} disk full \r\n\r\n`)).toEqual(taken);
    expect((await read())?.body).toBe(`${'å'.repeat(1_990)} disk full`);
  });

  it('is read up to a megabyte, kept to its end, and the report counts', async () => {
    expect(await report('/1', `${'x'.repeat(1024 * 1024 - 5)} ends`)).toEqual(taken);
    expect((await read())?.body).toMatch(/^x{1995} ends$/);
  });

  it.each<[string, (text: string) => Buffer]>([
    ['UTF-8', (text) => Buffer.from(text)],
    ['Windows-1252', (text) => Buffer.from(text, 'latin1')],
    ['UTF-16 with a mark', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 with a mark, the other way', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', (text) => Buffer.from(text, 'utf16le')],
  ])('is read from any place on where it is %s', async (_, bytes) => {
    const end = ' Fel på rad 3: åäö';
    for (const more of [0, 1, 2, 3]) {
      expect(await report('/1', bytes(`${'x'.repeat(more)}${'åäö fel '.repeat(12_000)}${end}`))).toEqual(
        taken,
      );
      expect((await read())?.body).toBe(`${'åäö fel '.repeat(300).slice(-1_982)}${end}`);
    }
  });

  it('is refused beyond, also when it does not say how long it is', async () => {
    expect((await report('/1', 'x'.repeat(1024 * 1024 + 1))).status).toBe(413);
    expect(await stream(64, 64 * 1024)).toBe(413);
    expect((await read())?.lastAt).toBeUndefined();
    expect(await report('/1', 'short')).toEqual(taken);
  });

  it.each([
    [undefined, 'plain'],
    ['', 'plain'],
    ['application/json', '{"not": json'],
    ['application/x-www-form-urlencoded', '%%%&=&'],
    ['multipart/form-data', 'no boundary'],
    ['garbage;;;', 'anything'],
    ['text/plain; charset=utf-16', 'anything'],
  ])('is of any kind: %j', async (type, body) => {
    const headers = type === undefined ? [] : ['content-type', type];
    expect(await send(body, headers)).toBe(200);
    expect((await read())?.body).toBe(body);
  });

  it.each<[string, Buffer, string?]>([
    ['UTF-8', Buffer.from('Fel på rad 3: åäö')],
    ['Windows-1252', Buffer.from('Fel på rad 3: åäö', 'latin1')],
    [
      'Windows-1252 that is said to be UTF-8',
      Buffer.from('Fel på rad 3: åäö', 'latin1'),
      'text/plain; charset=utf-8',
    ],
    ['CP850', Buffer.from('Fel p\x86 rad 3: \x86\x84\x94', 'latin1')],
    [
      'CP850 that is named',
      Buffer.from('Fel p\x86 rad 3: \x86\x84\x94', 'latin1'),
      'text/plain; charset=cp850',
    ],
    ['UTF-16 with a mark', Buffer.from('\ufeffFel på rad 3: åäö', 'utf16le')],
    ['UTF-16 with a mark, the other way', Buffer.from('\ufeffFel på rad 3: åäö', 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from('Fel på rad 3: åäö', 'utf16le')],
    ['UTF-8 with a mark', Buffer.from('\ufeffFel på rad 3: åäö')],
    ['UTF-8 that is said to be UTF-16', Buffer.from('Fel på rad 3: åäö'), 'text/plain; charset=utf-16'],
    [
      'Mac Roman that is said to be',
      Buffer.from('Fel p\x8c rad 3: \x8c\x8a\x9a', 'latin1'),
      'text/plain; charset=macintosh',
    ],
  ])('is read where it is %s', async (_, body, type = 'application/x-www-form-urlencoded') => {
    expect(await report('/1', body, { headers: { 'content-type': type } })).toEqual(taken);
    expect((await read())?.body).toBe('Fel på rad 3: åäö');
  });

  it('is read where a character was cut off by the limit', async () => {
    expect(await report('/1', Buffer.from(`å${'xå'.repeat(8_000)}`))).toEqual(taken);
    expect((await read())?.body).toBe('xå'.repeat(1_000));
  });

  it('may be bytes that are no text: PostgreSQL, JSON and mail can hold what is kept', async () => {
    const bytes = Uint8Array.from({ length: 9_000 }, (_, index) => index % 256);
    expect(await report('/1', bytes)).toEqual(taken);
    const { body = '' } = (await read()) ?? {};
    expect(body).toHaveLength(2_000);
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(body).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ud800-\udfff]/);
  });
});

/** Sends with exactly these headers. @returns the status */
function send(body: string, headers: string[]): Promise<number> {
  const { hostname, port } = new URL(intake.url);
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        hostname,
        port,
        path: `/heartbeats/${token}/1`,
        method: 'POST',
        headers: ['host', 'intake', 'content-length', String(Buffer.byteLength(body)), ...headers],
      },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Sends pieces without saying how many. @returns the status */
function stream(pieces: number, size: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${intake.url}/heartbeats/${token}/1`, { method: 'POST' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    // After its answer the intake hangs up on whoever goes on sending.
    request.on('error', (error: NodeJS.ErrnoException) =>
      ['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? undefined : reject(error),
    );
    const next = (left: number): void => {
      if (left === 0) return void request.end();
      request.write(Buffer.alloc(size, 'x'), () => next(left - 1));
    };
    next(pieces);
  });
}

describe('who is refused', () => {
  const unknown = 'A'.repeat(43);
  const tryToken = async (wrong: string): Promise<number> =>
    (await fetch(`${intake.url}/heartbeats/${wrong}`, { method: 'POST' })).status;

  it('is whoever has a token that nobody knows, of any shape; and soon for too many tries, not so a good one', async () => {
    for (const wrong of [
      unknown,
      'x',
      `${token}x`,
      token.toLowerCase(),
      '%00',
      "' or 1=1--",
      '.'.repeat(3_000),
    ])
      expect([wrong, await tryToken(wrong)]).toEqual([wrong, 404]);
    const rest = await Promise.all(Array.from({ length: 40 }, () => tryToken(unknown)));
    expect(rest.filter((status) => status === 404)).toHaveLength(23);
    expect(rest.filter((status) => status === 429)).toHaveLength(17);
    expect(await report()).toEqual(taken);
  });

  it('is a job that reports more than sixty times a minute; another one is not', async () => {
    const other = await watchJob(database.db, { id: 'other', name: 'Annat' });
    const answers = await Promise.all(
      Array.from({ length: 65 }, () => fetch(`${intake.url}/heartbeats/${token}`, { method: 'POST' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(60);
    const late = answers.filter(({ status }) => status === 429);
    expect(late).toHaveLength(5);
    expect(Number(late[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await tryToken(other.token)).toBe(200);
  });

  it.each(['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    'is %s, which says what is possible',
    async (method) => {
      const answer = await fetch(`${intake.url}/heartbeats/${token}`, { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, POST']);
      expect((await read())?.lastAt).toBeUndefined();
    },
  );

  it('is everybody while the database is away: told to try again, logged once and without the token', async () => {
    const away = openDb('postgresql://nobody:secret@127.0.0.1:1/nothing');
    const cut = await listen(away);
    for (let count = 0; count < 3; count++) {
      const answer = await fetch(`${cut.url}/heartbeats/${token}/fail`, { method: 'POST', body: 'out' });
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
    }
    expect(cut.logged).toHaveLength(1);
    expect(cut.logged[0]).toContain('POST /heartbeats/:token/:what');
    expect(cut.logged[0]).not.toContain(token);
    await cut.stop();
    await away.close();
  });
});

describe('the log of requests', () => {
  it('is JSON, and holds no token: not of a good request, not of one that leads nowhere, not of one that cannot be read', async () => {
    const lines: string[] = [];
    const talkative = await listen(database.db, { requestLog: { write: (line) => lines.push(line) } });
    for (const where of [`heartbeats/${token}`, `heartbeat/${token}`, `heartbeats/${token}%zz`, `?${token}`])
      await fetch(`${talkative.url}/${where}`, { method: 'POST' });
    await talkative.stop();
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.map((line) => typeof JSON.parse(line))).not.toContain('string');
    expect(lines.join('')).toContain('/heartbeats/:token');
    expect(lines.join('')).not.toContain(token);
  });
});

describe('a token', () => {
  it('is kept as a hash only', async () => {
    const rows = await database.db.query<{ row: string }>(
      'select to_jsonb(h)::text as row from heartbeats h',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain(token);
    expect(JSON.stringify(await listHeartbeats(database.db))).not.toContain(token);
  });

  it('is replaced by another: the one before is unknown, what was reported stays', async () => {
    await report('/0', 'before');
    const before = await read();
    const old = token;
    const issued = await issueToken(database.db, { agreement, monitor: 'nightly-import' }, clock.now + 5);
    expect(issued.replaced).toBe(true);
    expect(await read()).toEqual(before);
    expect((await report()).status).toBe(404);
    token = issued.token;
    expect(token).not.toBe(old);
    expect(await report()).toEqual(taken);
  });

  it.each([
    ['nobody', agreement, /found no such check under nobody; it has nightly-import/],
    ['web', agreement, /found a http check under web/],
    ['empty', agreement, /found empty of testbolaget-2027 without dailyAt, weekdaysAt, cron or everyMinutes/],
    ['any', 'other-2027', /found none of other-2027: its monitoring starts with `npm start`/],
  ])('is made for a heartbeat check that is watched only: %s of %s', async (monitor, number, reason) => {
    await watch(database.db, { id: 'web', kind: 'http', name: 'Webb', url: 'https://a.example' });
    await watch(database.db, { id: 'empty', kind: 'heartbeat', name: 'Tom' }, 'central', 'notSetUp');
    const issue = () => issueToken(database.db, { agreement: number, monitor }, clock.now);
    await expect(issue()).rejects.toThrow(reason);
    await expect(issue()).rejects.toMatchObject({
      messageSv: expect.stringMatching(/^förväntade .*, hittade /) as string,
    });
  });
});

describe('a client that takes its time', () => {
  it('is cut off: half a header, half a body, and nothing at all', async () => {
    const quick = await listen(database.db, { receiveWithin: 1_000 });
    const { hostname, port } = new URL(quick.url);
    const dripping = (first: string, drop: string): Promise<string> =>
      new Promise((resolve) => {
        let answer = '';
        const socket = net.connect(Number(port), hostname, () => socket.write(first));
        const timer = setInterval(() => socket.write(drop), 200);
        socket.on('data', (data) => (answer += data.toString()));
        socket.on('error', () => undefined);
        socket.on('close', () => {
          clearInterval(timer);
          resolve(answer);
        });
      });
    const [header, body] = await Promise.all([
      dripping('POST / HTTP/1.1\r\n', 'x: y\r\n'),
      dripping(`POST /heartbeats/${token} HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n`, 'x'),
    ]);
    expect(header).toMatch(/^HTTP\/1.1 408/);
    expect(body).not.toContain('200');
    expect((await read())?.lastAt).toBeUndefined();
    await quick.stop();
  });

  it('does not hold up a stop', async () => {
    // Longer than the test may take: only the stop ends the connection.
    const other = await listen(database.db, { receiveWithin: 240_000 });
    const { hostname, port } = new URL(other.url);
    const socket = net.connect(Number(port), hostname);
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.write('POST /heartbeats/x HTTP/1.1\r\nhost: a\r\n', resolve));
    await other.stop();
    socket.destroy();
  });
});
