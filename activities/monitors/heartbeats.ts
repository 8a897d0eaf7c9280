/** Heartbeats of the customers' jobs: their tokens, their last reports, and when the next one is due. */
import { createHash, randomBytes } from 'node:crypto';
import type { Instant } from '../../rules/engine/contract/contract';
import type { HeartbeatReport, ReportedHeartbeat } from '../../rules/engine/monitoring/heartbeat';
import { afterReport, awaitedHeartbeat, deadlineAfter } from '../../rules/engine/monitoring/heartbeat';
import type { WatchedCheck } from '../../rules/engine/monitoring/watched';
import { closedDaysOf } from '../../rules/engine/terms/support-hours';
import type { Db, Queryable } from '../db';
import type { CheckDeps } from './checks/checker';
import { announceMonitors } from './places';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import type { Text } from '../../rules/engine/basics/text';

/** What a token looks like: 32 random bytes. */
const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

/** The hash that is stored of a token: whoever reads the database cannot report with it. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The check whose job reports. */
export interface Heartbeat {
  agreement: string;
  monitor: string;
}

/** The check that a token reports for, if it is one of ours. */
export async function heartbeatOf(db: Queryable, token: string): Promise<Heartbeat | undefined> {
  if (!tokenPattern.test(token)) return undefined;
  const [known] = await db.query<Heartbeat>(
    'select agreement, monitor from heartbeats where token_hash = $1',
    [hashOf(token)],
  );
  return known;
}

/** The last report, as PostgreSQL keeps it. */
interface StoredReport {
  deadlineAt: Instant | null;
  lastAt: Instant | null;
  lastKind: 'start' | 'success' | 'fail' | null;
  succeededAt: Instant | null;
  startedAt: Instant | null;
  runs: Record<string, number> | null;
  exitCode: number | null;
  body: string | null;
}

const reportColumns = `h.deadline_at as "deadlineAt", h.last_at as "lastAt", h.last_kind as "lastKind",
  h.succeeded_at as "succeededAt", h.started_at as "startedAt", h.runs, h.exit_code as "exitCode", h.body`;

function stateOf(stored: StoredReport): ReportedHeartbeat {
  const { deadlineAt, lastAt, lastKind, succeededAt, startedAt, runs, exitCode, body } = stored;
  return {
    ...(deadlineAt !== null && { deadlineAt: Date.parse(deadlineAt) }),
    ...(lastAt !== null && { lastAt: Date.parse(lastAt) }),
    ...(lastKind !== null && { lastKind }),
    ...(succeededAt !== null && { succeededAt: Date.parse(succeededAt) }),
    ...(startedAt !== null && { startedAt: Date.parse(startedAt) }),
    ...(runs !== null && { runs }),
    ...(exitCode !== null && { exitCode }),
    ...(body !== null && { body }),
  };
}

/** By when the first report has to come, after a new token, or after the check was set up without one. */
const firstDeadline = (at: number, watched: WatchedCheck): number | undefined =>
  awaitedHeartbeat(at, watched.check, closedDaysOf(watched)).deadlineAt;

const instant = (milliseconds: number | undefined): Instant | null =>
  milliseconds === undefined ? null : new Date(milliseconds).toISOString();

/**
 * Stores a job's report, under the lock of its row: two at the same time are stored one after the other.
 * @returns `unwatched` where the token is known but its check is not watched (any more): nothing is stored then
 */
export async function recordReport(
  db: Db,
  { agreement, monitor }: Heartbeat,
  report: HeartbeatReport,
): Promise<'recorded' | 'unwatched'> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<StoredReport & { watched: WatchedCheck; place: string; shard: number }>(
      `select ${reportColumns}, m.watched, m.place, m.shard
         from heartbeats h join monitors m on m.agreement = h.agreement and m.id = h.monitor
        where h.agreement = $1 and h.monitor = $2 and m.state = 'watched' for update of h`,
      [agreement, monitor],
    );
    if (row?.watched.check.kind !== 'heartbeat') return 'unwatched';
    const before = stateOf(row);
    const after = afterReport(before, report, row.watched.check, closedDaysOf(row.watched));
    const { deadlineAt, lastAt, lastKind, startedAt, runs, exitCode, body } = after;
    await tx.query(
      `update heartbeats set deadline_at = $3, last_at = $4, last_kind = $5, started_at = $6, exit_code = $7, body = $8, runs = $9,
              succeeded_at = greatest(succeeded_at, $10), reports = reports + 1
        where agreement = $1 and monitor = $2`,
      [
        agreement,
        monitor,
        instant(deadlineAt),
        instant(lastAt),
        lastKind ?? null,
        instant(startedAt),
        exitCode ?? null,
        body ?? null,
        runs === undefined ? null : JSON.stringify(runs),
        report.kind === 'success' ? instant(report.at) : null,
      ],
    );
    if (await changesThings(tx, agreement, monitor, report)) {
      await tx.query('update monitors set recheck_at = now() where agreement = $1 and id = $2', [
        agreement,
        monitor,
      ]);
      await announceMonitors(tx, row);
    }
    return 'recorded';
  });
}

