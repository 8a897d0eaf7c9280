import type { WatchDeps } from '../../../activities/monitors/watch-central';
import { watchPlace } from '../../../activities/monitors/watch-central';
import { foundVersions } from '../../../activities/monitors/found-versions';
import { monitorsOf, withVersions } from '../../../activities/monitors/overview';
import { printMonitors } from '../../../worker/commands/monitors';
import type { CheckState } from '../../../rules/engine/monitoring/check-state';
import type { FoundVersion, Outcome, RunCheck, WatchedCheck } from '../../../rules/engine/monitoring/watched';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { placeChecks, watchedCheck } from '../../helpers/watched';
import { besides, eventually, sign } from '../signed-agreement';

const watch = { place: 'central', shard: 1 };
const agreement = 'testbolaget-2027';

let fresh: FreshDatabase;
beforeEach(async () => {
  fresh = await freshDatabase();
  await sign(fresh.db);
});
afterEach(() => fresh.close());

/** Checked every tenth of a second: on the wall clock, as the database is. */
const quick = (id: string, changed: Parameters<typeof watchedCheck>[1] = {}): WatchedCheck =>
  watchedCheck(id, { intervalMinutes: 0.1 / 60, retrySeconds: 0.05, ...changed });

interface Watching {
  is: Map<string, Outcome>;
  /** What checks find of versions. */
  versions: Map<string, FoundVersion>;
  /** How far the clock of results is ahead. */
  ahead: { hours: number };
  made: string[];
  lines: string[];
  end: Promise<string>;
  stop(): Promise<string>;
}

const times = { poll: 200, calm: 20, beat: 300, end: 5_000 };

function startWatching(changed: Partial<WatchDeps> = {}): Watching {
  const is = new Map<string, Outcome>();
  const versions = new Map<string, FoundVersion>();
  const ahead = { hours: 0 };
  const made: string[] = [];
  const lines: string[] = [];
  const runCheck: RunCheck = ({ check: { id } }) => {
    made.push(id);
    const outcome = is.get(id) ?? 'ok';
    const message = { sv: outcome, en: outcome };
    const version = versions.get(id);
    const at = new Date(Date.now() + ahead.hours * 3_600_000).toISOString();
    return Promise.resolve({ outcome, at, milliseconds: 1, message, ...(version && { version }) });
  };
  const ending = new AbortController();
  const { times: others, ...deps } = changed;
  const all = { db: fresh.db, runCheck, workerName: 'test', ...deps, times: { ...times, ...others } };
  const end = watchPlace(all, watch, ending.signal, (line) => lines.push(line)).catch(
    (error: Error) => error.name,
  );
  return {
    is,
    versions,
    ahead,
    made,
    lines,
    end,
    stop: () => {
      ending.abort();
      return end;
    },
  };
}

const incidents = () =>
  fresh.db.query<{ monitor: string; severity: string; closed: boolean; id: number }>(
    'select id, monitor, severity, closed_at is not null as closed from incidents order by id',
  );
const stateOf = async (id: string): Promise<CheckState | undefined> => {
  const [row] = await fresh.db.query<{ state: CheckState }>(
    'select state from monitor_states where id = $1',
    [id],
  );
  return row?.state;
};
const writes = async (): Promise<number> => {
  const [row] = await fresh.db.query<{ count: number }>(
    `select sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint as count from pg_stat_user_tables`,
  );
  return row?.count ?? 0;
};

it('checks what is watched, and opens and closes an incident with the states, in the outbox too', async () => {
  await placeChecks(fresh.db, 'central', 1, [quick('orders'), quick('vouchers')]);
  const watching = startWatching();
  await eventually(
    'both are well',
    async () => (await stateOf('orders'))?.status === 'ok' && (await stateOf('vouchers'))?.status === 'ok',
  );
  const wakes = () =>
    fresh.db.query(
      `select 1 from outbox where kind = 'monitoring' and payload ->> 'signal' = 'incidentsChanged'`,
    );
  const before = (await wakes()).length;
  // That the new checks are well is told: once for both, or once for each.
  expect([1, 2]).toContain(before);
  watching.is.set('orders', 'down');
  await eventually('an incident is open', async () => (await incidents()).length === 1);
  expect(await incidents()).toEqual([
    expect.objectContaining({ monitor: 'orders', severity: 'down', closed: false }),
  ]);
  expect((await stateOf('orders'))?.status).toBe('down');
  watching.is.clear();
  await eventually('it is closed', async () => (await incidents())[0]?.closed === true);
  expect(await wakes()).toHaveLength(before + 2);
  expect(await watching.stop()).toBe('calledOff');
  expect(watching.lines).toEqual([]);
});

