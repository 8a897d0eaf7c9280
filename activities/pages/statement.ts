/** A kept hour statement, as its page reads it: what was sent, whether a newer version was, and what was asked about. */
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { addDays } from '../../rules/engine/calendar/dates';
import type { HourEntry } from '../../rules/engine/hours/entries';
import { questionsOf } from '../../rules/engine/hours/questions';
import type { ToldHours } from '../../templates/statement/data';
import { findAgreement } from '../agreements/agreements';
import { findPlan } from '../agreements/plans';
import type { Queryable } from '../db';
import { statedYears } from '../hours/change';
import { readHours } from '../hours/facts';
import type { HourFacts } from '../hours/facts';

export interface StatementPage {
  customer: string;
  year: { number: number; from: LocalDate; to: LocalDate };
  hours: ToldHours;
  version: number;
  /** The newest version of the same statement. */
  newest: number;
  /** The last day on which its lines can be asked about, once the final statement of the year is out. */
  askUntil?: LocalDate;
  /** What was asked last about an entry, by its number. */
  questions: ReadonlyMap<number, AskedAbout>;
}

/** When an entry was asked about, and what was answered. */
export interface AskedAbout {
  asked: LocalDate;
  /** Nothing is said where the line was taken back. */
  answered?: { on: LocalDate; words?: string };
}

interface StatementRow {
  year: number;
  version: number;
  newest: number;
  content: ToldHours;
}

/** @returns undefined if the agreement has no such statement */
export async function readStatementPage(
  db: Queryable,
  agreement: string,
  id: number,
): Promise<StatementPage | undefined> {
  const [row] = await db.query<StatementRow>(
    `select s.year, s.version, s.content, (select max(version) from hour_statements n
        where (n.agreement, n.year, n.obligation) = (s.agreement, s.year, s.obligation)) as newest
       from hour_statements s where s.agreement = $1 and s.id = $2`,
    [agreement, id],
  );
  const known = row && (await findAgreement(db, agreement));
  const stored = row && (await findPlan(db, agreement, row.year));
  if (!row || !known || !stored) return undefined;
  const { from, to } = stored.plan;
  const days = stored.terms.hourBank.questions?.days;
  const facts = await readHours(db, agreement);
  const final = (await statedYears(db, agreement, facts)).find(({ year }) => year === row.year);
  return {
    customer: known.contract.customer.name,
    year: { number: row.year, from, to },
    hours: row.content,
    version: row.version,
    newest: row.newest,
    ...(days !== undefined && final && { askUntil: addDays(final.told, days) }),
    questions: await questionsAbout(db, agreement, facts),
  };
}

/** What is asked about each entry by its number: as the ledger has it, and what is on its way there. */
async function questionsAbout(
  db: Queryable,
  agreement: string,
  { entries }: HourFacts,
): Promise<StatementPage['questions']> {
  const sent = await db.query<{ entry: number; at: Instant; ref: string }>(
    `select (e.details ->> 'entry')::int as entry, e.at, 'page-' || e.id as ref
       from page_events e join page_links l on l.id = e.link
      where l.agreement = $1 and e.event = 'line-questioned' and e.at > now() - interval '1 day' order by e.id`,
    [agreement],
  );
  const booked = new Set(entries.flatMap(({ ref }) => ref ?? []));
  const numbersOf = (use: HourEntry): number[] =>
    entries.filter(({ id, target }) => id === use.id || target === use.id).map(({ number }) => number);
  const known = questionsOf(entries).flatMap(({ use, questions, answer }) => {
    const asked = localDateOf(questions.at(-1)!.recordedAt);
    const told = answer && {
      on: localDateOf(answer.recordedAt),
      ...(answer.action === 'answer' && { words: answer.note ?? '' }),
    };
    return numbersOf(use).map((number) => [number, { asked, ...(told && { answered: told }) }] as const);
  });
  const coming = sent.flatMap(({ entry, at, ref }) =>
    booked.has(ref) ? [] : [[entry, { asked: localDateOf(at) }] as const],
  );
  return new Map([...known, ...coming]);
}
