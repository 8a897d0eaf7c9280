/** What an audit asks PostgreSQL: each is one look over all agreements. */
import { agreedIsKept } from './agreed';
import type { AuditSource } from './findings';
import { entriesMissing, postingsDiffer, refsTwice, unbalanced } from './hours';
import { filesDamaged, invoiceCounters, statementsDamaged } from './kept';
import { mailsHalfSent, mailsOfNothing, mailsTwice, mailsUntold, mailsWaiting } from './mails';
import { checksSilent, incidentsStale, versionsNotTaken } from './monitoring';
import { obligationsOverlooked, yearsNotClosed } from './obligations';
import { deliveriesStuck, outboxStuck } from './queues';

export const auditSources: readonly AuditSource[] = [
  ...[obligationsOverlooked, yearsNotClosed],
  ...[mailsHalfSent, mailsWaiting, mailsUntold, mailsTwice, mailsOfNothing],
  ...[entriesMissing, refsTwice, unbalanced, postingsDiffer],
  ...[outboxStuck, deliveriesStuck],
  ...[agreedIsKept, checksSilent, incidentsStale, versionsNotTaken],
  ...[filesDamaged, statementsDamaged, invoiceCounters],
];
