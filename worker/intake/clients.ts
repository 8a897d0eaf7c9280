/** Whose a connection or a request is, and how many of them one client may have at the same time. */
import { isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import type { IPv6 } from 'ipaddr.js';

/** Bits of an IPv6 address that name a client: a household or a server has all the rest. */
const clientBits = 64;

/** One name for each client: an IPv4 address, or the first half of an IPv6 one. @param address a valid one */
function nameOf(address: string): string {
  const client = ipaddr.process(address);
  if (client.kind() === 'ipv4') return client.toString();
  const bytes = (client as IPv6).toByteArray().map((byte, at) => (at < clientBits / 8 ? byte : 0));
  return `${ipaddr.fromByteArray(bytes).toString()}/${clientBits}`;
}

/** An address as proxies write it, without a port: `192.0.2.7:50112`, `[2001:db8::7]:50112`. */
const withoutPort = (said: string): string =>
  /^\[([^\]]+)\](?::\d+)?$/.exec(said)?.[1] ?? /^([\d.]+):\d+$/.exec(said)?.[1] ?? said;

/** The client of a request: what a trusted proxy says, else who is connected. */
export function clientOf({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const said = [withoutPort(ip), socket.remoteAddress ?? ''].find((address) => isIP(address) !== 0);
  return said === undefined ? 'unknown' : nameOf(said);
}

export interface ClientLimit {
  /** Most connections, and requests through proxies, of one client at the same time. */
  most: number;
  /** Whether an address is a proxy's, whose `X-Forwarded-For` is believed: its requests count instead of itself. */
  isProxy: (address: string) => boolean;
  log: (line: string) => void;
}

/** Closes the connections of a client that has too many, and answers its requests through proxies with 429. */
export function limitClients(app: FastifyInstance, { most, isProxy, log }: ClientLimit): void {
  const counts = new Map<string, number>();
  const take = (client: string): boolean => {
    const before = counts.get(client) ?? 0;
    if (before < most) counts.set(client, before + 1);
    else log(`${client} has ${most} connections to the intake at the same time: those beyond are closed`);
    return before < most;
  };
  const release = (client: string): void => {
    const left = (counts.get(client) ?? 0) - 1;
    if (left > 0) counts.set(client, left);
    else counts.delete(client);
  };

  app.server.prependListener('connection', (socket) => {
    const { remoteAddress } = socket;
    // A client that is gone by now has no address.
    if (remoteAddress === undefined || isProxy(remoteAddress)) return;
    const client = nameOf(remoteAddress);
    if (take(client)) socket.once('close', () => release(client));
    else socket.destroy();
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!isProxy(request.socket.remoteAddress ?? '')) return;
    const client = clientOf(request);
    if (take(client)) return void reply.raw.once('close', () => release(client));
    return reply
      .code(429)
      .headers({ 'retry-after': 10, connection: 'close' })
      .type('text/plain')
      .send('too many requests\n');
  });
}
