import http from 'node:http';
import net from 'node:net';
import { clientOf } from '../../../worker/intake/clients';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import { eventually } from '../../activities/signed-agreement';
import type { IntakeOptions } from '../../../worker/intake/server';
import type { Listening } from './listening';
import { fromDocusign, listenToServices } from './sending';

let database: FreshDatabase;
let intake: Listening;
let sockets: net.Socket[];

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

const start = async (changed: Partial<IntakeOptions> = {}): Promise<void> => {
  sockets = [];
  intake = await listenToServices(database.db, { receiveWithin: 60_000, ...changed });
};
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await intake.stop();
});

/** A client's connection that says so much and then is slow. */
function beginSlowly(head: string): Promise<net.Socket> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(intake.url);
    const socket = net.connect(Number(port), hostname, () => socket.write(head, () => resolve(socket)));
    socket.on('error', () => resolve(socket)).resume();
    sockets.push(socket);
  });
}

/** The status of `/healthz`, asked from this machine's address and with these headers. */
const ask = (
  headers: http.OutgoingHttpHeaders = {},
  localAddress = '127.0.0.1',
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    http
      .get(`${intake.url}/healthz`, { headers, localAddress, agent: false }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode));
      })
      .on('error', reject);
  });

const stillOpen = (): number => sockets.filter(({ closed }) => !closed).length;
/** The beginning of a delivery that is refused only when its body is there. */
const slow = (more = ''): string => {
  const { path: where, headers } = fromDocusign('{}');
  const lines = Object.entries({ host: 'x', ...headers }).map(
    ([name, value]) => `${name}: ${String(value)}\r\n`,
  );
  return `POST ${where} HTTP/1.1\r\n${lines.join('')}${more}`;
};

// Only Linux has all of 127.0.0.0/8 from the beginning.
const onLinux = process.platform === 'linux' ? it : it.skip;

describe('a client with 1,010 slow connections', () => {
  onLinux('has 400 of them, is told of in the log, and holds up nobody else', async () => {
    await start();
    // Whoever is no proxy of ours is one client, whatever it says of itself.
    for (let index = 0; index < 1_010; index += 1)
      await beginSlowly(slow(`x-forwarded-for: 192.0.2.${index % 250}\r\n`));
    await eventually('those beyond are closed', () => stillOpen() === 400);
    await expect(ask()).rejects.toThrow();
    expect(await ask({}, '127.0.0.2')).toBe(200);
    expect(intake.logged).toEqual([
      '127.0.0.1 has 400 connections to the intake at the same time: those beyond are closed',
    ]);
    for (const socket of sockets) socket.destroy();
    await eventually('it is let in again', () =>
      ask().then(
        (status) => status === 200,
        () => false,
      ),
    );
  });

  it('is the one that a named proxy tells of: the proxy and its other clients go on', async () => {
    await start({ proxies: ['127.0.0.0/8'] });
    const body = 'content-length: 100\r\n\r\n{';
    for (let index = 0; index < 1_010; index += 1)
      await beginSlowly(slow(`x-forwarded-for: 198.51.100.1, 192.0.2.1:${50_000 + index}\r\n${body}`));
    await eventually('those beyond are closed', () => stillOpen() === 400);
    expect(await ask({ 'x-forwarded-for': '192.0.2.1' })).toBe(429);
    expect(await ask({ 'x-forwarded-for': '192.0.2.2' })).toBe(200);
    // What a client says of itself stands before what the proxy adds.
    expect(await ask({ 'x-forwarded-for': '192.0.2.2, 192.0.2.1' })).toBe(429);
    expect(await ask({ 'x-forwarded-for': '192.0.2.1, 192.0.2.2' })).toBe(200);
    expect(await ask()).toBe(200);
    for (const socket of sockets) socket.destroy();
    await eventually(
      'it is let in again',
      async () => (await ask({ 'x-forwarded-for': '192.0.2.1' })) === 200,
    );
  });
});

describe('the client of a request', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:50112', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]:50112', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]', '2001:db8:1:2::/64'],
    // No address: whoever is connected.
    ['unknown', '10.0.0.1'],
    ['', '10.0.0.1'],
    ['192.0.2.300', '10.0.0.1'],
  ])('that is said to be %j is %s', (ip, client) => {
    expect(clientOf({ ip, socket: { remoteAddress: '10.0.0.1' } as net.Socket })).toBe(client);
  });
});
