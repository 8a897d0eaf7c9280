/** Writes a month's basis as files: a table for people, and one for the ERP's order import. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { exportFile } from '../../../rules/engine/invoicing/export-lines';
import type { ExportProfile } from '../../../rules/engine/invoicing/export-lines';
import { exportedBases, invoiceTable } from '../../../templates/invoice-words';
import type { InvoiceBasis } from '../../../templates/invoice-words';
import { spoken } from '../../basics/spoken';
import { makeFolder, unwritableFile } from '../../files/make-folder';

/** What the folder of a month's files is for. */
export const basisFolder = { sv: 'en mapp för underlaget', en: 'a folder for the basis' };

/** @returns the files' names */
export function writeMonth(
  folder: string,
  { month, agreement }: { month: string; agreement?: string },
  bases: readonly InvoiceBasis[],
  profile: ExportProfile | undefined,
): string[] {
  makeFolder(folder, basisFolder);
  const name = spoken() === 'sv' ? 'fakturaunderlag' : 'invoice-basis';
  const base = path.join(folder, [name, month, ...(agreement === undefined ? [] : [agreement])].join('-'));
  const files: [string, string | Uint8Array][] = [
    [`${base}.csv`, invoiceTable(bases, spoken())],
    ...(profile
      ? [[`${base}.${profile.extension}`, exportFile(exportedBases(bases), profile)] as const]
      : []),
  ].map(([file, content]) => [file!, content!]);
  for (const [file, content] of files)
    try {
      writeFileSync(file, content);
    } catch (error) {
      throw unwritableFile(file, error);
    }
  return files.map(([file]) => file);
}
