/** Audits the hour banks: every entry once, every transaction balanced, and accounts that agree with the facts. */
import { counted } from '../../rules/engine/basics/counted';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant } from '../../rules/engine/contract/contract';
import { expectedFound } from '../../rules/engine/basics/text';
import type { Queryable } from '../db';
import { readHours } from '../hours/facts';
import { readUnposted } from '../hours/postings';
import type { AuditFinding } from './findings';

/** Entries of an agreement are numbered from one, without gaps. */
export async function entriesMissing(db: Queryable): Promise<AuditFinding[]> {
  const rows = await db.query<{ agreement: string; count: number; last: number }>(
    `select agreement, count(*)::int as count, max(number) as last from hour_entries
      group by agreement having count(*) <> max(number)`,
  );
  return rows.map(({ agreement, count, last }) => ({
    kind: 'entryMissing',
    subject: agreement,
    agreement,
    detail: expectedFound(
      { sv: counted(last, ['rad', 'rader']), en: counted(last, ['entry', 'entries']) },
      String(count),
    ),
  }));
}

/** Two entries that stand never have the same reference. */
export async function refsTwice(db: Queryable): Promise<AuditFinding[]> {
  const rows = await db.query<{ agreement: string; ref: string; numbers: string }>(
    `select e.agreement, r.ref, string_agg(e.number::text, ', ' order by e.number) as numbers
       from hour_entry_refs r join hour_entries e on e.id = r.entry
      where e.target is null and not exists
            (select from hour_entries u where u.target = e.id and u.action = 'undo'
                and not exists (select from hour_entries again where again.target = u.id and again.action = 'undo'))
      group by e.agreement, r.ref having count(*) > 1`,
  );
  return rows.map(({ agreement, ref, numbers }) => ({
    kind: 'refTwice',
    subject: `${agreement}/${ref}`,
    agreement,
    detail: { sv: `raderna ${numbers}`, en: `entries ${numbers}` },
  }));
}

/** What a transaction takes from one account it gives to others. */
export async function unbalanced(db: Queryable): Promise<AuditFinding[]> {
  const rows = await db.query<{ id: string; agreement: string; seconds: number; minor: number }>(
    `select t.id, t.agreement, sum(p.seconds)::bigint as seconds, sum(p.minor)::bigint as minor
       from hour_postings p join hour_transactions t on t.id = p.transaction
      group by t.id having sum(p.seconds) <> 0 or sum(p.minor) <> 0`,
  );
  return rows.map(({ id, agreement, seconds, minor }) => ({
    kind: 'unbalanced',
    subject: id,
    agreement,
    detail: expectedFound('0', {
      sv: `${seconds} sekunder och ${minor} ören`,
      en: `${seconds} seconds and ${minor} minor units`,
    }),
  }));
}

/**
 * The accounts agree with what the burn-down makes of the facts, by the day of the last change: what expires later is posted
 * with the next one.
 */
export async function postingsDiffer(db: Queryable): Promise<AuditFinding[]> {
  const posted = await db.query<{ agreement: string; at: Instant }>(
    `select t.agreement, greatest(max(t.recorded_at), (select max(e.recorded_at) from hour_entries e where e.agreement = t.agreement)) as at
       from hour_transactions t group by t.agreement order by t.agreement`,
  );
  const findings: AuditFinding[] = [];
  for (const { agreement, at } of posted) {
    const facts = await readHours(db, agreement);
    const subjects = (await readUnposted(db, agreement, facts, localDateOf(at))).map(
      ({ subject }) => subject,
    );
    if (subjects.length > 0)
      findings.push({
        kind: 'postingsDiffer',
        subject: agreement,
        agreement,
        detail: { sv: `inte bokfört: ${subjects.join(', ')}`, en: `not posted: ${subjects.join(', ')}` },
        mend: { how: 'post', agreement },
      });
  }
  return findings;
}
