/** The workflow bundle, built once for each state of the sources that go into it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { projectRoot } from '../settings/configuration';

/** The payload converter that never throws, used by the workers and in the bundle. */
export const payloadConverterPath = path.join(projectRoot, 'workflows/basics/payload-converter.ts');

/** Interceptor modules loaded with every workflow. */
const interceptorPaths = ['reserved-signals.ts', 'page-when-asked.ts', 'closed-task.ts'].map((file) =>
  path.join(projectRoot, 'workflows/basics', file),
);

const rooms = ['workflows', 'rules', 'templates'];

function sources(folder: string): string[] {
  return readdirSync(path.join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return sources(file);
    return entry.name.endsWith('.ts') ? [file] : [];
  });
}

/** A hash of everything that the bundle is made of. */
export function fingerprint(): string {
  const hash = createHash('sha256').update(readFileSync(path.join(projectRoot, 'package-lock.json')));
  for (const file of rooms.flatMap(sources).sort())
    hash.update(`\n${file}\n`).update(readFileSync(path.join(projectRoot, file)));
  return hash.digest('hex').slice(0, 16);
}

/**
 * Gives the bundle's file, and builds it first (a few seconds) if the sources have changed.
 * @param cacheDir folder for the bundle, below the stack's data
 */
export async function workflowBundle(cacheDir: string): Promise<{ codePath: string }> {
  return buildOnce(path.join(cacheDir, `workflows-${fingerprint()}.js`));
}

const digestOf = (code: string): string => createHash('sha256').update(code).digest('hex');

/** Whether a bundle is there as it was written: it begins with the digest of the rest. */
function isWhole(codePath: string): boolean {
  if (!existsSync(codePath)) return false;
  const written = readFileSync(codePath, 'utf8');
  const [head = '', digest] = /^\/\*sha256:(\w+)\*\//.exec(written) ?? [];
  return digest === digestOf(written.slice(head.length));
}

/**
 * Builds a bundle of today's sources, unless its file is there, whole.
 * @param interceptors files of further interceptor modules; the bundle's file name has to change with them
 */
export async function buildOnce(
  codePath: string,
  interceptors: string[] = [],
): Promise<{ codePath: string }> {
  if (isWhole(codePath)) return { codePath };
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(projectRoot, 'workflows/index.ts'),
    payloadConverterPath,
    workflowInterceptorModules: [...interceptorPaths, ...interceptors],
    logger: new DefaultLogger('WARN'),
  });
  mkdirSync(path.dirname(codePath), { recursive: true });
  const unfinished = `${codePath}.${process.pid}`;
  // On the line that is there: the map of sources counts lines.
  writeFileSync(unfinished, `/*sha256:${digestOf(code)}*/${code}`);
  renameSync(unfinished, codePath);
  return { codePath };
}
