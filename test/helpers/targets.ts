/** Real servers on loopback for checks, healthy and broken, and certificates for them. */
import { createPublicKey } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { generate } from 'selfsigned';
import { addressPolicy } from '../../activities/monitors/checks/address-policy';
import type { CheckDeps } from '../../activities/monitors/checks/checker';
import type { Check } from '../../rules/engine/contract/monitor';
import type { WatchedCheck } from '../../rules/engine/monitoring/watched';

/** A server that runs until `close`, which also ends its connections. */
export interface Target {
  host: string;
  port: number;
  /** Number of connections so far. */
  connections: () => number;
  /** Bytes that clients have let it write so far. */
  written: () => number;
  /** The open connections. */
  open: () => readonly Socket[];
  close: () => Promise<void>;
}

async function listening(server: Server, host: string): Promise<Target> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let written = 0;
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      written += socket.bytesWritten;
    });
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    host,
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    written: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, written),
    open: () => [...sockets],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}

/** Waits until a condition is true, at most two seconds. */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 2_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`expected within two seconds: ${holds.toString()}`);
    await new Promise(setImmediate);
  }
}

export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a web server. @param certificate makes it use TLS */
export async function webTarget(
  answer: Answering,
  { certificate, host = '127.0.0.1' }: { certificate?: Certificate; host?: string } = {},
): Promise<Target & { url: string }> {
  const server = certificate ? createHttpsServer(certificate, answer) : createHttpServer(answer);
  // By default connections stay open between two checks.
  server.keepAliveTimeout = 60_000;
  const target = await listening(server, host);
  return { ...target, url: `${certificate ? 'https' : 'http'}://${host}:${target.port}` };
}

/** Starts a TCP server. @param talk handles each connection */
export function tcpTarget(talk: (socket: Socket) => void, host = '127.0.0.1'): Promise<Target> {
  const server = createTcpServer((socket) => {
    talk(socket);
    // Unread data would hide that the other side has closed the connection.
    socket.resume();
  });
  return listening(server, host);
}

/** A port on which nothing listens: it was free a moment ago. */
export async function closedPort(): Promise<number> {
  const target = await tcpTarget(() => undefined);
  await target.close();
  return target.port;
}

/** A certificate and its key as PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

const day = 86_400_000;

/** A certificate authority for tests. */
export interface Authority {
  certificate: string;
  /** Issues a certificate for these names and 127.0.0.1. Days count from now, plus one hour. */
  issue: (given: { names?: string[]; fromDay?: number; toDay: number }) => Promise<Certificate>;
}

export async function authority(): Promise<Authority> {
  const own = await generate([{ name: 'commonName', value: 'Authority of the tests' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true },
    ],
  });
  const issue: Authority['issue'] = async ({ names, fromDay = -100, toDay }) => {
    const [first = 'localhost'] = names ?? [];
    const { private: key, cert } = await generate([{ name: 'commonName', value: first }], {
      keyType: 'ec',
      algorithm: 'sha256',
      notBeforeDate: new Date(Date.now() + fromDay * day),
      notAfterDate: new Date(Date.now() + toDay * day + 3_600_000),
      ca: { key: own.private, cert: own.cert },
      extensions: [
        {
          name: 'subjectAltName',
          altNames: names
            ? names.map((value) => ({ type: 2, value }))
            : [
                { type: 2, value: 'localhost' },
                { type: 7, ip: '127.0.0.1' },
              ],
        },
      ],
    });
    return { key, cert };
  };
  return { certificate: own.cert, issue };
}

/** A self-signed certificate. */
export async function selfSigned(): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  return { key, cert };
}

/** A certificate with what it takes to issue others by it. Days count from now, plus one hour. */
export async function certificateOf({
  name,
  by,
  keyOf,
  fromDay = -100,
  toDay,
  names = [],
  extensions = [],
}: {
  name: string;
  /** The authority that issues it; without one it signs itself. */
  by?: Certificate;
  /** The certificate whose key it has too. */
  keyOf?: Certificate;
  fromDay?: number;
  toDay: number;
  /** Names of a server; without them it is an authority, or `unnamed`. */
  names?: string[] | 'unnamed';
  /** More extensions of a server's certificate. */
  extensions?: { name: 'extKeyUsage'; clientAuth: boolean }[];
}): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() + fromDay * day),
    notAfterDate: new Date(Date.now() + toDay * day + 3_600_000),
    ...(by && { ca: { key: by.key, cert: by.cert } }),
    ...(keyOf && {
      keyPair: {
        privateKey: keyOf.key,
        publicKey: createPublicKey(keyOf.key).export({ type: 'spki', format: 'pem' }).toString(),
      },
    }),
    extensions:
      names === 'unnamed'
        ? [{ name: 'keyUsage', digitalSignature: true }]
        : names.length === 0
          ? [
              { name: 'basicConstraints', cA: true, critical: true },
              { name: 'keyUsage', keyCertSign: true, cRLSign: true },
            ]
          : [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) }, ...extensions],
  });
  return { key, cert };
}

/** The dependencies of checks; by default connections to loopback are allowed. */
export function checkDeps({
  allowed = ['127.0.0.0/8'],
  secrets = {},
  now = Date.now,
}: { allowed?: string[]; secrets?: Record<string, string>; now?: () => number } = {}): CheckDeps {
  return {
    now,
    secret: (_customer, name) => secrets[name],
    addressAllowed: addressPolicy(allowed),
    fileRoots: [],
  };
}

/** Completes a check to a watched one. */
export function watchedCheck(check: Omit<Check, 'id' | 'name'>): WatchedCheck {
  return {
    agreement: 'A-1',
    customer: 'testbolaget',
    closedDays: [],
    check: { id: 'shop', name: 'Webbutiken', ...check },
    settings: {
      intervalMinutes: 5,
      failuresBeforeAlert: 2,
      failuresWithin: 3,
      retrySeconds: 30,
      goodBeforeRecovery: 1,
      graceMinutes: 0,
      repeatMinutes: 0,
      groupBy: 'customer',
      flapping: { recoveries: 3, withinMinutes: 60 },
    },
  };
}
