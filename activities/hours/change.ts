/** Changes of hours that commands make, beside the agreements' own runs, which are told by the outbox. */
import type { Instant } from '../../rules/engine/contract/contract';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Db, Queryable } from '../db';
import { announceOutbox } from '../outbox';
import type { HourFacts } from './facts';
import { readHours } from './facts';
import { correctedYears, statedYears } from './hours';
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
 * @param work writes facts
 */
export async function changeHours<T>(
  tx: Queryable,
  agreement: string,
  asOf: Instant,
  work: (facts: HourFacts, stated: readonly Stated[]) => Promise<T>,
): Promise<Changed<T>> {
  const before = await readHours(tx, agreement);
  const stated = await statedYears(tx, agreement, before);
  const value = await work(before, stated);
  const after = await readHours(tx, agreement);
  await postDifferences(tx, agreement, after, { at: asOf, reason: 'reported' });
  return { value, before, after, corrected: correctedYears(stated, before, after, localDateOf(asOf)) };
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
