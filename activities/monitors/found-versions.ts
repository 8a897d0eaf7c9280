/** Versions that checks found, in PostgreSQL: what is really installed, beside what contracts declare. */
import type { Contract } from '../../rules/engine/contract/contract';
import { compareWithFound } from '../../rules/engine/releases/declared-found';
import type { DeclaredAndFound, SeenVersion } from '../../rules/engine/releases/declared-found';
import { findAgreement } from '../agreements/agreements';
import type { Queryable } from '../db';
import { permanent } from '../permanent';
import type { WatchedState } from './watch-loop';

/**
 * Stores the versions that states have. The same again changes when a version was last seen, and nothing else.
 *
 * @returns agreements of which a version is new
 */
export async function recordVersions(tx: Queryable, states: readonly WatchedState[]): Promise<string[]> {
  const found = states.flatMap(({ agreement, id, state: { version, lastAt, since } }) =>
    version ? [{ ...version, agreement, id, at: version.unreadSince ?? lastAt ?? since }] : [],
  );
  if (found.length === 0) return [];
  const column = (of: (row: (typeof found)[number]) => string): string[] => found.map(of);
  const stored = await tx.query<{ agreement: string; isNew: boolean }>(
    `insert into found_versions (agreement, subject, monitor, version, first_seen_at, last_seen_at)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
     on conflict (agreement, subject, monitor, first_seen_at) do update
        set last_seen_at = greatest(found_versions.last_seen_at, excluded.last_seen_at)
     returning agreement, xmax = 0 as "isNew"`,
    [
      column(({ agreement }) => agreement),
      column(({ of }) => of),
      column(({ id }) => id),
      column(({ version }) => version),
      column(({ since }) => since),
      column(({ at }) => at),
    ],
  );
  return [...new Set(stored.flatMap(({ agreement, isNew }) => (isNew ? [agreement] : [])))];
}

/**
 * What an agreement's contract declares of versions beside what its checks found: for the precheck of an upgrade.
 *
 * @throws NotFound, for good, if there is no such agreement
 */
export async function foundVersions(db: Queryable, agreement: string): Promise<DeclaredAndFound[]> {
  const found = await findAgreement(db, agreement);
  if (!found) throw permanent('NotFound', `expected a signed agreement, found none: ${agreement}`);
  return versionsOf(db, found.contract);
}

/** As `foundVersions`, for who has the contract already. */
export async function versionsOf(db: Queryable, contract: Contract): Promise<DeclaredAndFound[]> {
  return compareWithFound(contract, await lastVersions(db, contract.agreement));
}

/** The version that each check found last, of those checks that still report it. */
async function lastVersions(db: Queryable, agreement: string): Promise<SeenVersion[]> {
  return db.query<SeenVersion>(
    `select distinct on (f.subject, f.monitor) f.subject, f.monitor, f.version, f.first_seen_at as "firstSeenAt",
            case when holds then greatest(f.last_seen_at, to_timestamp((w.seen -> (m.agreement || '/' || m.id) ->> 1)::float8))
                 else f.last_seen_at end as "lastSeenAt",
            coalesce(holds, false) as "isCurrent"
       from found_versions f
       join monitors m on m.agreement = f.agreement and m.id = f.monitor
            and m.watched #>> '{check,reportsVersion,of}' = f.subject
       left join monitor_states s on s.agreement = m.agreement and s.id = m.id
       left join watches w on w.place = m.place and w.shard = m.shard
       cross join lateral (select (s.state #>> '{version,since}')::timestamptz = f.first_seen_at
                                  and s.state #> '{version,lost}' is null as holds) h
      where f.agreement = $1
      order by f.subject, f.monitor, f.first_seen_at desc`,
    [agreement],
  );
}
