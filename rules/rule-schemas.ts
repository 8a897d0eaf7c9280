import type { ErrorObject } from 'ajv';
import { compileSchemas, schemaErrors } from './compile-schema';
import rulesSchema from './rules.schema.json';

const schemas = compileSchemas(rulesSchema);
const schemaId = 'https://pector.example/serviceavtal/rules.schema.json';

/** The schema's errors in a parsed rule file. */
export function ruleFileErrors(value: unknown): ErrorObject[] {
  return schemaErrors(schemas, schemaId, value);
}

/** The schema's errors in one topic's merged terms: every value there, each of them in its range. */
export function topicErrors(topic: string, terms: unknown): ErrorObject[] {
  return ['', 'complete-'].flatMap((part) =>
    schemaErrors(schemas, `${schemaId}#/definitions/${part}${topic}`, terms),
  );
}
