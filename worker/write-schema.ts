/** `npm run schema`: writes what is made from the catalogues, the schemas for editors and the reference of the terms. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { exampleFileSchema } from '../rules/example-file-schema';
import { ruleFileSchema } from '../rules/rule-file-schema';
import { termsReference } from '../templates/terms-reference';
import { projectRoot } from './configuration';
import { messagesReference } from './messages-reference';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const files = {
  'rules/rules.schema.json': json(ruleFileSchema()),
  'rules/tests.schema.json': json(exampleFileSchema()),
  'docs/terms-reference.md': termsReference(),
  'docs/signals.md': messagesReference(),
};
for (const [name, text] of Object.entries(files)) {
  const file = path.join(projectRoot, name);
  writeFileSync(file, text);
  process.stdout.write(`${path.relative(process.cwd(), file)} is written.\n`);
}
