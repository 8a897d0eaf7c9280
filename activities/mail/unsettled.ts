/** Mails whose fate a person settles, as the ledger has them. */
import type { Queryable } from '../db';
import type { MailState } from './mail-ledger';

export interface UnsettledMail {
  key: string;
  state: string;
  recipient: string;
  subject: string | null;
  error: string | null;
}

/** Mails that are unknown, refused, or have been waiting for more than a minute. */
export async function listUnsettled(db: Queryable): Promise<UnsettledMail[]> {
  return db.query(
    `select key, state, recipient, subject, error from mails
      where state in ('unknown', 'refused')
         or (state in ('queued', 'sending') and changed_at < now() - interval '1 minute') order by changed_at, key`,
  );
}

/** The agreements whose pages show a mail as unknown, or may; a mail may belong to none. */
export async function agreementsShowing(db: Queryable, key: string): Promise<string[]> {
  const rows = await db.query<{ agreement: string }>(
    `select agreement from mails where key = $1 and agreement is not null
     union select agreement from attention where code = 'mail-unknown' and subject = $1`,
    [key],
  );
  return rows.map(({ agreement }) => agreement);
}

/** A mail as a person has it settled. */
export interface SettledMail {
  /** What it takes to make the same mail again. */
  request: unknown;
  contact: string;
  /** As it was before. */
  state: MailState;
  error: string | null;
}

/**
 * Takes over a mail that is in one of the states.
 * @returns nothing if it is in another, or there is none
 */
export async function settleAs(
  db: Queryable,
  key: string,
  from: readonly MailState[],
  to: MailState,
): Promise<SettledMail | undefined> {
  const [mail] = await db.query<SettledMail>(
    `update mails set state = $2, error = null, changed_at = now()
       from (select key, state, error from mails where key = $1 for update) as before
      where mails.key = before.key and before.state = any ($3)
      returning request, contact, before.state, before.error`,
    [key, to, from],
  );
  return mail;
}

/** How far a mail has come; nothing if there is none with this key. */
export async function mailState(db: Queryable, key: string): Promise<MailState | undefined> {
  const [row] = await db.query<{ state: MailState }>('select state from mails where key = $1', [key]);
  return row?.state;
}

/** Leaves a mail that waits and was not even tried as it was before. */
export async function leaveAsBefore(
  db: Queryable,
  key: string,
  { state, error }: Pick<SettledMail, 'state' | 'error'>,
): Promise<void> {
  await db.query(
    `update mails set state = $2, error = coalesce($3, error), changed_at = now() where key = $1 and state = 'queued'`,
    [key, state, error],
  );
}

/** Nobody has to look any more at a mail whose fate was unknown; a digest is a mail of several agreements. */
export async function clearUnknown(db: Queryable, key: string): Promise<void> {
  await db.query(
    `update attention set cleared_at = now() where code = 'mail-unknown' and subject = $1 and cleared_at is null`,
    [key],
  );
}
