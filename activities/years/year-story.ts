/** What PostgreSQL knows of a played or running year: the rows that its story is told from. */
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { compare } from '../../rules/engine/basics/compare';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { HourClose } from '../../rules/engine/hours/hour-bank';
import type { Queryable } from '../db';
import { closeOf, firstDayAfter, readHours } from '../hours/facts';
import { hourLines } from '../hours/lines';
import type { HourLine } from '../hours/lines';

/** Everything recorded about a year, in no order but that of `mails`. */
export interface YearRows {
  events: { at: Instant; kind: string; ref: string; detail: Record<string, unknown> }[];
  /** By the minute they are dated, then by key. */
  mails: MailRow[];
  hours: HourLine[];
  decisions: {
    at: Instant;
    id: string;
    hash: string;
    /** How many rules matched. */
    rules: number;
    result: Record<string, unknown>;
  }[];
  /** How the year was closed, if it was. */
  outcome?: string;
  /** Its hours as they stand; at its end if it is closed. In hundredths of an hour. */
  close?: HourClose & { lapsed: number };
}

export interface MailRow {
  at: Instant;
  obligation: string;
  step: string;
  state: string;
  template: string;
  to: string;
  subject: string;
  messageId: string;
}

/** Reads all that is recorded about a year. */
export async function readYearRows(db: Queryable, agreement: string, year: number): Promise<YearRows> {
  const key = [agreement, year];
  const events = await db.query<YearRows['events'][number]>(
    'select at, kind, ref, detail from events where agreement = $1 and year = $2',
    key,
  );
  const mails = await db.query<MailRow>(
    `select as_of as at, obligation, step, state, template, recipient as to, subject, message_id as "messageId"
       from mails where agreement = $1 and year = $2 and state <> 'abandoned' order by date_trunc('minute', as_of), key`,
    key,
  );
  const decisions = await db.query<YearRows['decisions'][number]>(
    `select as_of as at, key as id, ruleset_hash as hash, jsonb_array_length(matched) as rules, result
       from decisions where agreement = $1 and year = $2`,
    key,
  );
  const closing = events.find(({ ref }) => ref === 'year-closed');
  const facts = await readHours(db, agreement);
  const told = [...events.map(({ at }) => at), ...facts.entries.map(({ recordedAt }) => recordedAt)];
  const latest = told.sort(compare).at(-1);
  const on = closing ? firstDayAfter(facts, year) : latest && localDateOf(latest);
  return {
    ...{ events, mails, decisions },
    hours: on === undefined ? [] : hourLines(facts, year, on),
    ...(closing && { outcome: String(closing.detail.outcome) }),
    ...(on !== undefined && { close: closeOf(facts, year, on) }),
  };
}

/** The first year of an agreement that was planned here; 1 if none was. */
export async function firstPlannedYear(db: Queryable, agreement: string): Promise<number> {
  const [row] = await db.query<{ year: number }>('select min(year) as year from plans where agreement = $1', [
    agreement,
  ]);
  return row?.year ?? 1;
}

/** Everything that waits for a person's attention, in any agreement. */
export function listAttention(db: Queryable): Promise<{ code: string; detail: string }[]> {
  return db.query('select code, detail from attention');
}

export interface OpenStep {
  id: string;
  strand: string;
  /** The day it is due, or the day its booking is asked for. */
  on: LocalDate;
  /** It is a meeting that is not booked. */
  book: boolean;
}

/** The first open step of some strands that a person reports; the renewal's notice goes by itself. */
export async function nextOpenStep(
  db: Queryable,
  agreement: string,
  year: number,
  strands: readonly string[],
): Promise<OpenStep | undefined> {
  const [next] = await db.query<OpenStep>(
    `select o.id, o.strand, o.strand = 'meetings' and m.booked_at is null as book,
            case when o.strand = 'meetings' and m.booked_at is null
                 then (o.opens_at at time zone 'Europe/Stockholm')::date else o.due_on end as "on"
       from obligations o left join meetings m using (agreement, year, id)
      where o.agreement = $1 and o.year = $2 and o.state = 'open' and o.strand = any ($3)
        and o.id <> 'renewal/notice' order by "on", o.id limit 1`,
    [agreement, year, strands],
  );
  return next;
}

/** What each mail is about, by its Message-ID. */
export async function mailsByMessageId(db: Queryable): Promise<Map<string, { asOf: Instant; what: string }>> {
  const rows = await db.query<{ messageId: string; asOf: Instant; what: string }>(
    `select message_id as "messageId", as_of as "asOf", obligation || '-' || step as what from mails`,
  );
  return new Map(rows.map(({ messageId, ...about }) => [messageId, about]));
}