it('writes nothing for healthy checks but its own sign of life', async () => {
  await placeChecks(
    fresh.db,
    'central',
    1,
    Array.from({ length: 50 }, (_, index) => quick(`check-${index}`)),
  );
  const watching = startWatching({ times: { beat: 1_000 } });
  await eventually(
    'all are well',
    async () => (await fresh.db.query(`select 1 from monitor_states where status = 'ok'`)).length === 50,
  );
  await fresh.db.query('select pg_stat_force_next_flush()');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const [before, made] = [await writes(), watching.made.length];
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const after = await writes();
  expect(watching.made.length - made).toBeGreaterThan(500);
  expect(after - before).toBeLessThanOrEqual(5);
  const [row] = await fresh.db.query<{
    checks: number;
    made: number;
    bad: number;
    seen: Record<string, number[]>;
  }>('select checks, made, bad, seen from watches');
  expect(row).toMatchObject({ checks: 50, bad: 0 });
  expect(row!.made).toBeGreaterThan(200);
  const [lastAt, lastGood] = row!.seen[`${agreement}/check-7`]!;
  expect(Math.abs(Date.now() / 1000 - lastAt!)).toBeLessThan(5);
  expect(lastGood).toBe(lastAt);
  await watching.stop();
});

it('keeps the versions that a check finds, tells of a new one once, and sets them beside the contract', async () => {
  const reports = quick('services');
  const watched = {
    ...reports,
    check: { ...reports.check, reportsVersion: { of: 'visma-business', path: 'v' } },
  };
  await placeChecks(fresh.db, 'central', 1, [watched, quick('orders')]);
  const about = async () =>
    (await foundVersions(fresh.db, agreement)).find(({ subject }) => subject === 'visma-business');
  expect(await about()).toMatchObject({ kind: 'system', declared: '17.0', found: [], differs: false });
  const wakes = async () => (await fresh.db.query(`select 1 from outbox where kind = 'monitoring'`)).length;
  const watching = startWatching();
  const find = async (version: string) => {
    watching.ahead.hours += 2;
    watching.versions.set('services', { of: 'visma-business', version });
    await eventually(version, async () => (await about())?.found[0]?.version === version);
  };
  await find('17.00.3');
  expect(await about()).toMatchObject({ differs: false, found: [{ monitor: 'services', isCurrent: true }] });
  const before = await wakes();
  await find('18.10.0');
  expect(await about()).toMatchObject({ differs: true });
  await find('17.00.3');
  await eventually('it is seen again', async () => {
    const [last] = (await about())!.found;
    return last!.lastSeenAt > last!.firstSeenAt;
  });
  const rows = await fresh.db.query<{ version: string }>(
    'select version from found_versions order by first_seen_at',
  );
  expect(rows.map(({ version }) => version)).toEqual(['17.00.3', '18.10.0', '17.00.3']);
  expect(await wakes()).toBe(before + 2);
  watching.versions.set('services', { of: 'visma-business', problem: { sv: 'ingen', en: 'none' } });
  const made = watching.made.length;
  await eventually('it is looked for in vain', () => watching.made.length > made + 4);
  watching.ahead.hours += 2;
  await eventually('it is not found any more', async () => (await about())?.found[0]?.isCurrent === false);
  expect(await about()).toMatchObject({ found: [{ version: '17.00.3' }] });
  await find('18.10.0');
  const listed = await withVersions(fresh.db, await monitorsOf(fresh.db, { now: new Date().toISOString() }));
  expect(printMonitors(listed, 'sv')).toMatch(
    /version av visma-business: 18\.10\.0 sedan \S+ \S+ \(avtalet säger 17\.0\)/,
  );
  await watching.stop();
  expect(watching.lines).toEqual([]);
});

it('takes up what changes while it watches', async () => {
  await placeChecks(fresh.db, 'central', 1, [quick('orders'), quick('old')]);
  const watching = startWatching({ times: { poll: 60_000 } });
  await eventually('it began', () => watching.made.includes('old') && watching.made.includes('orders'));
  watching.is.set('new', 'down');
  await placeChecks(fresh.db, 'central', 1, [quick('orders'), quick('new')]);
  await eventually('the new one is down', async () => (await incidents()).length === 1);
  const made = watching.made.length;
  await eventually('more is checked', () => watching.made.length > made + 20);
  expect(watching.made.slice(made)).not.toContain('old');
  expect(await stateOf('old')).toBeUndefined();
  expect(await watching.stop()).toBe('calledOff');
});

it('goes on where another left off: no new incident, the same state', async () => {
  await placeChecks(fresh.db, 'central', 1, [quick('orders')]);
  const one = startWatching();
  one.is.set('orders', 'down');
  await eventually('an incident is open', async () => (await incidents()).length === 1);
  await one.stop();
  const before = await stateOf('orders');
  const two = startWatching();
  two.is.set('orders', 'down');
  await eventually('it is checked again', () => two.made.length > 5);
  await two.stop();
  expect(await incidents()).toHaveLength(1);
  expect((await stateOf('orders'))?.since).toBe(before?.since);
  const three = startWatching();
  await eventually('it is closed', async () => (await incidents())[0]?.closed === true);
  await three.stop();
});

