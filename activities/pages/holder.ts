/** Whose a link is today: the person it was mailed to, as long as they are in the contract, with the same address and role. */
import { addressKey } from '../../rules/engine/basics/mail-address';
import { contactId } from '../../rules/engine/contract/change-contract';
import type { Contract, ContactRole, Person } from '../../rules/engine/contract/contract';
import { findAgreement } from '../agreements/agreements';
import { invitingRoles } from '../../rules/engine/upgrade/test-cases';
import { findTester, isRemoved } from '../agreements/testers';
import type { Queryable } from '../db';
import type { PageLink } from './links';

export interface Holder extends Person {
  /** None for our own people, for a partner's, and for testers. */
  roles: readonly ContactRole[];
}

/** A link that may be used, or why not. */
export type Held =
  | { state: 'good'; holder: Holder; contract: Contract; ended: boolean }
  /** Revoked by somebody, or the holder has left, or has no role any more for which they got it. */
  | { state: 'revoked' | 'left'; contract: Contract }
  /** It is not known, as after the database was restored from before it was made. */
  | { state: 'gone' };

interface LinkRow {
  recipient: string;
  roles: string[];
  revoked: boolean;
}

/** Whether the holder of a genuine link may use it. */
export async function findHolder(db: Queryable, link: PageLink): Promise<Held> {
  const { id, agreement, contact, purpose, subject, expires } = link;
  const [row] = await db.query<LinkRow>(
    `select recipient, roles, revoked_at is not null as revoked from page_links
      where id = $1 and agreement = $2 and contact = $3 and purpose = $4 and subject = $5 and expires_at = $6`,
    [id, agreement, contact, purpose, subject, expires],
  );
  const known = await findAgreement(db, agreement);
  if (!row || !known) return { state: 'gone' };
  const { contract } = known;
  if (row.revoked) return { state: 'revoked', contract };
  const holder =
    (await ours(db, contract, contact, row)) ??
    (await customers(db, contract, link, row)) ??
    (await testers(db, link, row)) ??
    partners(contract, contact, row);
  return holder
    ? { state: 'good', holder, contract, ended: known.state === 'ended' }
    : { state: 'left', contract };
}

async function customers(
  db: Queryable,
  { contacts }: Contract,
  { agreement, contact, purpose, subject }: PageLink,
  { recipient, roles }: LinkRow,
): Promise<Holder | undefined> {
  const holder = contacts.customer.find((each, index) => contactId(each, index) === contact);
  if (!holder || addressKey(holder.email) !== addressKey(recipient)) return undefined;
  if (roles.length > 0) return holder.roles.some((role) => roles.includes(role)) ? holder : undefined;
  // A link without roles that opens a test came by an invitation, which may be taken back.
  const isInvited = purpose === 'test' && !holder.roles.some((role) => invitingRoles.includes(role));
  const ofYear = Number(subject.slice(subject.indexOf('/') + 1));
  return isInvited && (await isRemoved(db, agreement, ofYear, recipient)) ? undefined : holder;
}

/** Somebody whom the customer has invited to test, as long as they are not removed: their links open the test page alone. */
async function testers(
  db: Queryable,
  { agreement, contact, purpose }: PageLink,
  { recipient }: LinkRow,
): Promise<Holder | undefined> {
  const found = purpose === 'test' ? await findTester(db, agreement, contact) : undefined;
  if (!found || addressKey(found.email) !== addressKey(recipient)) return undefined;
  return { name: found.name, email: found.email, roles: [] };
}

/** The contact of a partner for its integration. */
function partners({ integrations }: Contract, contact: string, { recipient }: LinkRow): Holder | undefined {
  const found = integrations.find(({ id }) => `partner/${id}` === contact)?.contact;
  if (!found || addressKey(found.email) !== addressKey(recipient)) return undefined;
  return { name: found.name, email: found.email, roles: [] };
}

/** One of our own, who may act for another agreement of the desk than the one that names them. */
async function ours(
  db: Queryable,
  { contacts: { support, manager, consultant } }: Contract,
  contact: string,
  { recipient }: LinkRow,
): Promise<Holder | undefined> {
  if (!['support', 'manager', 'consultant'].includes(contact)) return undefined;
  const own = [support, manager, consultant].find(({ email }) => addressKey(email) === addressKey(recipient));
  if (own) return { ...own, roles: [] };
  const [other] = await db.query(
    `select 1 from agreements where $1 in (contract #>> '{contacts,support,email}', contract #>> '{contacts,manager,email}',
                                           contract #>> '{contacts,consultant,email}') limit 1`,
    [recipient],
  );
  return other && { name: recipient, email: recipient, roles: [] };
}
