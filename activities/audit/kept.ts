/** Audits what is kept for years: files and statements by their sha256, and the numbers of invoice bases. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../rules/engine/basics/canonical-json';
import { expectedFound } from '../../rules/engine/basics/text';
import type { Queryable } from '../db';
import type { AuditFinding } from './findings';

/** Every file with what it should come to. PostgreSQL reckons: no file travels. */
const files = {
  paper: `select service || '/' || document || '/' || f.kind as name, agreement, content, digest as sha256
            from signed_files f join signings using (service, document) where f.state = 'kept'`,
  statement: `select agreement || '/' || year || '/' || obligation || '/' || version || '/' || name as name, agreement, f.content, f.sha256
                from hour_statement_files f join hour_statements s on s.id = f.statement`,
  picture: `select agreement || '/' || sha256 as name, agreement, bytes as content, sha256 from page_pictures`,
  report: `select agreement || '/' || of_year || '/' || version || '/' || name as name, agreement, content, sha256
             from upgrade_reports`,
};

const damaged = (name: string, agreement: string | null): AuditFinding => ({
  kind: 'fileDamaged',
  subject: name,
  agreement,
  detail: { sv: 'sha256 stämmer inte', en: 'its sha256 is another' },
});

export async function filesDamaged(db: Queryable): Promise<AuditFinding[]> {
  const findings: AuditFinding[] = [];
  for (const [kind, sql] of Object.entries(files)) {
    const rows = await db.query<{ name: string; agreement: string }>(
      `select name, agreement from (${sql}) as kept where encode(sha256(content), 'hex') is distinct from sha256`,
    );
    findings.push(...rows.map(({ name, agreement }) => damaged(`${kind}/${name}`, agreement)));
  }
  return findings;
}

/** Statements read at a time: the hash of a content in one form is reckoned here. */
const batch = 200;

interface Statement {
  id: number;
  agreement: string;
  name: string;
  content: unknown;
  sha256: string;
}

export async function statementsDamaged(db: Queryable): Promise<AuditFinding[]> {
  const findings: AuditFinding[] = [];
  for (let after = 0; ;) {
    const rows = await db.query<Statement>(
      `select id, agreement, agreement || '/' || year || '/' || obligation || '/' || version as name, content, sha256
         from hour_statements where id > $1 order by id limit ${batch}`,
      [after],
    );
    for (const { agreement, name, content, sha256 } of rows)
      if (createHash('sha256').update(canonicalJson(content)).digest('hex') !== sha256)
        findings.push(damaged(`content/${name}`, agreement));
    after = rows.at(-1)?.id ?? 0;
    if (rows.length < batch) return findings;
  }
}

/** The counter of a year is the highest number that was given, and every number up to it is there. */
export async function invoiceCounters(db: Queryable): Promise<AuditFinding[]> {
  const rows = await db.query<{ year: number; counted: number; highest: number; bases: number }>(
    `select coalesce(c.year, b.year) as year, coalesce(c.last, 0) as counted, coalesce(b.highest, 0) as highest,
            coalesce(b.bases, 0) as bases
       from invoice_counters c full join
            (select split_part(number, '-', 2)::int as year, max(split_part(number, '-', 3)::int) as highest, count(*)::int as bases
               from invoice_bases group by 1) as b on b.year = c.year
      where coalesce(c.last, 0) <> coalesce(b.highest, 0) or b.bases <> b.highest`,
  );
  return rows.map(({ year, counted, highest, bases }) => ({
    kind: 'invoiceCounter',
    subject: String(year),
    agreement: null,
    detail: expectedFound(
      { sv: `${Math.max(counted, highest)} underlag`, en: `${Math.max(counted, highest)} bases` },
      { sv: `${bases}, och räknaren på ${counted}`, en: `${bases}, and the counter at ${counted}` },
    ),
    ...(counted > 0 && counted < highest && { mend: { how: 'counter', year, last: highest } }),
  }));
}
