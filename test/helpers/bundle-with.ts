/** A workflow bundle as the product's, with further interceptor modules of a test. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildOnce, workflowBundle } from '../../worker/workflow-bundle';
import { testStack } from './stack';

/**
 * Built once for each state of the sources.
 * @param modules names of interceptor modules in this folder, without `.ts`
 */
export async function bundleWith(...modules: string[]): Promise<{ codePath: string }> {
  const { cacheDir } = testStack();
  const { codePath: own } = await workflowBundle(cacheDir);
  const files = modules.map((name) => path.join(__dirname, `${name}.ts`));
  const hash = createHash('sha256');
  for (const file of [own, ...files]) hash.update(readFileSync(file));
  return buildOnce(path.join(cacheDir, `test-${hash.digest('hex').slice(0, 16)}.js`), files);
}
