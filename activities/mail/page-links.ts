/** The link to a personal page, in the mail that brings it: that of an hour statement, and that to order hours. */
import { contactId } from '../../rules/engine/contract/change-contract';
import type { Contract } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { Queryable } from '../db';
import { issueLinks, linkExpiry } from '../pages/links';
import type { MailDeps } from './compose';
import { findStatement } from './kept-statements';
import type { MailContext, Recipient, SendNoticeInput } from './notice';

/** Days that a statement can be opened, and asked about, by the link in its mail, and that hours can be ordered by theirs. */
const days = { statement: 90, order: 60 } as const;

/** The mail that the link stands in, by its key. */
export interface LinkedMail {
  key: string;
  input: SendNoticeInput;
  context: MailContext;
  to: Recipient;
  language: Language;
}

/** @returns nothing for another mail, for our own people, and where nobody outside reaches the pages */
export async function pageOfMail(
  { db, pageLinks }: Pick<MailDeps, 'db' | 'pageLinks'>,
  { key, input, context, to, language }: LinkedMail,
): Promise<string | undefined> {
  if (!pageLinks || to.party !== 'customer') return undefined;
  const about = await pageAbout(db, input);
  if (!about) return undefined;
  const { agreement, roles = [], asOf } = input;
  const [url] = await issueLinks(db, pageLinks, [
    {
      agreement,
      contact: to.id,
      recipient: to.email,
      roles: has(context.contract, to, roles) ? roles : [],
      ...about,
      language,
      mail: key,
      issuedAt: asOf,
      expires: linkExpiry(asOf, days[about.purpose]),
    },
  ]);
  return url;
}

/** What the page of a mail is about, if it has one. */
async function pageAbout(
  db: Queryable,
  input: SendNoticeInput,
): Promise<{ purpose: 'statement' | 'order'; subject: string } | undefined> {
  if (input.template === 'overage-order') return { purpose: 'order', subject: `order/${input.revision}` };
  const kept = input.template === 'hour-statement' ? await findStatement(db, input) : undefined;
  return kept && { purpose: 'statement', subject: `statement/${kept.id}` };
}

/** Whether somebody has one of the roles that a mail goes to; where nobody has, all contacts get it. */
const has = ({ contacts }: Contract, { id }: Recipient, roles: readonly string[]): boolean =>
  contacts.customer.some(
    (contact, index) =>
      contactId(contact, index) === id && contact.roles.some((role) => roles.includes(role)),
  );
