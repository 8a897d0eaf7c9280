import Ajv from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { isMailAddress } from '../basics/mail-address';
import { readOrgNumber } from '../basics/org-number';
import { isCronLine, isTimeZone } from '../basics/cron';
import { isExactMultiple } from './exact-multiple';

/**
 * Makes an ajv that reports every error, knows calendar dates, and decides `multipleOf` on decimal digits
 * instead of by floating-point division.
 *
 * @param schemas each with an `$id` by which `getSchema` finds it or a part of it (`…#/definitions/rule`)
 */
export function compileSchemas(...schemas: object[]): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strictTypes: false,
    strictRequired: false,
    // The schemas are our own, and a test holds them to the meta-schema.
    validateSchema: false,
    // A command checks a few small files: to optimize the checking code takes longer than it saves.
    code: { optimize: false },
  });
  ajv.addVocabulary(['titleSv']);
  addFormats(ajv, ['date']);
  ajv.addFormat('cron', isCronLine);
  ajv.addFormat('time-zone', isTimeZone);
  ajv.addFormat('idn-email', isMailAddress);
  ajv.addFormat('org-number', (text: string) => readOrgNumber(text) !== undefined);
  ajv.removeKeyword('multipleOf');
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    validate: (step: number, value: number) => isExactMultiple(value, step),
  });
  return ajv.addSchema(schemas);
}

/**
 * The errors in `value` by one compiled schema, or by a part of one.
 *
 * @throws if the schemas hold no such part, which is a mistake in our code
 */
export function schemaErrors(ajv: Ajv, id: string, value: unknown): ErrorObject[] {
  const validate: ValidateFunction | undefined = ajv.getSchema(id);
  if (validate === undefined) throw new Error(`expected a schema ${id}, found none`);
  return validate(value) === true ? [] : [...(validate.errors ?? [])];
}
