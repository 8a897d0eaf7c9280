/** What the customer's contacts have asked for on the page of their agreement, and what became of it. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';

/** The events that are requests, with the kind that the agreement is told. */
export const requestEvents = {
  'meeting-asked': 'meeting',
  'time-asked': 'time',
  'contact-asked': 'contact',
} as const;
export type RequestEvent = keyof typeof requestEvents;

export interface PageRequest {
  event: RequestEvent;
  at: Instant;
  /** Id of the contact who asked. */
  contact: string;
  /** The meeting, and the day and time that are wished for. */
  meeting?: string;
  on?: string;
  time?: string;
  /** When we had seen to it. */
  closedAt?: Instant;
}

interface RequestRow {
  event: RequestEvent;
  at: Instant;
  contact: string;
  details: { meeting?: string; on?: string; time?: string };
  closedAt: Instant | null;
}

/** What waits and what was seen to in the last thirty days, newest first. */
export async function requestsOf(db: Queryable, agreement: string, now: Instant): Promise<PageRequest[]> {
  const rows = await db.query<RequestRow>(
    `select e.event, e.at, l.contact, e.details, a.cleared_at as "closedAt"
       from page_events e join page_links l on l.id = e.link
       left join attention a on a.agreement = l.agreement and a.code = 'customer-asks' and a.subject = 'page-' || e.id
      where l.agreement = $1 and l.purpose = 'agreement' and e.event = any ($2)
        and e.at > $3::timestamptz - interval '365 days'
        and (a.cleared_at is null or a.cleared_at > $3::timestamptz - interval '30 days')
      order by e.id desc limit 20`,
    [agreement, Object.keys(requestEvents), now],
  );
  return rows.map(({ details: { meeting, on, time }, closedAt, ...one }) => ({
    ...one,
    ...(meeting !== undefined && { meeting }),
    ...(on !== undefined && { on }),
    ...(time !== undefined && { time }),
    ...(closedAt !== null && { closedAt }),
  }));
}
