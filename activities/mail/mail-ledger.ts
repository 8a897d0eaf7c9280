/**
 * Sends a mail through the ledger, once. Every mail has a row, by its key, before it is handed to SMTP. SMTP delivers
 * at least once: if a crash hides what became of a mail, it is `unknown` and not sent again automatically; a person
 * settles it.
 */
import type { MailComposerOptions } from 'nodemailer/lib/mail-composer';
import type { Instant } from '../../rules/engine/contract/contract';
import type { TemplateId } from '../../rules/engine/plan/plan';
import type { Db, Queryable } from '../db';
import { hashOf } from '../record/entries';
import type { FateBefore } from './before-restoration';
import { fateBeforeRestoration } from './before-restoration';
import type { Delivery, SendMessage } from './smtp';

/** What the ledger keeps of a mail. */
export interface LedgerEntry {
  /** Identifies the mail for good. */
  key: string;
  /** The agreement and its year; neither for a mail that belongs to none. */
  agreement: string | null;
  year: number | null;
  /** What it is about, and which of its mails this is. */
  obligation: string;
  step: string;
  revision: number;
  /** Who it goes to: an id, and the address. */
  contact: string;
  recipient: string;
  template: TemplateId;
  /** What it takes to make the same mail again. */
  request: unknown;
  asOf: Instant;
  /** Names it beside its key, where that holds a number which a restored database gives to another mail. */
  once?: string;
}

export type Message = MailComposerOptions & { subject: string };

/** The message itself, or why there is nothing to say any more. */
type Written = { message: Message } | { abandoned: string };

export type MailState = 'queued' | 'sending' | 'sent' | 'refused' | 'unknown' | 'abandoned';

interface MailRow {
  state: MailState;
  error: string | null;
}

/** Message-ID derived from the key, so that a mail that did go out twice is recognised as one. */
export function messageIdOf(key: string, mailFrom: string): string {
  return `<${key.replaceAll('/', '.')}@${mailFrom.split('@')[1] ?? 'localhost'}>`;
}

/** Why a mail that is found half-sent is unknown. */
const endedBetween = 'an earlier attempt ended between handing the message over and noting the answer';

/** What is known of a mail that was handed over and never settled: the record may tell that it went out. */
async function fateOfCutShort(db: Queryable, entry: Pick<LedgerEntry, 'key' | 'asOf'>): Promise<FateBefore> {
  const before = await fateBeforeRestoration(db, entry, '');
  return before?.state === 'sent' ? before : { state: 'unknown', reason: endedBetween };
}

/** Settles a mail that was handed over by somebody who is gone. One that an attempt is at work on stays as it is. */
export async function cutShort(db: Db, key: string): Promise<void> {
  await db.withLock(key, async () => {
    const [row] = await db.query<{ asOf: Instant }>(
      `select as_of as "asOf" from mails where key = $1 and state = 'sending'`,
      [key],
    );
    if (!row) return;
    const { state, reason } = await fateOfCutShort(db, { key, asOf: row.asOf });
    await db.query('update mails set state = $2, error = $3, changed_at = now() where key = $1', [
      ...[key, state, reason],
    ]);
  });
}

export interface MailLedger {
  /**
   * Brings one mail as far as it will go: sends it, or tells how it ended before. Throws what a retry may mend.
   *
   * @param write makes the message; called only if it may go out
   * @returns nothing where another attempt to send it is under way
   */
  sendOnce(entry: LedgerEntry, write: () => Promise<Written>): Promise<Delivery | undefined>;
  /** Notes that a mail that waits cannot be made. */
  refuse(key: string, reason: string): Promise<Delivery>;
}

/** @param mailFrom sender's address */
export function openMailLedger({
  db,
  sendMessage,
  mailFrom,
}: {
  db: Db;
  sendMessage: SendMessage;
  mailFrom: string;
}): MailLedger {
  const settle = (key: string, state: MailState, error: string | null): Promise<unknown> =>
    db.query('update mails set state = $2, error = $3, changed_at = now() where key = $1', [
      key,
      state,
      error,
    ]);

  /** Keeps in the record outside of the database that a mail is handed over, and what became of it. */
  const keep = async (
    { key, agreement, contact, recipient, asOf, once }: LedgerEntry,
    subject: string,
    state: 'sending' | 'sent' | 'kept',
  ): Promise<void> =>
    db.keep?.({
      ...{ kind: 'mail', state, key, agreement, contact, asOf },
      ...{ recipient: hashOf(recipient), subject: hashOf(subject) },
      ...(once !== undefined && { once }),
    });

  /** Hands over one mail whose row says it may go out. */
  async function deliver(entry: LedgerEntry, write: () => Promise<Written>): Promise<Delivery> {
    const { key, recipient } = entry;
    const written = await write();
    if ('abandoned' in written) {
      await settle(key, 'abandoned', written.abandoned);
      return { state: 'sent' };
    }
    const { message } = written;
    const before = await fateBeforeRestoration(db, entry, message.subject);
    if (before) {
      await settle(key, before.state, before.reason);
      return before;
    }
    await keep(entry, message.subject, 'sending');
    await db.query(
      `update mails set state = 'sending', attempts = attempts + 1, subject = $2, recipient = $3,
              changed_at = now() where key = $1`,
      [key, message.subject, recipient],
    );
    let delivery: Delivery;
    try {
      delivery = await sendMessage(message, { from: mailFrom, to: recipient });
    } catch (error) {
      await keep(entry, message.subject, 'kept');
      await settle(key, 'queued', (error as Error).message);
      throw error;
    }
    if (delivery.state !== 'unknown')
      await keep(entry, message.subject, delivery.state === 'sent' ? 'sent' : 'kept');
    const reason = 'reason' in delivery ? delivery.reason : null;
    if (delivery.state === 'sent')
      await db.query(
        `with taken as (delete from refused_addresses where email = $2)
         update mails set state = 'sent', error = null, changed_at = now() where key = $1`,
        [key, recipient],
      );
    else await settle(key, delivery.state, reason);
    if (delivery.state === 'refused' && delivery.address === true)
      await db.query(
        `insert into refused_addresses (email, reason) values ($1, $2)
         on conflict (email) do update set reason = excluded.reason, refused_at = now()`,
        [recipient, reason],
      );
    return delivery;
  }

  return {
    async sendOnce(entry, write) {
      const { key } = entry;
      const outcome = await db.withLock(key, async (): Promise<Delivery> => {
        const [fresh] = await db.query<MailRow>(
          `insert into mails (key, agreement, year, obligation, step, revision, contact, template, recipient, message_id,
                              state, request, as_of)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', $11, $12) on conflict (key) do nothing
           returning state, error`,
          [
            key,
            entry.agreement,
            entry.year,
            entry.obligation,
            entry.step,
            entry.revision,
            entry.contact,
            entry.template,
            entry.recipient,
            messageIdOf(key, mailFrom),
            JSON.stringify(entry.request),
            entry.asOf,
          ],
        );
        const row =
          fresh ?? (await db.query<MailRow>('select state, error from mails where key = $1', [key])).at(0);
        if (row?.state === 'queued') return deliver(entry, write);
        if (row?.state === 'sending') {
          const fate = await fateOfCutShort(db, entry);
          await settle(key, fate.state, fate.reason);
          return fate;
        }
        if (row?.state === 'refused' || row?.state === 'unknown')
          return { state: row.state, reason: row.error ?? '' };
        return { state: 'sent' };
      });
      return outcome?.value;
    },
    async refuse(key, reason) {
      await settle(key, 'refused', reason);
      return { state: 'refused', reason };
    },
  };
}
