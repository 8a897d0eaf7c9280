import { expectedFound } from '../basics/text';
import { compileSchemas, schemaErrors } from '../reading/compile-schema';
import { explainErrors } from '../reading/explain-at';
import { findingAt } from '../reading/finding-at';
import type { Finding } from '../reading/finding';
import { readJson } from '../reading/read-json';
import type { JsonSource } from '../reading/read-json';

/** What a file of the managers says, and its name without folder and `.json`. */
interface DataFile<T> {
  id: string;
  value?: T;
  source?: JsonSource;
  findings: Finding[];
}

/** Makes the reader of files that keep to a schema and are known by their name. */
export function dataFileReader<T extends object>(schema: object, schemaId: string) {
  const schemas = compileSchemas(schema);
  return (text: string, file: string): DataFile<T> => {
    const id = (file.split('/').at(-1) ?? '').replace(/\.json$/, '');
    const { source, findings } = readJson(text, file);
    if (source === undefined) return { id, findings };
    const wrong = [
      ...(/^[a-z0-9-]{1,40}$/.test(id) ? [] : [findingAt('', file, 0, expectedFound(anId, id))]),
      ...explainErrors(source, schemaErrors(schemas, schemaId, source.value)),
    ];
    if (wrong.length > 0) return { id, findings: wrong };
    const { $schema: _, ...value } = source.value as T & { $schema?: string };
    return { id, value: value as unknown as T, source, findings: [] };
  };
}

const anId = {
  sv: 'ett id av 1 till 40 tecken a–z, 0–9 och bindestreck som namn',
  en: 'an id of 1 to 40 characters a–z, 0–9 and hyphen as name',
};
