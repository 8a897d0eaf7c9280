/** Settles mails whose fate is not known, were refused, or wait. */
import type { Db } from '../../../activities/db';
import type { SendNoticeInput, SentNotice } from '../../../activities/mail/notice';
import type { DeskMailRequest } from '../../../activities/desk/desk-send';
import type { SigningMailRequest } from '../../../activities/signings/tell-manager';
import type { InvoiceMailRequest } from '../../../activities/invoicing/tell-clerk';
import type { OperatorMailRequest, SickMailRequest } from '../../../activities/health/operator-mails';
import type { MailState } from '../../../activities/mail/mail-ledger';
import type { SettledMail } from '../../../activities/mail/unsettled';
import { BilingualError } from '../../../rules/engine/basics/bilingual-error';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import type { Language, Text } from '../../../rules/engine/basics/text';
import { mailStateName } from '../../../templates/words/mail-states';
import { allowAfterRestoration } from '../../../activities/mail/before-restoration';
import { clearUnknown, leaveAsBefore, mailState, settleAs } from '../../../activities/mail/unsettled';

/** What the ledger keeps to make a mail again, whoever sends it. */
type MailRequest =
  | SendNoticeInput
  | DeskMailRequest
  | SigningMailRequest
  | OperatorMailRequest
  | SickMailRequest
  | InvoiceMailRequest;

/**
 * Settles one mail.
 * @param how `confirm`: it did arrive; `resend`: send it once more, to its contact alone. A waiting mail may be resent,
 *   too: it is sent once, even if something else tries at the same moment.
 * @param sendDeskMail sends mails to a support desk
 * @param sendSigningMail sends mails about signings
 * @param sendOperatorMail sends mails to whoever operates this
 * @param sendInvoiceMail sends the invoice basis of a month
 * @returns what was done, in a line in both languages
 */
export async function settleMail(
  db: Db,
  key: string,
  how: 'resend' | 'confirm',
  sendNotice: (input: SendNoticeInput) => Promise<SentNotice>,
  sendDeskMail?: (request: DeskMailRequest) => Promise<SentNotice>,
  sendSigningMail?: (request: SigningMailRequest) => Promise<SentNotice>,
  sendOperatorMail?: (request: OperatorMailRequest | SickMailRequest) => Promise<SentNotice>,
  sendInvoiceMail?: (request: InvoiceMailRequest) => Promise<SentNotice>,
): Promise<Text> {
  const from: MailState[] = how === 'confirm' ? ['unknown'] : ['unknown', 'refused', 'queued'];
  const mail = await settleAs(db, key, from, how === 'confirm' ? 'sent' : 'queued');
  if (!mail) {
    const state = await mailState(db, key);
    const one = (language: Language): string =>
      from.map((each) => mailStateName(each, language)).join(language === 'sv' ? ' eller ' : ' or ');
    const found: Text = state
      ? { sv: `det ${mailStateName(state, 'sv')}`, en: `it ${mailStateName(state, 'en')}` }
      : {
          sv: 'inget mejl med den nyckeln; `mails list` visar dem',
          en: 'no mail with this key; `mails list` shows them',
        };
    const expected = { sv: `ett mejl som är ${one('sv')}`, en: `a mail that is ${one('en')}` };
    throw new BilingualError(joined(expectedFound(expected, found), `: ${key}`));
  }
  if (how === 'resend') {
    const { contact } = mail;
    const request = mail.request as MailRequest;
    await allowAfterRestoration(db, key);
    await resend(db, key, mail, () => {
      if ('deskMail' in request)
        return given(sendDeskMail, { sv: 'till en support', en: 'to a support desk' }, key)(request);
      if ('signingMail' in request || 'amendment' in request)
        return given(sendSigningMail, { sv: 'om signeringar', en: 'about signings' }, key)(request);
      if ('operatorMail' in request || 'sickMail' in request)
        return given(sendOperatorMail, { sv: 'till driften', en: 'to the operator' }, key)(request);
      if ('invoiceMonth' in request)
        return given(sendInvoiceMail, { sv: 'med fakturaunderlag', en: 'with invoice bases' }, key)(request);
      return sendNotice({ ...request, only: contact });
    });
  }
  await clearUnknown(db, key);
  return how === 'confirm'
    ? { sv: `Noterat som skickat: ${key}`, en: `Noted as sent: ${key}` }
    : { sv: `Skickat: ${key}`, en: `Sent: ${key}` };
}

function given<T>(send: T | undefined, which: Text, key: string): T {
  if (!send)
    throw new BilingualError(
      expectedFound(
        { sv: `ett sätt att skicka mejl ${which.sv}`, en: `a way to send mails ${which.en}` },
        { sv: `inget för ${key}`, en: `none for ${key}` },
      ),
    );
  return send;
}

/** Sends it, or throws; a mail that was not even tried is left as it was. */
async function resend(
  db: Db,
  key: string,
  mail: SettledMail,
  send: () => Promise<SentNotice>,
): Promise<void> {
  try {
    const { sent, refused, unknown } = await send();
    const { contact } = mail;
    if (refused[0])
      throw new BilingualError(joined({ sv: 'avvisat igen: ', en: 'refused again: ' }, refused[0].reason));
    if (unknown.length > 0)
      throw new BilingualError({
        sv: 'om det kom fram är okänt igen; se `mails list`',
        en: 'its fate is unknown again; see `mails list`',
      });
    if (sent === 0)
      throw new BilingualError({
        sv: `${contact} är inte längre bland dem som får det här mejlet`,
        en: `${contact} is no longer among those who get this mail`,
      });
    if ((await mailState(db, key)) === 'queued')
      throw new BilingualError({
        sv: `${contact} är inte längre den som får det här mejlet`,
        en: `${contact} is no longer the one who gets this mail`,
      });
  } catch (failure) {
    await leaveAsBefore(db, key, mail);
    throw failure;
  }
}
