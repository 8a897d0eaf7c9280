/** Mails whose fate a person settles. */
import type { Db } from '../activities/db';
import type { SendNoticeInput, SentNotice } from '../activities/mail';

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
 * @param how `confirm`: it did arrive; `resend`: send it once more
 * @returns what was done, for the one who asked
 */
export async function settleMail(
  db: Db,
  key: string,
  how: 'resend' | 'confirm',
  sendNotice: (input: SendNoticeInput) => Promise<SentNotice>,
): Promise<string> {
  const from = how === 'confirm' ? ['unknown'] : ['unknown', 'refused'];
  const [mail] = await db.query<{ request: SendNoticeInput; agreement: string }>(
    'update mails set state = $2, error = null, changed_at = now() where key = $1 and state = any ($3) returning request, agreement',
    [key, how === 'confirm' ? 'sent' : 'queued', from],
  );
  if (!mail) {
    const [row] = await db.query<{ state: string }>('select state from mails where key = $1', [key]);
    const found = row ? `found it ${row.state}` : 'found no mail with this key; `mails list` shows them';
    throw new Error(`expected a mail that is ${from.join(' or ')}, ${found}: ${key}`);
  }
  if (how === 'resend') {
    const { refused, unknown } = await sendNotice(mail.request);
    const contact = key.split('/').at(-1);
    const again = refused.find((other) => other.contact === contact);
    if (again) throw new Error(`refused again: ${again.reason}`);
    if (unknown.includes(key)) throw new Error('its fate is unknown again; see `mails list`');
  }
  await db.query(
    `update attention set cleared_at = now() where agreement = $1 and code = 'mail-unknown' and subject = $2`,
    [mail.agreement, key],
  );
  return how === 'confirm' ? `Noted as sent: ${key}` : `Sent: ${key}`;
}
