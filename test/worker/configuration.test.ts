import type { BilingualError } from '../../rules/engine/basics/bilingual-error';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { SigningConfiguration } from '../../worker/settings/configuration';
import {
  environmentOf,
  projectRoot,
  readConfiguration,
  secretsOf,
  settings,
} from '../../worker/settings/configuration';
import type { Secret } from '../../worker/settings/secret';

/** Settings of the signing services, with the value of every secret in place of what reads it. */
function withSecretsRead(signing: SigningConfiguration): Record<string, Record<string, unknown>> {
  const read = (value: unknown): unknown => (typeof value === 'function' ? (value as Secret)() : value);
  return Object.fromEntries(
    Object.entries(signing).map(([service, values]) => [
      service,
      Object.fromEntries(Object.entries(values as object).map(([name, value]) => [name, read(value)])),
    ]),
  );
}

describe('the settings', () => {
  it('have a default each', () => {
    const { signing, ...others } = readConfiguration({});
    expect(withSecretsRead(signing)).toEqual({
      docusign: {
        keys: undefined,
        api: undefined,
        auth: 'https://account.docusign.com',
        account: undefined,
        client: undefined,
        user: undefined,
        privateKey: undefined,
      },
      scrive: { keys: undefined, api: 'https://scrive.com/api/v2', credentials: undefined },
      oneflow: { keys: undefined, api: 'https://api.oneflow.com/v1', token: undefined, user: undefined },
      signed: { keys: undefined },
    });
    expect(others).toEqual({
      dataDir: path.join(projectRoot, '.data'),
      recordDir: path.join(projectRoot, '.data/record'),
      databaseUrl: undefined,
      temporalAddress: undefined,
      smtpUrl: undefined,
      namespace: 'serviceavtal',
      taskQueue: 'serviceavtal',
      mailFrom: 'serviceavtal@localhost.localdomain',
      monitors: { allow: [], files: [] },
      invoices: { mail: undefined, export: undefined },
      staffLanguage: 'sv',
      rulesDir: path.join(projectRoot, 'rules'),
      webUiUrl: undefined,
      intake: {
        host: '127.0.0.1',
        url: undefined,
        linkKey: undefined,
        metricsToken: undefined,
        proxies: [],
        requestLog: false,
      },
      heartbeatUrl: undefined,
      ports: {},
    });
  });

  it('take what is set, and an empty text as not set', () => {
    expect(
      readConfiguration({
        DATABASE_URL: ' postgres://db/x ',
        TEMPORAL_ADDRESS: '',
        SERVICEAVTAL_STAFF_LANGUAGE: 'en',
        SERVICEAVTAL_PORT_SMTP: '2525',
      }),
    ).toMatchObject({
      databaseUrl: 'postgres://db/x',
      temporalAddress: undefined,
      staffLanguage: 'en',
      ports: { smtp: 2525 },
    });
  });

  it.each(['0x1F90', '8e3', '8080.0', '+8080', 'Infinity', '8 080', '65536'])('hold no port %j', (port) => {
    const message = messageOf(() => readConfiguration({ SERVICEAVTAL_PORT_SMTP: port }));
    expect(message).toBe(`SERVICEAVTAL_PORT_SMTP: expected a port from 1 to 65535, found "${port}"`);
  });

  it('are refused with every wrong one named at once: expected and found', () => {
    const ports = Object.keys(settings).filter((name) => name.startsWith('SERVICEAVTAL_PORT_'));
    const values = ['0', '65536', '80.5', 'http', '-1', '0x50g'];
    const environment = {
      SERVICEAVTAL_STAFF_LANGUAGE: 'no',
      SERVICEAVTAL_MAIL_FROM: 'Serviceavtal',
      SERVICEAVTAL_OPERATOR_MAIL: 'drift',
      SERVICEAVTAL_INVOICE_MAIL: 'faktura',
      SERVICEAVTAL_INTAKE_URL: 'larm.pector.example/secret',
      SERVICEAVTAL_INTAKE_LOG: 'all',
      SERVICEAVTAL_LINK_KEY: 'a secret',
      SERVICEAVTAL_METRICS_TOKEN: 'secret',
      SERVICEAVTAL_INTAKE_PROXIES: '10.0.0.1/8',
      SERVICEAVTAL_HEARTBEAT_URL: 'ftp://a.example/secret',
      ...Object.fromEntries(ports.map((name, index) => [name, values[index]])),
    };
    expect(ports).toHaveLength(values.length);
    const message = messageOf(() => readConfiguration(environment));
    expect(message.split('\n').sort()).toEqual(
      [
        'SERVICEAVTAL_STAFF_LANGUAGE: expected sv or en, found "no"',
        'SERVICEAVTAL_MAIL_FROM: expected an address such as avtal@example.com, found "Serviceavtal"',
        'SERVICEAVTAL_OPERATOR_MAIL: expected an address such as drift@example.com, found "drift"',
        'SERVICEAVTAL_INVOICE_MAIL: expected an address such as faktura@example.com, found "faktura"',
        'SERVICEAVTAL_INTAKE_URL: expected an address that begins with https:// or http://, found something else',
        'SERVICEAVTAL_INTAKE_LOG: expected json, found "all"',
        'SERVICEAVTAL_LINK_KEY: expected at least 32 characters, found 8',
        'SERVICEAVTAL_METRICS_TOKEN: expected at least 16 characters, found 6',
        'SERVICEAVTAL_INTAKE_PROXIES: expected a range of addresses as 10.1.0.0/16 or fd00::/8, found "10.0.0.1/8", which is 10.0.0.0/8',
        'SERVICEAVTAL_HEARTBEAT_URL: expected an address that begins with https:// or http://, found something else',
        ...ports.map((name, index) => `${name}: expected a port from 1 to 65535, found "${values[index]}"`),
      ].sort(),
    );
  });

  it('are refused in Swedish words, too', () => {
    const environment = {
      SERVICEAVTAL_PORT_SMTP: '0',
      SERVICEAVTAL_LINK_KEY: 'a secret',
      SERVICEAVTAL_MONITOR_ALLOW: '10.0.0.1/8',
      SERVICEAVTAL_SIGNED_KEYS: 'short',
      SERVICEAVTAL_METRICS_TOKEN_FILE: '/there/is/none',
    };
    expect(
      swedishOf(() => readConfiguration(environment))
        .split('\n')
        .sort(),
    ).toEqual([
      'SERVICEAVTAL_LINK_KEY: förväntade minst 32 tecken, hittade 8',
      'SERVICEAVTAL_METRICS_TOKEN_FILE: förväntade en läsbar fil på /there/is/none, hittade ingen',
      'SERVICEAVTAL_MONITOR_ALLOW: förväntade ett adressintervall som 10.1.0.0/16 eller fd00::/8, hittade "10.0.0.1/8", som är 10.0.0.0/8',
      'SERVICEAVTAL_PORT_SMTP: förväntade en port från 1 till 65535, hittade "0"',
      'SERVICEAVTAL_SIGNED_KEYS: förväntade nycklar på minst 16 tecken vardera, hittade en på 5',
    ]);
  });

  it.each(['a b@example.com', 'avtal@example.com>\r\nBcc: thief@evil.example', '@', 'avtal@'])(
    'take no sender that is no address: %j',
    (mailFrom) => {
      expect(messageOf(() => readConfiguration({ SERVICEAVTAL_MAIL_FROM: mailFrom }))).toContain(
        'SERVICEAVTAL_MAIL_FROM: expected an address',
      );
    },
  );

  it('hand on to the local stack the services that are named, and nothing else', () => {
    expect(
      environmentOf({ HOME: '/', SMTP_URL: '', TEMPORAL_ADDRESS: 'host:7233', TEMPORAL_TLS: 'true' }),
    ).toEqual({
      DATABASE_URL: undefined,
      SMTP_URL: undefined,
      TEMPORAL_ADDRESS: 'host:7233',
      TEMPORAL_TLS: 'true',
    });
  });
});

function swedishOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as BilingualError).messageSv;
  }
  return 'nothing was thrown';
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

test('what checks may reach is said in ranges and absolute folders, and a slip is named', () => {
  const { monitors } = readConfiguration({
    SERVICEAVTAL_MONITOR_ALLOW: '10.1.0.0/16, 192.168.7.9',
    SERVICEAVTAL_MONITOR_FILES: ['/srv/import', '/srv/bank'].join(path.delimiter),
  });
  expect(monitors).toEqual({ allow: ['10.1.0.0/16', '192.168.7.9'], files: ['/srv/import', '/srv/bank'] });
  const wrong = { SERVICEAVTAL_MONITOR_ALLOW: '10.1.2.3/8', SERVICEAVTAL_MONITOR_FILES: 'import' };
  expect(() => readConfiguration(wrong)).toThrow(/SERVICEAVTAL_MONITOR_ALLOW: .*10\.0\.0\.0\/8/);
  expect(() => readConfiguration(wrong)).toThrow(
    'SERVICEAVTAL_MONITOR_FILES: expected absolute folders, found "import"',
  );
});

test("a customer's secrets are found by customer and name, and an empty one is none", () => {
  const secret = secretsOf({
    SERVICEAVTAL_SECRET_TESTBOLAGET_AB__ORDERS: 'x',
    SERVICEAVTAL_SECRET_OTHER__ORDERS: '',
  });
  expect(secret('testbolaget-ab', 'ORDERS')).toBe('x');
  expect(secret('other', 'ORDERS')).toBeUndefined();
  expect(secret('testbolaget-ab', 'VOUCHERS')).toBeUndefined();
  // Another customer whose id begins alike cannot name it.
  expect(secret('testbolaget', 'AB_ORDERS')).toBeUndefined();
});

