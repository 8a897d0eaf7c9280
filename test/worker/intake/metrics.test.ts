import http from 'node:http';
import { openDb } from '../../../activities/db';
import { signAndPlan } from '../../activities/signed-agreement';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import type { Listening } from './listening';
import { agreement, clock, listen, morning, openIncident, watch, watchJob, withToken } from './listening';

let database: FreshDatabase;
let intake: Listening;

beforeEach(async () => {
  clock.now = Date.now();
  database = await freshDatabase();
  await signAndPlan(database.db);
  await database.db.query('delete from outbox');
  intake = await listen(database.db);
});

afterEach(async () => {
  await intake.stop();
  await database.close();
});

/** The series of an exposition by name and labels. @throws at a line that is none of the format's */
function parse(text: string): Record<string, number> {
  const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
  const sample = new RegExp(
    `^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{${label}(?:,${label})*\\})?) (-?[0-9.]+(?:e[+-]?[0-9]+)?|[+-]Inf|NaN)$`,
  );
  const series: Record<string, number> = {};
  const described = new Map<string, Set<string>>();
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const about = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) \S.*$/.exec(line);
    if (about) {
      const [, what = '', name = ''] = about;
      const known = described.get(name) ?? new Set();
      expect([name, what, known.has(what)]).toEqual([name, what, false]);
      described.set(name, known.add(what));
      continue;
    }
    const found = sample.exec(line);
    if (!found) throw new Error(`expected a comment or a sample, found: ${line}`);
    const [, name = '', value = ''] = found;
    expect([name, series[name]]).toEqual([name, undefined]);
    const base = name.replace(/\{.*/, '');
    const family = base.replace(/_(bucket|sum|count)$/, '');
    expect([name, described.get(base)?.size ?? described.get(family)?.size]).toEqual([name, 2]);
    series[name] = Number(value.replace('Inf', 'Infinity'));
  }
  for (const name of described.keys()) expect(name).toMatch(/^serviceavtal_/);
  return series;
}

async function figures(from = intake): Promise<Record<string, number>> {
  const answer = await fetch(`${from.url}/metrics`, withToken);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  return parse(await answer.text());
}

