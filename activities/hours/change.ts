/** Every change of an agreement's hours: by its own run, or by a command, of which the run is told by the outbox. */
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { HourEntry } from '../../rules/engine/hours/entries';
import type { Db, Queryable } from '../db';
import { announceOutbox } from '../outbox';
import type { HourFacts } from './facts';
import { closeOf, factsWithout, readHours } from './facts';
import type { Stated } from './ledger';
import { postDifferences } from './postings';

export interface Changed<T> {
  value: T;
  before: HourFacts;
  after: HourFacts;
  /** Closed years of which the customer gets a corrected statement. */
  corrected: number[];
}

/**
 * Changes an agreement's hours under its lock, which the caller holds: what the change makes of the ledger is posted.
 *
 * @param about.own gives ids of entries that a try before may have written: what was known before does not count them
 * @param work writes facts
 */
export async function changeHours<T>(
  tx: Queryable,
  about: { agreement: string; asOf: Instant; own?: (entries: readonly HourEntry[]) => readonly string[] },
  work: (facts: HourFacts, stated: readonly Stated[]) => Promise<T>,
): Promise<Changed<T>> {
  const { agreement, asOf } = about;
  const facts = await readHours(tx, agreement);
  const own = about.own?.(facts.entries) ?? [];
  const isRetry = facts.entries.some(({ id }) => own.includes(id));
  const before = isRetry ? factsWithout(facts, own) : facts;
  const stated = await statedYears(tx, agreement, facts);
  const value = await work(facts, stated);
  const after = await readHours(tx, agreement);
  await postDifferences(tx, agreement, after, { at: asOf, reason: 'reported' });
  return { value, before, after, corrected: correctedYears(stated, before, after, localDateOf(asOf)) };
}

/** Years of which the customer has the final statement. */
export async function statedYears(
  tx: Queryable,
  agreement: string,
  { periods }: HourFacts,
): Promise<Stated[]> {
  const told = await tx.query<{ year: number; at: Instant }>(
    `select year, min(as_of) as at from mails where agreement = $1 and template = 'hour-statement'
        and obligation = 'close' and state in ('sent', 'unknown') group by year order by year`,
    [agreement],
  );
  return told.flatMap(({ year, at }) => {
    const period = periods.find(({ number }) => number === year);
    return period ? [{ year, from: period.from, to: period.to, told: localDateOf(at) }] : [];
  });
}

/** Closed years whose hours are others now than the customer was told. */
function correctedYears(
  stated: readonly Stated[],
  before: HourFacts,
  now: HourFacts,
  on: LocalDate,
): number[] {
  const told = (facts: HourFacts, year: number): string => JSON.stringify(closeOf(facts, year, on));
  return stated.map(({ year }) => year).filter((year) => told(before, year) !== told(now, year));
}

/** Tells the runs of agreements that their hours are others now, once the transaction is committed. */
export async function tellRuns(
  tx: Queryable,
  changed: readonly { agreement: string; corrected: readonly number[] }[],
): Promise<void> {
  await tx.query(
    `insert into outbox (agreement, kind, payload)
     select c.agreement, 'hours-changed', jsonb_build_object('corrected', c.corrected)
       from jsonb_to_recordset($1::jsonb) as c(agreement text, corrected jsonb)`,
    [JSON.stringify(changed.map(({ agreement, corrected }) => ({ agreement, corrected })))],
  );
  await announceOutbox(tx);
}

class NotKept extends Error {
  constructor(readonly result: unknown) {
    super('nothing of the transaction is kept');
  }
}

/** Runs work in a transaction of which nothing is kept unless it says so. */
export async function inTransaction<T>(
  db: Db,
  work: (tx: Queryable) => Promise<{ result: T; keep: boolean }>,
): Promise<T> {
  try {
    return await db.transaction(async (tx) => {
      const { result, keep } = await work(tx);
      if (!keep) throw new NotKept(result);
      return result;
    });
  } catch (error) {
    if (error instanceof NotKept) return error.result as T;
    throw error;
  }
}
