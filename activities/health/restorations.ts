/** A restoration of the database from a back-up: what is done to it before anything runs on it again. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Db, Queryable } from '../db';
import { columnsOf } from '../db';
import type { RecordLine } from '../record/entries';
import type { ReadRecord } from '../record/read-record';

export interface Restoration {
  /** All that was committed before is in the database. */
  takenAt: Instant;
  restoredAt: Instant;
  /** Folder of the record that told what came after; null where there was none. */
  record: string | null;
  /** Whether the record tells all that went out between the two. */
  isWhole: boolean;
}

/** The last restoration; nothing if the database was never restored. */
export async function findRestoration(db: Queryable): Promise<Restoration | undefined> {
  const [last] = await db.query<Restoration>(
    `select taken_at as "takenAt", restored_at as "restoredAt", record, is_whole as "isWhole"
       from restorations order by id desc limit 1`,
  );
  return last;
}

/** By how much numbers go on higher: those that were given after the back-up are in mails, links and logs, and never given again. */
const numbersAhead = 10_000;

/**
 * Notes that the database was restored, so that nothing goes out again that did before.
 *
 * @param about.read the record since the back-up; without it what was due is held for a person
 * @returns the counter of invoice bases that was raised, by year
 */
export async function markRestoration(
  db: Db,
  about: { takenAt: Instant; record?: string; read?: ReadRecord; by: string },
): Promise<Record<string, number>> {
  const { takenAt, record, read, by } = about;
  return db.transaction(async (tx) => {
    await tx.query('insert into restorations (taken_at, record, is_whole, by) values ($1, $2, $3, $4)', [
      takenAt,
      record ?? null,
      read?.isWhole ?? false,
      by,
    ]);
    await tx.query(
      `select setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, 0) + $1)
         from pg_sequences where schemaname = 'public' and sequencename <> 'restorations_id_seq'`,
      [numbersAhead],
    );
    await keepMails(tx, read?.lines ?? []);
    return raiseCounters(tx, read?.lines ?? []);
  });
}

/** The last that the record says of each mail. */
async function keepMails(tx: Queryable, lines: readonly RecordLine[]): Promise<void> {
  const mails = new Map<string, { key: string; state: string; subject: string }>();
  for (const line of lines) {
    if (line.kind !== 'mail') continue;
    const { state, subject } = line;
    for (const key of [line.key, ...(line.once === undefined ? [] : [line.once])])
      if (state === 'kept') mails.delete(key);
      else mails.set(key, { key, state, subject });
  }
  await tx.query(
    `insert into mails_before_restoration (key, state, subject) select * from unnest($1::text[], $2::text[], $3::text[])
     on conflict (key) do update set state = excluded.state, subject = excluded.subject`,
    columnsOf([...mails.values()])('key', 'state', 'subject'),
  );
}

/** No number of an invoice basis is given twice. */
async function raiseCounters(tx: Queryable, lines: readonly RecordLine[]): Promise<Record<string, number>> {
  const last: Record<string, number> = {};
  for (const line of lines) {
    const [, year, number] = (line.kind === 'invoice' && /^U-(\d{4})-(\d+)$/.exec(line.number)) || [];
    if (year !== undefined) last[year] = Math.max(last[year] ?? 0, Number(number));
  }
  for (const [year, number] of Object.entries(last))
    await tx.query(
      `insert into invoice_counters (year, last) values ($1, $2)
       on conflict (year) do update set last = greatest(invoice_counters.last, excluded.last)`,
      [year, number],
    );
  return last;
}

/** Notes that a message which the restored database lacked was sent again. */
export async function noteSentAgain(
  db: Queryable,
  { key, agreement }: { key: string; agreement: string },
): Promise<void> {
  await db.query(
    'insert into messages_sent_again (id, agreement) values ($1, $2) on conflict (id) do nothing',
    [key, agreement],
  );
}
