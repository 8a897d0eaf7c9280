/** A connection that is closed while a call waits to be repeated. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { Connection } from '@temporalio/client';
import { retryWhileOpen } from '../../../worker/basics/retry-while-open';

it('repeats a call while it is open, and ends it once it is closed, with nothing left to fail by itself', async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  let repeated = 0;
  const isRepeated = new Promise<void>((resolve) => {
    server.on('connection', () => {
      repeated += 1;
      if (repeated === 2) resolve();
    });
  });
  const connection = Connection.lazy({
    address: `127.0.0.1:${port}`,
    interceptors: [retryWhileOpen],
    connectTimeout: 60_000,
  });
  const stray: unknown[] = [];
  const tell = (error: unknown): void => void stray.push(error);
  process.on('uncaughtException', tell);
  try {
    const call = connection.workflowService.getSystemInfo({}).catch(String);
    await isRepeated;
    await connection.close();
    expect(await call).toMatch(/shut down|CANCELLED|UNAVAILABLE/i);
    expect(stray).toEqual([]);
  } finally {
    process.off('uncaughtException', tell);
    server.close();
    for (const socket of sockets) socket.destroy();
  }
}, 30_000);
