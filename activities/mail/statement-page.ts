/** The link to the page of an hour statement, in the mail that brings it. */
import { contactId } from '../../rules/engine/contract/change-contract';
import type { Contract } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import { issueLinks, linkExpiry } from '../pages/links';
import type { MailDeps } from './compose';
import { findStatement } from './kept-statements';
import type { MailContext, Recipient, SendNoticeInput } from './notice';

/** Days that a statement can be opened, and asked about, by the link in its mail. */
const days = 90;

/** The mail that the link stands in, by its key. */
export interface StatementMail {
  key: string;
  input: SendNoticeInput;
  context: MailContext;
  to: Recipient;
  language: Language;
}

/** @returns nothing for another mail, for our own people, and where nobody outside reaches the pages */
export async function statementPage(
  { db, pageLinks }: Pick<MailDeps, 'db' | 'pageLinks'>,
  { key, input, context, to, language }: StatementMail,
): Promise<string | undefined> {
  if (!pageLinks || input.template !== 'hour-statement' || to.party !== 'customer') return undefined;
  const kept = await findStatement(db, input);
  if (!kept) return undefined;
  const { agreement, roles = [], asOf } = input;
  const [url] = await issueLinks(db, pageLinks, [
    {
      agreement,
      contact: to.id,
      recipient: to.email,
      roles: has(context.contract, to, roles) ? roles : [],
      purpose: 'statement',
      subject: `statement/${kept.id}`,
      language,
      mail: key,
      issuedAt: asOf,
      expires: linkExpiry(asOf, days),
    },
  ]);
  return url;
}

/** Whether somebody has one of the roles that a mail goes to; where nobody has, all contacts get it. */
const has = ({ contacts }: Contract, { id }: Recipient, roles: readonly string[]): boolean =>
  contacts.customer.some(
    (contact, index) =>
      contactId(contact, index) === id && contact.roles.some((role) => roles.includes(role)),
  );
