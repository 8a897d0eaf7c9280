/** Builds the product's workflow bundle with further interceptor modules for tests. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildOnce, workflowBundle } from '../../worker/temporal/workflow-bundle';
import { testStack } from './stack';

const helper = (name: string): string => path.join(__dirname, `${name}.ts`);

/**
 * Builds the bundle once for each state of the sources.
 * @param modules names of interceptor modules in this folder, without `.ts`
 */
export async function bundleWith(...modules: string[]): Promise<{ codePath: string }> {
  const files = modules.map(helper);
  return build(files, files);
}

/** A bundle whose runs end after a few steps: see `endingRuns`. */
export async function bundleOfShortRuns(steps: number): Promise<{ codePath: string }> {
  const module = path.join(testStack().cacheDir, `run-ends-${steps}.ts`);
  const from = helper('run-ends');
  writeFileSync(
    module,
    `import { endingRuns } from ${JSON.stringify(from.slice(0, -'.ts'.length))};\n` +
      `export const interceptors = endingRuns(${steps});\n`,
  );
  return build([module], [from, module]);
}

/** Builds a bundle. @param sources texts that the bundle is made of besides the product */
async function build(modules: string[], sources: string[]): Promise<{ codePath: string }> {
  const { cacheDir } = testStack();
  const { codePath: own } = await workflowBundle(cacheDir);
  const hash = createHash('sha256');
  for (const file of [own, ...sources]) hash.update(readFileSync(file));
  return buildOnce(path.join(cacheDir, `test-${hash.digest('hex').slice(0, 16)}.js`), modules);
}
