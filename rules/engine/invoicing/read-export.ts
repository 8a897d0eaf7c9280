/** Reads `rules/exports/<name>.json`: how bases are written for an ERP. */
import exportSchema from '../../schemas/export.schema.json';
import { oneOf } from '../reading/explain-schema-error';
import { checkSchemaLine } from '../reading/check-schema-line';
import { compileSchemas, schemaErrors } from '../reading/compile-schema';
import { explainAt, explainErrors, inFileOrder } from '../reading/explain-at';
import type { Finding } from '../reading/finding';
import { readJson } from '../reading/read-json';
import { expectedFound } from '../basics/text';
import type { ExportField, ExportProfile, ExportValue } from './export-lines';

const schemas = compileSchemas(exportSchema);
const schemaId = 'https://pector.example/serviceavtal/export.schema.json';

/** Values that only rows have. */
const ofRows: readonly ExportValue[] = [
  ...['amount', 'article', 'from', 'price', 'quantity', 'row', 'text', 'to', 'vatCode'],
] as ExportValue[];

/**
 * Reads an export profile from its file's text.
 *
 * @param file the name findings carry, as `rules/exports/visma-business.json`
 * @returns the profile, or all that is wrong with it, in its order
 */
export function readExport(text: string, file: string): { profile?: ExportProfile; findings: Finding[] } {
  const { source, findings } = readJson(text, file);
  if (source === undefined) return { findings };
  const wrong = explainErrors(source, schemaErrors(schemas, schemaId, source.value));
  if (wrong.length > 0) return { findings: inFileOrder(wrong) };
  const { $schema: _, ...profile } = source.value as ExportProfile & { $schema?: string };
  const misplaced = profile.basis.flatMap((field, index) => {
    const value = valueOf(field);
    if (value === undefined || !ofRows.includes(value)) return [];
    const message = expectedFound(
      {
        sv: `ett värde av underlaget: raderna har ${oneOf(ofRows).sv}`,
        en: `a value of the basis: rows have ${oneOf(ofRows).en}`,
      },
      `"${value}"`,
    );
    return [explainAt(source, ['basis', String(index), 'value'], message)];
  });
  const values = profile.row.map(valueOf);
  const missing = (['quantity', 'price'] as const).filter((value) => !values.includes(value));
  const amounts = missing.length === 0 || values.includes('amount') ? [] : missing;
  const unpriced = amounts.map((value) =>
    explainAt(
      source,
      ['row'],
      expectedFound(
        { sv: 'quantity och price, eller amount', en: 'quantity and price, or amount' },
        { sv: `inget "${value}"`, en: `no "${value}"` },
      ),
    ),
  );
  if (misplaced.length + unpriced.length > 0) return { findings: inFileOrder([...misplaced, ...unpriced]) };
  return { profile, findings: checkSchemaLine(source, 'export.schema.json') };
}

const valueOf = (field: ExportField): ExportValue | undefined =>
  typeof field === 'string' ? undefined : field.value;
