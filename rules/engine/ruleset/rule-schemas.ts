import type { ErrorObject } from 'ajv';
import { compileSchemas, schemaErrors } from '../reading/compile-schema';
import { ruleFileSchema, ruleFileSchemaId } from './rule-file-schema';

const schemas = compileSchemas(ruleFileSchema());

/** The errors in a parsed rule file by its schema. */
export function ruleFileErrors(value: unknown): ErrorObject[] {
  return schemaErrors(schemas, ruleFileSchemaId, value);
}

/** The errors in one topic's merged terms by its schema: a value that is missing, or out of its range. */
export function topicErrors(topic: string, terms: unknown): ErrorObject[] {
  return ['', 'complete-'].flatMap((part) =>
    schemaErrors(schemas, `${ruleFileSchemaId}#/definitions/${part}${topic}`, terms),
  );
}
