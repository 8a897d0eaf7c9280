/**
 * Links in mails to support: each carries a signed token that allows one action on one incident, for a week. Whoever has
 * the mail may use it; without the key nobody can make such a link or change one.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../../rules/engine/contract/contract';
import { addMinutes } from '../../rules/engine/calendar/dates';
import type { Language, Text } from '../../rules/engine/basics/text';
import { expectedFound } from '../../rules/engine/basics/text';

export const alertActions = ['take', 'mended', 'pause'] as const;
export type AlertAction = (typeof alertActions)[number];

/** What a link lets one do. */
export interface AlertLink {
  agreement: string;
  incident: number;
  /** `pause`: the incident's check rests, until support opens on a later day unless something else is chosen. */
  action: AlertAction;
  expires: Instant;
  /** Of the mail that the link stands in, which its page speaks too; links made before had none. */
  language?: Language;
}

const days = 7;

/** When the links of a mail made at an instant expire. */
export function linkExpiry(at: Instant): Instant {
  return addMinutes(at, days * 24 * 60);
}

const signatureOf = (key: string, payload: string): Buffer =>
  createHmac('sha256', key).update(payload).digest();

/** The token of a link: what it lets one do, and the signature of it. */
export function signAlertLink(
  key: string,
  { agreement, incident, action, expires, language }: AlertLink,
): string {
  const content = JSON.stringify({ agreement, incident, action, expires, language });
  const payload = Buffer.from(content).toString('base64url');
  return `${payload}.${signatureOf(key, payload).toString('base64url')}`;
}

/** What a token allows at an instant, or why it allows nothing. */
export function readAlertLink(key: string, token: string, now: Instant): AlertLink | { invalid: Text } {
  const [payload = '', signature = '', ...rest] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  const expected = signatureOf(key, payload);
  const isOurs = rest.length === 0 && given.length === expected.length && timingSafeEqual(given, expected);
  const link = isOurs ? parse(payload) : undefined;
  if (!link)
    return {
      invalid: expectedFound(
        { sv: 'en länk ur ett av våra mejl', en: 'a link from one of our mails' },
        { sv: 'en som vi inte har gjort', en: 'one that we did not make' },
      ),
    };
  if (link.expires <= now)
    return {
      invalid: expectedFound(
        { sv: `en länk som är högst ${days} dygn gammal`, en: `a link that is at most ${days} days old` },
        { sv: `en som gällde till ${link.expires}`, en: `one that held until ${link.expires}` },
      ),
    };
  return link;
}

function parse(payload: string): AlertLink | undefined {
  try {
    const { agreement, incident, action, expires, language } = JSON.parse(
      Buffer.from(payload, 'base64url').toString('utf8'),
    ) as Partial<AlertLink>;
    return typeof agreement === 'string' &&
      typeof incident === 'number' &&
      typeof expires === 'string' &&
      action !== undefined &&
      alertActions.includes(action)
      ? {
          agreement,
          incident,
          action,
          expires,
          ...((language === 'sv' || language === 'en') && { language }),
        }
      : undefined;
  } catch {
    return undefined;
  }
}