describe('the figures of monitoring', () => {
  it('are there, and nought, before anything is watched', async () => {
    expect(await figures()).toMatchObject({
      serviceavtal_database_up: 1,
      'serviceavtal_checks{state="down"}': 0,
      'serviceavtal_incidents_open{class="customer",severity="down",taken="false"}': 0,
      'serviceavtal_incidents_suppressed{reason="parent"}': 0,
      serviceavtal_desk_mails_unsent: 0,
      serviceavtal_outbox_waiting: 0,
      serviceavtal_outbox_age_seconds: 0,
      'serviceavtal_mails_unsettled{state="unknown"}': 0,
      'serviceavtal_audit_findings{kind="runMissing"}': 0,
      serviceavtal_audit_age_seconds: -1,
      serviceavtal_audit_failing: 0,
      serviceavtal_sites_silent: 0,
      serviceavtal_heartbeats_late: 0,
      'serviceavtal_heartbeat_reports_total{kind="fail"}': 0,
    });
  });

  it('are those of the database', async () => {
    const { db } = database;
    await watch(db, { id: 'web', kind: 'http', name: 'Webb "1"\n', url: 'https://a.example' });
    await watch(db, { id: 'tcp', kind: 'tcp', name: 'Port' }, 'kontoret', 'notSetUp');
    await watch(db, { id: 'seen', kind: 'tcp', name: 'Port', host: 'a', port: 1 });
    const job = await watchJob(db);
    await db.query(
      `insert into monitor_states (agreement, id, status, state) values ($1, 'seen', 'down', '{}')`,
      [agreement],
    );
    await db.query(`update heartbeats set deadline_at = now() - interval '1 second'`);
    await db.query(
      `insert into watches (place, shard, worker, beat_at, checks, made, bad)
       values ('central', 1, 'w', now() - interval '42 seconds', 3, 2, 1)`,
    );
    const muted = await openIncident(db, 'seen');
    await openIncident(db, 'web');
    await db.query(`update incidents set suppressed = 'parent:web', taken_at = now() where id = $1`, [muted]);
    const closed = await openIncident(db, 'other');
    await db.query('update incidents set closed_at = now() where id = $1', [closed]);
    await db.query(
      `insert into desk_mails (desk, kind, agreement, incidents, due_at, decided_at, recipient)
       values ('a@b.example', 'problem', $1, '{}', now() - interval '100 seconds', now() - interval '90 seconds', 'a@b.example'),
              ('a@b.example', 'problem', $1, '{}', now() + interval '1 hour', now(), 'a@b.example')`,
      [agreement],
    );
    await db.query(
      `insert into outbox (agreement, kind, due_at) values ($1, 'monitoring', now() - interval '7 seconds')`,
      [agreement],
    );
    await db.query(
      `insert into audit_findings (kind, subject, detail, found_at, seen_at) values ('mailTwice', 'a', '{}', now(), now())`,
    );
    await db.query(
      `insert into audits (begun_at, ended_at, failed) values (now(), now() - interval '42 seconds', 'no answer')`,
    );
    await db.query(`insert into sites (id, silent_since) values ('kontoret', now()), ('lagret', null)`);
    await fetch(`${intake.url}/heartbeats/${job.token}/fail`, { method: 'POST' });
    await db.query(`update heartbeats set deadline_at = now() - interval '1 second'`);
    const found = await figures();
    expect(found).toMatchObject({
      'serviceavtal_audit_findings{kind="mailTwice"}': 1,
      serviceavtal_audit_failing: 1,
      'serviceavtal_checks{state="down"}': 1,
      'serviceavtal_checks{state="pending"}': 2,
      'serviceavtal_checks{state="notSetUp"}': 1,
      'serviceavtal_incidents_open{class="customer",severity="down",taken="true"}': 1,
      'serviceavtal_incidents_open{class="customer",severity="down",taken="false"}': 1,
      'serviceavtal_incidents_suppressed{reason="parent"}': 1,
      'serviceavtal_watch_checks{place="central",shard="1"}': 3,
      'serviceavtal_watch_checks_made{place="central",shard="1"}': 2,
      'serviceavtal_watch_checks_bad{place="central",shard="1"}': 1,
      serviceavtal_desk_mails_unsent: 1,
      serviceavtal_outbox_waiting: 1,
      serviceavtal_sites: 2,
      serviceavtal_sites_silent: 1,
      serviceavtal_heartbeats: 1,
      serviceavtal_heartbeats_late: 1,
      'serviceavtal_heartbeat_reports_total{kind="fail"}': 1,
      'serviceavtal_intake_requests_total{route="/heartbeats/:token/:what",method="POST",status="200"}': 1,
      'serviceavtal_intake_request_duration_seconds_count{route="/heartbeats/:token/:what"}': 1,
    });
    const ages = [
      'watch_beat_age_seconds{place="central",shard="1"}',
      'desk_mails_unsent_age_seconds',
      'outbox_age_seconds',
    ].map((name) => found[`serviceavtal_${name}`]);
    [42, 90, 7].forEach((age, index) => {
      expect(ages[index]).toBeGreaterThanOrEqual(age);
      expect(ages[index]).toBeLessThan(age + 20);
    });
  });

  it('are read at most every five seconds, by however many', async () => {
    let asked = 0;
    const { db } = database;
    const counted: typeof db = {
      ...db,
      query: (sql, parameters) => {
        asked += 1;
        return db.query(sql, parameters);
      },
    };
    let at = morning;
    const other = await listen(counted, { now: () => at });
    await Promise.all(Array.from({ length: 20 }, () => figures(other)));
    expect(asked).toBe(15);
    for (const [milliseconds, times] of [[4_999, 1] as const, [5_000, 2] as const]) {
      at = morning + milliseconds;
      await figures(other);
      expect(asked).toBe(15 * times);
    }
    await other.stop();
  });

  it('say that the database is away, and nothing of before', async () => {
    const away = openDb('postgresql://nobody@127.0.0.1:1/nothing');
    const cut = await listen(away);
    const found = await figures(cut);
    expect(found).toMatchObject({ serviceavtal_database_up: 0 });
    expect(Object.keys(found).filter((name) => name.startsWith('serviceavtal_checks'))).toEqual([]);
    await cut.stop();
    await away.close();
  });

  it('do not grow with what clients make up', async () => {
    for (let count = 0; count < 20; count++) await fetch(`${intake.url}/made-up-${count}`);
    await new Promise<void>((resolve, reject) => {
      const { hostname, port } = new URL(intake.url);
      const request = http.request({ hostname, port, path: '/x', method: 'PROPFIND' }, (answer) => {
        answer.resume();
        answer.on('end', resolve);
      });
      request.on('error', reject);
      request.end();
    });
    const found = await figures();
    expect(
      Object.entries(found).filter(([name]) => name.startsWith('serviceavtal_intake_requests_total')),
    ).toEqual([
      ['serviceavtal_intake_requests_total{route="none",method="GET",status="404"}', 20],
      ['serviceavtal_intake_requests_total{route="none",method="other",status="404"}', 1],
    ]);
  });
});

