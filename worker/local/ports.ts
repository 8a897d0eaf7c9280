/** Finds free ports on 127.0.0.1: those used last time if they are still free, so that bookmarks stay valid. */
import { inWords } from '../basics/spoken';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { makeFolders } from '../basics/make-folders';

/** The ports that a person may choose, each with its setting. */
export const PORT_SETTINGS = {
  postgres: 'SERVICEAVTAL_PORT_POSTGRES',
  temporal: 'SERVICEAVTAL_PORT_TEMPORAL',
  webUi: 'SERVICEAVTAL_PORT_WEB_UI',
  smtp: 'SERVICEAVTAL_PORT_SMTP',
  inbox: 'SERVICEAVTAL_PORT_INBOX',
  intake: 'SERVICEAVTAL_PORT_INTAKE',
} as const;

export type PublicPort = keyof typeof PORT_SETTINGS;

export const INTERNAL_PORTS = [
  'temporalHttp',
  'frontendMembership',
  'history',
  'historyMembership',
  'matching',
  'matchingMembership',
  'worker',
  'workerMembership',
] as const;

const PORT_NAMES = [...(Object.keys(PORT_SETTINGS) as PublicPort[]), ...INTERNAL_PORTS];

export type Ports = Record<PublicPort | (typeof INTERNAL_PORTS)[number], number>;

/**
 * Below the range of ephemeral ports (32768 and up on Linux, 49152 and up on macOS): a port remembered from yesterday
 * would now and then be in use by an outgoing connection today.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_767;
const BLOCK_SIZE = 20;
const BLOCKS = 600;

/** Whether nothing listens on a port. */
export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function readRemembered(file: string): Partial<Record<string, number>> {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Partial<Record<string, number>>) : {};
  } catch {
    // The record is missing or damaged: other ports are chosen.
    return {};
  }
}

/**
 * One port for each part of the stack. `asked` ports are taken as they are or refused by name; the others are
 * last time's, or the next free ones of a block that differs from one data directory to the next.
 * `needed` limits the refusal to the parts that will really listen.
 */
export async function choosePorts(
  dataDir: string,
  asked: Partial<Record<PublicPort, number>> = {},
  needed: (port: PublicPort) => boolean = () => true,
): Promise<Ports> {
  const file = path.join(dataDir, 'ports.json');
  const remembered = readRemembered(file);
  const hash = createHash('sha256').update(path.resolve(dataDir)).digest().readUInt32BE(0);
  let next = FIRST_PORT + (hash % BLOCKS) * BLOCK_SIZE;
  const chosen = new Map<string, number>();
  const taken = new Set(Object.values(asked));

  for (const [name, port] of Object.entries(asked) as [PublicPort, number][]) {
    if (needed(name) && !(await isPortFree(port))) {
      throw new Error(
        inWords({
          sv:
            `Port ${port}, begärd med ${PORT_SETTINGS[name]}, är upptagen av ett annat program.\n` +
            `Stoppa det programmet, sätt ${PORT_SETTINGS[name]} till en annan port, eller låt bli att sätta den, så tas en ledig.`,
          en:
            `Port ${port}, asked for with ${PORT_SETTINGS[name]}, is taken by another program.\n` +
            `Stop that program, set ${PORT_SETTINGS[name]} to another port, or leave it unset and a free one is found.`,
        }),
      );
    }
    chosen.set(name, port);
  }
  const usable = (port: number | undefined): port is number =>
    Number.isInteger(port) && Number(port) > 1023 && Number(port) < 65_536 && !taken.has(port as number);
  for (const name of PORT_NAMES) {
    const port = remembered[name];
    if (chosen.has(name) || !usable(port) || !(await isPortFree(port))) continue;
    chosen.set(name, port);
    taken.add(port);
  }
  for (const name of PORT_NAMES) {
    if (chosen.has(name)) continue;
    while (!usable(next) || !(await isPortFree(next))) next = next < LAST_PORT ? next + 1 : FIRST_PORT;
    chosen.set(name, next);
    taken.add(next);
  }
  const ports = Object.fromEntries(chosen) as Ports;
  makeFolders(dataDir);
  fs.writeFileSync(file, `${JSON.stringify(ports, null, 2)}\n`);
  return ports;
}
