/** Figures of the monitoring's own health: for Prometheus, and for the service that waits for our sign of life. */
import { signingServices } from '../../rules/engine/signing/signing';
import type { Queryable } from '../db';
import { readLooking, troubleOfLooking } from './health';
import { central } from '../monitors/places';

/** All times are by the database's clock; ages are in seconds. */
export interface MonitoringFigures {
  checks: { state: string; count: number }[];
  incidents: { class: string; severity: string; taken: boolean; count: number }[];
  suppressed: { reason: string; count: number }[];
  watches: { place: string; shard: number; age: number; checks: number; made: number; bad: number }[];
  deskMails: { unsent: number; age: number };
  outbox: { waiting: number; age: number };
  mails: { state: string; count: number }[];
  sites: { known: number; silent: number };
  heartbeats: { known: number; late: number };
}

/**
 * Seconds since a row of the outbox was first due. Each failure moves `due_at` on, by one second at first and by fifteen
 * at most: by `due_at` alone a row that keeps failing would never look old.
 */
export const outboxAge = `greatest(0, extract(epoch from now() - due_at)
  + case when attempts < 5 then power(2, attempts) - 1 else 15 + 15 * (attempts - 4) end)`;

/** Seconds since a mail to a desk should have gone out. */
const deskMailAge = 'extract(epoch from now() - greatest(due_at, decided_at))';

/** Reads all figures. */
export async function readMonitoringFigures(db: Queryable): Promise<MonitoringFigures> {
  const one = async <T>(sql: string): Promise<T> => (await db.query<T>(sql))[0] as T;
  return {
    checks: await db.query(
      `select case when m.state = 'watched' then coalesce(s.status, 'pending') else m.state end as state,
              count(*)::int as count
         from monitors m left join monitor_states s on s.agreement = m.agreement and s.id = m.id group by 1`,
    ),
    incidents: await db.query(
      `select class, severity, taken_at is not null as taken, count(*)::int as count
         from incidents where closed_at is null group by 1, 2, 3`,
    ),
    suppressed: await db.query(
      `select split_part(suppressed, ':', 1) as reason, count(*)::int as count
         from incidents where closed_at is null and suppressed is not null group by 1`,
    ),
    watches: await db.query(
      `select place, shard, extract(epoch from now() - beat_at)::float8 as age, checks, made, bad from watches`,
    ),
    deskMails: await one(
      `select count(*)::int as unsent, coalesce(max(${deskMailAge}), 0)::float8 as age
         from desk_mails where sent_at is null and due_at <= now()`,
    ),
    outbox: await one(
      `select count(*)::int as waiting, coalesce(max(${outboxAge}), 0)::float8 as age
         from outbox where done_at is null and (due_at <= now() or attempts > 0)`,
    ),
    mails: await db.query(
      `select state, count(*)::int as count from mails
        where state in ('queued', 'sending', 'refused', 'unknown') group by 1`,
    ),
    sites: await one(`select count(*)::int as known, count(silent_since)::int as silent from sites`),
    heartbeats: await one(
      `select count(*)::int as known, (count(*) filter (where h.deadline_at < now()))::int as late
         from heartbeats h join monitors m on m.agreement = h.agreement and m.id = h.monitor and m.state = 'watched'`,
    ),
  };
}

/**
 * Seconds within which a watch has to have reported here. Our own watch reports every minute. A site's worker sends its
 * signs of life to Temporal, and reports here only changes, and once a day.
 */
const beatsWithin = `case when m.place = '${central}' then 180 else 90000 end`;

/**
 * The first reason why our own monitoring cannot be trusted, if there is one. A site known to be silent is no reason: it
 * has an incident of its own.
 * @returns a line in English
 */
export async function findTrouble(db: Queryable): Promise<string | undefined> {
  const [watch] = await db.query<{ place: string; shard: number; seconds: number; most: number }>(
    `select * from (
       select m.place, m.shard, ${beatsWithin} as most,
              extract(epoch from now() - coalesce(w.beat_at, min(m.configured_at)))::int as seconds
         from monitors m
         left join watches w on w.place = m.place and w.shard = m.shard
         left join sites s on s.id = m.place
        where m.state = 'watched' and s.silent_since is null
        group by m.place, m.shard, w.beat_at) as expected
      where seconds > most order by seconds - most desc limit 1`,
  );
  if (watch)
    return `the watch ${watch.place}/${watch.shard} has been silent for ${watch.seconds} s, expected at most ${watch.most}`;
  const [row] = await db.query<{ agreement: string; kind: string; seconds: number }>(
    `select agreement, kind, ${outboxAge}::int as seconds from outbox
      where done_at is null and (due_at <= now() or attempts > 0) and ${outboxAge} > 300 order by 3 desc limit 1`,
  );
  if (row)
    return `Temporal has not been told of ${row.kind} ${row.agreement} for ${row.seconds} s, expected at most 300`;
  const [mail] = await db.query<{ id: number; seconds: number }>(
    `select id, ${deskMailAge}::int as seconds from desk_mails
      where sent_at is null and ${deskMailAge} > 600 order by 2 desc limit 1`,
  );
  if (mail) return `mail ${mail.id} to a desk has not been sent for ${mail.seconds} s, expected at most 600`;
  // A failed question to a service postpones its delivery: if one was postponed lately, a process works on them.
  const [delivery] = await db.query<{ service: string; seconds: number }>(
    `select s.service, extract(epoch from now() - d.due_at)::int as seconds
       from unnest($1::text[]) as s(service)
      cross join lateral (select due_at from deliveries where state = 'received' and service = s.service
                           order by due_at limit 1) as d
      where d.due_at < now() - interval '600 seconds' and not exists
        (select from deliveries where state = 'received' and service = s.service
            and due_at >= now() - interval '600 seconds' and last_error is not null)
      order by 2 desc limit 1`,
    [signingServices],
  );
  if (delivery)
    return `deliveries of ${delivery.service} have been due for ${delivery.seconds} s, expected at most 600`;
  return troubleOfLooking(await readLooking(db));
}
