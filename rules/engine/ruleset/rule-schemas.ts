import type { ErrorObject } from 'ajv';
import { compileSchemas, schemaErrors } from '../reading/compile-schema';
import { ruleFileSchema, ruleFileSchemaId } from './rule-file-schema';

const schemas = compileSchemas(ruleFileSchema());

/** The schema's errors in a parsed rule file. */
export function ruleFileErrors(value: unknown): ErrorObject[] {
  return schemaErrors(schemas, ruleFileSchemaId, value);
}

/** The schema's errors in one topic's merged terms: every value there, each of them in its range. */
export function topicErrors(topic: string, terms: unknown): ErrorObject[] {
  return ['', 'complete-'].flatMap((part) =>
    schemaErrors(schemas, `${ruleFileSchemaId}#/definitions/${part}${topic}`, terms),
  );
}
