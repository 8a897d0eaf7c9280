/** What an audit found, as PostgreSQL keeps it between one night and the next. */
import { compare } from '../../rules/engine/basics/compare';
import type { Text } from '../../rules/engine/basics/text';
import type { Instant } from '../../rules/engine/contract/contract';
import type { AuditKind } from '../../templates/words/audit-words';
import { auditKinds } from '../../templates/words/audit-words';
import type { Db, Queryable } from '../db';
import type { Mend } from './mend';

/** Something that is not as it should be. */
export interface AuditFinding {
  kind: AuditKind;
  /** What it is about: with the kind it names the finding. */
  subject: string;
  /** Null where it is about no agreement, or about one that PostgreSQL does not know. */
  agreement: string | null;
  /** What was expected and what was found. */
  detail: Text;
  /** What mends it safely, where something does. */
  mend?: Mend;
}

/**
 * One thing that an audit looks at: reads, and changes nothing. A further source, such as what was lost since a back-up, is one
 * more function like this, with its kinds in `templates/words/audit-words.ts`.
 *
 * @param asOf now
 */
export type AuditSource = (db: Queryable, asOf: Instant) => Promise<AuditFinding[]>;

/** Findings in the order in which they are told, each once. */
export function inOrder(findings: readonly AuditFinding[]): AuditFinding[] {
  const once = new Map(findings.map((one) => [`${one.kind}/${one.subject}`, one]));
  const place = ({ kind }: AuditFinding): number => auditKinds.indexOf(kind);
  return [...once.values()].sort((a, b) => place(a) - place(b) || compare(a.subject, b.subject));
}

/** Notes that an audit begins. */
export async function beginAudit(db: Queryable, at: Instant): Promise<void> {
  await db.query(
    'insert into audits (begun_at) values ($1) on conflict (one) do update set begun_at = excluded.begun_at',
    [at],
  );
}

/** Notes why an audit could not be completed; what the one before found stays. */
export async function failAudit(db: Queryable, reason: string): Promise<void> {
  await db.query('update audits set failed = $1', [reason.slice(0, 500)]);
}

/** Keeps what a complete audit found in the place of what the one before found. */
export async function recordAudit(db: Db, findings: readonly AuditFinding[], at: Instant): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(
      `insert into audit_findings (kind, subject, agreement, detail, found_at, seen_at)
       select f.kind, f.subject, f.agreement, f.detail, $2, $2
         from jsonb_to_recordset($1::jsonb) as f(kind text, subject text, agreement text, detail jsonb)
       on conflict (kind, subject) do update set agreement = excluded.agreement, detail = excluded.detail,
              seen_at = excluded.seen_at`,
      [JSON.stringify(findings), at],
    );
    await tx.query('delete from audit_findings where seen_at <> $1', [at]);
    await tx.query(
      `insert into audits (begun_at, ended_at) values ($1, now())
       on conflict (one) do update set ended_at = excluded.ended_at, failed = null`,
      [at],
    );
  });
}

export interface LastAudit {
  begunAt: Instant;
  endedAt: Instant | null;
  failed: string | null;
}

/** When the last audit was made; nothing where there was none. */
export async function readLastAudit(db: Queryable): Promise<LastAudit | undefined> {
  const [row] = await db.query<LastAudit>(
    'select begun_at as "begunAt", ended_at as "endedAt", failed from audits',
  );
  return row;
}

/** Figures of the last audit. */
export interface AuditFigures {
  findings: { kind: string; count: number }[];
  /** Seconds since the last complete one, by the database's clock; null before the first. */
  age: number | null;
  failing: boolean;
}

export async function readAuditFigures(db: Queryable): Promise<AuditFigures> {
  const [last] = await db.query<{ age: number | null; failing: boolean }>(
    `select extract(epoch from now() - ended_at)::float8 as age, failed is not null as failing from audits`,
  );
  return {
    findings: await db.query('select kind, count(*)::int as count from audit_findings group by kind'),
    age: last?.age ?? null,
    failing: last?.failing ?? false,
  };
}
