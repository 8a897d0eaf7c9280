/** Where checks may connect to, and that they connect to no other address than the one that was looked at. */
import { promises as dns } from 'node:dns';
import { addressPolicy, connectChecked } from '../../../activities/monitors/checks/address-policy';
import { NotMade, NotWell } from '../../../activities/monitors/checks/checker';
import { checkDeps, closedPort, tcpTarget } from '../../helpers/targets';
import type { Target } from '../../helpers/targets';

describe('addresses', () => {
  test.each([
    ['8.8.8.8', true],
    ['192.31.195.255', true],
    ['2a00:1450:400f:80c::200e', true],
    ['::ffff:8.8.8.8', true],
    ['64:ff9b::8.8.8.8', true],
    ['2002:808:808::1', true],
    ['127.0.0.1', false],
    ['127.255.255.254', false],
    ['10.0.0.1', false],
    ['172.16.0.1', false],
    ['172.31.255.255', false],
    ['192.168.1.1', false],
    ['169.254.169.254', false],
    ['100.64.0.1', false],
    ['0.0.0.0', false],
    ['0.1.2.3', false],
    ['192.0.2.1', false],
    ['198.18.0.1', false],
    ['224.0.0.1', false],
    ['240.0.0.1', false],
    ['255.255.255.255', false],
    ['168.63.129.16', false],
    ['::', false],
    ['::1', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['fc00::1', false],
    ['fd00:ec2::254', false],
    ['fec0::1', false],
    ['ff02::1', false],
    ['2001:db8::1', false],
    ['100::1', false],
    ['4000::1', false],
    ['::ffff:10.0.0.1', false],
    ['::ffff:7f00:1', false],
    ['::ffff:0:10.0.0.1', false],
    ['64:ff9b::10.0.0.1', false],
    ['64:ff9b::a9fe:a9fe', false],
    ['64:ff9b:1::8.8.8.8', false],
    ['2002:a00:1::1', false],
    ['2002:7f00:1::1', false],
    // Teredo: its server is private; its client, written inverted, is.
    ['2001:0:a00:1::f7f7:f7f7', false],
    ['2001:0:808:808::f5ff:fffe', false],
    ['2001:0:808:808::f7f7:f7f7', true],
    ['localhost', false],
    ['0x7f.1', false],
    ['2130706433', false],
    ['', false],
  ])('%s: %s without anything allowed', (address, allowed) => {
    expect(addressPolicy([])(address)).toBe(allowed);
  });

  test.each([
    ['10.1.2.3', true],
    ['10.2.0.0', false],
    ['192.168.1.7', true],
    ['192.168.1.8', false],
    ['fd00:1::5', true],
    ['fd00:2::5', false],
    ['::ffff:10.1.2.3', true],
    ['64:ff9b::10.1.2.3', true],
    ['8.8.8.8', true],
  ])('%s: %s where the site allows some of its own', (address, allowed) => {
    expect(addressPolicy(['10.1.0.0/16', '192.168.1.7', 'fd00:1::/32'])(address)).toBe(allowed);
  });

  test.each(['10.0.0.0/33', '10/8', 'x', '', '0x0a.0.0.0/8', 'fd00::/129', '10.0.0.0/8/8'])(
    'refuses "%s" as a range',
    (range) => {
      expect(() => addressPolicy(['10.0.0.0/8', range])).toThrow(
        `expected a range of addresses as 10.1.0.0/16 or fd00::/8, found "${range}"`,
      );
    },
  );

  test('takes a range that does not begin at its beginning for a slip', () => {
    expect(() => addressPolicy(['10.1.2.3/8'])).toThrow('found "10.1.2.3/8", which is 10.0.0.0/8');
  });
});

describe('connections', () => {
  let target: Target;
  const { signal } = new AbortController();
  beforeAll(async () => {
    target = await tcpTarget((socket) => socket.end('hello'));
  });
  afterAll(() => target.close());
  afterEach(() => jest.restoreAllMocks());

  /** Our name server as it is when it answers, or fails, so. */
  const nameServerSays = (answer: string[] | string) =>
    jest
      .spyOn(dns, 'lookup')
      .mockImplementation((() =>
        typeof answer === 'string'
          ? Promise.reject(Object.assign(new Error(answer), { code: answer }))
          : Promise.resolve(answer.map((address) => ({ address, family: 4 })))) as never);

  const failureOf = async (to: { host: string; port?: number; allowed?: string[]; signal?: AbortSignal }) => {
    const deps = checkDeps(to.allowed ? { allowed: to.allowed } : {});
    const error: unknown = await connectChecked({ port: target.port, signal, ...to, deps }).then(
      (socket) => {
        socket.destroy();
        return undefined;
      },
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof NotMade || error instanceof NotWell))
      throw new Error('expected a failure', { cause: error });
    return { kind: error.name, ...error.text };
  };

  test('connects to an address that is allowed', async () => {
    const socket = await connectChecked({ host: '127.0.0.1', port: target.port, deps: checkDeps(), signal });
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  test('refuses an address that is not, before anything is sent', async () => {
    const before = target.connections();
    expect(await failureOf({ host: '127.0.0.1', allowed: [] })).toEqual({
      kind: 'NotMade',
      sv: 'adressen 127.0.0.1 får inte nås härifrån: tillåt den med SERVICEAVTAL_MONITOR_ALLOW, på en plats i kundens nät med site-worker --allow',
      en: "the address 127.0.0.1 must not be reached from here: allow it by SERVICEAVTAL_MONITOR_ALLOW, at a site in a customer's network by site-worker --allow",
    });
    expect(target.connections()).toBe(before);
  });

  test('refuses a name that leads to one', async () => {
    const { kind, sv, en } = await failureOf({ host: 'localhost', allowed: [] });
    expect(kind).toBe('NotMade');
    expect(sv).toMatch(
      /^adressen .*127\.0\.0\.1.* \(localhost\) får inte nås härifrån: tillåt den med SERVICEAVTAL_MONITOR_ALLOW, på en plats i kundens nät med site-worker --allow$/,
    );
    expect(en).toMatch(
      /^the address .*127\.0\.0\.1.* \(localhost\) must not be reached from here: allow it by SERVICEAVTAL_MONITOR_ALLOW, at a site in a customer's network by site-worker --allow$/,
    );
  });

  test('connects to the very address it looked at: a name that leads elsewhere a moment later changes nothing', async () => {
    const lookup = nameServerSays(['127.0.0.1']);
    lookup.mockImplementationOnce((() => Promise.resolve([{ address: '127.0.0.1', family: 4 }])) as never);
    lookup.mockImplementation((() => Promise.resolve([{ address: '127.0.0.9', family: 4 }])) as never);
    const socket = await connectChecked({ host: 'shop.test', port: target.port, deps: checkDeps(), signal });
    expect(socket.remoteAddress).toBe('127.0.0.1');
    expect(lookup).toHaveBeenCalledTimes(1);
    socket.destroy();
  });

  test('passes over forbidden addresses of a name, and over one that does not answer', async () => {
    nameServerSays(['10.0.0.1', '127.0.0.77', '127.0.0.1']);
    const socket = await connectChecked({ host: 'shop.test', port: target.port, deps: checkDeps(), signal });
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  test('asks the name server once for checks of the same name at the same time', async () => {
    const lookup = nameServerSays(['127.0.0.1']);
    const deps = checkDeps();
    const connect = () => connectChecked({ host: 'shop.test', port: target.port, deps, signal });
    const found = await Promise.all([1, 2, 3].map(connect));
    expect(found.map(({ remoteAddress }) => remoteAddress)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
    expect(lookup).toHaveBeenCalledTimes(1);
    for (const socket of [...found, await connect()]) socket.destroy();
    expect(lookup).toHaveBeenCalledTimes(2);
  });

  test.each([
    [
      'ENOTFOUND',
      { kind: 'NotWell', sv: 'namnet shop.test finns inte i DNS', en: 'the name shop.test is not in DNS' },
    ],
    [
      'EAI_AGAIN',
      {
        kind: 'NotMade',
        sv: 'vår namnuppslagning svarar inte: shop.test gick inte att slå upp (EAI_AGAIN)',
        en: 'our name server does not answer: shop.test could not be resolved (EAI_AGAIN)',
      },
    ],
  ])('tells %s of the name server', async (code, told) => {
    nameServerSays(code);
    expect(await failureOf({ host: 'shop.test' })).toEqual(told);
  });

  test('a name server that hangs is our own trouble', async () => {
    jest.spyOn(dns, 'lookup').mockImplementation((() => new Promise(() => undefined)) as never);
    expect(await failureOf({ host: 'hanging.test', signal: AbortSignal.timeout(50) })).toEqual({
      kind: 'NotMade',
      sv: 'vår namnuppslagning svarar inte: hanging.test hann inte slås upp',
      en: 'our name server does not answer: hanging.test was not resolved in time',
    });
  });

  test('nothing that listens is told as such', async () => {
    const port = await closedPort();
    expect(await failureOf({ host: '127.0.0.1', port })).toEqual({
      kind: 'NotWell',
      sv: `ingen anslutning till 127.0.0.1:${port}: ingen tar emot anslutningar där (ECONNREFUSED)`,
      en: `no connection to 127.0.0.1:${port}: nothing takes connections there (ECONNREFUSED)`,
    });
  });

  test('an address our network has no way to is our own trouble', async () => {
    expect(await failureOf({ host: '224.0.0.1', port: 9, allowed: ['224.0.0.0/4'] })).toEqual({
      kind: 'NotMade',
      sv: 'vårt eget nät eller vår egen maskin når inte 224.0.0.1:9 (ENETUNREACH)',
      en: 'our own network or machine does not reach 224.0.0.1:9 (ENETUNREACH)',
    });
  });

  test('what another address says of the host counts for more than what ours says of our network', async () => {
    nameServerSays(['127.0.0.1', '224.0.0.1']);
    const port = await closedPort();
    const told = await failureOf({ host: 'shop.test', port, allowed: ['127.0.0.0/8', '224.0.0.0/4'] });
    expect(told.kind).toBe('NotWell');
    expect(told.en).toContain(`shop.test:${port} (127.0.0.1): nothing takes connections`);
  });

  test('called off it says what it tried', async () => {
    expect(await failureOf({ host: '127.0.0.1', signal: AbortSignal.abort() })).toMatchObject({
      kind: 'NotWell',
      en: `no connection to 127.0.0.1:${target.port}`,
    });
  });
});
