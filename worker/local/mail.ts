/** The mail catcher with its web inbox: everything sent to the local stack stays on this machine. */
import path from 'node:path';
import { spoken } from '../basics/spoken';
import type { Part, PartKeeper } from './parts';
import { startPart, waitForPort } from './parts';
import type { Ports } from './ports';
import { makePrivateFolder } from './private-folder';

const PROGRAM = path.join(__dirname, 'mail-catcher.ts');

/** Most mails kept; beyond this the oldest are dropped. */
const MAX_MAILS = 2_000;

export interface MailOptions {
  dataDir: string;
  ports: Ports;
  keeper: PartKeeper;
  signal: AbortSignal;
}

/** Starts the catcher and resolves when it takes mail and shows the inbox. */
export async function startMail(options: MailOptions): Promise<Part> {
  const { dataDir, ports, keeper, signal } = options;
  const directory = path.join(dataDir, 'mail');
  makePrivateFolder(directory);
  const spec = {
    name: 'mail',
    command: process.execPath,
    args: [
      '--require',
      require.resolve('tsx/cjs'),
      PROGRAM,
      directory,
      String(ports.smtp),
      String(ports.inbox),
      String(MAX_MAILS),
      spoken(),
    ],
    cwd: directory,
    ports: [ports.smtp, ports.inbox],
    stopOrder: 2,
    stopSignals: [{ signal: 'SIGTERM' as const, waitMs: 5_000 }],
  };
  return startPart(keeper, spec, (part) =>
    Promise.all([waitForPort(part, ports.smtp, signal), waitForPort(part, ports.inbox, signal)]),
  );
}
