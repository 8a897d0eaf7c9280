/**
 * Personal links in mails: each opens one page, for one purpose and one person, until it expires or is revoked. The token
 * is signed and carries what it is for; PostgreSQL knows whom it went to and whether it holds still.
 */
import { openToken, signToken, unprovenContent } from '../../rules/engine/basics/signed-token';
import type { Language } from '../../rules/engine/basics/text';
import { addMinutes } from '../../rules/engine/calendar/dates';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';

/** What pages there are; each has its definition in `worker/intake/pages`. */
export const pagePurposes = [
  ...(['alert-take', 'alert-mended', 'alert-pause'] as const),
  ...(['statement', 'order', 'worksheet', 'partner'] as const),
  ...(['test', 'approval', 'agreement', 'calendar'] as const),
] as const;
export type PagePurpose = (typeof pagePurposes)[number];

/** What a link's token says. */
export interface PageLink {
  id: number;
  agreement: string;
  /**
   * Whom it was mailed to: a customer's contact by id, `tester-1` for somebody whom they invited to test, `support`, `manager`,
   * `consultant`, or `partner/` with an integration's id.
   */
  contact: string;
  purpose: PagePurpose;
  /**
   * What the page is about: `incident/12`, `statement/3`, `upgrade/1` for the upgrade of year 1,
   * `upgrade/1/before/edi` for what its partner is asked of an integration; `agreement` and `calendar` are about all of it.
   */
  subject: string;
  expires: Instant;
  /** Of the mail that it stands in, which its page speaks too. */
  language: Language;
}

/** How links are made. */
export interface PageLinks {
  /** The secret that they are signed with. */
  key: string;
  /** The address of a page by its link's token. */
  url: (token: string) => string;
}

const kind = 'page';

/** The token of a link. */
export const signPageLink = (key: string, link: PageLink): string => signToken(key, kind, link);

/** What a token says, also where it has expired. @returns undefined if we did not make it */
export const readPageLink = (key: string, token: string): PageLink | undefined =>
  openToken(key, kind, token) as PageLink | undefined;

/** The id that a token names, whoever made it. @returns undefined if it names none */
export function claimedLink(token: string): number | undefined {
  const { id } = unprovenContent(token) ?? {};
  return Number.isSafeInteger(id) ? Number(id) : undefined;
}

/** A link to be made. */
export interface NewLink extends Omit<PageLink, 'id'> {
  /** The address that it is mailed to. */
  recipient: string;
  /** Its holder has to have one of these roles, as long as the link is used; empty: none. */
  roles: readonly string[];
  /** Key of the mail that it stands in. */
  mail: string;
  issuedAt: Instant;
}

/** When a link expires that is made at an instant and holds for so many days. */
export const linkExpiry = (at: Instant, days: number): Instant => addMinutes(at, days * 24 * 60);

/**
 * Makes links, or gives those that the same mail had when it was written before.
 * @returns their addresses, in the same order
 */
export async function issueLinks(
  db: Queryable,
  { key, url }: PageLinks,
  links: readonly NewLink[],
): Promise<string[]> {
  if (links.length === 0) return [];
  const rows = await db.query<PageLink>(
    `insert into page_links (agreement, contact, recipient, roles, purpose, subject, language, mail, issued_at, expires_at)
     select agreement, contact, recipient, array(select jsonb_array_elements_text(roles)), purpose, subject, language,
            mail, "issuedAt", expires
       from jsonb_to_recordset($1::jsonb)
            as r(agreement text, contact text, recipient text, roles jsonb, purpose text, subject text, language text,
                 mail text, "issuedAt" timestamptz, expires timestamptz)
     on conflict (mail, purpose, subject) do update set mail = excluded.mail
     returning id, agreement, contact, purpose, subject, expires_at as expires, language`,
    [JSON.stringify(links)],
  );
  return links.map(({ purpose, subject }) => {
    const row = rows.find((each) => each.purpose === purpose && each.subject === subject)!;
    return url(signPageLink(key, row));
  });
}

/** A link as people see it in a list. */
export interface ListedLink {
  id: number;
  agreement: string;
  contact: string;
  recipient: string;
  purpose: PagePurpose;
  subject: string;
  issuedAt: Instant;
  expires: Instant;
  revokedAt: Instant | null;
  revokedBy: string | null;
  openedAt: Instant | null;
  /** When a visit was refused last. */
  refusedAt: Instant | null;
}

const listed = `select l.id, l.agreement, l.contact, l.recipient, l.purpose, l.subject, l.issued_at as "issuedAt",
  l.expires_at as expires, l.revoked_at as "revokedAt", l.revoked_by as "revokedBy",
  (select max(at) from page_events where link = l.id and event = 'opened') as "openedAt",
  (select max(at) from page_events where link = l.id and event = 'refused') as "refusedAt" from page_links l`;

/**
 * Links that hold at an instant, of one agreement or of all, oldest first.
 * @param about.refused also those that hold no more and were tried in the last thirty days
 */
export function listLinks(
  db: Queryable,
  at: Instant,
  { agreement, refused = false }: { agreement?: string | undefined; refused?: boolean } = {},
): Promise<ListedLink[]> {
  return db.query(
    `select * from (${listed}) as l
      where ((expires > $1 and "revokedAt" is null) or ($3 and "refusedAt" > $1::timestamptz - interval '30 days'))
        and ($2::text is null or agreement = $2)
      order by agreement, id`,
    [at, agreement ?? null, refused],
  );
}

/** One link, whether it holds or not. */
export async function findListedLink(db: Queryable, id: number): Promise<ListedLink | undefined> {
  const [link] = await db.query<ListedLink>(`${listed} where l.id = $1`, [id]);
  return link;
}

/** Revokes links that are not revoked, and notes who did it. @returns how many */
export async function revokeLinks(
  tx: Queryable,
  ids: readonly number[],
  { by, at }: { by: string; at: Instant },
): Promise<number> {
  const revoked = await tx.query<{ id: number }>(
    `update page_links set revoked_at = $2, revoked_by = $3 where id = any ($1) and revoked_at is null returning id`,
    [ids, at, by],
  );
  await tx.query(
    `insert into page_events (link, event, at, details) select unnest($1::bigint[]), 'revoked', $2, $3`,
    [revoked.map(({ id }) => id), at, JSON.stringify({ by })],
  );
  return revoked.length;
}

/**
 * The newest link of somebody to a page that holds still at an instant; undefined where there is none.
 * @param link without a language, that of any mail
 */
export async function newestLink(
  db: Queryable,
  {
    agreement,
    contact,
    recipient,
    purpose,
    subject,
    language,
  }: Pick<NewLink, 'agreement' | 'contact' | 'recipient' | 'purpose' | 'subject'> &
    Partial<Pick<NewLink, 'language'>>,
  at: Instant,
): Promise<PageLink | undefined> {
  const [link] = await db.query<PageLink>(
    `select id, agreement, contact, purpose, subject, expires_at as expires, language from page_links
      where agreement = $1 and contact = $2 and recipient = $3 and purpose = $4 and subject = $5
        and ($7::text is null or language = $7) and revoked_at is null and expires_at > $6 order by id desc limit 1`,
    [agreement, contact, recipient, purpose, subject, at, language ?? null],
  );
  return link;
}
