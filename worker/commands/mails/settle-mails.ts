/** Lists mails whose fate is unknown or bad, and settles them for a person. */
import type { Db } from '../../../activities/db';
import type { SendNoticeInput, SentNotice } from '../../../activities/mail/notice';
import type { DeskMailRequest } from '../../../activities/desk/desk-send';
import type { SigningMailRequest } from '../../../activities/signings/tell-manager';
import type { SickMailRequest } from '../../../activities/health/tell-operator';

export interface UnsettledMail {
  key: string;
  state: string;
  recipient: string;
  subject: string | null;
  error: string | null;
}

/** Mails that are unknown, refused, or have been waiting for more than a minute. */
export async function listUnsettled(db: Db): Promise<UnsettledMail[]> {
  return db.query(
    `select key, state, recipient, subject, error from mails
      where state in ('unknown', 'refused')
         or (state in ('queued', 'sending') and changed_at < now() - interval '1 minute') order by changed_at, key`,
  );
}

/**
 * Settles one mail.
 * @param how `confirm`: it did arrive; `resend`: send it once more, to its contact alone. A waiting mail may be resent,
 *   too: it is sent once, even if something else tries at the same moment.
 * @param sendDeskMail sends mails to a support desk
 * @param sendSigningMail sends mails about signings
 * @param sendSickMail sends mails about workflows that are not well
 * @returns what was done, in a line
 */
export async function settleMail(
  db: Db,
  key: string,
  how: 'resend' | 'confirm',
  sendNotice: (input: SendNoticeInput) => Promise<SentNotice>,
  sendDeskMail?: (request: DeskMailRequest) => Promise<SentNotice>,
  sendSigningMail?: (request: SigningMailRequest) => Promise<SentNotice>,
  sendSickMail?: (request: SickMailRequest) => Promise<SentNotice>,
): Promise<string> {
  const from = how === 'confirm' ? ['unknown'] : ['unknown', 'refused', 'queued'];
  const [mail] = await db.query<SettledMail>(
    `update mails set state = $2, error = null, changed_at = now()
       from (select key, state, error from mails where key = $1 for update) as before
      where mails.key = before.key and before.state = any ($3)
      returning request, contact, before.state, before.error`,
    [key, how === 'confirm' ? 'sent' : 'queued', from],
  );
  if (!mail) {
    const [row] = await db.query<{ state: string }>('select state from mails where key = $1', [key]);
    const found = row ? `found it ${row.state}` : 'found no mail with this key; `mails list` shows them';
    throw new Error(`expected a mail that is ${from.join(' or ')}, ${found}: ${key}`);
  }
  if (how === 'resend') {
    const { request, contact } = mail;
    await resend(db, key, mail, () => {
      if ('deskMail' in request) return given(sendDeskMail, 'to a support desk', key)(request);
      if ('signingMail' in request || 'amendment' in request)
        return given(sendSigningMail, 'about signings', key)(request);
      if ('sickMail' in request) return given(sendSickMail, 'about workflows', key)(request);
      return sendNotice({ ...request, only: contact });
    });
  }
  // A digest may be noted at several agreements.
  await db.query(
    `update attention set cleared_at = now() where code = 'mail-unknown' and subject = $1 and cleared_at is null`,
    [key],
  );
  return how === 'confirm' ? `Noted as sent: ${key}` : `Sent: ${key}`;
}

function given<T>(send: T | undefined, which: string, key: string): T {
  if (!send) throw new Error(`expected a way to send mails ${which}, found none for ${key}`);
  return send;
}

/** The agreements whose pages may show a mail as unknown; a mail may belong to none. */
export async function agreementsShowing(db: Db, key: string): Promise<string[]> {
  const rows = await db.query<{ agreement: string }>(
    `select agreement from mails where key = $1 and agreement is not null
     union select agreement from attention where code = 'mail-unknown' and subject = $1`,
    [key],
  );
  return rows.map(({ agreement }) => agreement);
}

interface SettledMail {
  request: SendNoticeInput | DeskMailRequest | SigningMailRequest | SickMailRequest;
  contact: string;
  /** Its state before. */
  state: string;
  error: string | null;
}

/** Sends a mail or throws. If no attempt was made, the mail's row is restored. */
async function resend(
  db: Db,
  key: string,
  { contact, state, error }: SettledMail,
  send: () => Promise<SentNotice>,
): Promise<void> {
  try {
    const { sent, refused, unknown } = await send();
    if (refused[0]) throw new Error(`refused again: ${refused[0].reason}`);
    if (unknown.length > 0) throw new Error('its fate is unknown again; see `mails list`');
    if (sent === 0) throw new Error(`${contact} is no longer among those who get this mail`);
    const [row] = await db.query<{ state: string }>('select state from mails where key = $1', [key]);
    if (row?.state === 'queued') throw new Error(`${contact} is no longer the one who gets this mail`);
  } catch (failure) {
    await db.query(
      `update mails set state = $2, error = coalesce($3, error), changed_at = now() where key = $1 and state = 'queued'`,
      [key, state, error],
    );
    throw failure;
  }
}