it('does not check again what was checked lately, though its state was written long ago', async () => {
  const hourly = watchedCheck('orders', { intervalMinutes: 1440 });
  await placeChecks(fresh.db, 'central', 1, [hourly, quick('vouchers')]);
  await fresh.db.query(
    `insert into monitor_states (agreement, id, status, state) values ($1, 'orders', 'ok', $2)`,
    [
      agreement,
      JSON.stringify({
        status: 'ok',
        since: '2020-01-01T00:00:00.000Z',
        recent: 'o',
        recovered: [],
        lastAt: '2020-01-01T00:00:00.000Z',
      }),
    ],
  );
  await fresh.db.query(
    `insert into watches (place, shard, worker, beat_at, checks, seen) values ('central', 1, 'before', now(), 2, $1)`,
    [
      JSON.stringify({
        [`${agreement}/orders`]: [Math.floor(Date.now() / 1000), Math.floor(Date.now() / 1000)],
      }),
    ],
  );
  const watching = startWatching();
  await eventually('others are checked', () => watching.made.length > 10);
  expect(watching.made).not.toContain('orders');
  await watching.stop();
});

it('gets a fresh result for whoever waits: a bad state is confirmed, the wish is fulfilled', async () => {
  await placeChecks(fresh.db, 'central', 1, [
    watchedCheck('orders', { retrySeconds: 0.05 }),
    watchedCheck('vouchers'),
  ]);
  const wish = () =>
    fresh.db.transaction(async (tx) => {
      await tx.query('update monitors set recheck_at = clock_timestamp()');
      await tx.query(`select pg_notify('serviceavtal_monitors', 'central/1')`);
    });
  const open = async () =>
    (await fresh.db.query('select 1 from monitors where recheck_at is not null')).length;
  await wish();
  const watching = startWatching();
  watching.is.set('orders', 'down');
  await eventually('an incident is open', async () => (await incidents()).length === 1);
  await eventually('the wish is fulfilled', async () => (await open()) === 0);
  const confirmedAt = async () =>
    (await fresh.db.query<{ at: string }>('select confirmed_at as at from incidents'))[0]!.at;
  const before = await confirmedAt();
  const made = watching.made.length;
  await wish();
  await eventually('it is confirmed', async () => (await confirmedAt()) > before && (await open()) === 0);
  expect(watching.made.length - made).toBeLessThanOrEqual(4);
  expect(await incidents()).toHaveLength(1);
  await watching.stop();
});

it('of two watchers only the one that came last writes; the other gives up', async () => {
  await placeChecks(fresh.db, 'central', 1, [quick('orders')]);
  await besides(fresh.databaseUrl, async (db) => {
    const old = startWatching({ db, times: { beat: 60_000, poll: 60_000 } });
    await eventually('it is well', async () => (await stateOf('orders'))?.status === 'ok');
    const young = startWatching({ workerName: 'young' });
    await eventually('the other checks too', () => young.made.length > 3);
    old.is.set('orders', 'down');
    expect(await old.end).toBe('Superseded');
    expect(await incidents()).toEqual([]);
    young.is.set('orders', 'down');
    await eventually('an incident is open', async () => (await incidents()).length === 1);
    expect(await young.stop()).toBe('calledOff');
    const [row] = await fresh.db.query<{ worker: string }>('select worker from watches');
    expect(row!.worker).toMatch(/^young /);
  });
});

it('ends when it has had nothing to watch for a while, and when it is to be renewed', async () => {
  const idle = startWatching({ times: { idle: 500 } });
  expect(await idle.end).toBe('idle');
  await placeChecks(fresh.db, 'central', 1, [quick('orders')]);
  const begun = Date.now();
  const long = startWatching({ times: { idle: 300, renew: 1_000 } });
  expect(await long.end).toBe('renewed');
  expect(Date.now() - begun).toBeGreaterThan(900);
});

it('does not lose what it found while the database refuses it', async () => {
  await placeChecks(fresh.db, 'central', 1, [quick('orders')]);
  const watching = startWatching();
  await eventually('it is well', async () => (await stateOf('orders'))?.status === 'ok');
  await fresh.db.query('alter table incidents rename to away');
  watching.is.set('orders', 'down');
  await eventually('it says so', () =>
    watching.lines.some((line) => line.includes('waits for the database')),
  );
  const made = watching.made.length;
  await eventually('checks go on', () => watching.made.length > made + 10);
  await fresh.db.query('alter table away rename to incidents');
  await eventually('an incident is open', async () => (await incidents()).length === 1);
  await watching.stop();
});

it('tells nothing of a check that is gone by the time it is written', async () => {
  await placeChecks(fresh.db, 'central', 1, [quick('orders'), quick('gone')]);
  const watching = startWatching({ times: { poll: 60_000 } });
  await eventually('both are well', async () => (await stateOf('gone'))?.status === 'ok');
  await fresh.db.query(`delete from monitors where id = 'gone'`);
  watching.is.set('gone', 'down').set('orders', 'down');
  await eventually('the other is told', async () => (await incidents()).length > 0);
  const made = watching.made.length;
  await eventually('more is checked', () => watching.made.length > made + 20);
  expect((await incidents()).map(({ monitor }) => monitor)).toEqual(['orders']);
  await watching.stop();
});