/** Whether the check has to run at once because of a report: the job failed, or succeeded while an incident is open. */
async function changesThings(
  tx: Queryable,
  agreement: string,
  monitor: string,
  { kind }: HeartbeatReport,
): Promise<boolean> {
  if (kind !== 'success') return kind === 'fail';
  const [open] = await tx.query(
    'select 1 from incidents where agreement = $1 and monitor = $2 and closed_at is null limit 1',
    [agreement, monitor],
  );
  return open !== undefined;
}

/**
 * Reads the last report of a job, for its check. For a job that has not reported yet the wait begins when its token was
 * made, or, without a token, when the check was set up.
 */
export function heartbeatReader(db: Queryable): NonNullable<CheckDeps['heartbeat']> {
  return async (agreement, monitor): Promise<ReportedHeartbeat | undefined> => {
    const [row] = await db.query<
      StoredReport & { watched: WatchedCheck; configuredAt: Instant; createdAt: Instant | null }
    >(
      `select ${reportColumns}, h.created_at as "createdAt", m.watched, m.configured_at as "configuredAt"
         from monitors m left join heartbeats h on h.agreement = m.agreement and h.monitor = m.id
        where m.agreement = $1 and m.id = $2`,
      [agreement, monitor],
    );
    if (!row) return undefined;
    const state = stateOf(row);
    const from = row.lastAt ?? row.createdAt ?? row.configuredAt;
    // The check was set up anew since the report: the deadline stored with the report is of another period.
    const stands = state.deadlineAt !== undefined && row.configuredAt <= from;
    if (stands || state.lastKind === 'start') return state;
    const { check } = row.watched;
    const deadlineAt =
      row.lastAt === null
        ? firstDeadline(Date.parse(from), row.watched)
        : deadlineAfter(Date.parse(from), check, closedDaysOf(row.watched));
    return { ...state, ...(deadlineAt !== undefined && { deadlineAt }) };
  };
}

/**
 * Stores anew by when jobs have to report whose checks were changed: what was stored with a report was of the check as it
 * was then.
 *
 * @param configuredAt when they were changed
 */
export async function renewDeadlines(tx: Queryable, agreement: string, configuredAt: Instant): Promise<void> {
  const rows = await tx.query<StoredReport & { monitor: string; watched: WatchedCheck; createdAt: Instant }>(
    `select ${reportColumns}, h.monitor, h.created_at as "createdAt", m.watched
       from heartbeats h join monitors m on m.agreement = h.agreement and m.id = h.monitor
      where h.agreement = $1 and m.configured_at = $2 and m.watched #>> '{check,kind}' = 'heartbeat' for update of h`,
    [agreement, configuredAt],
  );
  for (const { monitor, watched, createdAt, ...stored } of rows)
    await tx.query('update heartbeats set deadline_at = $3 where agreement = $1 and monitor = $2', [
      agreement,
      monitor,
      instant(deadlineBy(watched, stateOf(stored), Date.parse(createdAt))),
    ]);
}

/** By when a job has to report, by its check as it is now. */
function deadlineBy(
  watched: WatchedCheck,
  { lastAt, lastKind, succeededAt }: ReportedHeartbeat,
  createdAt: number,
): number | undefined {
  const { check } = watched;
  const closed = closedDaysOf(watched);
  if (lastAt === undefined) return firstDeadline(createdAt, watched);
  if (lastKind !== 'start') return deadlineAfter(lastAt, check, closed);
  // A start leaves the deadline where the success before has put it.
  const before =
    succeededAt === undefined ? firstDeadline(createdAt, watched) : deadlineAfter(succeededAt, check, closed);
  const state = before === undefined ? {} : { deadlineAt: before };
  return afterReport(state, { kind: 'start', at: lastAt }, check, closed).deadlineAt;
}

