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

/** What a link last did that said the same. @param said of the form, as it was kept with the event */
export async function lastSaid(
  db: Queryable,
  link: number,
  event: string,
  said: string,
): Promise<PageEvent | undefined> {
  const [found] = await db.query<PageEvent>(
    `select id, event, at, details from page_events where link = $1 and event = $2 and details ->> 'said' = $3 order by id desc limit 1`,
    [link, event, said],
  );
  return found;
}

/** All that happened to a link, oldest first. */
export function eventsOf(db: Queryable, link: number): Promise<PageEvent[]> {
  return db.query('select id, event, at, details from page_events where link = $1 order by id', [link]);
}

/**
 * When something can happen to a link again that may happen so often in so many minutes.
 * @returns undefined if it can now
 */
export async function freeAgainAt(
  db: Queryable,
  link: number,
  event: string,
  { most, minutes, now }: { most: number; minutes: number; now: Instant },
): Promise<Instant | undefined> {
  const [row] = await db.query<{ at: Instant }>(
    `select at + make_interval(mins => $4) as at from page_events
      where link = $1 and event = $2 and at > $3::timestamptz - make_interval(mins => $4) order by at desc offset $5 limit 1`,
    [link, event, now, minutes, most - 1],
  );
  return row?.at;
}

/** Notes that a page was opened, at most once in an hour. */
export const noteOpened = (db: Queryable, link: number, at: Instant): Promise<void> =>
  noteHourly(db, { link, event: 'opened', at });

/** Why a visit to a page was refused. */
export type RefusedWhy = 'expired' | 'revoked' | 'left' | 'role' | 'forged';

/** Notes that a visit was refused, and why; each reason at most once in an hour, and nothing of a link that is not known. */
export const noteRefused = (db: Queryable, link: number, why: RefusedWhy, at: Instant): Promise<void> =>
  noteHourly(db, { link, event: 'refused', at, details: { why } });

async function noteHourly(db: Queryable, { link, event, at, details = {} }: NewPageEvent): Promise<void> {
  await db.query(
    `insert into page_events (link, event, at, details) select id, $2, $3::timestamptz, $4 from page_links
      where id = $1 and not exists (select 1 from page_events where link = $1 and event = $2 and details = $4::jsonb
                                       and at > $3::timestamptz - interval '1 hour')`,
    [link, event, at, JSON.stringify(details)],
  );
}
