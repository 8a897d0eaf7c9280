/** Checks a mail's data against its template's schema before anything is rendered. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { templateIds } from '../../rules/engine/plan/plan';
import type { TemplateId } from '../../rules/engine/plan/plan';
import type { AnyMailData } from './mail-data';

/** The data does not suffice for the template. Trying again does not help. */
export class MailDataError extends Error {
  override readonly name = 'MailDataError';
  constructor(
    readonly template: TemplateId,
    /** One line each: path, what was expected, what was found. */
    readonly problems: string[],
  ) {
    super(`templates/${template}: ${problems.join('; ')}`);
  }
}

const readSchema = (...path: string[]): object =>
  JSON.parse(readFileSync(join(__dirname, ...path), 'utf8')) as object;

const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, verbose: true });
const address = (...path: string[]): string => ['https://pector.example/templates', ...path].join('/');
ajv.addSchema(readSchema('mail-data.schema.json'), address('mail-data.schema.json'));
for (const id of templateIds) ajv.addSchema(readSchema(id, 'schema.json'), address(id, 'schema.json'));

function validatorFor(id: TemplateId): ValidateFunction {
  const validate = ajv.getSchema(address(id, 'schema.json'));
  if (validate === undefined) throw new Error(`templates/${id}/schema.json: expected a schema, found none`);
  return validate;
}

/** Errors end up in workflow histories, where no person's data may be: those values are described, not shown. */
const personal =
  /\/(name|email|note|by|detail|reason|what|owner|place|answer|takenBy|title|signers\/\d+|decisions\/\d+)$/;

function found(path: string, value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string' && personal.test(path)) return `a text of ${value.length} characters`;
  return JSON.stringify(value).slice(0, 80);
}

function describe(error: ErrorObject): string {
  if (error.keyword === 'required') {
    const path = `${error.instancePath}/${String(error.params['missingProperty'])}`;
    return `${path}: expected a value, found nothing`;
  }
  const expected =
    error.keyword === 'enum'
      ? `one of ${(error.params['allowedValues'] as unknown[]).join(', ')}`
      : error.keyword === 'const'
        ? JSON.stringify(error.params['allowedValue'])
        : (error.message ?? error.keyword).replace(/^must (be|match|have|NOT have) ?/, (_, verb: string) =>
            verb === 'be' ? '' : `${verb} `.replace('NOT have', 'not'),
          );
  return `${error.instancePath || '/'}: expected ${expected}, found ${found(error.instancePath, error.data)}`;
}

/**
 * Accepts data that suffices for the template.
 * @throws {MailDataError} with every problem at once.
 */
export function checkMailData(id: TemplateId, data: AnyMailData): void {
  const validate = validatorFor(id);
  if (validate(data)) return;
  const problems = (validate.errors ?? []).filter((error) => error.keyword !== 'if').map(describe);
  throw new MailDataError(id, [...new Set(problems)]);
}
