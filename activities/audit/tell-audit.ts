/**
 * Mails about what an audit found since the last one: one mail for all, to the operator, or without one to the managers of the
 * agreements concerned. A mail and what it says are stored before it is sent.
 */
import { addressKey } from '../../rules/engine/basics/mail-address';
import type { Instant, Person } from '../../rules/engine/contract/contract';
import type { AuditMailData } from '../../templates/mails/mail-data';
import type { AuditKind } from '../../templates/words/audit-words';
import { auditKinds, auditWords } from '../../templates/words/audit-words';
import type { Db, Queryable } from '../db';
import type { OperatorMailDeps } from '../health/tell-operator';
import { noticeOf, sendOrRefuse } from '../mail/compose';
import type { LedgerEntry } from '../mail/mail-ledger';
import type { SentNotice } from '../mail/notice';
import type { Delivery } from '../mail/smtp';
import { permanent } from '../permanent';

/** What the ledger keeps to make such a mail again. */
export interface AuditMailRequest {
  auditMail: number;
}

/** Most findings of a kind that a mail lists. */
const mostTold = 10;

/** Mails what nobody was told of yet. @returns how many mails went out */
export async function tellOfAudit(db: Db, deps: OperatorMailDeps): Promise<number> {
  await db.transaction((tx) => settle(tx, deps));
  const waiting = await db.query<{ id: number }>(
    'select id from audit_mails where sent_at is null order by id',
  );
  let sent = 0;
  for (const { id } of waiting) if ((await send(deps, id))?.state === 'sent') sent += 1;
  return sent;
}

interface UntoldRow {
  kind: string;
  subject: string;
  detail: AuditMailData['audit']['kinds'][number]['findings'][number]['detail'];
  /** Of its agreement, or of the first one where it is about none. */
  manager: Person | null;
}

/** Puts all that is untold for one address into one mail. */
async function settle(tx: Queryable, { operatorMail }: OperatorMailDeps): Promise<void> {
  const rows = await tx.query<UntoldRow>(
    `select f.kind, f.subject, f.detail,
            (select a.contract #> '{contacts,manager}' from agreements a
              where f.agreement is null or a.number = f.agreement order by a.state = 'live' desc, a.number limit 1) as manager
       from audit_findings f where f.told_at is null order by f.kind, f.subject for update of f skip locked`,
  );
  if (rows.length === 0) return;
  const mails = new Map<string, { to: Person; rows: UntoldRow[] }>();
  for (const row of rows) {
    const to = operatorMail === undefined ? row.manager : { name: operatorMail, email: operatorMail };
    if (!to) continue;
    const mail = mails.get(addressKey(to.email)) ?? { to, rows: [] };
    mail.rows.push(row);
    mails.set(addressKey(to.email), mail);
  }
  for (const { to, rows: theirs } of mails.values())
    await tx.query('insert into audit_mails (name, recipient, content) values ($1, $2, $3)', [
      to.name,
      to.email,
      JSON.stringify(contentOf(theirs)),
    ]);
  await tx.query('update audit_findings set told_at = clock_timestamp() where told_at is null');
}

function contentOf(rows: readonly UntoldRow[]): AuditMailData['audit'] {
  const isKnown = (kind: AuditKind): boolean => rows.some((row) => row.kind === kind);
  return {
    count: rows.length,
    kinds: auditKinds.filter(isKnown).map((kind) => {
      const { means, mends, todo } = auditWords(kind);
      const findings = rows.filter((row) => row.kind === kind);
      return {
        ...{ kind, means, todo, ...(mends && { mends }) },
        findings: findings.slice(0, mostTold).map(({ subject, detail }) => ({ subject, detail })),
        more: Math.max(0, findings.length - mostTold),
      };
    }),
  };
}

interface AuditMail {
  name: string;
  recipient: string;
  content: AuditMailData['audit'];
  decidedAt: Instant;
}

/** @returns nothing where another attempt to send it is under way */
async function send(deps: OperatorMailDeps, id: number): Promise<Delivery | undefined> {
  const { db, staffLanguage } = deps;
  const [mail] = await db.query<AuditMail>(
    'select name, recipient, content, decided_at as "decidedAt" from audit_mails where id = $1',
    [id],
  );
  if (!mail) throw permanent('NotFound', `expected the mail ${id} about an audit, found none`);
  const { name, recipient, content, decidedAt } = mail;
  const request: AuditMailRequest = { auditMail: id };
  const entry: LedgerEntry = {
    ...{
      key: `audit/${id}/operator`,
      agreement: null,
      year: null,
      obligation: 'audit',
      step: 'found',
      revision: 1,
    },
    ...{ contact: 'operator', recipient, template: 'audit-findings', request, asOf: decidedAt },
  };
  // The operator has an address and no name here: the mail greets nobody by name.
  const party = name === recipient ? 'support' : 'manager';
  const data: AuditMailData = { recipient: { name, party }, audit: content };
  const delivery = await sendOrRefuse(deps, entry, () =>
    Promise.resolve({ to: { name, email: recipient }, language: staffLanguage, data }),
  );
  if (delivery) await db.query('update audit_mails set sent_at = now() where id = $1', [id]);
  return delivery;
}

/** Sends a mail about an audit again if its ledger row says that it may go out: for `mails resend`. */
export async function resendAuditMail(
  deps: OperatorMailDeps,
  { auditMail }: AuditMailRequest,
): Promise<SentNotice> {
  return noticeOf(await send(deps, auditMail), 'operator', `audit/${auditMail}/operator`);
}
