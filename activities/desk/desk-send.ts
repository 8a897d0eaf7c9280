/** Sends the mails that a desk has decided, each once: the ledger settles who sends it. */
import { setTimeout } from 'node:timers/promises';
import type { MailDeps } from '../mail/compose';
import { noticeOf, sendOrRefuse } from '../mail/compose';
import type { LedgerEntry } from '../mail/mail-ledger';
import type { SentNotice } from '../mail/notice';
import type { Delivery } from '../mail/smtp';
import { permanent } from '../permanent';
import { hashOf } from '../record/entries';
import type { DecidedMail } from './desk-mail-data';
import { deskMailData, findDeskMail, templateOf } from './desk-mail-data';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';

export type DeskDeps = MailDeps;

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
 * Threads in which mail programs show a mail: one for each incident. A mail about several belongs to the first one's
 * thread, and names the others.
 */
const threadsOf = ({ kind, incidents }: DecidedMail): string[] =>
  kind === 'digest' || kind === 'noise'
    ? []
    : incidents.slice(0, mostReferences).map((incident) => `incident/${incident}`);

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
    ...(mail.once !== null && { once: `desk/${hashOf(mail.once)}` }),
  };
  const { consultant, support } = own.contract.contacts;
  const delivery = await sendOrRefuse(deps, entry, () =>
    Promise.resolve({
      to,
      language: deps.staffLanguage,
      data,
      // Support asks the consultant, and whom it escalated to asks support.
      replyTo: mail.detail.to === 'support' ? consultant : support,
      threads: threadsOf(mail),
    }),
  );
  if (delivery) await deps.db.query('update desk_mails set sent_at = now() where id = $1', [id]);
  return delivery;
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
    if (Date.now() > deadline)
      throw new BilingualError({
        sv: 'ett annat försök att skicka det pågår fortfarande',
        en: 'another attempt to send it is still under way',
      });
  }
}

/** Sends a desk mail again if its ledger row says that it may go out: for `mails resend`. */
export async function resendDeskMail(deps: DeskDeps, { deskMail }: DeskMailRequest): Promise<SentNotice> {
  return noticeOf(await sendDeskMail(deps, deskMail), 'the desk', `desk mail ${deskMail}`);
}
