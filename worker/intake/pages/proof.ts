/** What a browser proves: that it entered a link's code (a session, in a cookie), and that its form is one of ours. */
import { randomBytes } from 'node:crypto';
import { openToken, signToken } from '../../../rules/engine/basics/signed-token';
import type { FollowedLink } from './page';

const cookieName = 'serviceavtal-page';
export const sessionMinutes = 60;
/** A form may stand open over a working day. */
const formHours = 12;

/** What tokens are bound to: one link. */
const boundTo = ({ id, agreement, purpose, subject }: FollowedLink): string =>
  [id ?? 'old', agreement, purpose, subject].join(' ');

const random = (): string => randomBytes(12).toString('base64url');

/** The session of a browser, by the cookies it sends. @returns undefined if it has none for this link that holds */
export function readSession(
  key: string,
  link: FollowedLink,
  cookies: string | undefined,
  now: number,
): string | undefined {
  for (const cookie of (cookies ?? '').split(';')) {
    const [name, value = ''] = cookie.trim().split('=');
    if (name !== cookieName) continue;
    const session = openToken(key, 'session', value);
    if (session?.link === boundTo(link) && Number(session.until) > now) return String(session.id);
  }
  return undefined;
}

/** The cookie of a new session. @param path the page's own, as the browser has it */
export function sessionCookie(
  key: string,
  link: FollowedLink,
  { now, path, secure }: { now: number; path: string; secure: boolean },
): string {
  const until = now + sessionMinutes * 60_000;
  const value = signToken(key, 'session', { link: boundTo(link), id: random(), until });
  const parts = [`${cookieName}=${value}`, `Path=${path}`, `Max-Age=${sessionMinutes * 60}`];
  return [...parts, 'HttpOnly', 'SameSite=Strict', ...(secure ? ['Secure'] : [])].join('; ');
}

/** A token for the forms of a page that is shown now; each form of it can be sent once. */
export const formToken = (
  key: string,
  link: FollowedLink,
  session: string | undefined,
  now: number,
): string =>
  signToken(key, 'form', {
    link: boundTo(link),
    session: session ?? '',
    id: random(),
    until: now + formHours * 3_600_000,
  });

/** Why a form is not taken: it is none of this page, it stood open too long, or its browser sent no cookie of the code, or a newer one. */
export type FormFault = 'unknown' | 'stale' | 'noCookie' | 'otherCookie';

/** The name of a form that was sent, or why it is not taken. */
export function readFormToken(
  key: string,
  link: FollowedLink,
  session: string | undefined,
  token: string,
  now: number,
): { name: string } | { fault: FormFault } {
  const form = openToken(key, 'form', token);
  if (form?.link !== boundTo(link)) return { fault: 'unknown' };
  if (Number(form.until) <= now) return { fault: 'stale' };
  if (form.session === (session ?? '')) return { name: String(form.id) };
  return { fault: session === undefined ? 'noCookie' : 'otherCookie' };
}
