/** Links that outlive a mail: each person has one for a purpose, which all their mails carry until it has little time left. */
import type { ContactRole, Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';
import type { NewLink, PageLink } from './links';
import { linkExpiry, newestLink } from './links';

/**
 * Days for which a link holds, and that are left of it at least when it is given again: that to the page of the agreement, and that
 * to its calendar feed, which somebody puts into a calendar once a year.
 */
const holdings = {
  agreement: { days: 180, atLeast: 60 },
  calendar: { days: 365, atLeast: 1 },
} as const;

/** Whose link it is and what for; what it is about is all of that. */
export type LivingLink = Omit<NewLink, 'mail' | 'issuedAt' | 'expires' | 'roles' | 'subject'> & {
  purpose: keyof typeof holdings;
};

/** Who has the page of the agreement: who only tests has the page of the tests. */
export const readerRoles: readonly ContactRole[] = ['management', 'system-owner', 'finance'];

const columns = 'id, agreement, contact, purpose, subject, expires_at as expires, language';

/** The link that somebody has, if it holds still for at least so many days. */
export const findLivingLink = (
  db: Queryable,
  link: LivingLink,
  at: Instant,
  atLeast = 0,
): Promise<PageLink | undefined> =>
  newestLink(db, { ...link, subject: link.purpose }, linkExpiry(at, atLeast));

/** The link that somebody has or, where it has too little time left or was revoked, another one. */
export async function livingLink(tx: Queryable, link: LivingLink, at: Instant): Promise<PageLink> {
  const { agreement, contact, recipient, purpose, language } = link;
  const { days, atLeast } = holdings[purpose];
  const found = await findLivingLink(tx, link, at, atLeast);
  if (found) return found;
  const [made] = await tx.query<PageLink>(
    // Two mails that are written at once count alike, and have the same.
    `insert into page_links (agreement, contact, recipient, roles, purpose, subject, language, mail, issued_at, expires_at)
     select $1, $2, $3, $4, $5, $5, $6, concat_ws('/', $1::text, $5::text, $2::text, count(*) + 1), $7, $8
       from page_links where agreement = $1 and contact = $2 and purpose = $5
     on conflict (mail, purpose, subject) do update set mail = excluded.mail returning ${columns}`,
    [agreement, contact, recipient, readerRoles, purpose, language, at, linkExpiry(at, days)],
  );
  return made!;
}
