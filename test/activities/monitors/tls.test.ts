/** Certificates that are in order, near their end, or not accepted. */
import type { PeerCertificate } from 'node:tls';
import { refusal } from '../../../activities/monitors/checks/certificate';
import { createTlsCheck } from '../../../activities/monitors/checks/tls';
import { createRunCheck } from '../../../activities/monitors/checks/run-check';
import type { Check } from '../../../rules/engine/contract/monitor';
import {
  authority,
  certificateOf,
  checkDeps,
  selfSigned,
  tcpTarget,
  until,
  watchedCheck,
  webTarget,
} from '../../helpers/targets';
import type { Authority, Certificate, Target } from '../../helpers/targets';

const targets: Target[] = [];
let issuer: Authority;
beforeAll(async () => {
  issuer = await authority();
});
afterEach(() => Promise.all(targets.splice(0).map((each) => each.close())));

const kept = <T extends Target>(target: T): T => {
  targets.push(target);
  return target;
};
const serving = async (certificate: Certificate): Promise<Target> =>
  kept(await webTarget((_, response) => response.end(), { certificate }));

const run = (check: Partial<Check>, trusted = [issuer.certificate]) =>
  createRunCheck({ tls: createTlsCheck({ trusted }) }, checkDeps())(
    watchedCheck({ kind: 'tls', host: '127.0.0.1', timeoutSeconds: 1, ...check }),
    new AbortController().signal,
  );

const dayAfter = (days: number): string =>
  new Date(Date.now() + days * 86_400_000 + 3_600_000).toISOString().slice(0, 10);

test.each([
  [40, {}, 'ok', undefined],
  [21, {}, 'ok', undefined],
  [20, {}, 'warning', 21],
  [7, {}, 'warning', 21],
  [6, {}, 'down', 7],
  [20, { certificateDays: { warn: 14 } }, 'ok', undefined],
  [2, { certificateDays: { warn: 14 } }, 'warning', 14],
  [20, { certificateDays: { error: 30 } }, 'down', 30],
] as const)('%d days left with %j: %s', async (days, check, outcome, limit) => {
  const { port } = await serving(await issuer.issue({ toDay: days }));
  const until = dayAfter(days);
  expect(await run({ port, ...check })).toMatchObject({
    outcome,
    message:
      limit === undefined
        ? {
            sv: `certifikatet gäller i ${days} dygn till, till ${until}`,
            en: `the certificate is valid for ${days} more days, until ${until}`,
          }
        : {
            sv: `certifikatet: förväntade minst ${limit} dygn kvar, hittade ${days} (gäller till ${until})`,
            en: `the certificate: expected at least ${limit} days left, found ${days} (valid until ${until})`,
          },
    measured: { certificateDays: days, seconds: expect.any(Number) },
  });
});

describe('a certificate that is not accepted', () => {
  test.each([
    [
      'expired',
      () => issuer.issue({ toDay: -3 }),
      () => ({
        sv: `certifikatet för 127.0.0.1 gick ut ${dayAfter(-3)}`,
        en: `the certificate of 127.0.0.1 expired on ${dayAfter(-3)}`,
      }),
    ],
    [
      'not valid yet',
      () => issuer.issue({ fromDay: 2, toDay: 90 }),
      () => {
        const from = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
        return {
          sv: `certifikatet för 127.0.0.1 gäller först från ${from}`,
          en: `the certificate of 127.0.0.1 is not valid until ${from}`,
        };
      },
    ],
    [
      'for another name',
      () => issuer.issue({ names: ['shop.test', 'www.shop.test'], toDay: 90 }),
      () => ({
        sv: 'certifikatet: förväntade 127.0.0.1, hittade DNS:shop.test, DNS:www.shop.test',
        en: 'the certificate: expected 127.0.0.1, found DNS:shop.test, DNS:www.shop.test',
      }),
    ],
    [
      'self-signed',
      () => selfSigned(),
      () => ({
        sv: 'certifikatet för 127.0.0.1 är självsignerat',
        en: 'the certificate of 127.0.0.1 is self-signed',
      }),
    ],
  ])('%s is told', async (_, make, message) => {
    const { port } = await serving(await make());
    expect(await run({ port })).toMatchObject({ outcome: 'down', message: message() });
  });

  test('of an authority nobody knows is told', async () => {
    const { port } = await serving(await issuer.issue({ toDay: 90 }));
    expect(await run({ port }, [])).toMatchObject({
      outcome: 'down',
      message: {
        sv: expect.stringMatching(
          /^certifikatet för 127\.0\.0\.1 är utfärdat av "Authority of the tests", som inte är/,
        ),
        en: expect.stringMatching(
          /^the certificate of 127\.0\.0\.1 was issued by "Authority of the tests", which is/,
        ),
      },
    });
  });
});

