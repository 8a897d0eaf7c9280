import { readdirSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { exampleFileSchema } from '../../rules/engine/examples/example-file-schema';
import { ruleFileSchema } from '../../rules/engine/ruleset/rule-file-schema';
import { termsReference } from '../../templates/terms-reference';
import { fileText } from './fixtures';

/** Editors go by the files, the product by the catalogues: `npm run schema` makes them one. */
test.each([
  ['rules/schemas/rules.schema.json', ruleFileSchema],
  ['rules/schemas/tests.schema.json', exampleFileSchema],
])('%s is what the catalogues say', (file, schema) => {
  expect(JSON.parse(fileText(file))).toEqual(JSON.parse(JSON.stringify(schema())));
});

test('docs/terms-reference.md is what the catalogues say', () => {
  expect(fileText('docs/terms-reference.md')).toBe(termsReference());
});

/** The product compiles its schemas without this check, which takes half as long as all the rest. */
test.each(readdirSync(path.join(__dirname, '../../rules/schemas')))('%s is a JSON schema', (name) => {
  const ajv = new Ajv({ strict: false });
  void ajv.validateSchema(JSON.parse(fileText(`rules/schemas/${name}`)));
  expect(ajv.errorsText()).toBe('No errors');
});
