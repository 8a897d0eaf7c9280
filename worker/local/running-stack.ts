/** The stack that runs here, as others find it: through `stack.json`, while the launcher that wrote it runs. */
import fs from 'node:fs';
import path from 'node:path';
import { inWords } from '../basics/spoken';
import { isRunning, tryLock } from './processes.cjs';
import type { ProcessIdentity } from './processes.cjs';

/** Addresses of the running stack. */
export interface StackAddresses {
  databaseUrl: string;
  temporalAddress: string;
  /** The namespace of live agreements. */
  namespace: string;
  webUiUrl?: string;
  smtpUrl: string;
  inboxUrl?: string;
  /** The port that the intake of this stack listens on; a stack of an earlier version has none. */
  intakePort?: number;
  embedded: { postgres: boolean; temporal: boolean; mail: boolean };
  /** Set if the embedded Temporal is the development server. */
  developmentServer?: true;
  fullyEmbedded: boolean;
}

export interface StackInfo extends StackAddresses {
  launcher: ProcessIdentity;
  startedOn: string;
}

/** Thrown when another launcher runs, starts or stops a stack on the same data. */
export class StackBusyError extends Error {
  override readonly name = 'StackBusyError';
}

/** Where the launcher records them. */
export const infoFile = (dataDir: string): string => path.join(dataDir, 'stack.json');

/** Lies in a data folder from the beginning of its restoration to the end. */
export const restoringFile = (dataDir: string): string => path.join(dataDir, 'restoring.json');

/** Takes the lock for work on the data. @throws StackBusyError if another process holds it */
export function lockStack(dataDir: string): { release(): void } {
  const { lock, holder } = tryLock(path.join(path.resolve(dataDir), 'stack.lock'));
  if (lock !== undefined) return lock;
  throw new StackBusyError(
    inWords(
      readRunningStack(dataDir) === undefined
        ? {
            sv: `Den lokala stacken i ${dataDir} startas eller stoppas just nu av process ${holder.pid}. Försök igen om en stund.`,
            en: `The local stack in ${dataDir} is just being started or stopped by process ${holder.pid}. Try again in a moment.`,
          }
        : {
            sv: `Den lokala stacken i ${dataDir} körs redan, i process ${holder.pid}. Stoppa den där med Ctrl-C först.`,
            en: `The local stack in ${dataDir} runs already, in process ${holder.pid}. Stop it there with Ctrl-C first.`,
          },
    ),
  );
}

/** Addresses of the stack on `dataDir`, if the launcher that recorded them still runs. */
export function readRunningStack(dataDir: string): StackInfo | undefined {
  let info: Partial<StackInfo>;
  try {
    info = JSON.parse(fs.readFileSync(infoFile(dataDir), 'utf8')) as Partial<StackInfo>;
  } catch {
    // Absent, or half written by a launcher that was killed: either way no stack runs.
    return undefined;
  }
  return info.launcher !== undefined && isRunning(info.launcher) ? (info as StackInfo) : undefined;
}
