/** An intake that listens, on a database of its own, and what the tests put into that. */
import type { Db } from '../../../activities/db';
import { issueToken } from '../../../activities/monitors/heartbeats';
import type { Check } from '../../../rules/engine/contract/monitor';
import type { WatchedCheck } from '../../../rules/engine/monitoring/watched';
import type { Intake, IntakeOptions } from '../../../worker/intake/server';
import { startIntake } from '../../../worker/intake/server';

export const agreement = 'testbolaget-2027';
/** What `/metrics` asks for. */
export const metricsToken = 'a token of the tests';
export const withToken = { headers: { authorization: `Bearer ${metricsToken}` } };
export const linkKey = 'a key of the tests, longer than 32 characters';

/** A Wednesday, 10:00 in Stockholm. */
export const morning = Date.parse('2027-03-10T09:00:00.000Z');
export const minutes = (count: number): number => count * 60_000;

/** The tests' clock: all intakes of a test file share it, unless one is told otherwise. */
export const clock = { now: morning };

export interface Listening extends Intake {
  logged: string[];
}

export async function listen(db: Db, changed: Partial<IntakeOptions> = {}): Promise<Listening> {
  const logged: string[] = [];
  const intake = await startIntake({
    db,
    host: '127.0.0.1',
    port: 0,
    linkKey,
    metricsToken: () => metricsToken,
    now: () => clock.now,
    log: (line) => logged.push(line),
    ...changed,
  });
  return { ...intake, logged };
}

/** Puts a check into `monitors`, as the agreement's monitoring would. */
export async function watch(
  db: Db,
  check: Check,
  place = 'central',
  state = 'watched',
): Promise<WatchedCheck> {
  const watched: WatchedCheck = {
    agreement,
    customer: 'testbolaget',
    closedDays: [],
    check,
    settings: {
      intervalMinutes: 5,
      failuresBeforeAlert: 2,
      failuresWithin: 3,
      retrySeconds: 30,
      goodBeforeRecovery: 1,
      graceMinutes: 10,
      repeatMinutes: 240,
      groupBy: 'customer',
      flapping: { recoveries: 3, withinMinutes: 60 },
    },
  };
  await db.query(
    `insert into monitors (agreement, id, customer, place, shard, state, watched, configured_at)
     values ($1, $2, 'testbolaget', $3, 1, $4, $5, $6)`,
    [agreement, check.id, place, state, JSON.stringify(watched), new Date(clock.now).toISOString()],
  );
  return watched;
}

/** A job that reports every hour and may be ten minutes late, with its token. */
export async function watchJob(db: Db, changed: Partial<Check> = {}): Promise<{ id: string; token: string }> {
  const id = changed.id ?? 'nightly-import';
  const hourly = { everyMinutes: 60, lateMinutes: 10 };
  await watch(db, { id, kind: 'heartbeat', name: 'Nattlig import', ...hourly, ...changed });
  const { token } = await issueToken(db, { agreement, monitor: id }, clock.now);
  return { id, token };
}

/** An incident of a check, open, as `recordTransitions` would write it. */
export async function openIncident(db: Db, monitor: string, message = 'försenad'): Promise<number> {
  const at = new Date(clock.now).toISOString();
  const [row] = await db.query<{ id: number }>(
    `insert into incidents (agreement, monitor, class, severity, since, opened_at, message, confirmed_at)
     values ($1, $2, 'customer', 'down', $3, $3, $4, $3) returning id`,
    [agreement, monitor, at, JSON.stringify({ sv: message, en: message })],
  );
  return row!.id;
}

/** What waits to be told to the agreement's monitoring, oldest first. */
export async function told(db: Db): Promise<{ signal: string; input: Record<string, unknown> }[]> {
  const rows = await db.query<{ payload: { signal: string; input: Record<string, unknown> } }>(
    `select payload from outbox where kind = 'monitoring' and payload ? 'input' order by id`,
  );
  return rows.map(({ payload }) => payload);
}
