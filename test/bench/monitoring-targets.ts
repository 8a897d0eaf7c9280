/** A web server and a port that are well, in a process of their own: run by `monitoring.ts`. */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import type { TargetPorts } from './monitoring-load';

/** Milliseconds: longer than the minute between two checks of a watch. */
const keepAlive = 120_000;
const backlog = 4096;
const slow = 500;

const web = createHttpServer((request, response) => {
  const answer = (): void => {
    if (request.url === '/closed') response.shouldKeepAlive = false;
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 5 }).end('well\n');
  };
  if (request.url === '/slow') setTimeout(answer, slow);
  else answer();
});
web.keepAliveTimeout = keepAlive;
const port = createTcpServer((socket) => void socket.resume());

/** At every address of the loopback, for nobody else. */
async function listening(server: Server): Promise<number> {
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => undefined);
    if (!/^(::ffff:)?127\./.test(socket.remoteAddress ?? '')) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '0.0.0.0', backlog }, resolve));
  return (server.address() as AddressInfo).port;
}

async function main(): Promise<void> {
  const ports: TargetPorts = { http: await listening(web), tcp: await listening(port) };
  process.send!(ports);
  process.on('disconnect', () => process.exit());
}

void main();
