/** The link to a personal page, in the mail that brings it: that of an hour statement, that to order hours, and the worksheet of an upgrade. */
import { contactId } from '../../rules/engine/contract/change-contract';
import type { Contract } from '../../rules/engine/contract/contract';
import { moneyRoles } from '../../rules/engine/contract/contract';
import { phaseInPlan } from '../../rules/engine/plan/phase-in-plan';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import type { Language } from '../../rules/engine/basics/text';
import type { MailData } from '../../templates/mails/mail-data';
import type { Db, Queryable } from '../db';
import type { PageLinks } from '../pages/links';
import { issueLinks, linkExpiry, signPageLink } from '../pages/links';
import { livingLink, readerRoles } from '../pages/living-link';
import type { MailDeps } from './compose';
import { findStatement } from './kept-statements';
import type { MailContext, Recipient, SendNoticeInput } from './notice';

/** Days that a link holds: to read a statement and ask about it, to order hours, to report on an upgrade, to test and approve it. */
const days = { statement: 90, order: 60, worksheet: 90, partner: 60, test: 90, approval: 90 } as const;

/** Mails that say how much waits for an order, among other things. */
const tellsOfWaiting = ['hour-statement', 'agreement-ends'];

/** The mail that the link stands in, by its key. */
export interface LinkedMail {
  key: string;
  input: SendNoticeInput;
  context: MailContext;
  to: Recipient;
  language: Language;
  hours?: MailData['hours'];
}

/**
 * The pages that a mail links to: its own, and beside what else a mail says, that to order what waits beyond the bank.
 *
 * @returns none for another mail, and where nobody outside reaches the pages; for our own people the worksheet alone
 */
export async function pagesOfMail(
  { db, pageLinks }: Pick<MailDeps, 'db' | 'pageLinks'>,
  { key, input, context, to, language, hours }: LinkedMail,
): Promise<{ page?: string; order?: string; worksheet?: string; mine?: string }> {
  if (!pageLinks) return {};
  const { agreement, asOf, revision } = input;
  const issue = async ({ roles, ...about }: PageAbout): Promise<string | undefined> => {
    const expires = linkExpiry(asOf, days[about.purpose]);
    // Our own people are who the agreement says they are, also when the consultant is another.
    const contact = to.party === 'customer' ? to.id : to.party;
    const one = { agreement, contact, recipient: to.email, roles, ...about, language };
    const [url] = await issueLinks(db, pageLinks, [{ ...one, mail: key, issuedAt: asOf, expires }]);
    return url;
  };
  if (to.party !== 'customer') {
    const found = phaseInPlan(context.plan, input.obligation);
    if (!found) return {};
    const subject = `upgrade/${found.leftBy ?? context.plan.yearNumber}`;
    const worksheet = await issue({ purpose: 'worksheet', subject, roles: [] });
    return worksheet === undefined ? {} : { worksheet };
  }
  if (input.partner) {
    const { integration, question } = input.partner;
    const ofYear = phaseOfUpgrade(input.obligation)?.leftBy ?? context.plan.yearNumber;
    const asked = await issue({
      purpose: 'partner',
      subject: `upgrade/${ofYear}/${question}/${integration}`,
      roles: [],
    });
    return asked === undefined ? {} : { page: asked };
  }
  const about = testAbout(input, context) ?? (await pageAbout(db, input));
  const { roles = [] } = input;
  const own = has(context.contract, to, roles) ? [...roles] : [];
  const page = about && (await issue({ ...about, roles: own }));
  const orders = tellsOfWaiting.includes(input.template) && hours?.waiting && hours.endedOn === undefined;
  const order =
    orders && has(context.contract, to, moneyRoles)
      ? await issue({ purpose: 'order', subject: `order/${revision}`, roles: moneyRoles })
      : undefined;
  const mine = await ownPage({ db, pageLinks }, { input, context, to, language });
  return {
    ...(page !== undefined && { page }),
    // What was agreed is ticked there.
    ...(input.template === 'action-reminder' && mine !== undefined && { page: mine }),
    ...(order !== undefined && { order }),
    ...(mine !== undefined && { mine }),
  };
}

/** The page of the agreement, the same in all mails to somebody; nothing for who has left, or is to test alone. */
async function ownPage(
  { db, pageLinks }: { db: Db; pageLinks: PageLinks },
  {
    input: { agreement, asOf },
    context,
    to,
    language,
  }: Pick<LinkedMail, 'input' | 'context' | 'to' | 'language'>,
): Promise<string | undefined> {
  if (to.left || !has(context.contract, to, readerRoles)) return undefined;
  const one = { agreement, contact: to.id, recipient: to.email, purpose: 'agreement', language } as const;
  return pageLinks.url(signPageLink(pageLinks.key, await livingLink(db, one, asOf)));
}

interface PageAbout {
  purpose: keyof typeof days;
  subject: string;
  roles: readonly string[];
}

/** Mails about the customer's tests. */
const tellsOfTests = ['upgrade-test', 'test-invitation', 'test-session', 'test-case', 'test-progress'];

/** The page to test an upgrade, or to approve it, of a mail about that; none where the plan tells no cases. */
function testAbout(
  { template, obligation, news }: SendNoticeInput,
  { plan }: MailContext,
): Omit<PageAbout, 'roles'> | undefined {
  const isDecided = news?.kind === 'approved' || news?.kind === 'unapproved';
  const isLate = template === 'step-reminder' || template === 'customer-escalation';
  const reminded = isLate ? phaseInPlan(plan, obligation)?.planned.kind : undefined;
  const isApproval =
    template === 'upgrade-approval' || (template === 'upgrade-news' && isDecided) || reminded === 'approval';
  const { leftBy } = phaseOfUpgrade(obligation) ?? {};
  const of = leftBy === undefined ? plan.upgrade : plan.upgrade?.carried;
  const isTest = tellsOfTests.includes(template) || reminded === 'test';
  if (!of?.cases || !(isApproval || isTest)) return undefined;
  return { purpose: isApproval ? 'approval' : 'test', subject: `upgrade/${leftBy ?? plan.yearNumber}` };
}

/** What the page of a mail is about, if it has one. */
async function pageAbout(
  db: Queryable,
  input: SendNoticeInput,
): Promise<Omit<PageAbout, 'roles'> | undefined> {
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
