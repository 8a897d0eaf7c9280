import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { choosePorts, isPortFree } from '../../../worker/local/ports';

let dataDir: string;
const servers: net.Server[] = [];

beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ports-'));
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  fs.rmSync(dataDir, { recursive: true });
});

/** Takes a port, any one unless told which. */
function occupy(port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    servers.push(server);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port));
  });
}

test('gives every part a free port of its own', async () => {
  const ports = Object.values(await choosePorts(dataDir));
  expect(new Set(ports).size).toBe(ports.length);
  expect(await Promise.all(ports.map((port) => isPortFree(port)))).not.toContain(false);
});

test('gives the same ports again, so that bookmarks last', async () => {
  const first = await choosePorts(dataDir);
  expect(await choosePorts(dataDir)).toEqual(first);
});

test('finds another port for a part whose last one is taken, and leaves the others', async () => {
  const first = await choosePorts(dataDir);
  await occupy(first.webUi);
  const second = await choosePorts(dataDir);
  expect(second.webUi).not.toBe(first.webUi);
  expect({ ...second, webUi: 0 }).toEqual({ ...first, webUi: 0 });
});

test('gives two clones different ports', async () => {
  const other = fs.mkdtempSync(path.join(os.tmpdir(), 'ports-'));
  try {
    const [here, there] = [await choosePorts(dataDir), await choosePorts(other)];
    await occupy(here.temporal);
    expect(there.temporal).not.toBe(here.temporal);
  } finally {
    fs.rmSync(other, { recursive: true });
  }
});

test('takes a port that was asked for', async () => {
  const port = await occupy();
  await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
  expect((await choosePorts(dataDir, { webUi: port })).webUi).toBe(port);
});

test('names the port and the setting when a port asked for is taken', async () => {
  const port = await occupy();
  await expect(choosePorts(dataDir, { webUi: port })).rejects.toThrow(
    `Port ${port}, asked for with SERVICEAVTAL_PORT_WEB_UI, is taken`,
  );
});

test('does not mind a taken port that nobody will listen on', async () => {
  const port = await occupy();
  await expect(choosePorts(dataDir, { smtp: port }, (name) => name !== 'smtp')).resolves.toMatchObject({
    smtp: port,
  });
});

test('goes on without the memory of ports when it is damaged', async () => {
  fs.writeFileSync(path.join(dataDir, 'ports.json'), '{"webUi": "eighty", "tem');
  expect((await choosePorts(dataDir)).webUi).toBeGreaterThan(1023);
});
