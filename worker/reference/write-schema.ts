/** `npm run schema`: writes the files generated from the catalogues: schemas for editors, and references. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exampleFileSchema } from '../../rules/engine/examples/example-file-schema';
import { checkSchema } from '../../rules/engine/contract/monitor-schema';
import { published, ruleFileSchema } from '../../rules/engine/ruleset/rule-file-schema';
import { termsReference } from '../../templates/terms-reference';
import { projectRoot } from '../settings/configuration';
import { messagesReference } from './messages-reference';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The contract's schema: written by hand, except for the checks, which come from their catalogue. */
function contractSchema(): unknown {
  const file = path.join(projectRoot, 'rules/schemas/contract.schema.json');
  const schema = JSON.parse(readFileSync(file, 'utf8')) as { definitions: Record<string, unknown> };
  return { ...schema, definitions: { ...schema.definitions, check: published(checkSchema) } };
}

const files = {
  'rules/schemas/contract.schema.json': json(contractSchema()),
  'rules/schemas/rules.schema.json': json(ruleFileSchema()),
  'rules/schemas/tests.schema.json': json(exampleFileSchema()),
  'docs/terms-reference.md': termsReference(),
  'docs/signals.md': messagesReference(),
};
for (const [name, text] of Object.entries(files)) {
  const file = path.join(projectRoot, name);
  writeFileSync(file, text);
  process.stdout.write(`${path.relative(process.cwd(), file)} is written.\n`);
}
