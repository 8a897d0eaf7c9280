/** The mail catcher with its web inbox: everything sent to the local stack stays on this machine. */
import fs from 'node:fs';
import path from 'node:path';
import type { Part, PartKeeper } from './parts';
import { startPart, waitForPort } from './parts';
import type { Ports } from './ports';

/** By path: the package exports nothing to `require`, and is wanted as a program of its own. */
const PROGRAM = path.join(__dirname, '../../node_modules/maildev/dist/bin/maildev.js');

/** The oldest are let go beyond this: the catcher reads all of them back when it starts. */
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
  fs.mkdirSync(directory, { recursive: true });
  // Named explicitly: without one, a stray configuration in any folder above would be taken.
  const config = path.join(dataDir, 'maildev.json');
  fs.writeFileSync(config, '{}\n');
  const spec = {
    name: 'mail',
    command: process.execPath,
    args: [
      PROGRAM,
      '--config',
      config,
      '--ip',
      '127.0.0.1',
      '--smtp',
      String(ports.smtp),
      '--web-ip',
      '127.0.0.1',
      '--web',
      String(ports.inbox),
      '--mail-directory',
      directory,
      '--max-emails',
      String(MAX_MAILS),
      // Its certificate is self-signed: offered, it would be tried and refused.
      '--hide-extensions',
      'STARTTLS',
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
