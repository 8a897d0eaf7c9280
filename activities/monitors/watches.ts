/** Watches in PostgreSQL: their checks, what they found, and their signs of life. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { CheckState } from '../../rules/engine/monitoring/check-state';
import { unseen } from '../../rules/engine/monitoring/check-state';
import type { WatchedCheck } from '../../rules/engine/monitoring/watched';
import type { Db, Queryable } from '../db';
import { storable } from '../storable';
import { recordVersions } from './found-versions';
import { recordTransitions, wakeMonitoring } from './incidents';
import type { Watch } from './places';
import type { CheckId, WatchBatch, WatchedState, Wish } from './watch-loop';
import { keyOf } from './watch-loop';

/** `agreement/id` → [last result, last good one] as seconds since 1970. */
export type Seen = Record<string, [number, number | null]>;

/** Thrown where another watcher has taken the watch over: this one must write nothing more. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
  constructor({ place, shard }: Watch) {
    super(`another watcher has taken over ${place}/${shard}`);
  }
}

/**
 * Takes a watch for one watcher. The last one to take it has it; every earlier one notices before it writes. Of two, such
 * as one that lost contact and the one started in its place, only the newer can write.
 *
 * @param watcher a name no other watcher ever has
 */
export async function takeWatch(
  db: Queryable,
  { place, shard }: Watch,
  watcher: string,
  at: Instant,
): Promise<void> {
  await db.query(
    `insert into watches (place, shard, worker, beat_at, checks) values ($1, $2, $3, $4, 0)
     on conflict (place, shard) do update set worker = excluded.worker, beat_at = excluded.beat_at`,
    [place, shard, watcher, at],
  );
}

/** @throws Superseded if somebody else has the watch now; until `tx` ends nobody else can take it */
export async function holdWatch(tx: Queryable, watch: Watch, watcher: string): Promise<void> {
  const { place, shard } = watch;
  const held = await tx.query(
    'select 1 from watches where place = $1 and shard = $2 and worker = $3 for update',
    [place, shard, watcher],
  );
  if (held.length === 0) throw new Superseded(watch);
}

/** Stores that a watch is alive, and when its checks last ran and were last good. @throws Superseded */
export async function beatWatch(
  db: Queryable,
  watch: Watch,
  watcher: string,
  beat: { at: Instant; seen: Seen; made: number; bad: number },
): Promise<void> {
  const { at, seen, made, bad } = beat;
  const held = await db.query(
    `update watches set beat_at = $4, checks = $5, made = $6, bad = $7, seen = $8
      where place = $1 and shard = $2 and worker = $3 returning 1`,
    [watch.place, watch.shard, watcher, at, Object.keys(seen).length, made, bad, JSON.stringify(seen)],
  );
  if (held.length === 0) throw new Superseded(watch);
}

const inSeconds = (at: Instant | undefined): number | null =>
  at === undefined ? null : Math.floor(Date.parse(at) / 1000);

/** When checks last ran and when they were last good. */
export function seenOf(states: readonly WatchedState[]): Seen {
  return Object.fromEntries(
    states.flatMap((each) => {
      const lastAt = inSeconds(each.state.lastAt);
      return lastAt === null ? [] : [[keyOf(each), [lastAt, inSeconds(each.state.lastGoodAt)]]];
    }),
  );
}

/** A version that changes whenever a watch has to read its checks anew: one small row, however many checks. */
export async function versionOf(db: Queryable, { place, shard }: Watch): Promise<string> {
  const [row] = await db.query<{ version: string }>(
    `select count(*) || ' ' || coalesce(md5(string_agg(agreement || '/' || id || xmin, ' ' order by agreement, id)), '')
            as version
       from monitors where place = $1 and shard = $2 and state = 'watched'`,
    [place, shard],
  );
  return row?.version ?? '';
}

export interface Watched {
  checks: WatchedCheck[];
  states: WatchedState[];
  wishes: Wish[];
}

interface Found extends CheckId {
  watched: WatchedCheck;
  state: CheckState | null;
  seen: [number, number | null] | null;
  wishedAt: Instant | null;
}

/** Reads the checks of a watch, their states as last stored, and the open requests for a fresh result. */
export async function loadWatched(db: Queryable, { place, shard }: Watch, now: Instant): Promise<Watched> {
  const rows = await db.query<Found>(
    `select m.agreement, m.id, m.watched, s.state, w.seen -> (m.agreement || '/' || m.id) as seen,
            m.recheck_at as "wishedAt"
       from monitors m
       left join monitor_states s using (agreement, id)
       left join watches w using (place, shard)
      where m.place = $1 and m.shard = $2 and m.state = 'watched' order by m.agreement, m.id`,
    [place, shard],
  );
  return {
    checks: rows.map(({ watched }) => watched),
    states: rows.map(({ agreement, id, state, seen }) => ({
      agreement,
      id,
      state: asSeen(state ?? unseen(now), seen),
    })),
    wishes: rows.flatMap(({ agreement, id, wishedAt }) =>
      wishedAt === null ? [] : [{ agreement, id, at: wishedAt }],
    ),
  };
}

