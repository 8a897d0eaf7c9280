/** Every mail is composed and sent here, whoever asks for it: notices, a support desk, signings, sick workflows. */
import { ApplicationFailure } from '@temporalio/common';
import type { Person } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { AnyMailData } from '../../templates/mails/mail-data';
import { renderMail } from '../../templates/mails/render-mail';
import type { Db } from '../db';
import type { PageLinks } from '../pages/links';
import { permanent } from '../permanent';
import type { Enclosure } from './enclosures';
import type { LedgerEntry, Message } from './mail-ledger';
import { messageIdOf, openMailLedger } from './mail-ledger';
import type { SentNotice } from './notice';
import type { Delivery, SendMessage } from './smtp';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';

export interface MailDeps {
  db: Db;
  sendMessage: SendMessage;
  /** Sender's address, for example `serviceavtal@pector.example`. */
  mailFrom: string;
  /** Address of an agreement's page, for mails to our own people. */
  agreementLink: (agreement: string) => string;
  /** Language of mails to our own people; customers have theirs in the contract. */
  staffLanguage: Language;
  /** How links to personal pages are made; without it mails have none. */
  pageLinks?: PageLinks | undefined;
}

/** What it takes to send a mail that is composed. */
export type Sender = Pick<MailDeps, 'db' | 'sendMessage' | 'mailFrom'>;

/** What one mail says, and to whom. The rest of it stands in its ledger entry. */
export interface Mail {
  to: Person;
  language: Language;
  data: AnyMailData;
  /** Whom an answer reaches; the sender's address by default. */
  replyTo?: Person;
  /**
   * Keys of the threads it belongs to; it answers the first. The root of a thread is derived from the key, and no
   * mail has it: so mail programs group its mails, whichever came first or is missing.
   */
  threads?: readonly string[];
  /** What goes with the text. */
  enclosure?: Enclosure;
}

/** Why there is nothing to say any more. */
export interface Abandoned {
  abandoned: string;
}

/**
 * Sends one mail through the ledger, or tells how it ended before. Throws what a retry may mend.
 *
 * @param write what the mail says; called only if it may go out
 * @returns nothing where another attempt to send it is under way
 * @throws MessageUnusable, for good, if its template cannot be filled in with the data
 */
export function sendMail(
  sender: Sender,
  entry: LedgerEntry,
  write: () => Promise<Mail | Abandoned>,
): Promise<Delivery | undefined> {
  return openMailLedger(sender).sendOnce(entry, async () => {
    const mail = await write();
    return 'abandoned' in mail ? mail : { message: composeMessage(sender.mailFrom, entry, mail) };
  });
}

/**
 * Like `sendMail`, for a mail from a queue: if it cannot be made it is refused, for a person to settle. Trying it
 * again would hold up all mails behind it.
 */
export async function sendOrRefuse(
  sender: Sender,
  entry: LedgerEntry,
  write: () => Promise<Mail | Abandoned>,
): Promise<Delivery | undefined> {
  try {
    return await sendMail(sender, entry, write);
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || error.nonRetryable !== true) throw error;
    return openMailLedger(sender).refuse(entry.key, error.message);
  }
}

/** What names a mail that is sent at once. */
export type Unkept = Pick<LedgerEntry, 'key' | 'template' | 'asOf' | 'recipient'>;

/**
 * Sends one mail past the ledger: it is worth nothing later, so it is neither kept nor tried again.
 * @throws what keeps it from being sent now
 */
export function sendAtOnce({ mailFrom, sendMessage }: Sender, entry: Unkept, mail: Mail): Promise<Delivery> {
  return sendMessage(composeMessage(mailFrom, entry, mail), { from: mailFrom, to: entry.recipient });
}

/**
 * What came of a mail that a person sends again.
 *
 * @param contact who it goes to, for a refusal
 * @param name names the mail where its fate is unknown
 */
export function noticeOf(delivery: Delivery | undefined, contact: string, name: string): SentNotice {
  if (!delivery)
    throw new BilingualError({
      sv: 'ett annat försök att skicka det pågår',
      en: 'another attempt to send it is under way',
    });
  return {
    sent: delivery.state === 'sent' ? 1 : 0,
    refused: delivery.state === 'refused' ? [{ contact, reason: delivery.reason }] : [],
    unknown: delivery.state === 'unknown' ? [name] : [],
  };
}

function composeMessage(mailFrom: string, { key, template, asOf }: Unkept, mail: Mail): Message {
  const { to, language, data, replyTo, threads = [], enclosure } = mail;
  const roots = threads.map((thread) => messageIdOf(thread, mailFrom));
  return {
    ...rendered(template, language, data),
    from: { name: 'Serviceavtal', address: mailFrom },
    to: addressed(to),
    ...(replyTo && { replyTo: addressed(replyTo) }),
    messageId: messageIdOf(key, mailFrom),
    ...(roots[0] !== undefined && { inReplyTo: roots[0], references: roots }),
    date: new Date(asOf),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
    ...enclosure,
  };
}

const addressed = ({ name, email }: Person): { name: string; address: string } => ({ name, address: email });

function rendered(
  ...[template, language, data]: Parameters<typeof renderMail>
): ReturnType<typeof renderMail> {
  try {
    return renderMail(template, language, data);
  } catch (error) {
    throw permanent('MessageUnusable', `${template}: ${(error as Error).message}`, error);
  }
}
