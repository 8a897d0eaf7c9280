/** The inbox of signings: deliveries as they came, and what became of them. */
import { createHash } from 'node:crypto';
import type { Instant } from '../../rules/engine/contract/contract';
import type { SigningReason, SigningService } from '../../rules/engine/signing/signing';
import type { Queryable } from '../db';

/** Channel on which a new delivery is announced. */
export const signingsChannel = 'serviceavtal_signings';

/** A delivery as it came in. */
export interface NewDelivery {
  service: SigningService;
  /** Only those that say whether it is genuine, and how to read the body. */
  headers: Record<string, string>;
  body: Buffer;
  /** Why it is not genuine; nothing if it is, or if its service is asked. */
  refused?: SigningReason;
}

/** Limits of the forged deliveries that are kept, the last ones, to find out what went wrong. */
const refusedKept = { most: 1_000, mostBytes: 64 * 1024 * 1024, days: 30 };

/**
 * Keeps a delivery. The same bytes again are counted: nothing is processed twice, but one that was refused before and
 * is genuine by the keys of today is taken up.
 *
 * @returns its number, and whether a genuine one of the same bytes was there
 */
export async function keepDelivery(
  db: Queryable,
  delivery: NewDelivery,
): Promise<{ id: number; repeat: boolean }> {
  const digest = createHash('sha256').update(delivery.body).digest('hex');
  // One that was refused may be forgotten between the two statements; then it is the first again.
  for (;;) {
    const id = await keepFirst(db, delivery, digest);
    if (id !== undefined) return { id, repeat: false };
    const counted = await countAgain(db, delivery, digest);
    if (counted) return { id: counted.id, repeat: counted.before !== 'refused' };
  }
}

const stateOf = ({ refused }: NewDelivery): string => (refused === undefined ? 'received' : 'refused');
const reasonsOf = ({ refused }: NewDelivery): string =>
  JSON.stringify(refused === undefined ? [] : [refused]);

/** @returns its number; nothing if the same bytes are there */
async function keepFirst(db: Queryable, delivery: NewDelivery, digest: string): Promise<number | undefined> {
  const { service, headers, body } = delivery;
  const [row] = await db.query<{ id: number }>(
    `with kept as (
       insert into deliveries (service, headers, body, digest, state, reasons) values ($1, $2, $3, $4, $5, $6)
       on conflict (service, digest) do nothing returning id, state)
     select id, case when state = 'received' then pg_notify($7, '') end from kept`,
    [service, JSON.stringify(headers), body, digest, stateOf(delivery), reasonsOf(delivery), signingsChannel],
  );
  return row?.id;
}

/** @returns the number of the one with the same bytes, and its state before; nothing if there is none */
async function countAgain(
  db: Queryable,
  delivery: NewDelivery,
  digest: string,
): Promise<{ id: number; before: string } | undefined> {
  const [row] = await db.query<{ id: number; before: string }>(
    `with before as (select id, state from deliveries where service = $1 and digest = $2 for update),
     kept as (
       update deliveries d
          set times = d.times + 1, last_received_at = now(),
              due_at = case when d.state = 'refused' then now() else d.due_at end,
              headers = case when d.state = 'refused' then $3 else d.headers end,
              reasons = case when d.state = 'refused' then $4 else d.reasons end,
              state = case when d.state = 'refused' then $5 else d.state end
         from before where d.id = before.id
       returning d.id, d.state, before.state as before)
     select id, before, case when state = 'received' then pg_notify($6, '') end from kept`,
    [
      delivery.service,
      digest,
      JSON.stringify(delivery.headers),
      reasonsOf(delivery),
      stateOf(delivery),
      signingsChannel,
    ],
  );
  return row;
}

/** Removes forged deliveries that are old, or more in number or bytes than are kept: those that came last stay. */
export async function forgetRefused(db: Queryable, kept: Partial<typeof refusedKept> = {}): Promise<void> {
  const { most, mostBytes, days } = { ...refusedKept, ...kept };
  // The length of a body is known without reading it. A delivery that was found genuine meanwhile is no longer
  // refused.
  await db.query(
    `delete from deliveries where state = 'refused' and id in
       (select id from
         (select id, last_received_at, row_number() over last as place, sum(octet_length(body)) over last as bytes
            from deliveries where state = 'refused' window last as (order by last_received_at desc, id desc)) as refused
         where place > $1 or bytes > $2 or last_received_at < now() - $3 * interval '1 day')`,
    [most, mostBytes, days],
  );
}

/** A delivery that is to be processed. */
export interface Delivery {
  id: number;
  service: SigningService;
  headers: Record<string, string>;
  body: Buffer;
  /** The document it is about, once that is known. */
  document: string | null;
  attempts: number;
  /** When it is due again if this try gives no result; another try meanwhile changes it. */
  dueAt: Instant;
}

/** Most bytes of bodies that are held at the same time; a larger body is taken alone. */
const mostBytes = 16_000_000;
/** Seconds for which a delivery is left to the process that took it; longer than any question to a service. */
const takenFor = 30;

/**
 * Takes deliveries of a service that are due, oldest first; fewer if they are large. They are postponed instead of
 * locked: nobody else takes them meanwhile, they are due again if this process dies, and a service that sends one
 * again need not wait.
 */
export async function takeDeliveries(
  db: Queryable,
  service: SigningService,
  limit: number,
): Promise<Delivery[]> {
  const taken = await db.query<Delivery>(
    `with due as (
       select id, octet_length(body) as bytes from deliveries
        where state = 'received' and service = $1 and due_at <= now() order by id limit $2 for update skip locked),
     few as (
       select id from (select id, sum(bytes) over (order by id) - bytes as before from due) as counted
        where before < $3)
     update deliveries d
        set due_at = date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => $4)
       from few where d.id = few.id
     returning d.id, d.service, d.headers, d.body, d.document, d.attempts, d.due_at as "dueAt"`,
    [service, limit, mostBytes, takenFor],
  );
  return taken.sort((one, other) => one.id - other.id);
}

/**
 * Locks deliveries that were taken, for this transaction.
 * @returns the numbers of those that are still ours: nobody put them aside, or had them tried again, meanwhile
 */
export async function holdDeliveries(
  tx: Queryable,
  taken: readonly Pick<Delivery, 'id' | 'dueAt'>[],
): Promise<Set<number>> {
  const rows = await tx.query<{ id: number }>(
    `select d.id from deliveries d join unnest($1::bigint[], $2::timestamptz[]) as t (id, due_at) on t.id = d.id
      where d.state = 'received' and d.due_at = t.due_at order by d.id for update of d`,
    [taken.map(({ id }) => id), taken.map(({ dueAt }) => dueAt)],
  );
  return new Set(rows.map(({ id }) => id));
}