/** A check's state with its last run: a healthy state is stored once, the times of later runs with the watch. */
function asSeen(state: CheckState, seen: Found['seen']): CheckState {
  const later = (kept: Instant | undefined, seconds: number | null): Instant | undefined => {
    const other = seconds === null ? undefined : new Date(seconds * 1000).toISOString();
    return other !== undefined && (kept === undefined || other > kept) ? other : kept;
  };
  if (!seen) return state;
  const lastAt = later(state.lastAt, seen[0]);
  const lastGoodAt = later(state.lastGoodAt, seen[1]);
  return { ...state, ...(lastAt && { lastAt }), ...(lastGoodAt && { lastGoodAt }) };
}

/**
 * Stores what a watch found: states, the changes of incidents that follow, and answered requests, all or nothing.
 * Checks that are no longer watched here are left out. Storing the same again changes nothing.
 */
export async function recordBatch(tx: Queryable, watch: Watch, given: WatchBatch): Promise<void> {
  const batch = storable(given);
  const isWatched = await stillWatched(tx, watch, batch);
  const states = batch.states.filter(isWatched);
  const firstSeen = await writeStates(tx, states);
  const newVersions = await recordVersions(tx, states);
  const told = [...batch.transitions, ...batch.rechecked.flatMap(({ still }) => still ?? [])];
  await recordTransitions(
    tx,
    told.filter(({ agreement, monitor }) => isWatched({ agreement, id: monitor })),
  );
  // A new check that is well, or a new version, wakes the monitoring once, so that pages show it.
  for (const agreement of new Set([...firstSeen, ...newVersions]))
    if (!told.some((each) => each.agreement === agreement)) await wakeMonitoring(tx, agreement);
  await tx.query(
    `update monitors m set recheck_at = null
       from unnest($1::text[], $2::text[], $3::timestamptz[]) as w(agreement, id, at)
      where m.agreement = w.agreement and m.id = w.id and date_trunc('milliseconds', m.recheck_at) <= w.at`,
    columns(
      batch.rechecked,
      ({ agreement }) => agreement,
      ({ id }) => id,
      ({ at }) => at,
    ),
  );
}

const columns = <T>(rows: readonly T[], ...of: ((row: T) => string)[]): string[][] =>
  of.map((column) => rows.map(column));

/** The checks of a batch that are watched here, locked: they cannot be removed until `tx` ends. */
async function stillWatched(
  tx: Queryable,
  { place, shard }: Watch,
  { states, transitions, rechecked }: WatchBatch,
): Promise<(check: CheckId) => boolean> {
  const concerned = [
    ...states,
    ...transitions.map(({ agreement, monitor }) => ({ agreement, id: monitor })),
    ...rechecked,
  ];
  const found = await tx.query<CheckId>(
    `select m.agreement, m.id from monitors m
      where (m.agreement, m.id) in (select * from unnest($3::text[], $4::text[]))
        and m.place = $1 and m.shard = $2 and m.state = 'watched'
      order by m.agreement, m.id for key share of m`,
    [
      place,
      shard,
      ...columns(
        concerned,
        ({ agreement }) => agreement,
        ({ id }) => id,
      ),
    ],
  );
  const keys = new Set(found.map(keyOf));
  return (check) => keys.has(keyOf(check));
}

/** Stores states. @returns agreements with a check that has its first state now */
async function writeStates(tx: Queryable, states: readonly WatchedState[]): Promise<string[]> {
  if (states.length === 0) return [];
  const settled = states.filter(({ state }) => state.status !== 'pending');
  const fresh = await tx.query<{ agreement: string }>(
    `select distinct s.agreement from unnest($1::text[], $2::text[]) as s(agreement, id)
      where not exists (select 1 from monitor_states known where known.agreement = s.agreement and known.id = s.id
                          and known.status <> 'pending') order by s.agreement`,
    columns(
      settled,
      ({ agreement }) => agreement,
      ({ id }) => id,
    ),
  );
  const ordered = [...states].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  await tx.query(
    `insert into monitor_states (agreement, id, status, state, changed_at)
     select agreement, id, status, state::jsonb, at
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) as s(agreement, id, status, state, at)
     on conflict (agreement, id) do update
        set status = excluded.status, state = excluded.state, changed_at = excluded.changed_at`,
    columns(
      ordered,
      ({ agreement }) => agreement,
      ({ id }) => id,
      ({ state }) => state.status,
      ({ state }) => JSON.stringify(state),
      ({ state }) => state.lastAt ?? state.since,
    ),
  );
  return fresh.map(({ agreement }) => agreement);
}

/** Stores a batch if this watcher holds the watch. @throws Superseded */
export async function recordHeld(db: Db, watch: Watch, watcher: string, batch: WatchBatch): Promise<void> {
  await db.transaction(async (tx) => {
    await holdWatch(tx, watch, watcher);
    await recordBatch(tx, watch, batch);
  });
}
