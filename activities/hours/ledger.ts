/** The hour bank's ledger: append-only, in hundredths of an hour, every entry once. */
import type { Instant } from '../../rules/engine/contract/contract';
import { balanceOf, roundDownToUnits } from '../../rules/engine/hours/hour-bank';
import type { HourBalance, HourClose } from '../../rules/engine/hours/hour-bank';
import { refOfCure } from '../agreements/cures';
import type { Queryable } from '../db';

/** One entry as somebody reported it. */
export interface ReportedEntry {
  /** Given by the workflow, so that a retried activity books once. */
  entryId: string;
  /** Hundredths of an hour, above zero; booked in whole units if the terms round. */
  hours: number;
  service?: string;
  note?: string;
  /** Names the entry for its reporter: a second report with this `ref` is a repeat. */
  ref?: string;
  by: string;
  byAssumed: boolean;
  asOf: Instant;
  /** It corrects what was booked under this reference or id this year: `hours` is what it is to be. */
  corrects?: { ref: string } | { entryId: string };
}

export type Repeat = 'same-ref' | 'same-content-within-the-hour' | 'sent-by-a-cure';

/** What a balance is made of. */
type CountedKind = 'contracted' | 'rolledIn' | 'used' | 'lapsed';

interface EntryRow {
  kind: CountedKind | 'rolledOut' | 'expired';
  hours: number;
}

/** Balance of a year's hour bank as the ledger stands. */
export async function hourBalance(db: Queryable, agreement: string, year: number): Promise<HourBalance> {
  const entries = await db.query<EntryRow>(
    'select kind, hours from hour_entries where agreement = $1 and year = $2',
    [agreement, year],
  );
  return balanceOf(
    entries.flatMap(({ kind, hours }) =>
      kind === 'rolledOut' || kind === 'expired' ? [] : [{ kind, hours }],
    ),
  );
}

/** Hours rolled into a year that have lapsed within it, in hundredths of an hour. */
export async function lapsedHours(db: Queryable, agreement: string, year: number): Promise<number> {
  const [row] = await db.query<{ hours: number }>(
    `select hours from hour_entries where agreement = $1 and year = $2 and kind = 'lapsed'`,
    [agreement, year],
  );
  return row?.hours ?? 0;
}

async function findByRef(
  tx: Queryable,
  agreement: string,
  { entryId, ref }: ReportedEntry,
): Promise<Repeat | undefined> {
  const same = await tx.query('select 1 from hour_entries where agreement = $1 and ref = $2 and id <> $3', [
    agreement,
    ref,
    entryId,
  ]);
  return same.length > 0 ? 'same-ref' : undefined;
}

/** Whether an entry is booked already, and how that is known. */
export async function findRepeat(
  tx: Queryable,
  agreement: string,
  entry: ReportedEntry,
): Promise<Repeat | undefined> {
  const { entryId, hours, service, note, ref, by, asOf } = entry;
  const named = ref === undefined ? undefined : await findByRef(tx, agreement, entry);
  if (named || (ref !== undefined && !ref.startsWith(refOfCure))) return named;
  // A cure gives a `ref` to reports that had none. An activity of the run that it left may still book one of them
  // without the `ref`, before or after the report that the cure sends again.
  const same = await tx.query(
    `select 1 from hour_entries where agreement = $1 and id <> $2 and kind = 'used' and corrects is null
        and coalesce(reported, hours) = $3 and service is not distinct from $4 and note is not distinct from $5 and by = $6
        and (ref is null or ($8::text is null and starts_with(ref, $9)))
        and as_of between $7::timestamptz - interval '1 hour'
                  and $7::timestamptz + case when ref is null and $8::text is null then interval '0' else interval '1 hour' end`,
    [agreement, entryId, hours, service ?? null, note ?? null, by, asOf, ref ?? null, refOfCure],
  );
  return same.length > 0 ? 'same-content-within-the-hour' : undefined;
}

