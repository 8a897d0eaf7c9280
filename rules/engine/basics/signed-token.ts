/** Texts that carry their content and prove that we made them: links in mails, sessions, forms. Pure. */
import { createHmac, timingSafeEqual } from 'node:crypto';

const signatureOf = (key: string, kind: string, payload: string): Buffer =>
  createHmac('sha256', key)
    .update(kind === '' ? payload : `${kind}:${payload}`)
    .digest();

/**
 * A token: its content, and the signature of it.
 * @param kind what it is for, signed too: a token of one kind is none of another
 */
export function signToken(key: string, kind: string, content: object): string {
  const payload = Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${payload}.${signatureOf(key, kind, payload).toString('base64url')}`;
}

/** The content of a token as it was signed. @returns undefined if it is none of ours, not whole, or of another kind */
export function openToken(key: string, kind: string, token: string): Record<string, unknown> | undefined {
  const [payload = '', signature = '', ...rest] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  const expected = signatureOf(key, kind, payload);
  // A payload has no `:`, which keeps the kinds apart.
  const isWhole = /^[\w-]+$/.test(payload) && rest.length === 0 && given.length === expected.length;
  const isOurs = isWhole && timingSafeEqual(given, expected);
  if (!isOurs) return undefined;
  return contentOf(payload);
}

/** What a token says that may be anybody's: nobody may act by it. @returns undefined if it says nothing that can be read */
export function unprovenContent(token: string): Record<string, unknown> | undefined {
  try {
    return contentOf(token.split('.')[0] ?? '');
  } catch {
    return undefined;
  }
}

const contentOf = (payload: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