describe('what is said of a certificate by code', () => {
  /** The codes that Node has for what OpenSSL finds in a chain, and Node's own for names. */
  const codes = `UNABLE_TO_GET_ISSUER_CERT UNABLE_TO_GET_CRL UNABLE_TO_DECRYPT_CERT_SIGNATURE
    UNABLE_TO_DECRYPT_CRL_SIGNATURE UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY CERT_SIGNATURE_FAILURE CRL_SIGNATURE_FAILURE
    CERT_NOT_YET_VALID CERT_HAS_EXPIRED CRL_NOT_YET_VALID CRL_HAS_EXPIRED ERROR_IN_CERT_NOT_BEFORE_FIELD
    ERROR_IN_CERT_NOT_AFTER_FIELD ERROR_IN_CRL_LAST_UPDATE_FIELD ERROR_IN_CRL_NEXT_UPDATE_FIELD OUT_OF_MEM
    DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT_LOCALLY
    UNABLE_TO_VERIFY_LEAF_SIGNATURE CERT_CHAIN_TOO_LONG CERT_REVOKED INVALID_CA PATH_LENGTH_EXCEEDED INVALID_PURPOSE
    CERT_UNTRUSTED CERT_REJECTED HOSTNAME_MISMATCH UNSPECIFIED ERR_TLS_CERT_ALTNAME_INVALID`.split(/\s+/);
  const certificate = {
    subject: { CN: 'shop.test' },
    issuer: { CN: 'Root A' },
    valid_from: '2026-01-01T00:00:00Z',
    valid_to: '2026-03-01T00:00:00Z',
    subjectaltname: 'DNS:shop.test',
  } as unknown as PeerCertificate;

  test.each(codes)('%s has words of its own in both languages', (code) => {
    const { sv, en } = refusal(code, 'www.shop.test', [certificate]);
    expect(sv).toMatch(/^certifikatet/);
    expect(en).toMatch(/^the certificate/);
    expect(sv).not.toMatch(/godkänns inte \(/);
    expect(en).not.toMatch(/is not accepted \(/);
  });

  test('a code that nobody knows yet is shown', () => {
    expect(refusal('A_NEW_CODE', 'www.shop.test', [certificate])).toEqual({
      sv: 'certifikatet för www.shop.test godkänns inte (A_NEW_CODE)',
      en: 'the certificate of www.shop.test is not accepted (A_NEW_CODE)',
    });
  });

  test('a certificate that was issued for clients is told as such', async () => {
    const root = await certificateOf({ name: 'Root A', toDay: 4_000 });
    const own = await certificateOf({
      name: 'shop.test',
      by: root,
      names: ['shop.test'],
      toDay: 90,
      extensions: [{ name: 'extKeyUsage', clientAuth: true }],
    });
    const { port } = await serving(own);
    expect(await run({ port, serverName: 'shop.test' }, [root.cert])).toMatchObject({
      outcome: 'down',
      message: {
        sv: 'certifikatet för shop.test eller ett i dess kedja är inte utfärdat för servrar (fel användningsområde) (INVALID_PURPOSE)',
        en: 'the certificate of shop.test or one in its chain was not issued for servers (wrong purpose) (INVALID_PURPOSE)',
      },
    });
  });
});

describe('the chain a server sends', () => {
  const names = ['shop.test'];
  /** Serves a certificate with those above it, in this order, and says what the check found. */
  const found = async (chain: Certificate[], trusted: Certificate[]) => {
    const [own] = chain as [Certificate];
    const { port } = await serving({ key: own.key, cert: chain.map(({ cert }) => cert).join('\n') });
    return run(
      { port, serverName: 'shop.test' },
      trusted.map(({ cert }) => cert),
    );
  };
  let root: Certificate;
  beforeAll(async () => {
    root = await certificateOf({ name: 'Root A', toDay: 4_000 });
  });
  const middle = (toDay: number, fromDay?: number, keyOf?: Certificate) =>
    certificateOf({ name: 'Middle', by: root, toDay, ...(fromDay && { fromDay }), ...(keyOf && { keyOf }) });
  const leafBy = (by: Certificate, toDay = 299) => certificateOf({ name: 'shop.test', by, names, toDay });

  test.each([
    [299, 3, 'down', 3, `3 (valid until ${dayAfter(3)}, when "Middle" in its chain ends)`],
    [299, 14, 'warning', 14, `14 (valid until ${dayAfter(14)}, when "Middle" in its chain ends)`],
    [299, 400, 'ok', 299, `for 299 more days, until ${dayAfter(299)}`],
    [299, 200, 'ok', 200, `for 200 more days, until ${dayAfter(200)}, when "Middle" in its chain ends`],
    [5, 400, 'down', 5, `5 (valid until ${dayAfter(5)})`],
  ])('of %d days by one of %d days: %s', async (own, above, outcome, days, said) => {
    const by = await middle(above);
    const result = await found([await leafBy(by, own), by], [root]);
    expect(result).toMatchObject({ outcome, measured: { certificateDays: days } });
    expect(result.message.en.endsWith(said)).toBe(true);
  });

  test('counts the days of the authority itself', async () => {
    const ending = await certificateOf({ name: 'Root B', toDay: 6 });
    expect(await found([await leafBy(ending)], [ending])).toMatchObject({
      outcome: 'down',
      message: {
        sv: `certifikatet: förväntade minst 7 dygn kvar, hittade 6 (gäller till ${dayAfter(6)}, då "Root B" i dess kedja går ut)`,
      },
    });
  });

  test('is told where the one between is missing', async () => {
    const by = await middle(400);
    expect(await found([await leafBy(by)], [root])).toMatchObject({
      outcome: 'down',
      message: { en: expect.stringContaining('or the server does not send the whole chain') },
    });
  });

  test.each([
    [-3, -50, `the certificate "Middle" in the chain of shop.test expired on ${dayAfter(-3)}`],
    [90, 2, 'the certificate "Middle" in the chain of shop.test is not valid until'],
  ])('is told where the one between is not valid: until day %d, from day %d', async (to, from, said) => {
    const by = await middle(to, from);
    expect(await found([await leafBy(by), by], [root])).toMatchObject({
      outcome: 'down',
      message: { en: expect.stringContaining(said) },
    });
  });

  test('may be in any order, with certificates that have nothing to do with it', async () => {
    const by = await middle(400);
    const stranger = await certificateOf({ name: 'Stranger', toDay: 1 });
    expect(await found([await leafBy(by), stranger, root, by], [root])).toMatchObject({
      outcome: 'ok',
      measured: { certificateDays: 299 },
    });
  });

  test.each([-2, 2])(
    'is that of the trusted root beside one cross-signed, which ends on day %d',
    async (ends) => {
      const old = await certificateOf({ name: 'Old root', toDay: ends });
      const cross = await certificateOf({ name: 'Root A', by: old, keyOf: root, toDay: ends });
      const by = await middle(400);
      const chain = [await leafBy(by), by, cross];
      for (const trusted of [[root], [old, root]])
        expect(await found(chain, trusted)).toMatchObject({
          outcome: 'ok',
          measured: { certificateDays: 299 },
        });
    },
  );

  test('leads past a trusted root that has expired, over one cross-signed', async () => {
    const expired = await certificateOf({ name: 'Root C', toDay: -2 });
    const young = await certificateOf({ name: 'Young root', toDay: 4_000 });
    const cross = await certificateOf({ name: 'Root C', by: young, keyOf: expired, toDay: 500 });
    const chain = [await leafBy(expired), cross];
    for (const trusted of [[expired, young], [young]])
      expect(await found(chain, trusted)).toMatchObject({
        outcome: 'ok',
        measured: { certificateDays: 299 },
      });
    expect(await found(chain, [expired])).toMatchObject({ outcome: 'down' });
  });

  test('takes the valid one of two that were issued for the same key', async () => {
    const by = await middle(400);
    const before = await middle(-2, -50, by);
    for (const chain of [
      [by, before],
      [before, by],
    ])
      expect(await found([await leafBy(by), ...chain], [root])).toMatchObject({
        outcome: 'ok',
        measured: { certificateDays: 299 },
      });
  });

  test('leads to a trusted authority past one of the same name and key that an unknown authority issued', async () => {
    const by = await middle(400);
    const unknown = await certificateOf({ name: 'Unknown root', toDay: 4_000 });
    const cross = await certificateOf({ name: 'Middle', by: unknown, keyOf: by, toDay: 900 });
    const own = await leafBy(by);
    for (const chain of [
      [cross, by],
      [by, cross],
      [cross, unknown, by],
    ])
      expect(await found([own, ...chain], [root])).toMatchObject({
        outcome: 'ok',
        measured: { certificateDays: 299 },
      });
    expect(await found([own, cross, unknown], [root])).toMatchObject({
      outcome: 'down',
      message: { en: expect.stringContaining('is not trusted') },
    });
    expect(await found([own, cross, await middle(3, -50, by)], [root])).toMatchObject({
      outcome: 'down',
      message: { en: expect.stringContaining('found 3 (valid until') },
    });
    expect(await found([own, cross, await middle(-3, -50, by)], [root])).toMatchObject({ outcome: 'down' });
  });

  test('past such a one is held to the name, to what it is for, and to who may issue', async () => {
    const by = await middle(400);
    const unknown = await certificateOf({ name: 'Unknown root', toDay: 4_000 });
    const cross = await certificateOf({ name: 'Middle', by: unknown, keyOf: by, toDay: 900 });
    const other = await certificateOf({ name: 'other.test', by, names: ['other.test'], toDay: 90 });
    expect(await found([other, cross, by], [root])).toMatchObject({
      outcome: 'down',
      message: { en: 'the certificate: expected shop.test, found DNS:other.test' },
    });
    const extensions = [{ name: 'extKeyUsage' as const, clientAuth: true }];
    const client = await certificateOf({ name: 'shop.test', by, names, toDay: 90, extensions });
    expect(await found([client, cross, by], [root])).toMatchObject({
      outcome: 'down',
      message: { en: expect.stringContaining('(INVALID_PURPOSE)') },
    });
    // A server's certificate may not issue another.
    const server = await certificateOf({ name: 'Middle', by: root, names, keyOf: by, toDay: 400 });
    expect(await found([await leafBy(by), cross, server], [root])).toMatchObject({ outcome: 'down' });
  });

  test('of a certificate with its name in the subject only is refused, as browsers do', async () => {
    const own = await certificateOf({ name: 'shop.test', by: root, names: 'unnamed', toDay: 90 });
    expect(await found([own], [root])).toMatchObject({
      outcome: 'down',
      message: {
        sv: 'certifikatet: förväntade shop.test, hittade inget alternativt namn (subjectAltName), bara shop.test',
      },
    });
  });
});

test('the name asked for may be another than the host', async () => {
  const { port } = await serving(await issuer.issue({ names: ['shop.test'], toDay: 90 }));
  expect(await run({ port, serverName: 'shop.test' })).toMatchObject({ outcome: 'ok' });
  expect(await run({ port, serverName: 'other.test' })).toMatchObject({
    outcome: 'down',
    message: { en: 'the certificate: expected other.test, found DNS:shop.test' },
  });
});

test.each([
  [
    'does not speak TLS',
    (socket: { write: (text: string) => void }) => socket.write('220 mail.test ESMTP\r\n'),
    {
      sv: 'TLS med 127.0.0.1 misslyckades: den talar inte TLS (ERR_SSL_WRONG_VERSION_NUMBER)',
      en: 'TLS with 127.0.0.1 failed: it does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER)',
    },
  ],
  [
    'leaves at once',
    (socket: { end: () => void }) => socket.end(),
    {
      sv: 'TLS med 127.0.0.1 misslyckades: anslutningen stängdes (ECONNRESET)',
      en: 'TLS with 127.0.0.1 failed: the connection was closed (ECONNRESET)',
    },
  ],
  [
    'says nothing',
    () => undefined,
    { sv: 'inget TLS-svar från 127.0.0.1 efter 1 sekund', en: 'no TLS answer from 127.0.0.1 after 1 second' },
  ],
])('a service that %s is down, and is left again', async (_, talk, message) => {
  const service = kept(await tcpTarget(talk as never));
  expect(await run({ port: service.port })).toMatchObject({ outcome: 'down', message });
  await until(() => service.open().length === 0);
});

test('connections are closed after the check', async () => {
  const service = await serving(await issuer.issue({ toDay: 90 }));
  await run({ port: service.port });
  await until(() => service.open().length === 0);
  expect(service.connections()).toBe(1);
});