/** Books an entry, once. @param hours what of the reported time counts */
export async function book(
  tx: Queryable,
  agreement: string,
  year: number,
  entry: ReportedEntry,
  hours: number,
): Promise<void> {
  const { entryId, hours: reported, service, note, ref, by, byAssumed, asOf } = entry;
  await tx.query(
    `insert into hour_entries (id, agreement, year, kind, hours, reported, service, note, ref, by, by_assumed, as_of)
     values ($1, $2, $3, 'used', $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing`,
    [
      entryId,
      agreement,
      year,
      hours,
      reported,
      service ?? null,
      note ?? null,
      ref ?? null,
      by,
      byAssumed,
      asOf,
    ],
  );
}

/**
 * Books the difference between what an entry and its corrections come to and what it is to be; a retry adds nothing.
 * @param minutes length of the unit that time is booked in
 * @returns false if nothing was booked under this reference or id this year
 */
export async function correct(
  tx: Queryable,
  agreement: string,
  year: number,
  entry: ReportedEntry,
  minutes: number,
): Promise<boolean> {
  const { entryId, hours, corrects, note, by, byAssumed, asOf } = entry;
  if (!corrects) return false;
  const [original] = await tx.query<{ id: string; service: string | null; hours: number; reported: number }>(
    `select id, service, hours + coalesce((select sum(hours) from hour_entries c where c.corrects = e.id and c.id <> $4), 0)::int as hours,
            coalesce(reported, hours) + coalesce((select sum(reported) from hour_entries c where c.corrects = e.id and c.id <> $4), 0)::int as reported
       from hour_entries e where agreement = $1 and year = $2 and kind = 'used' and corrects is null
        and ${'ref' in corrects ? 'ref' : 'id'} = $3`,
    [agreement, year, 'ref' in corrects ? corrects.ref : corrects.entryId, entryId],
  );
  if (!original) return false;
  const difference = roundDownToUnits(hours, minutes) - original.hours;
  if (difference === 0) return true;
  await tx.query(
    `insert into hour_entries (id, agreement, year, kind, hours, reported, service, note, by, by_assumed, as_of, corrects)
     values ($1, $2, $3, 'used', $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing`,
    [
      entryId,
      agreement,
      year,
      difference,
      hours - original.reported,
      original.service,
      note ?? null,
      by,
      byAssumed,
      asOf,
      original.id,
    ],
  );
  return true;
}

/** Locks the agreement's hours: until the transaction ends nobody else books any. */
export async function lockHours(tx: Queryable, agreement: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [agreement]);
}

/** The balance of a year without some of its entries. */
export async function balanceWithout(
  tx: Queryable,
  agreement: string,
  year: number,
  entryIds: readonly string[],
): Promise<HourBalance> {
  const others = await tx.query<{ kind: CountedKind; hours: number }>(
    `select kind, hours from hour_entries where agreement = $1 and year = $2 and id <> all ($3)
        and kind in ('contracted', 'rolledIn', 'used', 'lapsed')`,
    [agreement, year, entryIds],
  );
  return balanceOf(others);
}

/** Books that hours rolled in have lapsed; a second call changes nothing. */
export async function bookLapsed(
  tx: Queryable,
  agreement: string,
  year: number,
  hours: number,
  asOf: Instant,
): Promise<void> {
  await tx.query(
    `insert into hour_entries (id, agreement, year, kind, hours, as_of) values ($1, $2, $3, 'lapsed', $4, $5)
     on conflict (id) do nothing`,
    [`${agreement}/${year}/lapsed`, agreement, year, hours, asOf],
  );
}

/** Books how many of a year's hours roll over and how many expire. */
export async function bookClose(
  tx: Queryable,
  agreement: string,
  year: number,
  close: HourClose,
  asOf: Instant,
): Promise<void> {
  for (const kind of ['rolledOut', 'expired'] as const)
    if (close[kind] > 0)
      await tx.query(
        'insert into hour_entries (id, agreement, year, kind, hours, as_of) values ($1, $2, $3, $4, $5, $6)',
        [`${agreement}/${year}/${kind}`, agreement, year, kind, close[kind], asOf],
      );
}

/** How a year's hour bank was closed, if it is. */
export async function findClose(
  db: Queryable,
  agreement: string,
  year: number,
): Promise<HourClose | undefined> {
  const [known] = await db.query<{ result: HourClose }>(
    `select result from decisions where agreement = $1 and year = $2 and key = 'rollover'`,
    [agreement, year],
  );
  return known?.result;
}
