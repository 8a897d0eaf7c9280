/** `npm run schema`: writes the schemas that editors complete and check rule files and examples by. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { exampleFileSchema } from '../rules/example-file-schema';
import { ruleFileSchema } from '../rules/rule-file-schema';
import { projectRoot } from './configuration';

const schemas = {
  'rules/rules.schema.json': ruleFileSchema(),
  'rules/tests.schema.json': exampleFileSchema(),
};
for (const [name, schema] of Object.entries(schemas)) {
  const file = path.join(projectRoot, name);
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
  process.stdout.write(`${path.relative(process.cwd(), file)} is written.\n`);
}
