/** The reports of upgrades among an agreement's documents: what is kept, and what of it is saved. */
import path from 'node:path';
import type { Queryable } from '../../../activities/db';
import type { KeptReport } from '../../../activities/years/kept-reports';
import { readReport } from '../../../activities/years/kept-reports';
import type { Language } from '../../../rules/engine/basics/text';
import { formatMinute } from '../../../templates/words/dates';
import { spoken } from '../../basics/spoken';

/** The outcome of saving one report. */
export interface SavedReport {
  report: KeptReport;
  path?: string;
  problem?: string;
}

const said = {
  sv: {
    report: (ofYear: number, version: number, language: Language) =>
      `uppgraderingsrapport, avtalsår ${ofYear}, version ${version}, på ${language === 'sv' ? 'svenska' : 'engelska'}`,
    kept: (size: number, at: string) => `${size} byte, gjord ${at}`,
    damaged: 'SKADAD: innehållet har inte längre detta sha256',
  },
  en: {
    report: (ofYear: number, version: number, language: Language) =>
      `upgrade report, agreement year ${ofYear}, version ${version}, in ${language === 'sv' ? 'Swedish' : 'English'}`,
    kept: (size: number, at: string) => `${size} bytes, made ${at}`,
    damaged: 'DAMAGED: its content does not have this sha256 any more',
  },
} as const;

/** A report as lines. */
export function toldReport({ ofYear, version, language, size, madeAt, sha256, intact }: KeptReport): string {
  const words = said[spoken()];
  return [
    words.report(ofYear, version, language),
    `  ${words.kept(size, formatMinute(madeAt))}`,
    `  sha256 ${sha256}`,
    ...(intact ? [] : [`  ! ${words.damaged}`]),
  ].join('\n');
}

/**
 * Saves the reports that are what they were.
 * @param write writes a file, and says why it was not written, if so
 */
export async function saveReports(
  db: Queryable,
  number: string,
  reports: readonly KeptReport[],
  folder: string,
  write: (place: string, content: Buffer) => string | undefined,
): Promise<SavedReport[]> {
  const saved: SavedReport[] = [];
  for (const report of reports) {
    const { ofYear, version, language, sha256, intact } = report;
    const file = intact ? await readReport(db, number, report) : undefined;
    if (!file) {
      const words = said[spoken()];
      saved.push({ report, problem: `! ${words.report(ofYear, version, language)}: ${words.damaged}` });
      continue;
    }
    const name = `${number}-upgrade-report-${ofYear}-v${version}-${language}-${sha256.slice(0, 12)}.pdf`;
    const place = path.join(folder, name);
    const problem = write(place, file.content);
    saved.push({ report, path: place, ...(problem !== undefined && { problem }) });
  }
  return saved;
}

/** The reports for a program that reads them. */
export const reportsAsJson = (
  reports: readonly KeptReport[],
  saved: readonly SavedReport[],
): Record<string, unknown>[] =>
  reports.map((report) => {
    const { path: place, problem } = saved.find((one) => one.report === report) ?? {};
    return {
      ...report,
      ...(place !== undefined && problem === undefined && { savedAs: place }),
      ...(problem !== undefined && { problem }),
    };
  });
