/** Gives commands the stack that runs here, or starts one for as long as the command runs. */
import path from 'node:path';
import { migrate, openDb } from '../../activities/db';
import type { Db } from '../../activities/db';
import type { CleanUp } from '../basics/clean-up';
import { createCleanUp } from '../basics/clean-up';
import { recordOf } from './open-record';
import type { Configuration } from '../settings/configuration';
import { environmentOf } from '../settings/configuration';
import type { ProgressReporter } from '../local/progress';
import { createProgressReporter } from '../local/progress';
import type { StackAddresses } from '../local/running-stack';
import { readRunningStack } from '../local/running-stack';

/** Loaded where a stack is started: it takes the client of Temporal and a second of a command that finds one running. */
/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports -- `import()` asks Node itself, which reads no TypeScript. */
const startStack: typeof import('../local/stack').startStack = (options) =>
  (require('../local/stack') as typeof import('../local/stack')).startStack(options);
/* eslint-enable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports */

export interface UsedStack {
  stack: StackAddresses;
  db: Db;
  /** True if `npm start` runs it, so that workers carry agreements on. */
  running: boolean;
}

/** Milliseconds that a stack's parts may take to stop, one after the other. */
export const stackStopsWithin = 60_000;

/** Runs `work`, then stops everything that it added to `cleanUp`, and logs what could not be stopped. */
async function cleaning<T>(work: (cleanUp: CleanUp, log: ProgressReporter) => Promise<T>): Promise<T> {
  const log = createProgressReporter();
  const cleanUp = createCleanUp(log.warn);
  try {
    return await work(cleanUp, log);
  } finally {
    await cleanUp.run();
  }
}

/**
 * Runs `work` on the stack of live agreements. A part that dies meanwhile is started again, but the work may fail.
 * @param asItIs leaves the tables as they are, for what is asked before this version takes over
 */
export async function withStack<T>(
  configuration: Configuration,
  work: (used: UsedStack) => Promise<T>,
  { asItIs = false }: { asItIs?: boolean } = {},
): Promise<T> {
  return cleaning(async (cleanUp, log) => {
    const { dataDir, ports } = configuration;
    const found = readRunningStack(dataDir);
    let stack: StackAddresses | undefined = found;
    if (stack === undefined) {
      const started = await startStack({ dataDir, ports, environment: environmentOf(), log });
      cleanUp.add({ sv: 'stacken', en: 'the stack' }, started.stop, stackStopsWithin);
      stack = started;
    }
    const db = openDb(stack.databaseUrl, { record: recordOf(configuration, log.warn) });
    cleanUp.add({ sv: 'förbindelserna till databasen', en: 'the connections to the database' }, db.close);
    if (!asItIs) await migrate(db);
    return work({ stack, db, running: found !== undefined });
  });
}

/**
 * Runs `work` on a stack that is embedded in every part, whatever the environment names: a simulation never touches
 * anybody's real services.
 */
export async function withEmbeddedStack<T>(
  configuration: Configuration,
  work: (stack: StackAddresses, cacheDir: string) => Promise<T>,
): Promise<T> {
  const apart = path.join(configuration.dataDir, 'simulations');
  const found = [configuration.dataDir, apart].map(readRunningStack).find((stack) => stack?.fullyEmbedded);
  const cacheDir = path.join(configuration.dataDir, 'cache');
  if (found) return work(found, cacheDir);
  const { databaseUrl, temporalAddress, smtpUrl, ports } = configuration;
  const outside = databaseUrl !== undefined || temporalAddress !== undefined || smtpUrl !== undefined;
  return cleaning(async (cleanUp, log) => {
    const dataDir = outside ? apart : configuration.dataDir;
    const started = await startStack({ dataDir, ports, environment: {}, log });
    cleanUp.add({ sv: 'stacken', en: 'the stack' }, started.stop, stackStopsWithin);
    return work(started, cacheDir);
  });
}