describe('keys of signing services', () => {
  const names = ['DOCUSIGN', 'SCRIVE', 'ONEFLOW', 'SIGNED'].map((each) => `SERVICEAVTAL_${each}_KEYS`);
  const long = 'sixteen-letters!';

  it.each(names)('have at least sixteen characters each, or are named: %s', (name) => {
    expect(() => readConfiguration({ [name]: `${long} ${long} fifteen-letters` })).toThrow(
      new Error(`${name}: expected keys of at least 16 characters each, found one of 15`),
    );
    expect(() => readConfiguration({ [name]: `${long} ${long}` })).not.toThrow();
  });

  it('are told together with whatever else is wrong, and never repeated', () => {
    const message = messageOf(() =>
      readConfiguration({
        ...Object.fromEntries(names.map((name) => [name, 'guessed'])),
        SERVICEAVTAL_PORT_SMTP: 'x',
      }),
    );
    for (const name of [...names, 'SERVICEAVTAL_PORT_SMTP']) expect(message).toContain(`${name}: expected`);
    expect(message).not.toContain('guessed');
  });

  it('in a file that is replaced by one with a shorter key hold as they were, and that is said', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keys-'));
    const file = path.join(folder, 'keys');
    fs.writeFileSync(file, `${long}\n`);
    let now = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    const logged: string[] = [];
    const { signing } = readConfiguration({ SERVICEAVTAL_SIGNED_KEYS_FILE: file }, (line) =>
      logged.push(line),
    );
    fs.writeFileSync(file, `${long} short\n`);
    // A little more than the second between two looks: fractions of milliseconds do not add up exactly.
    now += 1_001;
    expect(signing.signed.keys()).toBe(long);
    expect(logged).toEqual([
      'SERVICEAVTAL_SIGNED_KEYS_FILE: expected keys of at least 16 characters each, found one of 5; its last good value holds',
    ]);
    jest.restoreAllMocks();
    fs.rmSync(folder, { recursive: true });
  });
});
