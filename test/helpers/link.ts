/** A way over the network that can be cut, fall silent and be slow: whoever is to use it connects to its port. */
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Link {
  port: number;
  /** Resets all connections, and those that are tried meanwhile, for some milliseconds. */
  cut(forMs: number): Promise<void>;
  /**
   * Lets nothing through for some milliseconds, and tells nobody; then what was on its way is lost, and connections are
   * reset, as by an address that was given to another.
   */
  silence(forMs: number): Promise<void>;
  /** Has each piece arrive late for some milliseconds. */
  slow(forMs: number): Promise<void>;
  stop(): Promise<void>;
}

type State = 'open' | 'cut' | 'silent' | 'slow';

/** Milliseconds that a piece is late on a slow link. */
const late = 150;

/**
 * Opens a link to a port of this machine.
 * @param to read at each connection
 */
export async function openLink(to: () => number): Promise<Link> {
  let state: State = 'open';
  const sockets = new Set<net.Socket>();
  const drop = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    if (state === 'cut') return void near.resetAndDestroy();
    const far = net.connect({ port: to(), host: '127.0.0.1', allowHalfOpen: true });
    join(near, far);
  });
  const join = (near: net.Socket, far: net.Socket): void => {
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket.setNoDelay(true));
      pass(socket, other, () => state);
      socket.on('error', () => undefined);
      socket.on('close', (failed) => {
        sockets.delete(socket);
        // What happens in silence is heard of by the reset after it.
        if (failed && state !== 'silent') other.destroy();
      });
    }
  };
  const during = async (meanwhile: State, forMs: number): Promise<void> => {
    state = meanwhile;
    if (meanwhile === 'cut') drop();
    await pause(forMs);
    if (meanwhile === 'silent') drop();
    state = 'open';
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    cut: (forMs) => during('cut', forMs),
    silence: (forMs) => during('silent', forMs),
    slow: (forMs) => during('slow', forMs),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      drop();
      await closed;
    },
  };
}

/** Hands on what comes, in order. */
function pass(from: net.Socket, to: net.Socket, state: () => State): void {
  let before = Promise.resolve<unknown>(undefined);
  const inOrder = (work: () => void): void => {
    const waits = state() === 'slow' ? late : 0;
    before = before.then(() => (waits > 0 ? pause(waits) : undefined)).then(work);
  };
  from.on('data', (piece: Buffer) => {
    if (state() === 'silent') return;
    inOrder(() => {
      if (!to.destroyed && !to.write(piece)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
  });
  from.on('end', () => {
    if (state() !== 'silent') inOrder(() => void to.end());
  });
}