/** A heartbeat check and how its job reports. */
export interface HeartbeatStatus extends Heartbeat {
  name: string;
  /** Whether its job can report. */
  token: boolean;
  watched: boolean;
  reports: number;
  lastAt: Instant | null;
  lastKind: 'start' | 'success' | 'fail' | null;
  exitCode: number | null;
  deadlineAt: Instant | null;
}

/** Heartbeat checks of one agreement, or of all, by agreement and id. */
export async function listHeartbeats(db: Queryable, agreement?: string): Promise<HeartbeatStatus[]> {
  return db.query(
    `select m.agreement, m.id as monitor, m.watched->'check'->>'name' as name, h.token_hash is not null as token,
            m.state = 'watched' as watched, coalesce(h.reports, 0) as reports, h.last_at as "lastAt",
            h.last_kind as "lastKind", h.exit_code as "exitCode", h.deadline_at as "deadlineAt"
       from monitors m left join heartbeats h on h.agreement = m.agreement and h.monitor = m.id
      where m.watched->'check'->>'kind' = 'heartbeat' and ($1::text is null or m.agreement = $1)
      order by m.agreement, m.id`,
    [agreement ?? null],
  );
}

/**
 * Makes a check's token. A new one replaces the one before, which is refused from then on; reports stay.
 * @param now milliseconds since 1970: when the wait for the first report begins
 * @returns the token, which is stored nowhere
 * @throws if there is no such heartbeat check; the check has to be watched
 */
export async function issueToken(
  db: Db,
  { agreement, monitor }: Heartbeat,
  now: number,
): Promise<{ token: string; replaced: boolean }> {
  const token = randomBytes(32).toString('base64url');
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ watched: WatchedCheck; state: string }>(
      'select watched, state from monitors where agreement = $1 and id = $2 for update',
      [agreement, monitor],
    );
    if (row?.watched.check.kind !== 'heartbeat' || row.state !== 'watched')
      throw new BilingualError(await whatIsThere(tx, agreement, monitor, row));
    const [known] = await tx.query('select 1 from heartbeats where agreement = $1 and monitor = $2', [
      agreement,
      monitor,
    ]);
    await tx.query(
      `insert into heartbeats (agreement, monitor, token_hash, deadline_at, created_at) values ($1, $2, $3, $4, $5)
       on conflict (agreement, monitor) do update set token_hash = excluded.token_hash`,
      [agreement, monitor, hashOf(token), instant(firstDeadline(now, row.watched)), instant(now)],
    );
    return { token, replaced: known !== undefined };
  });
}

async function whatIsThere(
  tx: Queryable,
  agreement: string,
  monitor: string,
  row: { watched: WatchedCheck; state: string } | undefined,
): Promise<Text> {
  if (row?.watched.check.kind === 'heartbeat')
    return row.state === 'notSetUp'
      ? {
          sv: `förväntade en heartbeat-kontroll som är uppsatt, hittade ${monitor} i ${agreement} utan dailyAt, weekdaysAt, cron eller everyMinutes`,
          en: `expected a heartbeat check that is set up, found ${monitor} of ${agreement} without dailyAt, weekdaysAt, cron or everyMinutes`,
        }
      : {
          sv: `förväntade en heartbeat-kontroll som körs, hittade ${monitor} i ${agreement}, som sägs inte vara möjlig`,
          en: `expected a heartbeat check that is watched, found ${monitor} of ${agreement}, which is said not to be possible`,
        };
  const [known] = await tx.query('select 1 from monitors where agreement = $1 limit 1', [agreement]);
  if (!known)
    return {
      sv: `förväntade ett avtal vars kontroller körs, hittade inga i ${agreement}: övervakningen startar med \`npm start\``,
      en: `expected an agreement whose checks are watched, found none of ${agreement}: its monitoring starts with \`npm start\``,
    };
  const others = (await listHeartbeats(tx, agreement)).flatMap((each) =>
    each.watched ? [each.monitor] : [],
  );
  const has: Text =
    others.length === 0
      ? { sv: 'det har ingen heartbeat-kontroll', en: 'it has no heartbeat check' }
      : { sv: `det har ${others.join(', ')}`, en: `it has ${others.join(', ')}` };
  const found: Text = row
    ? { sv: `en ${row.watched.check.kind}-kontroll`, en: `a ${row.watched.check.kind} check` }
    : { sv: 'ingen sådan kontroll', en: 'no such check' };
  return {
    sv: `förväntade en heartbeat-kontroll i ${agreement}, hittade ${found.sv} under ${monitor}; ${has.sv}`,
    en: `expected a heartbeat check of ${agreement}, found ${found.en} under ${monitor}; ${has.en}`,
  };
}
