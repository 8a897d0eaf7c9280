/** Keeps reports of upgrades as they were made: version, language and sha256. Both sides get the same version. */
import { createHash } from 'node:crypto';
import type { Instant } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import type { Db, Queryable } from '../db';
import { lockHours } from '../hours/ledger';
import { permanent } from '../permanent';

/** A kept report, without its content. */
export interface KeptReport {
  /** The year that the upgrade belongs to. */
  ofYear: number;
  version: number;
  language: Language;
  madeAt: Instant;
  /** Of its file. */
  name: string;
  /** In bytes. */
  size: number;
  sha256: string;
  /** Whether its content still is what was kept. */
  intact: boolean;
}

/** What asks for a report; several mails, to both sides, ask for one. */
export interface ReportName {
  agreement: string;
  ofYear: number;
  year: number;
  obligation: string;
  step: string;
  revision: number;
  asOf: Instant;
}

export interface ReportFile {
  filename: string;
  content: Buffer;
  contentType: 'application/pdf';
}

/**
 * The report that a notice asks for, as it is kept. The first mail of a notice has it made, in all languages at once.
 * @param draw makes the PDF of a version in a language
 * @throws MessageUnusable, for good, if it is not any more what was kept
 */
export async function keepReport(
  db: Db,
  name: ReportName,
  { language, languages }: { language: Language; languages: readonly Language[] },
  draw: (version: number, language: Language) => Promise<Buffer>,
): Promise<ReportFile> {
  return db.transaction(async (tx) => {
    await lockHours(tx, name.agreement);
    const known = await findFile(tx, name, language);
    if (known) return known;
    const { agreement, ofYear, year, obligation, step, revision, asOf } = name;
    const [last] = await tx.query<{ version: number | null }>(
      'select max(version) as version from upgrade_reports where agreement = $1 and of_year = $2',
      [agreement, ofYear],
    );
    const version = (last?.version ?? 0) + 1;
    for (const each of new Set([language, ...languages])) {
      const content = await draw(version, each);
      await tx.query(
        `insert into upgrade_reports (agreement, of_year, version, language, year, obligation, step, revision, made_at, name, content, sha256)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          ...[agreement, ofYear, version, each, year, obligation, step, revision, asOf],
          ...[fileName(name, version, each), content, createHash('sha256').update(content).digest('hex')],
        ],
      );
    }
    return (await findFile(tx, name, language))!;
  });
}

/** In letters that every mail program keeps. */
const fileName = ({ agreement, ofYear }: ReportName, version: number, language: Language): string =>
  [language === 'sv' ? 'uppgraderingsrapport' : 'upgrade-report', agreement, ofYear, `v${version}.pdf`].join(
    '-',
  );

/** In the language asked for or, where the contract's has changed since it was made, in another. */
async function findFile(
  db: Queryable,
  { agreement, year, obligation, step, revision }: ReportName,
  language: Language,
): Promise<ReportFile | undefined> {
  const [found] = await db.query<{ name: string; content: Buffer; sha256: string }>(
    `select name, content, sha256 from upgrade_reports
      where agreement = $1 and year = $2 and obligation = $3 and step = $4 and revision = $5
      order by language = $6 desc limit 1`,
    [agreement, year, obligation, step, revision, language],
  );
  return found && asFile(found);
}

function asFile({
  name,
  content,
  sha256: expected,
}: {
  name: string;
  content: Buffer;
  sha256: string;
}): ReportFile {
  const found = createHash('sha256').update(content).digest('hex');
  if (found !== expected)
    throw permanent('MessageUnusable', `${name}: expected sha256 ${expected}, found ${found}`);
  return { filename: name, content, contentType: 'application/pdf' };
}

/** The reports of an agreement's upgrades, the oldest first; each version in all its languages. */
export function listReports(db: Queryable, agreement: string): Promise<KeptReport[]> {
  return db.query<KeptReport>(
    `select of_year as "ofYear", version, language, made_at as "madeAt", name, length(content) as size, sha256,
            encode(sha256(content), 'hex') = sha256 as intact
       from upgrade_reports where agreement = $1 order by of_year, version, language desc`,
    [agreement],
  );
}

/**
 * A kept report with its content.
 * @returns undefined if the agreement has no such report
 * @throws MessageUnusable if it is not any more what was kept
 */
export async function readReport(
  db: Queryable,
  agreement: string,
  { ofYear, version, language }: Pick<KeptReport, 'ofYear' | 'version' | 'language'>,
): Promise<ReportFile | undefined> {
  const [found] = await db.query<{ name: string; content: Buffer; sha256: string }>(
    `select name, content, sha256 from upgrade_reports
      where agreement = $1 and of_year = $2 and version = $3 and language = $4`,
    [agreement, ofYear, version, language],
  );
  return found && asFile(found);
}
