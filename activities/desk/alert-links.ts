/** Links in mails to support: each opens the page of one answer to one incident, for a week. */
import { usualPauseEnd } from '../../rules/engine/monitoring/pause-end';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { SupportTerms } from '../../rules/engine/ruleset/terms';
import type { MailIncident } from '../../templates/mails/mail-data';
import type { Queryable } from '../db';
import type { NewLink, PageLinks } from '../pages/links';
import { issueLinks, linkExpiry } from '../pages/links';

export const alertActions = ['take', 'mended', 'pause'] as const;
export type AlertAction = (typeof alertActions)[number];

const days = 7;

/** The mail that the links stand in. */
interface DeskMail {
  id: number;
  detail: { to: string };
  recipient: string;
  decidedAt: Instant;
}

/** The incident whose answers a mail offers. */
export interface Answerable {
  id: number;
  agreement: string;
  /** A site's silence cannot be marked as mended: it ends when its worker is heard. */
  isCheck: boolean;
  support: SupportTerms;
}

/** What the answer is called that lets a check rest, by when the pause ends. */
const pauseLabels = {
  tomorrow: 'pause',
  opening: 'pauseUntilOpening',
  workday: 'pauseUntilWorkday',
} as const;

/** The answers that a mail offers, by incident; the mail's row has made them where it is written again. */
export async function alertAnswers(
  db: Queryable,
  { id: mail, detail, recipient, decidedAt }: DeskMail,
  incidents: readonly Answerable[],
  { pageLinks, staffLanguage: language }: { pageLinks?: PageLinks | undefined; staffLanguage: Language },
): Promise<Map<number, MailIncident['actions']>> {
  if (!pageLinks) return new Map();
  const offered = incidents.flatMap((incident) =>
    alertActions
      .filter((action) => action !== 'mended' || incident.isCheck)
      .map((action) => ({ ...incident, action })),
  );
  const links = await issueLinks(
    db,
    pageLinks,
    offered.map(({ id, agreement, action }): NewLink => ({
      agreement,
      contact: detail.to,
      recipient,
      roles: [],
      purpose: `alert-${action}`,
      subject: `incident/${id}`,
      language,
      mail: `desk/${mail}/${detail.to}`,
      issuedAt: decidedAt,
      expires: linkExpiry(decidedAt, days),
    })),
  );
  const answers = new Map<number, MailIncident['actions']>();
  for (const [index, { id, action, support }] of offered.entries()) {
    const name = action === 'pause' ? pauseLabels[usualPauseEnd(decidedAt, support).when] : action;
    answers.set(id, [...(answers.get(id) ?? []), { action: name, link: links[index]! }]);
  }
  return answers;
}
