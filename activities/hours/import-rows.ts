/** What rows of time systems' files said when they were imported, and which entries they became. */
import { hash } from 'node:crypto';
import { fold } from '../../rules/engine/basics/patterns';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { TimeRow } from '../../rules/engine/imports/read-rows';
import type { Queryable } from '../db';
import { columnsOf } from '../db';

/** A row as it was imported last. */
export interface KnownRow {
  name: string;
  nth: number;
  content: string;
  /** The import it comes from. */
  import: number;
  entry: string;
  agreement: string;
  bookedAs: string;
  on: LocalDate;
  seconds: number;
  /** Whether it takes time from the entry, which another row or report has booked. */
  takes: boolean;
  /** Of the entry. */
  number: number;
  /** Whether the entry was taken back since. */
  isTakenBack: boolean;
}

/** A row of a file with what it is known by: hashes, since nothing of a name may stand where it cannot be blanked. */
export interface NamedRow extends TimeRow {
  content: string;
  bookedAs: string;
}

/** @param profile the name of the profile that read the rows */
export function namedRows(profile: string, rows: readonly TimeRow[]): NamedRow[] {
  const digests = new Map<string, string>();
  return rows.map((row) => {
    const { agreement, person, kind = '' } = row;
    const who = [agreement, kind, fold(person)];
    const bookedAs = digests.get(who.join('/')) ?? digestOf(who);
    digests.set(who.join('/'), bookedAs);
    return {
      ...row,
      name: digestOf([profile, row.name]),
      bookedAs,
      content: contentOf({ ...row, bookedAs }),
    };
  });
}

const contentOf = ({ bookedAs, on, seconds }: Pick<NamedRow, 'bookedAs' | 'on' | 'seconds'>): string =>
  JSON.stringify([bookedAs, on, seconds]);

/** A short hash of texts. */
export const digestOf = (texts: readonly (string | number)[]): string =>
  hash('sha256', JSON.stringify(texts), 'base64url').slice(0, 22);

/** Has imports by a profile wait for each other until the transaction ends. */
export async function lockProfile(tx: Queryable, profile: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [profile]);
}

/**
 * Reads what is known of rows: of those with one of the names, of those of the period from the first day of the rows to
 * the last, and of those that share an entry with one of them.
 */
export async function knownRows(
  tx: Queryable,
  profile: string,
  rows: readonly NamedRow[],
): Promise<KnownRow[]> {
  const days = rows.map(({ on }) => on).sort();
  const known = await tx.query<Omit<KnownRow, 'content'>>(
    `with named as (
       select name, entry from hour_import_rows
        where profile = $1 and (name = any ($2) or work_date between $3 and $4)
     ), latest as (
       select distinct on (name, nth) * from hour_import_rows
        where profile = $1 and (name in (select name from named) or entry in (select entry from named))
        order by name, nth, import desc
     )
     select r.name, r.nth, r.import, r.entry, e.number, e.agreement, r.booked_as as "bookedAs", r.work_date as on, r.seconds, r.takes,
            exists (select 1 from hour_entries u where u.target = e.id and u.action = 'undo') as "isTakenBack"
       from latest r join hour_entries e on e.id = r.entry order by r.name, r.nth`,
    [profile, rows.map(({ name }) => name), days[0] ?? null, days.at(-1) ?? null],
  );
  return known.map((row) => ({ ...row, content: contentOf(row) }));
}

/** Which of some agreements there are. */
export async function signedAmong(tx: Queryable, agreements: readonly string[]): Promise<Set<string>> {
  const found = await tx.query<{ number: string }>('select number from agreements where number = any ($1)', [
    agreements,
  ]);
  return new Set(found.map(({ number }) => number));
}

/** The profiles by which the same file was imported before, beside the one asked about. */
export async function otherProfiles(
  tx: Queryable,
  { profile, file }: Pick<ImportRecord, 'profile' | 'file'>,
): Promise<string[]> {
  const found = await tx.query<{ profile: string }>(
    'select distinct profile from hour_imports where sha256 = $1 and profile <> $2 order by profile',
    [file.sha256, profile],
  );
  return found.map((one) => one.profile);
}

/** What is kept of an import beside its rows. */
export interface ImportRecord {
  profile: string;
  file: { name: string; sha256: string };
  by: string;
  approvedBy?: string;
  reason?: string;
  asOf: Instant;
}

/** A row as it is kept. */
export interface KeptRow extends Pick<
  KnownRow,
  'name' | 'nth' | 'entry' | 'bookedAs' | 'on' | 'seconds' | 'takes'
> {
  line: number;
}

/** Keeps what the rows of a file said that were new, or others than before. */
export async function keepImport(
  tx: Queryable,
  { profile, file, by, approvedBy, reason, asOf }: ImportRecord,
  rows: readonly KeptRow[],
): Promise<void> {
  await tx.query(
    `with i as (
       insert into hour_imports (profile, file, sha256, imported_by, approved_by, reason, recorded_at)
       values ($1, $2, $3, $4, $5, $6, $7) returning id
     )
     insert into hour_import_rows (import, profile, name, nth, line, entry, booked_as, work_date, seconds, takes)
     select i.id, $1, r.*
       from i, unnest($8::text[], $9::int[], $10::int[], $11::text[], $12::text[], $13::date[], $14::int[], $15::boolean[]) as r`,
    [
      ...[profile, file.name, file.sha256, by, approvedBy ?? null, reason ?? null, asOf],
      ...columnsOf(rows)('name', 'nth', 'line', 'entry', 'bookedAs', 'on', 'seconds', 'takes'),
    ],
  );
}
