/** Runs a mail server in a process of its own, which can be killed, stopped and run out of disk. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../../worker/settings/configuration';

const script = path.join(__dirname, 'run-smtp.ts');

export interface SmtpProcess {
  smtpUrl: string;
  port: number;
  /** Where it keeps mails, a file each. */
  folder: string;
  pid(): number;
  /** Ends it with SIGKILL and starts it again. */
  kill(): Promise<void>;
  /** Has it refuse mail for want of disk for some milliseconds. */
  fill(forMs: number): Promise<void>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function start(port: number, folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', script, String(port), folder], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([
    once(child.stdout!, 'data'),
    once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`the mail server ended with ${String(code)}`)),
    ),
  ]);
  return child;
}

/** @param folder where mails are kept; made if it is not there */
export async function startSmtpProcess(folder: string): Promise<SmtpProcess> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  let child = await start(port, folder);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    port,
    folder,
    pid: () => child.pid ?? 0,
    kill: async () => {
      await end('SIGKILL');
      child = await start(port, folder);
    },
    fill: async (forMs) => {
      child.kill('SIGUSR1');
      await pause(forMs);
      child.kill('SIGUSR2');
    },
    stop: () => end('SIGKILL'),
  };
}
