/** Stands in front of a server, so that it can go away and come back at the same address. */
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

export interface Proxy {
  port: number;
  /** Cuts every connection and takes no new one. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
}

/** @param address `host:port` of the server behind it */
export async function openProxy(address: string): Promise<Proxy> {
  const [host, to] = address.split(':');
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const listen = async (port: number): Promise<number> => {
    const listening = createServer((near) => {
      const far = connect(Number(to), host);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => [near, far].forEach((end) => sockets.delete(end.destroy())));
      }
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve));
    server = listening;
    return (listening.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    port,
    goDown: async () => {
      const closing = server;
      server = undefined;
      const closed = new Promise((resolve) => (closing ? closing.close(resolve) : resolve(undefined)));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    comeBack: async () => {
      await listen(port);
    },
  };
}
