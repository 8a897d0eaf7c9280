/** What is kept for the customer to read again: hour statements as they were sent, reports of upgrades, and minutes of meetings. */
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { Queryable } from '../db';
import type { KeptReport } from '../years/kept-reports';
import type { PageAction } from './agreement-dates';

/** A statement in its newest version. */
export interface KeptStatementLine {
  id: string;
  year: number;
  version: number;
  asOf: Instant;
  final: boolean;
}

/** The minutes of a meeting. */
export interface Minutes {
  year: number;
  id: string;
  heldOn: LocalDate;
  minutes: number | null;
  /** Ids of contacts and parties. */
  participants: string[];
  decisions: string[];
  note: string | null;
  actions: (Omit<PageAction, 'meeting'> & { done: boolean })[];
}

export interface KeptToRead {
  statements: KeptStatementLine[];
  /** Of each upgrade the newest version, in the reader's language where it was made in it. */
  reports: Pick<KeptReport, 'ofYear' | 'version' | 'language' | 'madeAt'>[];
  meetings: Pick<Minutes, 'year' | 'id' | 'heldOn'>[];
}

/** What is kept of a year and of the one before it, newest first. */
export async function keptToRead(
  db: Queryable,
  agreement: string,
  { year, language }: { year: number; language: Language },
): Promise<KeptToRead> {
  const statements = await db.query<KeptStatementLine>(
    `select * from (
       select distinct on (year, obligation) id::text as id, year, version, as_of as "asOf",
              coalesce((content -> 'final')::boolean, false) as final
         from hour_statements where agreement = $1 and year >= $2 order by year, obligation, version desc) s
      order by "asOf" desc`,
    [agreement, year - 1],
  );
  const meetings = await db.query<KeptToRead['meetings'][number]>(
    `select year, id, held_on as "heldOn" from meetings
      where agreement = $1 and year >= $2 and held_on is not null order by held_on desc`,
    [agreement, year - 1],
  );
  const reports = await db.query<KeptToRead['reports'][number]>(
    `select distinct on (of_year) of_year as "ofYear", version, language, made_at as "madeAt" from upgrade_reports
      where agreement = $1 and year >= $2 order by of_year desc, version desc, language = $3 desc`,
    [agreement, year - 1, language],
  );
  return { statements, reports, meetings };
}

/**
 * The document of a statement as it was sent with its mail, which has prices.
 * @returns undefined where none was made in the language
 */
export async function findStatementFile(
  db: Queryable,
  agreement: string,
  id: number,
  language: Language,
): Promise<{ name: string; mediaType: string; content: Buffer } | undefined> {
  const [file] = await db.query<{ name: string; mediaType: string; content: Buffer }>(
    `select f.name, f.media_type as "mediaType", f.content from hour_statement_files f join hour_statements s on s.id = f.statement
      where s.agreement = $1 and s.id = $2 and f.language = $3 and f.media_type = 'application/pdf'`,
    [agreement, id, language],
  );
  return file;
}

/** @param about year and meeting: `1/meeting-2` */
export async function findMinutes(
  db: Queryable,
  agreement: string,
  about: string,
): Promise<Minutes | undefined> {
  const [, year, id] = /^(\d{1,4})\/(meeting-[a-z0-9-]+)$/.exec(about) ?? [];
  if (year === undefined) return undefined;
  const [meeting] = await db.query<Omit<Minutes, 'actions'>>(
    `select year, id, held_on as "heldOn", held_minutes as minutes, participants, decisions, note from meetings
      where agreement = $1 and year = $2 and id = $3 and held_on is not null`,
    [agreement, year, id],
  );
  if (!meeting) return undefined;
  const actions = await db.query<Minutes['actions'][number]>(
    `select id, what, owner, due_on as "dueOn", state = 'done' as done from actions
      where agreement = $1 and year = $2 and meeting = $3 and state <> 'withdrawn' order by due_on, length(id), id`,
    [agreement, year, id],
  );
  return { ...meeting, actions };
}
