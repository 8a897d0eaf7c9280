/** The example documents, for tests that change a part of them. */
import type { SigningMapping } from '../../../rules/engine/signing/mapping';
import { readMapping } from '../../../rules/engine/signing/read-mapping';
import { readDocument } from '../../../rules/engine/signing/read-document';
import type { SigningDocument, SigningService } from '../../../rules/engine/signing/signing';
import { fileText } from '../fixtures';

/** `examples/signing/<name>.json` as it is parsed. */
export function payload(name: string): never {
  return JSON.parse(fileText(`examples/signing/${name}.json`)) as never;
}

/** The same as a document. */
export function documentOf(service: SigningService, name: string = service): SigningDocument {
  const read = readDocument(service, payload(name));
  if ('reasons' in read) throw new Error(JSON.stringify(read.reasons));
  return read.value;
}

/** The mapping as it stands in `rules/signing/`. */
export function mappingOf(service: SigningService): SigningMapping {
  const { mapping, findings } = readMapping(fileText(`rules/signing/${service}.json`), `${service}.json`);
  if (mapping === undefined) throw new Error(JSON.stringify(findings));
  return mapping;
}

/** The document with a field filled in otherwise; an absent value takes the field away. */
export function filled(
  document: SigningDocument,
  changes: Record<string, string | undefined>,
): SigningDocument {
  const fields = document.fields.filter(({ name }) => !Object.hasOwn(changes, name));
  const added = Object.entries(changes).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value }],
  );
  return { ...document, fields: [...fields, ...added] };
}
