/** After a restoration the ledger has forgotten mails that went out since the back-up: the record tells which. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';
import { hashOf } from '../record/entries';

/** Why a mail is not sent now: it was before, or nobody knows. */
export interface FateBefore {
  state: 'sent' | 'unknown';
  reason: string;
}

interface Known {
  restoredAt: Instant;
  isWhole: boolean;
  state: 'sending' | 'sent' | 'settled' | null;
  subject: string | null;
}

/**
 * What became of a mail before the database was restored.
 *
 * @param subject of the mail as it would go out now
 * @returns nothing where it may go out: it did not then, or a person has said so
 */
export async function fateBeforeRestoration(
  db: Queryable,
  { key, asOf, once = key }: { key: string; asOf: Instant; once?: string },
  subject: string,
): Promise<FateBefore | undefined> {
  const [known] = await db.query<Known>(
    `select r.restored_at as "restoredAt", r.is_whole as "isWhole", m.state, m.subject
       from restorations r left join mails_before_restoration m on m.key in ($1, $2)
      order by r.id desc, m.state = 'settled' desc limit 1`,
    [key, once],
  );
  if (!known || known.state === 'settled') return undefined;
  const { restoredAt, isWhole, state } = known;
  const wasDue = asOf <= restoredAt;
  if (state === null)
    return wasDue && !isWhole
      ? { state: 'unknown', reason: 'due before the restoration, and no record tells whether it went out' }
      : undefined;
  if (state === 'sending')
    return { state: 'unknown', reason: 'before the restoration it was handed over, and no answer was noted' };
  // Names of mails hold numbers that a restored year gives again: to another mail, perhaps.
  if (wasDue || known.subject === hashOf(subject))
    return { state: 'sent', reason: 'it went out before the restoration' };
  return {
    state: 'unknown',
    reason: 'before the restoration a mail of this name went out, with another subject',
  };
}

/** Lets a mail go out whatever the record says: a person has said so. */
export async function allowAfterRestoration(db: Queryable, key: string): Promise<void> {
  await db.query(
    `insert into mails_before_restoration (key, state, subject) select $1, 'settled', '' where exists (select from restorations)
     on conflict (key) do update set state = 'settled'`,
    [key],
  );
}
