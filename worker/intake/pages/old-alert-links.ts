/** Links in alerts of before 0.3.0, which hold for a week: signed with the same key, without a person and a row. */
import { openToken } from '../../../rules/engine/basics/signed-token';
import type { Language } from '../../../rules/engine/basics/text';
import type { FollowedLink } from './page';

const actions = ['take', 'mended', 'pause'] as const;

/** @returns undefined if it is none of those */
export function readOldAlertLink(key: string, token: string, fallback: Language): FollowedLink | undefined {
  const { agreement, incident, action, expires, language } = openToken(key, '', token) ?? {};
  const known = actions.find((each) => each === action);
  if (!known) return undefined;
  return {
    id: null,
    agreement: String(agreement),
    contact: 'support',
    purpose: `alert-${known}`,
    subject: `incident/${Number(incident)}`,
    expires: String(expires),
    language: language === 'sv' || language === 'en' ? language : fallback,
  };
}
