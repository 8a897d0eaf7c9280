/** The state of every check as PostgreSQL has it: for the command line and other readers. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Text } from '../../rules/engine/basics/text';
import type { CheckState } from '../../rules/engine/monitoring/check-state';
import type { WatchedCheck } from '../../rules/engine/monitoring/watched';
import { isOther } from '../../rules/engine/releases/declared-found';
import type { SeenVersion } from '../../rules/engine/releases/declared-found';
import type { Queryable } from '../db';
import { foundVersions } from './found-versions';

export interface MonitorRow {
  agreement: string;
  id: string;
  name: string;
  kind: string;
  /** `central` or a site's id. */
  place: string;
  /**
   * `pending` until its first run; `awaited` is a job that has not reported yet and is not late; checks in `notSetUp` and
   * `notPossible` are never run.
   */
  status: CheckState['status'] | 'awaited' | 'notSetUp' | 'notPossible';
  since?: Instant;
  /** When the check last ran, as its watch last reported: the report is at most about a minute old. */
  lastAt?: Instant;
  lastGoodAt?: Instant;
  /** What the last change found, or why it cannot be run. */
  message?: Text;
  /** Of a check that reports a version: what it found last, if anything, and what the contract declares, if it does. */
  version?: { of: string; declared?: string; found?: SeenVersion; differs: boolean };
  /** Its open incident. */
  incident?: { id: number; severity: string; openedAt: Instant; takenBy?: string; suppressed?: string };
  pausedUntil?: Instant;
  /** When the watch of its place last reported; absent if never. */
  watchedAt?: Instant;
  watched: WatchedCheck;
}

interface Found {
  agreement: string;
  id: string;
  place: string;
  shard: number;
  state: 'watched' | 'notSetUp' | 'notPossible';
  watched: WatchedCheck;
  checkState: CheckState | null;
  seen: [number, number | null] | null;
  beatAt: Instant | null;
  incident: number | null;
  severity: string | null;
  openedAt: Instant | null;
  takenBy: string | null;
  suppressed: string | null;
  pausedUntil: Instant | null;
  isAwaited: boolean;
}

/** Whether the check `m` is of a job that has never reported: it is well only as nothing is late yet. */
export const neverReported = `(m.watched #>> '{check,kind}' = 'heartbeat' and not exists
  (select 1 from heartbeats h where h.agreement = m.agreement and h.monitor = m.id and h.last_at is not null))`;

/** All checks of an agreement, or of all of them, in order. */
export async function monitorsOf(
  db: Queryable,
  { agreement, now }: { agreement?: string | undefined; now: Instant },
): Promise<MonitorRow[]> {
  const rows = await db.query<Found>(
    `select m.agreement, m.id, m.place, m.shard, m.state, m.watched, s.state as "checkState",
            ${neverReported} as "isAwaited", w.seen -> (m.agreement || '/' || m.id) as seen, w.beat_at as "beatAt",
            i.id as incident, i.severity, i.opened_at as "openedAt", i.taken_by as "takenBy", i.suppressed,
            (select max(until_at) from monitor_pauses p
              where p.agreement = m.agreement and p.monitor in (m.id, 'all')
                and p.from_at <= $2 and p.until_at > $2) as "pausedUntil"
       from monitors m
       left join monitor_states s on s.agreement = m.agreement and s.id = m.id
       left join watches w on w.place = m.place and w.shard = m.shard
       left join lateral (select * from incidents i where i.agreement = m.agreement and i.monitor = m.id
                            and i.closed_at is null order by i.id limit 1) i on true
      where $1::text is null or m.agreement = $1
      order by m.agreement, m.id`,
    [agreement ?? null, now],
  );
  return rows.map(rowOf);
}

/** Rows with the versions that their checks report. */
export async function withVersions(db: Queryable, rows: readonly MonitorRow[]): Promise<MonitorRow[]> {
  const asked = new Set(rows.flatMap((row) => (row.watched.check.reportsVersion ? [row.agreement] : [])));
  const known = new Map<string, Awaited<ReturnType<typeof foundVersions>>>();
  for (const agreement of asked) known.set(agreement, await foundVersions(db, agreement));
  return rows.map((row) => {
    const of = row.watched.check.reportsVersion?.of;
    if (of === undefined) return row;
    const about = known.get(row.agreement)?.find(({ subject }) => subject === of);
    const found = about?.found.find(({ monitor }) => monitor === row.id);
    return {
      ...row,
      version: {
        of,
        ...(about?.declared !== undefined && { declared: about.declared }),
        ...(found && { found }),
        differs: found !== undefined && about !== undefined && isOther(about, found),
      },
    };
  });
}

function rowOf(found: Found): MonitorRow {
  const { agreement, id, place, state, watched, checkState, seen, beatAt } = found;
  const { check } = watched;
  const status = found.isAwaited && checkState?.status === 'ok' ? 'awaited' : checkState?.status;
  const at = (seconds: number | null | undefined): Instant | undefined =>
    typeof seconds === 'number' ? new Date(seconds * 1000).toISOString() : undefined;
  const lastAt = later(at(seen?.[0]), checkState?.lastAt);
  const lastGoodAt = later(at(seen?.[1]), checkState?.lastGoodAt);
  return {
    agreement,
    id,
    name: check.name,
    kind: check.kind,
    place,
    status: state === 'watched' ? (status ?? 'pending') : state,
    ...(checkState && { since: checkState.since }),
    ...(lastAt !== undefined && { lastAt }),
    ...(lastGoodAt !== undefined && { lastGoodAt }),
    ...messageOf(check.notPossible, checkState),
    ...(found.incident !== null && {
      incident: {
        id: found.incident,
        severity: found.severity ?? '',
        openedAt: found.openedAt ?? '',
        ...(found.takenBy !== null && { takenBy: found.takenBy }),
        ...(found.suppressed !== null && { suppressed: found.suppressed }),
      },
    }),
    ...(found.pausedUntil !== null && { pausedUntil: found.pausedUntil }),
    ...(beatAt !== null && { watchedAt: beatAt }),
    watched,
  };
}

function messageOf(notPossible: string | undefined, state: CheckState | null): Pick<MonitorRow, 'message'> {
  if (notPossible !== undefined) return { message: { sv: notPossible, en: notPossible } };
  return state?.message === undefined ? {} : { message: state.message };
}

const later = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;
