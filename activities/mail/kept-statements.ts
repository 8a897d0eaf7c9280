/** Keeps hour statements as they were sent, with their documents: version, what it takes the place of, and sha256. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../rules/engine/basics/canonical-json';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { ToldHours } from '../../templates/statement/data';
import type { Db, Queryable } from '../db';
import { lockHours } from '../hours/ledger';
import { permanent } from '../permanent';
import type { SendNoticeInput } from './notice';

export interface KeptStatement {
  id: string;
  version: number;
  asOf: Instant;
  content: ToldHours;
}

export interface StatementFile {
  filename: string;
  content: Buffer;
  contentType: string;
}

/** What a notice names a statement by; several mails, to several people, are of one. */
export type StatementName = Pick<SendNoticeInput, 'agreement' | 'year' | 'obligation' | 'step' | 'revision'>;

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** Whether a statement takes the place of a final one that was sent. */
export const isCorrected = ({ step }: Pick<StatementName, 'step'>): boolean =>
  step.startsWith('statement-corrected');

/** A statement that was sent, or is being sent. */
export async function findStatement(db: Queryable, name: StatementName): Promise<KeptStatement | undefined> {
  const { agreement, year, obligation, revision } = name;
  const [known] = await db.query<KeptStatement>(
    `select id, version, as_of as "asOf", content from hour_statements
      where agreement = $1 and year = $2 and obligation = $3 and corrects = $4 and revision = $5`,
    [agreement, year, obligation, isCorrected(name), revision],
  );
  return known;
}

/** The newest version of a statement. */
export async function newestVersion(
  db: Queryable,
  { agreement, year, obligation }: StatementName,
): Promise<KeptStatement | undefined> {
  const [newest] = await db.query<KeptStatement>(
    `select id, version, as_of as "asOf", content from hour_statements
      where agreement = $1 and year = $2 and obligation = $3 order by version desc limit 1`,
    [agreement, year, obligation],
  );
  return newest;
}

/**
 * The statement as it is kept; what it tells is kept when its first mail is written.
 * @param write what it tells now, beside the version before
 */
export function keepStatement(
  db: Db,
  name: StatementName & { asOf: Instant },
  write: (tx: Queryable, before: KeptStatement | undefined) => Promise<ToldHours>,
): Promise<KeptStatement> {
  return db.transaction(async (tx) => {
    await lockHours(tx, name.agreement);
    const known = await findStatement(tx, name);
    if (known) return known;
    const before = await newestVersion(tx, name);
    const told = await write(tx, before);
    // Of a year closed before statements were kept the first version is known by its mail alone.
    const version = (before?.version ?? (told.told ? 1 : 0)) + 1;
    const content: ToldHours = { ...told, version };
    const { agreement, year, obligation, revision, asOf } = name;
    await tx.query(
      `insert into hour_statements (agreement, year, obligation, corrects, revision, version, supersedes, as_of, content, sha256)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        ...[agreement, year, obligation, isCorrected(name), revision],
        ...[
          version,
          version > 1 ? version - 1 : null,
          asOf,
          JSON.stringify(content),
          sha256(canonicalJson(content)),
        ],
      ],
    );
    return (await findStatement(tx, name))!;
  });
}

/**
 * The documents of a statement in a language as they are kept; they are kept when its first reader gets them.
 * @param draw makes them
 * @throws MessageUnusable, for good, if one is not any more what it was
 */
export async function keepFiles(
  db: Db,
  statement: string,
  language: Language,
  draw: () => Promise<StatementFile[]>,
): Promise<StatementFile[]> {
  const known = await readFiles(db, statement, language);
  if (known.length > 0) return known;
  const files = await draw();
  await db.transaction(async (tx) => {
    for (const { filename, content, contentType } of files)
      await tx.query(
        `insert into hour_statement_files (statement, language, name, media_type, content, sha256)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
        [statement, language, filename, contentType, content, sha256(content)],
      );
  });
  return readFiles(db, statement, language);
}

async function readFiles(db: Queryable, statement: string, language: Language): Promise<StatementFile[]> {
  const files = await db.query<StatementFile & { sha256: string }>(
    `select name as filename, media_type as "contentType", content, sha256 from hour_statement_files
      where statement = $1 and language = $2 order by media_type`,
    [statement, language],
  );
  return files.map(({ sha256: expected, ...file }) => {
    const found = sha256(file.content);
    if (found !== expected)
      throw permanent('MessageUnusable', `${file.filename}: expected sha256 ${expected}, found ${found}`);
    return file;
  });
}

/**
 * Forgets statements, with their documents, and reports of upgrades that have been kept for seven years after the calendar year of them.
 * PostgreSQL refuses to forget younger ones.
 */
export async function forgetStatements(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`select set_config('serviceavtal.forgets', 'statements', true)`);
    await tx.query(
      `delete from hour_statement_files using hour_statements s where s.id = statement and is_statement_due(s.as_of)`,
    );
    await tx.query('delete from hour_statements where is_statement_due(as_of)');
    await tx.query('delete from upgrade_reports where is_statement_due(made_at)');
  });
}