describe('who may read them', () => {
  /** What a request with these headers is answered; Node's `fetch` would not send another host. */
  const ask = (url: string, headers: http.OutgoingHttpHeaders = {}): Promise<[number | undefined, string]> =>
    new Promise((resolve, reject) => {
      http
        .get(`${url}/metrics`, { headers, agent: false }, (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (more: string) => (text += more));
          answer.on('end', () => resolve([answer.statusCode, text.trim()]));
        })
        .on('error', reject);
    });
  /** From this machine: as itself, through a proxy that adds no header, by a foreign name, through one that adds some. */
  const callers = [
    {},
    { host: 'metrics.evil.example' },
    ...['x-forwarded-for', 'forwarded', 'via'].map((name) => ({ [name]: 'for=1.2.3.4' })),
  ];

  it('is nobody, not even on this machine, where no token is set: the setting is named', async () => {
    const open = await listen(database.db, { metricsToken: undefined });
    for (const headers of [...callers, { authorization: 'Bearer undefined' }, { authorization: 'Bearer ' }])
      expect([headers, await ask(open.url, headers)]).toEqual([
        headers,
        [403, 'expected SERVICEAVTAL_METRICS_TOKEN to be set, found nothing'],
      ]);
    await open.stop();
  });

  it('is whoever brings the token of now where one is set, and nobody else', async () => {
    let token = 'sixteen letters!';
    const guarded = await listen(database.db, { metricsToken: () => token });
    for (const headers of [...callers, { authorization: 'Bearer sixteen letters?' }])
      expect([headers, (await ask(guarded.url, headers))[0]]).toEqual([headers, 401]);
    const bringing = { authorization: 'Bearer sixteen letters!' };
    expect((await ask(guarded.url, bringing))[0]).toBe(200);
    token = 'another one since';
    expect((await ask(guarded.url, bringing))[0]).toBe(401);
    await guarded.stop();
  });
});

describe('how the intake is', () => {
  const ask = async (where: string, from = intake): Promise<[number, string]> => {
    const answer = await fetch(`${from.url}${where}`);
    return [answer.status, (await answer.text()).trim()];
  };

  it('is alive and ready on a database that has all migrations', async () => {
    expect(await ask('/healthz')).toEqual([200, 'ok']);
    expect(await ask('/readyz')).toEqual([200, 'ready']);
  });

  it('is not ready while the database lacks a migration', async () => {
    await database.db.query(`delete from migrations where name = '009-monitoring.sql'`);
    expect(await ask('/readyz')).toEqual([503, 'not ready: the database lacks 009-monitoring.sql']);
    expect(await ask('/healthz')).toEqual([200, 'ok']);
  });

  it('is not ready on a database that a newer version has migrated', async () => {
    await database.db.query(`insert into migrations (name) values ('999-latest.sql')`);
    const [status, text] = await ask('/readyz');
    expect([status, text]).toEqual([503, expect.stringMatching(/newer version .* 999-latest\.sql/)]);
  });

  it('is not ready without a database, or with one that hangs', async () => {
    const away = openDb('postgresql://nobody@127.0.0.1:1/nothing');
    const hanging: typeof away = { ...away, query: () => new Promise(() => undefined) };
    for (const db of [away, hanging]) {
      const cut = await listen(db);
      expect(await ask('/readyz', cut)).toEqual([503, 'not ready: the database does not answer']);
      expect(await ask('/healthz', cut)).toEqual([200, 'ok']);
      await cut.stop();
    }
    await away.close();
  });

  it('says plainly what is not there, and not possible', async () => {
    expect(await ask('/nothing')).toEqual([404, 'not found']);
    expect(await ask('/%zz')).toEqual([400, 'bad request']);
    expect((await fetch(`${intake.url}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
  });

  it('says which port is taken, and by which setting another is named', async () => {
    const port = Number(new URL(intake.url).port);
    await expect(listen(database.db, { port })).rejects.toThrow(
      `expected port ${port} on 127.0.0.1 to be free for the intake, found another program on it; SERVICEAVTAL_PORT_INTAKE names another`,
    );
  });
});
