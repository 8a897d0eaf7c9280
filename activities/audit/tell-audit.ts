/**
 * Mails about what an audit found since the last one: one mail for all, to the operator, or without one to the managers of the
 * agreements concerned.
 */
import type { Person } from '../../rules/engine/contract/contract';
import type { AuditMailData } from '../../templates/mails/mail-data';
import type { AuditKind } from '../../templates/words/audit-words';
import { auditKinds, auditWords } from '../../templates/words/audit-words';
import type { Db, Queryable } from '../db';
import type { OperatorMailDeps } from '../health/operator-mails';
import { ByAddress, decideOperatorMail, operatorOr, sendOperatorMails } from '../health/operator-mails';

/** Most findings of a kind that a mail lists. */
const mostTold = 10;

/** Mails what nobody was told of yet. @returns how many mails went out */
export async function tellOfAudit(db: Db, deps: OperatorMailDeps): Promise<number> {
  await db.transaction((tx) => settle(tx, deps));
  return sendOperatorMails(deps, 'audit');
}

interface UntoldRow {
  kind: string;
  subject: string;
  detail: AuditMailData['audit']['kinds'][number]['findings'][number]['detail'];
  /** Of its agreement, or of the first one where it is about none. */
  manager: Person | null;
}

/** Puts all that is untold for one address into one mail. */
async function settle(tx: Queryable, deps: OperatorMailDeps): Promise<void> {
  const rows = await tx.query<UntoldRow>(
    `select f.kind, f.subject, f.detail,
            (select a.contract #> '{contacts,manager}' from agreements a
              where f.agreement is null or a.number = f.agreement order by a.state = 'live' desc, a.number limit 1) as manager
       from audit_findings f where f.told_at is null order by f.kind, f.subject for update of f skip locked`,
  );
  if (rows.length === 0) return;
  const mails = new ByAddress<UntoldRow>();
  for (const row of rows) {
    const to = operatorOr(deps, row.manager);
    if (to) mails.add(to, row);
  }
  for (const { to, rows: theirs } of mails.mails())
    await decideOperatorMail(tx, 'audit', to, contentOf(theirs));
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
