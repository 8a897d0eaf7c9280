/** `npm run schema`: writes `rules/rules.schema.json`, which editors complete and check rule files by. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ruleFileSchema } from '../rules/rule-file-schema';
import { projectRoot } from './configuration';

const file = path.join(projectRoot, 'rules/rules.schema.json');
writeFileSync(file, `${JSON.stringify(ruleFileSchema(), null, 2)}\n`);
process.stdout.write(`${path.relative(process.cwd(), file)} is written.\n`);
