/** Commands that need the stack use the one that runs here, or start it for their own time and stop it again. */
import path from 'node:path';
import { migrate, openDb } from '../activities/db';
import type { Db } from '../activities/db';
import type { Configuration } from './configuration';
import { environmentOf } from './configuration';
import { createProgressReporter } from './local/progress';
import type { Stack, StackAddresses, StackOptions } from './local/stack';
import { readRunningStack, startStack } from './local/stack';

export interface UsedStack {
  stack: StackAddresses;
  db: Db;
  /** True if `npm start` runs it: agreements go on by themselves. */
  running: boolean;
}

/** A part that dies under a command ends it; the command's own work fails with the part's name. */
async function own(
  configuration: Configuration,
  dataDir: string,
  environment: StackOptions['environment'],
): Promise<Stack> {
  const log = createProgressReporter();
  return startStack({
    dataDir,
    ports: configuration.ports,
    environment,
    log,
    onPartDied: (part, reason) => log.warn(`${part} stopped by itself: ${reason}`),
  });
}

/** Runs `work` on the stack of live agreements. */
export async function withStack<T>(
  configuration: Configuration,
  work: (used: UsedStack) => Promise<T>,
): Promise<T> {
  const found = readRunningStack(configuration.dataDir);
  const started = found ? undefined : await own(configuration, configuration.dataDir, environmentOf());
  const stack = found ?? (started as Stack);
  const db = openDb(stack.databaseUrl);
  try {
    await migrate(db);
    return await work({ stack, db, running: found !== undefined });
  } finally {
    await db.close();
    await started?.stop();
  }
}

/**
 * Runs `work` on a stack that is embedded in every part, whatever the environment names: nothing is simulated on
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
  const { databaseUrl, temporalAddress, smtpUrl } = configuration;
  const outside = databaseUrl !== undefined || temporalAddress !== undefined || smtpUrl !== undefined;
  const started = await own(configuration, outside ? apart : configuration.dataDir, {});
  try {
    return await work(started, cacheDir);
  } finally {
    await started.stop();
  }
}
