/** Audits the ledger of mails: none half-sent or waiting for long, none twice, none about nothing, none that nobody was told of. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Text } from '../../rules/engine/basics/text';
import { joined } from '../../rules/engine/basics/text';
import type { Queryable } from '../db';
import type { AuditFinding } from './findings';

/** Mails that the run of an agreement asks for. Others belong to none of its obligations. */
const ofRuns = `agreement is not null and obligation not in ('monitoring', 'signings', 'invoices', 'workflows', 'audit', 'digest')`;

interface Row {
  key: string;
  agreement: string | null;
  state: string;
  error: string | null;
  since: Instant;
}

const since = (at: Instant, reason: string | null): Text =>
  joined({ sv: `sedan ${at}`, en: `since ${at}` }, reason === null ? '' : `: ${reason}`);

/** Handed to the mail server more than an hour ago, and no attempt that would note what came of it. */
export async function mailsHalfSent(db: Queryable): Promise<AuditFinding[]> {
  const rows = await db.query<Row>(
    `select key, agreement, state, error, changed_at as since from mails
      where state = 'sending' and changed_at < now() - interval '1 hour'`,
  );
  return rows.map(({ key, agreement, error, since: at }) => ({
    kind: 'mailHalfSent',
    subject: key,
    agreement,
    detail: since(at, error),
    mend: { how: 'settleMail', key },
  }));
}

/** Waits although it should have gone out a day ago. */
export async function mailsWaiting(db: Queryable, asOf: Instant): Promise<AuditFinding[]> {
  const rows = await db.query<Row>(
    `select key, agreement, state, error, as_of as since from mails
      where state = 'queued' and as_of < $1::timestamptz - interval '1 day'
        and (attempts > 0 or changed_at < now() - interval '1 hour')`,
    [asOf],
  );
  return rows.map(({ key, agreement, error, since: at }) => ({
    kind: 'mailWaiting',
    subject: key,
    agreement,
    detail: since(at, error),
  }));
}

/** Unknown or refused, and never shown on the page of its agreement. Addresses of people who have left concern nobody. */
export async function mailsUntold(db: Queryable): Promise<AuditFinding[]> {
  const rows = await db.query<Row & { obligation: string; step: string; template: string; year: number }>(
    `select m.key, m.agreement, m.state, m.error, m.changed_at as since, m.obligation, m.step, m.template, m.year
       from mails m join agreements a on a.number = m.agreement and a.state <> 'ended'
      where m.state in ('unknown', 'refused') and m.changed_at < now() - interval '1 hour' and m.${ofRuns}
        and not m.request ? 'change'
        and (m.state = 'unknown' or m.contact in ('consultant', 'manager', 'support')
             or exists (select from jsonb_array_elements(a.contract #> '{contacts,customer}') c where c ->> 'id' = m.contact))
        and not exists (select from attention t where t.agreement = m.agreement
              and (t.code = 'mail-unknown' and t.subject = m.key or t.code = 'address-refused' and t.subject = m.contact
                   or t.code = 'mail-failed' and t.subject = m.obligation || '/' || m.step))`,
  );
  return rows.map(({ key, agreement, state, error, since: at, obligation, step, template }) => ({
    kind: 'mailUntold',
    subject: key,
    agreement,
    detail: since(at, error),
    ...(state === 'unknown' && {
      mend: {
        how: 'tell',
        agreement: agreement ?? '',
        kind: 'mail-returned',
        payload: { mail: { obligation, step, template }, refused: [], unknown: [key] },
      },
    }),
  }));
}

/** One mail is one row, whatever its key. */
export async function mailsTwice(db: Queryable): Promise<AuditFinding[]> {
  const rows = await db.query<{ agreement: string; keys: string[] }>(
    `select agreement, array_agg(key order by key) as keys from mails
      where state in ('sent', 'unknown') and ${ofRuns}
      group by agreement, year, obligation, step, revision, contact, template having count(*) > 1`,
  );
  return rows.map(({ agreement, keys }) => ({
    kind: 'mailTwice',
    subject: keys[0] ?? '',
    agreement,
    detail: joined({ sv: 'också ', en: 'also ' }, keys.slice(1).join(', ')),
  }));
}

/** What a year owes by these names stands among its obligations, also where it was withdrawn. */
const named = `^(meeting-|upgrade(-[0-9]+)?/|start/|renewal/|hours/(statement-[0-9]+|lapse|expiry)$)`;

/** Sent about something that the year never owed. */
export async function mailsOfNothing(db: Queryable): Promise<AuditFinding[]> {
  const rows = await db.query<{ key: string; agreement: string; obligation: string; year: number }>(
    `select key, agreement, obligation, year from mails m
      where state in ('sent', 'unknown') and ${ofRuns} and obligation ~ $1
        and not exists (select from obligations o where o.agreement = m.agreement and o.year = m.year and o.id = m.obligation)
        and not exists (select from meetings g where g.agreement = m.agreement and g.year = m.year and g.id = m.obligation)`,
    [named],
  );
  return rows.map(({ key, agreement, obligation, year }) => ({
    kind: 'mailOfNothing',
    subject: key,
    agreement,
    detail: { sv: `år ${year} har inget ${obligation}`, en: `year ${year} has no ${obligation}` },
  }));
}
