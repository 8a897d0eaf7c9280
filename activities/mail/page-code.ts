/** Mails the code that a personal page asks for, to the link's own person. */
import type { Contract, Instant, Person } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { MailData } from '../../templates/mails/mail-data';
import { findAgreement } from '../agreements/agreements';
import { findPlan } from '../agreements/plans';
import type { Db } from '../db';
import { codeMinutes, dropCode, makeCode } from '../pages/codes';
import { keepEvent } from '../pages/events';
import { permanent } from '../permanent';
import type { MailDeps } from './compose';
import { sendAtOnce } from './compose';

export interface AskedCode {
  link: { id: number; agreement: string; language: Language };
  holder: Person;
  /** The form that it was asked for by: sent again, it mails nothing. */
  form: string;
  now: Instant;
}

export type CodeMailDeps = Pick<MailDeps, 'sendMessage' | 'mailFrom' | 'agreementLink'>;

/** What becomes of a code that was asked for: `again` if it was asked for by this form before. */
export type SentCode = 'sent' | 'again' | 'not-sent';

/**
 * Makes a code and mails it, at once: it is worth nothing later. What happened is kept with the link, never the code.
 * @param key keys the hash that is kept of it
 */
export async function sendPageCode(
  db: Db,
  deps: CodeMailDeps,
  key: string,
  { link, holder, form, now }: AskedCode,
): Promise<SentCode> {
  const code = await db.transaction(async (tx) => {
    const asked = await keepEvent(tx, { link: link.id, event: 'code-asked', at: now, form });
    return asked === undefined ? undefined : makeCode(tx, key, link.id, now);
  });
  if (!code) return 'again';
  const data = await mailData(db, deps, link.agreement, holder, code.digits);
  const delivery = await sendAtOnce(
    { ...deps, db },
    { key: `page-code/${code.id}`, template: 'page-code', asOf: now, recipient: holder.email },
    { to: holder, language: link.language, data, replyTo: data.consultant },
  ).catch((error: unknown) => ({ state: 'failed', reason: (error as Error).message }));
  // `unknown`: everything was handed over, so it may well arrive.
  const isSent = delivery.state === 'sent' || delivery.state === 'unknown';
  await keepEvent(db, {
    link: link.id,
    event: isSent ? 'code-sent' : 'code-not-sent',
    at: now,
    details: { ...delivery },
  });
  if (!isSent) await dropCode(db, code.id);
  return isSent ? 'sent' : 'not-sent';
}

async function mailData(
  db: Db,
  { agreementLink }: CodeMailDeps,
  number: string,
  { name }: Person,
  digits: string,
): Promise<MailData> {
  const known = await findAgreement(db, number);
  const stored = known && (await findPlan(db, number, known.yearNumber ?? 1));
  if (!known || !stored) throw permanent('NotFound', `expected ${number} with a plan, found none`);
  const { level, customer, contacts }: Contract = known.contract;
  const { consultant, manager, support } = contacts;
  const { yearNumber, from, to } = stored.plan;
  return {
    agreement: { number, level },
    customer: { id: customer.id, name: customer.name },
    year: { number: yearNumber, from, to },
    recipient: { name, party: 'customer' },
    consultant,
    manager,
    support,
    links: { agreement: agreementLink(number) },
    code: { digits, minutes: codeMinutes },
  };
}
