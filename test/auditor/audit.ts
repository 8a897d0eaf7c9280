/** Says what is wrong with what was lived through. */
import type { Evidence, Finding } from './evidence';
import { auditHours } from './hours';
import { auditMails } from './mails';
import { auditMessages } from './messages';
import { auditObligations } from './obligations';
import { auditWorkflow } from './workflows';

/** @returns all that is wrong, empty where every promise was kept or its breach was told */
export function audit(evidence: Evidence): Finding[] {
  const { agreements, terms, mails } = evidence;
  const byId = new Map(mails.map((mail) => [mail.messageId, mail]));
  return [
    ...auditMails(evidence),
    ...agreements.flatMap((agreement) => [
      ...auditMessages(agreement),
      ...auditHours(agreement, terms),
      ...auditObligations(agreement, terms, byId),
      ...auditWorkflow(agreement),
    ]),
  ];
}
