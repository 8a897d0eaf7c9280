/** A workflow bundle as the product's, with further interceptor modules of a test. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { projectRoot } from '../../worker/configuration';
import { interceptorPath, payloadConverterPath, workflowBundle } from '../../worker/workflow-bundle';
import { testStack } from './stack';

/**
 * Built once for each state of the sources.
 * @param modules names of interceptor modules in this folder, without `.ts`
 */
export async function bundleWith(...modules: string[]): Promise<{ codePath: string }> {
  const own = await workflowBundle(testStack().cacheDir);
  const files = modules.map((name) => path.join(__dirname, `${name}.ts`));
  const hash = createHash('sha256');
  for (const file of [own.codePath, ...files]) hash.update(readFileSync(file));
  const codePath = path.join(testStack().cacheDir, `test-${hash.digest('hex').slice(0, 16)}.js`);
  if (existsSync(codePath)) return { codePath };
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(projectRoot, 'workflows/index.ts'),
    payloadConverterPath,
    workflowInterceptorModules: [interceptorPath, ...files],
    logger: new DefaultLogger('WARN'),
  });
  mkdirSync(path.dirname(codePath), { recursive: true });
  writeFileSync(`${codePath}.${process.pid}`, code);
  renameSync(`${codePath}.${process.pid}`, codePath);
  return { codePath };
}
