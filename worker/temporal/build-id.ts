/** The name of this version of the worker. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Configuration } from '../settings/configuration';
import { projectRoot } from '../settings/configuration';
import { fingerprint } from './workflow-bundle';

/** Characters of the sources' hash: few enough to read, and more versions than anybody deploys. */
const shownOfHash = 8;

/**
 * The build id: the product's version and a hash of the code that workflows run, so that a restart with the same code is
 * the same version.
 * @example buildIdOf({ buildId: undefined }) // '0.2.0-3f9a01bc'
 */
export function buildIdOf({ buildId }: Pick<Configuration, 'buildId'>): string {
  if (buildId !== undefined) return buildId;
  const { version } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return `${version}-${fingerprint().slice(0, shownOfHash)}`;
}
