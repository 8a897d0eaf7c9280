/** The profiles by which invoice bases are exported, as they are on disk now. */
import { didYouMean } from '../../rules/engine/basics/did-you-mean';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { ExportProfile } from '../../rules/engine/invoicing/export-lines';
import { readExport } from '../../rules/engine/invoicing/read-export';
import { oneOf } from '../../rules/engine/reading/explain-schema-error';
import { inWords } from '../basics/spoken';
import type { Configuration } from '../settings/configuration';
import { FindingsError, inFolder } from './rule-files';
import { readExportTexts } from './rule-folder';

/** Reads a profile by its name. @throws if there is none of that name, or it cannot be used */
export function readExportProfile(rulesDir: string, name: string): ExportProfile {
  const { texts, findings: onDisk } = readExportTexts(rulesDir);
  const names = Object.keys(texts).map((file) => file.replace(/^exports\/|\.json$/g, ''));
  const text = texts[`exports/${name}.json`];
  if (text === undefined) {
    const expected =
      names.length === 0
        ? { sv: 'en exportprofil i rules/exports', en: 'an export profile in rules/exports' }
        : joined({ sv: 'en exportprofil, ', en: 'an export profile, ' }, oneOf(names));
    throw new BilingualError(joined(expectedFound(expected, `"${name}"`), didYouMean(name, names)));
  }
  const { profile, findings } = readExport(text, `rules/exports/${name}.json`);
  if (profile) return profile;
  const heading = { sv: 'Exportprofilen kan inte användas:', en: 'The export profile cannot be used:' };
  throw new FindingsError(inFolder([...onDisk, ...findings], rulesDir), inWords(heading));
}

/** The profile by which the mail to our clerk is written for the ERP, as it is on disk when it is sent. */
export const exportProfileOf =
  ({ rulesDir, invoices }: Pick<Configuration, 'rulesDir' | 'invoices'>) =>
  (): ExportProfile | undefined =>
    invoices.export === undefined ? undefined : readExportProfile(rulesDir, invoices.export);
