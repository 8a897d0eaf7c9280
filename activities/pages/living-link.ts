/** Links that outlive a mail: each person has one for a purpose, which all their mails carry until it has little time left. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';
import type { NewLink, PageLink } from './links';
import { linkExpiry } from './links';

/** How long a link of a purpose holds, and how much of that it has at least when it is given again; in days. */
export interface Holding {
  days: number;
  atLeast: number;
}

/** The page of the agreement, and its calendar feed, which a program asks for anew each day. */
export const holdings = {
  agreement: { days: 180, atLeast: 60 },
  calendar: { days: 365, atLeast: 1 },
} as const satisfies Record<string, Holding>;

/** Whose link it is and what for. */
export type LivingLink = Omit<NewLink, 'mail' | 'issuedAt' | 'expires'>;

const columns = 'id, agreement, contact, purpose, subject, expires_at as expires, language';

/** The link that somebody has, if it holds still for at least so many days. */
export async function findLivingLink(
  db: Queryable,
  { agreement, contact, recipient, roles, purpose, subject, language }: LivingLink,
  at: Instant,
  atLeast = 0,
): Promise<PageLink | undefined> {
  const [link] = await db.query<PageLink>(
    `select ${columns} from page_links
      where agreement = $1 and contact = $2 and recipient = $3 and roles = $4 and purpose = $5 and subject = $6
        and language = $7 and revoked_at is null and expires_at > $8 order by id desc limit 1`,
    [agreement, contact, recipient, roles, purpose, subject, language, linkExpiry(at, atLeast)],
  );
  return link;
}

/** The link that somebody has or, where it has too little time left or was revoked, another one. */
export async function livingLink(
  tx: Queryable,
  link: LivingLink,
  at: Instant,
  { days, atLeast }: Holding,
): Promise<PageLink> {
  const found = await findLivingLink(tx, link, at, atLeast);
  if (found) return found;
  const { agreement, contact, recipient, roles, purpose, subject, language } = link;
  const [made] = await tx.query<PageLink>(
    // Two mails that are written at once count alike, and have the same.
    `insert into page_links (agreement, contact, recipient, roles, purpose, subject, language, mail, issued_at, expires_at)
     select $1, $2, $3, $4, $5, $6, $7, concat_ws('/', $1::text, $5::text, $2::text, count(*) + 1), $8, $9
       from page_links where agreement = $1 and contact = $2 and purpose = $5
     on conflict (mail, purpose, subject) do update set mail = excluded.mail returning ${columns}`,
    [agreement, contact, recipient, roles, purpose, subject, language, at, linkExpiry(at, days)],
  );
  return made!;
}
