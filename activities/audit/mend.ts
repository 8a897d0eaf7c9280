/** What mends a finding without losing or repeating anything. Each may be done twice, and does nothing where it came too late. */
import type { Instant } from '../../rules/engine/contract/contract';
import { ensureClock } from '../agreements/digest-readers';
import type { OutboxRow } from '../agreements/agreements';
import type { Db, Queryable } from '../db';
import { readHours } from '../hours/facts';
import { lockHours } from '../hours/ledger';
import { postDifferences } from '../hours/postings';
import { cutShort } from '../mail/mail-ledger';
import { askForResults } from '../monitors/recheck';
import { announceOutbox } from '../outbox';
import type { JournalEntry } from '../years/progress';
import { createProgressActivities } from '../years/progress';

export type Mend =
  /** The dispatcher tells a workflow, and starts it where it does not run. */
  | ({ how: 'tell' } & Pick<OutboxRow, 'agreement' | 'kind' | 'payload'>)
  /** A reader of digests gets a clock. */
  | { how: 'clock'; agreement: string; reader: string }
  /** A mail that nobody sends any more is unknown. */
  | { how: 'settleMail'; key: string }
  /** The projection of a year is what the year says. */
  | { how: 'project'; agreement: string; year: number; entry: Pick<JournalEntry, 'obligation' | 'attention'> }
  /** The hour ledger's accounts are what the facts come to. */
  | { how: 'post'; agreement: string }
  /** A check is made now. */
  | { how: 'recheck'; agreement: string; monitor: string }
  /** Numbers of invoice bases that are given do not come again. */
  | { how: 'counter'; year: number; last: number };

/** Mends one thing. @param asOf now */
export async function carryOutMend(db: Db, mend: Mend, asOf: Instant): Promise<void> {
  switch (mend.how) {
    case 'settleMail':
      return cutShort(db, mend.key);
    case 'project': {
      const { agreement, year, entry } = mend;
      const row = { id: `audit-${asOf}`, at: asOf, kind: 'row' as const, ref: 'audit', detail: {}, ...entry };
      return createProgressActivities({ db }).recordProgress({ agreement, year, entries: [row] });
    }
    default:
      return db.transaction((tx) => mendIn(tx, mend, asOf));
  }
}

type WithinTransaction = Exclude<Mend, { how: 'settleMail' | 'project' }>;

async function mendIn(tx: Queryable, mend: WithinTransaction, asOf: Instant): Promise<void> {
  switch (mend.how) {
    case 'tell':
      return tell(tx, mend);
    case 'clock':
      await ensureClock(tx, mend.reader, asOf);
      return tell(tx, { agreement: mend.agreement, kind: 'digests', payload: { reader: mend.reader } });
    case 'post':
      await lockHours(tx, mend.agreement);
      return postDifferences(tx, mend.agreement, await readHours(tx, mend.agreement), {
        at: asOf,
        reason: 'reported',
      });
    case 'recheck':
      return askForResults(tx, [mend], asOf);
    case 'counter':
      await tx.query('update invoice_counters set last = greatest(last, $2) where year = $1', [
        mend.year,
        mend.last,
      ]);
  }
}

async function tell(
  tx: Queryable,
  { agreement, kind, payload }: Pick<OutboxRow, 'agreement' | 'kind' | 'payload'>,
): Promise<void> {
  await tx.query('insert into outbox (agreement, kind, payload) values ($1, $2, $3)', [
    agreement,
    kind,
    JSON.stringify(payload),
  ]);
  await announceOutbox(tx);
}
