/** Connections to HTTP servers, kept open for the next check: connecting costs more than asking. */
import { Client } from 'undici';
import type { Socket } from 'node:net';
import { connectChecked } from './address-policy';
import { secured, validityOf } from './certificate';
import type { Trust, Validity } from './certificate';
import type { CheckDeps } from './checker';

/** One connection, used by one check at a time. */
export interface HttpConnection {
  client: Client;
  /** Whether an earlier check used it; the server may have closed it since, unnoticed. */
  used: boolean;
  /** https: how long its certificate is accepted. */
  validity?: Validity;
  origin: string;
  socket: Socket;
  /** By `performance.now()`. */
  openedAt: number;
  close: () => void;
}

/** Milliseconds a connection waits for the next check, unless its server wants less. */
const idleFor = 90_000;
/** Milliseconds after which a connection is replaced, so that a changed address or certificate is seen. */
const longestLife = 600_000;
/** Most connections kept open: sockets are limited. */
const mostIdle = 500;

export class HttpConnections {
  private readonly idle = new Map<string, HttpConnection[]>();
  private waiting = 0;

  /** @param trust what is trusted now */
  constructor(private readonly trust: () => Trust) {}

  /**
   * Takes a kept connection to the server, if there is one that may be used.
   *
   * @param mayServe whether a certificate valid until then need not be checked again
   */
  take(
    { origin }: URL,
    deps: Pick<CheckDeps, 'addressAllowed'>,
    mayServe: (until: number) => boolean,
  ): HttpConnection | undefined {
    for (;;) {
      const kept = this.idle.get(origin)?.pop();
      if (!kept) return undefined;
      this.forget(kept);
      const fresh = performance.now() - kept.openedAt < longestLife;
      const allowed = deps.addressAllowed(kept.socket.remoteAddress ?? '');
      if (fresh && allowed && !kept.socket.destroyed && mayServe(kept.validity?.until ?? Infinity))
        return { ...kept, used: true };
      kept.close();
    }
  }

  /** Connects, over https with its certificate checked. @throws NotMade, NotWell */
  async open(
    url: URL,
    deps: Pick<CheckDeps, 'addressAllowed'>,
    signal: AbortSignal,
  ): Promise<HttpConnection> {
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const https = url.protocol === 'https:';
    const port = Number(url.port || (https ? 443 : 80));
    const connected = () => connectChecked({ host, port, deps, signal });
    const trust = this.trust();
    const secure = https
      ? await secured(connected, { name: host, trust, signal, protocols: ['http/1.1'] })
      : undefined;
    const socket = secure?.socket ?? (await connected());
    socket.setNoDelay(true);
    let handedOut = false;
    const client = new Client(url.origin, {
      // The check's own time limit covers the whole exchange.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: idleFor,
      keepAliveMaxTimeout: idleFor,
      connect: (_, callback) => {
        // By itself the client would reconnect to an address that was not checked.
        if (handedOut) return callback(new Error('the connection was closed'), null);
        handedOut = true;
        // Not synchronously: the client would miss it and wait.
        return queueMicrotask(() => callback(null, socket));
      },
    });
    const kept: HttpConnection = {
      client,
      origin: url.origin,
      socket,
      used: false,
      openedAt: performance.now(),
      ...(secure && { validity: validityOf(secure, trust) }),
      close: () => {
        void client.destroy();
        socket.destroy();
      },
    };
    client.on('disconnect', () => {
      this.remove(kept);
      kept.close();
    });
    return kept;
  }

  /** Keeps a connection for the next check, once its answer was read to the end. */
  giveBack(kept: HttpConnection): void {
    if (kept.socket.destroyed || this.waiting >= mostIdle) return kept.close();
    const others = this.idle.get(kept.origin);
    if (others) others.push(kept);
    else this.idle.set(kept.origin, [kept]);
    this.waiting += 1;
    return undefined;
  }

  /** Closes all kept connections. */
  close(): void {
    for (const kept of [...this.idle.values()].flat()) {
      this.remove(kept);
      kept.close();
    }
  }

  private remove(kept: HttpConnection): void {
    const others = this.idle.get(kept.origin);
    const at = others?.findIndex(({ client }) => client === kept.client) ?? -1;
    if (at < 0) return;
    others?.splice(at, 1);
    this.forget(kept);
  }

  private forget({ origin }: HttpConnection): void {
    this.waiting -= 1;
    if (this.idle.get(origin)?.length === 0) this.idle.delete(origin);
  }
}
