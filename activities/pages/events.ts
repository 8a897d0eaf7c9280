/** Who did what on the personal pages. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Queryable } from '../db';

export interface PageEvent {
  id: number;
  event: string;
  at: Instant;
  details: Record<string, unknown>;
}

export interface NewPageEvent extends Omit<PageEvent, 'id' | 'details'> {
  /** None for alert links of before 0.3.0. */
  link: number | null;
  details?: Record<string, unknown>;
  /** The form it was sent by, which is used up. */
  form?: string;
}

/** Keeps an event. @returns its id; undefined if its form was used before: nothing is kept then */
export async function keepEvent(
  tx: Queryable,
  { link, event, at, details = {}, form }: NewPageEvent,
): Promise<number | undefined> {
  const [kept] = await tx.query<{ id: number }>(
    `insert into page_events (link, event, at, details, form) values ($1, $2, $3, $4, $5)
     on conflict (form) do nothing returning id`,
    [link, event, at, JSON.stringify(details), form ?? null],
  );
  return kept?.id;
}

/** What a form was used for before, if it was. */
export async function eventOfForm(db: Queryable, form: string): Promise<PageEvent | undefined> {
  const [event] = await db.query<PageEvent>(
    'select id, event, at, details from page_events where form = $1',
    [form],
  );
  return event;
}

/** All that happened to a link, oldest first. */
export function eventsOf(db: Queryable, link: number): Promise<PageEvent[]> {
  return db.query('select id, event, at, details from page_events where link = $1 order by id', [link]);
}

/** How often something happened to a link since an instant. */
export async function countEvents(
  db: Queryable,
  link: number,
  event: string,
  since: Instant,
): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    'select count(*) from page_events where link = $1 and event = $2 and at > $3',
    [link, event, since],
  );
  return row?.count ?? 0;
}

/** Notes that a page was opened, at most once in an hour. */
export async function noteOpened(db: Queryable, link: number, at: Instant): Promise<void> {
  await db.query(
    `insert into page_events (link, event, at) select $1, 'opened', $2::timestamptz
      where not exists (select 1 from page_events
                         where link = $1 and event = 'opened' and at > $2::timestamptz - interval '1 hour')`,
    [link, at],
  );
}
