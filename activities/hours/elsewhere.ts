/** What people worked on a day for other agreements: a day of a person has as many hours as others, whoever pays for them. */
import type { Contract, LocalDate } from '../../rules/engine/contract/contract';
import { grouped } from '../../rules/engine/basics/grouped';
import { sum } from '../../rules/engine/basics/sum';
import type { HourEntry } from '../../rules/engine/hours/entries';
import { standingUses } from '../../rules/engine/hours/entries';
import { findAgreement } from '../agreements/agreements';
import type { Queryable } from '../db';

/** Seconds that a person, as they were written, worked for other agreements on a day. */
export type Elsewhere = (by: string, on: LocalDate) => number;

/**
 * Reads in one query what people worked for other agreements. One person is who is written alike, and the consultant of an agreement
 * however they are written there: by name, address, id, user name or as `consultant`.
 */
export async function workElsewhere(
  db: Queryable,
  agreement: string,
  { people, days }: { people: readonly string[]; days: readonly LocalDate[] },
): Promise<Elsewhere> {
  const known = await findAgreement(db, agreement);
  if (!known) return () => 0;
  const asked = [...new Set(people.map((by) => by.toLowerCase()))].flatMap((person) =>
    namesOf(person, known.contract).map((name) => ({ person, name })),
  );
  const found = await db.query<HourEntry & { person: string }>(
    `with recursive about as (
       select asked.person, u.id
         from hour_entries near
         join hour_entries u on u.id = coalesce(near.target, near.id) and u.action = 'use'
         join hour_entry_texts t on t.entry = u.id
         join agreements a on a.number = u.agreement
        cross join lateral (select array[lower(c ->> 'name'), lower(c ->> 'email'), lower(c ->> 'id'),
                                         lower(split_part(c ->> 'email', '@', 1)), 'consultant'] as names
                              from (select a.contract #> '{contacts,consultant}' as c) as consultant) as known
         join unnest($3::text[], $4::text[]) as asked(person, name)
           on lower(t.by) = asked.name or (asked.name = any (known.names) and lower(t.by) = any (known.names))
        where near.work_date = any ($2::date[]) and near.agreement <> $1
       union select about.person, e.id from hour_entries e join about on e.target = about.id)
     select person, e.id, e.number, e.action, e.target, e.work_date as on, e.reported, e.billable, e.recorded_at as "recordedAt"
       from about join hour_entries e using (id)`,
    [agreement, [...new Set(days)], asked.map(({ person }) => person), asked.map(({ name }) => name)],
  );
  const entries = found.map(
    (row) =>
      Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as typeof row,
  );
  const worked = new Map(
    [...grouped(entries, ({ person }) => person)].map(([person, own]) => [person, standingUses(own)]),
  );
  return (by, day) =>
    sum((worked.get(by.toLowerCase()) ?? []).map(({ on, reported }) => (on === day ? reported : 0)));
}

/** How a person may be written on other agreements: the agreement's consultant in several ways, others as they are written here. */
function namesOf(person: string, { contacts: { consultant } }: Contract): string[] {
  const { name, email, id = '' } = consultant;
  const names = [name, email, id, email.split('@')[0] ?? ''].map((one) => one.toLowerCase());
  if (person !== 'consultant' && !names.includes(person)) return parties.includes(person) ? [] : [person];
  return names.filter((one) => one !== '');
}

/** Words that mean somebody else on each agreement. */
const parties = ['manager', 'support', 'customer'];
