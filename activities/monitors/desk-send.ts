/** Sends the mails that a desk has decided, each once: the ledger settles who sends it. */
import { setTimeout } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { MailComposerOptions } from 'nodemailer/lib/mail-composer';
import { renderMail } from '../../templates/mails/render-mail';
import type { MailDeps, SentNotice } from '../mail/mail';
import type { LedgerEntry } from '../mail/mail-ledger';
import { messageIdOf, openMailLedger } from '../mail/mail-ledger';
import { permanent } from '../permanent';
import type { Delivery } from '../mail/smtp';
import type { DecidedMail, MailLinks } from './desk-mail-data';
import { deskMailData, findDeskMail, templateOf } from './desk-mail-data';

export type DeskDeps = MailDeps & Pick<MailLinks, 'alertLink' | 'linkKey'>;

/** Most incidents named in a mail's headers. */
const mostReferences = 20;

/** Milliseconds between two looks at a mail that another process is sending, and milliseconds to wait for it at most. */
const lookAgain = 50;
const patience = 30_000;

/** Key of a desk mail in the ledger. */
export const deskMailKey = ({ id, detail }: Pick<DecidedMail, 'id' | 'detail'>): string =>
  `desk/${id}/${detail.to}`;

/** What the ledger keeps to make a desk mail again. */
export interface DeskMailRequest {
  deskMail: number;
}

/**
 * The message id that all mails about an incident refer to, so that mail programs show them as one thread. No mail has
 * this id itself. A mail about several incidents refers to the first one's, and names the others.
 */
const rootOf = (incident: number, mailFrom: string): string => messageIdOf(`incident/${incident}`, mailFrom);

function threadOf(
  { kind, incidents }: DecidedMail,
  mailFrom: string,
): { inReplyTo?: string; references?: string[] } {
  if (kind === 'digest' || kind === 'noise') return {};
  const roots = incidents.slice(0, mostReferences).map((incident) => rootOf(incident, mailFrom));
  return roots[0] === undefined ? {} : { inReplyTo: roots[0], references: roots };
}

/**
 * Sends one mail that was decided, or tells how it ended before.
 *
 * @returns nothing where another attempt to send it is under way
 */
export async function sendDeskMail(deps: DeskDeps, id: number): Promise<Delivery | undefined> {
  const mail = await findDeskMail(deps.db, id);
  if (!mail) throw permanent('NotFound', `expected the desk mail ${id}, found none`);
  const { data, own, to } = await deskMailData(deps.db, mail, deps);
  const entry: LedgerEntry = {
    key: deskMailKey(mail),
    agreement: mail.agreement,
    year: own.year.number,
    obligation: 'monitoring',
    step: mail.detail.storm ? `storm-${mail.kind}` : mail.kind,
    revision: 1,
    contact: mail.detail.to,
    recipient: to.email,
    template: templateOf(mail),
    request: { deskMail: id } satisfies DeskMailRequest,
    asOf: mail.decidedAt,
  };
  const ledger = openMailLedger(deps);
  let delivery: Delivery | undefined;
  try {
    delivery = await ledger.sendOnce(entry, async () => ({
      message: messageOf(deps, mail, entry, data, own.contract.contacts, to),
    }));
  } catch (error) {
    // A mail that cannot be made would block all later ones: a person settles it.
    if (!(error instanceof ApplicationFailure) || error.nonRetryable !== true) throw error;
    delivery = await ledger.refuse(entry.key, error.message);
  }
  if (delivery) await deps.db.query('update desk_mails set sent_at = now() where id = $1', [id]);
  return delivery;
}

function messageOf(
  { mailFrom, staffLanguage }: DeskDeps,
  mail: DecidedMail,
  { key, template }: LedgerEntry,
  data: Parameters<typeof renderMail>[2],
  contacts: { consultant: { name: string; email: string }; support: { name: string; email: string } },
  to: { name: string; email: string },
): MailComposerOptions & { subject: string } {
  let rendered: ReturnType<typeof renderMail>;
  try {
    rendered = renderMail(template, staffLanguage, data);
  } catch (error) {
    throw permanent('MessageUnusable', `${template}: ${(error as Error).message}`, error);
  }
  // Support replies to the consultant; whoever it was escalated to replies to support.
  const answered = mail.detail.to === 'support' ? contacts.consultant : contacts.support;
  return {
    ...rendered,
    from: { name: 'Serviceavtal', address: mailFrom },
    to: { name: to.name, address: to.email },
    replyTo: { name: answered.name, address: answered.email },
    messageId: messageIdOf(key, mailFrom),
    ...threadOf(mail, mailFrom),
    date: new Date(mail.decidedAt),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
  };
}

/**
 * Sends all mails of a desk that were decided and are not settled. One that fails does not stop the others.
 *
 * @throws once all were tried, the failure that a retry may mend, if there was one
 */
export async function sendUnsent(deps: DeskDeps, address: string): Promise<void> {
  const unsent = await deps.db.query<{ id: number; recipient: string; to: string }>(
    `select id, recipient, detail ->> 'to' as to from desk_mails where desk = $1 and sent_at is null order by id`,
    [address],
  );
  let failed: Error | undefined;
  for (const { id, recipient, to } of unsent) {
    try {
      await sendOrWait(deps, id);
    } catch (error) {
      // The error goes into a workflow's history, which must name nobody.
      failed ??= new Error(`desk mail ${id}: ${(error as Error).message.replaceAll(recipient, to)}`);
    }
  }
  if (failed) throw failed;
}

/** Sends one mail, or waits until the process that is sending it has. */
async function sendOrWait(deps: DeskDeps, id: number): Promise<void> {
  for (const deadline = Date.now() + patience; ; await setTimeout(lookAgain)) {
    if (await sendDeskMail(deps, id)) return;
    const mail = await findDeskMail(deps.db, id);
    if (mail?.sentAt !== null) return;
    if (Date.now() > deadline) throw new Error('another attempt to send it is still under way');
  }
}

/** Sends a desk mail again whose ledger row says that it may go out: for `mails resend`. */
export async function resendDeskMail(deps: DeskDeps, { deskMail }: DeskMailRequest): Promise<SentNotice> {
  const delivery = await sendDeskMail(deps, deskMail);
  if (!delivery) throw new Error('another attempt to send it is under way');
  const contact = 'the desk';
  return {
    sent: delivery.state === 'sent' ? 1 : 0,
    refused: delivery.state === 'refused' ? [{ contact, reason: delivery.reason }] : [],
    unknown: delivery.state === 'unknown' ? [`desk mail ${deskMail}`] : [],
  };
}
