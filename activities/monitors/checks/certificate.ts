/** TLS over a connection, and what its certificate says. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect, createSecureContext, rootCertificates } from 'node:tls';
import type { DetailedPeerCertificate, PeerCertificate, SecureContext, TLSSocket } from 'node:tls';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import type { Text } from '../../../rules/engine/basics/text';
import { NotWell } from './checker';
import type { Found } from './checker';

/** Authorities, as certificates of their own and as what a connection trusts. */
export interface Trust {
  authorities: readonly X509Certificate[];
  context: SecureContext;
}

const dayInMs = 86_400_000;

/** What was trusted before, with the day: to read the usual authorities takes 70 ms and some megabytes. */
const trusted = new Map<string, { day: number; trust: Trust }>();

/**
 * Authorities whose certificates are trusted: the usual ones, and others given. Expired ones are left out: OpenSSL would stop at one although the server sends a path to another authority, which browsers take.
 *
 * @param others certificates as PEM
 */
export function trusting(others: readonly string[] = []): Trust {
  const key = others.join();
  const day = Math.floor(Date.now() / dayInMs);
  const known = trusted.get(key);
  if (known?.day === day) return known.trust;
  const authorities = [...rootCertificates, ...others]
    .map((pem) => new X509Certificate(pem))
    .filter(({ validTo }) => Date.parse(validTo) > Date.now());
  const context = createSecureContext({ ca: authorities.map((each) => each.toString()) });
  const trust = { authorities, context };
  trusted.set(key, { day, trust });
  return trust;
}

/** Cuts a name for a message: a certificate can hold a name of any length. */
const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

const dayOf = (time: string): string => new Date(time).toISOString().slice(0, 10);

/** The certificates a server sent and the authority above them, the server's own first, as Node links them. */
function chainOf(socket: TLSSocket): PeerCertificate[] {
  const chain: PeerCertificate[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (next?.raw && !chain.includes(next)) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

/** What a certificate is called in a message. */
const calledBy = (subject: string): string =>
  short(/^CN=(.*)$/m.exec(subject)?.[1] ?? /^O=(.*)$/m.exec(subject)?.[1] ?? '?');

/** What is wrong with a certificate by the code that Node gives for what OpenSSL found, as it follows "the certificate of NAME". */
const refusals: Record<string, Text> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: { sv: 'är självsignerat', en: 'is self-signed' },
  INVALID_PURPOSE: {
    sv: 'eller ett i dess kedja är inte utfärdat för servrar (fel användningsområde)',
    en: 'or one in its chain was not issued for servers (wrong purpose)',
  },
  INVALID_CA: {
    sv: 'är utfärdat med ett certifikat som inte får utfärda andra',
    en: 'was issued by a certificate that may not issue others',
  },
  PATH_LENGTH_EXCEEDED: {
    sv: 'har fler mellanliggande utfärdare än en av dem får ha',
    en: 'has more intermediate issuers than one of them may have',
  },
  CERT_CHAIN_TOO_LONG: { sv: 'har en för lång kedja', en: 'has too long a chain' },
  CERT_SIGNATURE_FAILURE: {
    sv: 'eller ett i dess kedja har en signatur som inte stämmer',
    en: 'or one in its chain has a signature that does not fit',
  },
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: {
    sv: 'eller ett i dess kedja har en signatur som inte kan läsas',
    en: 'or one in its chain has a signature that cannot be read',
  },
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: {
    sv: 'har en utfärdare vars nyckel inte kan läsas',
    en: 'has an issuer whose key cannot be read',
  },
  ERROR_IN_CERT_NOT_BEFORE_FIELD: {
    sv: 'eller ett i dess kedja har en första dag som inte kan läsas',
    en: 'or one in its chain has a first day that cannot be read',
  },
  ERROR_IN_CERT_NOT_AFTER_FIELD: {
    sv: 'eller ett i dess kedja har en sista dag som inte kan läsas',
    en: 'or one in its chain has a last day that cannot be read',
  },
  CERT_REVOKED: { sv: 'eller ett i dess kedja är återkallat', en: 'or one in its chain was revoked' },
  UNABLE_TO_GET_CRL: {
    sv: 'har en utfärdare vars lista över återkallade certifikat saknas',
    en: 'has an issuer whose list of revoked certificates is missing',
  },
  UNABLE_TO_DECRYPT_CRL_SIGNATURE: {
    sv: 'har en utfärdare vars lista över återkallade certifikat inte kan läsas',
    en: 'has an issuer whose list of revoked certificates cannot be read',
  },
  CRL_SIGNATURE_FAILURE: {
    sv: 'har en utfärdare vars lista över återkallade certifikat har en signatur som inte stämmer',
    en: 'has an issuer whose list of revoked certificates has a signature that does not fit',
  },
  CRL_NOT_YET_VALID: {
    sv: 'har en utfärdare vars lista över återkallade certifikat inte gäller än',
    en: 'has an issuer whose list of revoked certificates is not valid yet',
  },
  CRL_HAS_EXPIRED: {
    sv: 'har en utfärdare vars lista över återkallade certifikat har gått ut',
    en: 'has an issuer whose list of revoked certificates has expired',
  },
  ERROR_IN_CRL_LAST_UPDATE_FIELD: {
    sv: 'har en utfärdare vars lista över återkallade certifikat har en dag som inte kan läsas',
    en: 'has an issuer whose list of revoked certificates has a day that cannot be read',
  },
  ERROR_IN_CRL_NEXT_UPDATE_FIELD: {
    sv: 'har en utfärdare vars lista över återkallade certifikat har en dag som inte kan läsas',
    en: 'has an issuer whose list of revoked certificates has a day that cannot be read',
  },
  CERT_UNTRUSTED: {
    sv: 'har en utfärdare som inte är betrodd för servrar',
    en: 'has an issuer that is not trusted for servers',
  },
  CERT_REJECTED: {
    sv: 'har en utfärdare som uttryckligen är avvisad för servrar',
    en: 'has an issuer that is explicitly rejected for servers',
  },
  HOSTNAME_MISMATCH: { sv: 'är utfärdat för ett annat namn', en: 'was issued for another name' },
  OUT_OF_MEM: { sv: 'kunde inte prövas: minnet tog slut', en: 'could not be tried: memory ran out' },
  UNSPECIFIED: {
    sv: 'eller ett i dess kedja godkänns inte av OpenSSL, som för en för kort nyckel, en för svag signatur eller ett namn som utfärdaren inte får ge',
    en: 'or one in its chain is not accepted by OpenSSL, as for too short a key, too weak a signature or a name that its issuer may not give',
  },
};

/**
 * Why a certificate is not accepted, by the code OpenSSL or Node gives.
 *
 * @param name what the certificate should be for
 * @param chain the certificates that the server sent, its own first
 */
export function refusal(code: string, name: string, chain: readonly PeerCertificate[]): Text {
  const [certificate] = chain as [PeerCertificate];
  const ofChain = (isWrong: (each: PeerCertificate) => boolean): PeerCertificate | undefined =>
    isWrong(certificate) ? undefined : chain.find(isWrong);
  const called = ({ subject }: PeerCertificate): string =>
    short([subject?.CN ?? subject?.O ?? '?'].flat().join(', '));
  const issuer = short([certificate.issuer?.CN ?? certificate.issuer?.O ?? '?'].flat().join(', '));
  const untrusted = {
    sv: `certifikatet för ${name} är utfärdat av "${issuer}", som inte är betrodd, eller så skickar servern inte hela kedjan (${code})`,
    en: `the certificate of ${name} was issued by "${issuer}", which is not trusted, or the server does not send the whole chain (${code})`,
  };
  switch (code) {
    case 'CERT_HAS_EXPIRED': {
      const above = ofChain(({ valid_to }) => Date.parse(valid_to) < Date.now());
      return above
        ? {
            sv: `certifikatet "${called(above)}" i kedjan för ${name} gick ut ${dayOf(above.valid_to)}`,
            en: `the certificate "${called(above)}" in the chain of ${name} expired on ${dayOf(above.valid_to)}`,
          }
        : {
            sv: `certifikatet för ${name} gick ut ${dayOf(certificate.valid_to)}`,
            en: `the certificate of ${name} expired on ${dayOf(certificate.valid_to)}`,
          };
    }
    case 'CERT_NOT_YET_VALID': {
      const above = ofChain(({ valid_from }) => Date.parse(valid_from) > Date.now());
      return above
        ? {
            sv: `certifikatet "${called(above)}" i kedjan för ${name} gäller först från ${dayOf(above.valid_from)}`,
            en: `the certificate "${called(above)}" in the chain of ${name} is not valid until ${dayOf(above.valid_from)}`,
          }
        : {
            sv: `certifikatet för ${name} gäller först från ${dayOf(certificate.valid_from)}`,
            en: `the certificate of ${name} is not valid until ${dayOf(certificate.valid_from)}`,
          };
    }
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return joined(
        { sv: 'certifikatet: ', en: 'the certificate: ' },
        expectedFound(
          name,
          certificate.subjectaltname !== undefined
            ? short(certificate.subjectaltname)
            : // Browsers look at no other name.
              {
                sv: `inget alternativt namn (subjectAltName), bara ${called(certificate)}`,
                en: `no alternative name (subjectAltName), only ${called(certificate)}`,
              },
        ),
      );
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return untrusted;
    default: {
      const why = refusals[code] ?? { sv: 'godkänns inte', en: 'is not accepted' };
      const shown = code === 'DEPTH_ZERO_SELF_SIGNED_CERT' ? '' : ` (${code})`;
      return {
        sv: `certifikatet för ${name} ${why.sv}${shown}`,
        en: `the certificate of ${name} ${why.en}${shown}`,
      };
    }
  }
}

function handshakeFailed(error: NodeJS.ErrnoException, name: string): NotWell {
  const { code = error.message } = error;
  const why: Text | undefined =
    code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG'
      ? { sv: 'den talar inte TLS', en: 'it does not speak TLS' }
      : code === 'ECONNRESET'
        ? { sv: 'anslutningen stängdes', en: 'the connection was closed' }
        : undefined;
  return new NotWell(
    joined(
      { sv: `TLS med ${name} misslyckades: `, en: `TLS with ${name} failed: ` },
      why ?? code,
      why ? ` (${code})` : '',
    ),
    undefined,
    { cause: error },
  );
}

/** What a connection is asked for, and by what it is judged. */
interface Asked {
  /** Name or address the certificate has to be for. */
  name: string;
  trust: Trust;
  signal: AbortSignal;
  protocols?: string[];
}

/** A connection after its handshake. */
interface Shaken {
  socket: TLSSocket;
  chain: PeerCertificate[];
  /** Why its certificate is not accepted, if it is not. */
  code?: string;
}

/** Starts TLS on a connection. It is closed if that fails. @throws NotWell */
function shaken(
  plain: Socket,
  context: SecureContext,
  { name, signal, protocols }: Omit<Asked, 'trust'>,
): Promise<Shaken> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      socket: plain,
      host: name,
      secureContext: context,
      // A refused certificate is still read, to say why; `authorized` holds the verdict on chain, time and name.
      rejectUnauthorized: false,
      ...(isIP(name) === 0 && { servername: name }),
      ...(protocols && { ALPNProtocols: protocols }),
    });
    // Without a handshake the connection below would stay open.
    socket.once('close', () => plain.destroy());
    const fail = (error: NotWell): void => {
      signal.removeEventListener('abort', calledOff);
      socket.destroy();
      reject(error);
    };
    const calledOff = (): void =>
      fail(new NotWell({ sv: `inget TLS-svar från ${name}`, en: `no TLS answer from ${name}` }));
    signal.addEventListener('abort', calledOff, { once: true });
    // Stays: an error between two owners of the socket must not end the process; `close` tells them.
    socket.on('error', (error) => fail(handshakeFailed(error, name)));
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', calledOff);
      const chain = chainOf(socket);
      const isNamed = chain[0]?.subjectaltname !== undefined;
      if (socket.authorized && isNamed) return resolve({ socket, chain });
      const code = socket.authorized ? 'ERR_TLS_CERT_ALTNAME_INVALID' : String(socket.authorizationError);
      return resolve({ socket, chain, code });
    });
    if (signal.aborted) calledOff();
  });
}

/**
 * All certificates that a server sent, in its order. Reading them takes them from the connection and some kilobytes that
 * Node does not give back: for a connection that is refused.
 */
function sentOver(socket: TLSSocket): X509Certificate[] {
  const sent: X509Certificate[] = [];
  for (let next = socket.getPeerX509Certificate(); next; next = next.issuerCertificate) sent.push(next);
  return sent;
}

/** A connection whose certificate was accepted. */
export interface Secured {
  socket: TLSSocket;
  /** The certificates that the server sent, its own first. */
  chain: readonly X509Certificate[];
}

/**
 * Connects, starts TLS and checks the certificate's chain, dates and name; no data is sent before that. Revocation is not
 * looked up. The socket is closed if it throws.
 *
 * OpenSSL takes the first certificate of an issuer's name that the server sends. Where that one leads nowhere and another
 * leads to a trusted authority, the server is connected to again, with the certificates of that way given to OpenSSL.
 *
 * @param open connects to the server
 * @throws NotWell, what `open` throws
 */
export async function secured(open: () => Promise<Socket>, asked: Asked): Promise<Secured> {
  const { name, trust } = asked;
  const accepted = ({ socket, chain, code }: Shaken): void => {
    if (code === undefined) return;
    socket.destroy();
    throw new NotWell(refusal(code, name, chain));
  };
  const first = await shaken(await open(), trust.context, asked);
  const sent = first.code === undefined ? [] : sentOver(first.socket);
  const above = wayFrom(sent, trust);
  if (above.length < 2) {
    accepted(first);
    return { socket: first.socket, chain: first.chain.map(({ raw }) => new X509Certificate(raw)) };
  }
  first.socket.destroy();
  const context = createSecureContext({ ca: above.map((each) => each.toString()) });
  const second = await shaken(await open(), context, asked);
  accepted(second);
  return { socket: second.socket, chain: sent };
}

/** The certificates above a server's own, up to a trusted authority, if all are valid now. */
function wayFrom([own, ...others]: readonly X509Certificate[], { authorities }: Trust): X509Certificate[] {
  const path = own ? (longestPath(own, others, authorities)?.path ?? []) : [];
  const isValid = ({ validFrom, validTo }: X509Certificate): boolean =>
    Date.parse(validFrom) <= Date.now() && Date.now() < Date.parse(validTo);
  // One signed by itself would be trusted by itself.
  const isBetween = (one: X509Certificate): boolean => one.ca && one.subject !== one.issuer;
  return path.every(isValid) && path.slice(1, -1).every(isBetween) ? path.slice(1) : [];
}

/** How long a server's certificate is accepted. */
export interface Validity {
  /** Milliseconds since 1970: the first end in its chain. */
  until: number;
  /** The certificate that ends then, where it is not the server's own. */
  above?: string;
}

/**
 * How long the certificate of a connection is accepted: until the first in its chain ends. Where several chains lead to a
 * trusted authority, such as by a cross-signed root, the one that lasts longest counts, as it does to a browser.
 */
export function validityOf({ chain }: Secured, { authorities }: Trust): Validity {
  const [own, ...others] = chain as [X509Certificate, ...X509Certificate[]];
  const { until, above } = longestPath(own, others, authorities) ?? { until: Date.parse(own.validTo) };
  return { until, ...(above !== undefined && { above }) };
}

/** The path from a server's own certificate to a trusted authority that lasts longest, if there is one. */
function longestPath(
  own: X509Certificate,
  others: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): (Validity & { path: X509Certificate[] }) | undefined {
  type Path = Validity & { path: X509Certificate[] };
  const isTrusted = (one: X509Certificate): boolean => authorities.some(({ raw }) => raw.equals(one.raw));
  const pool = [...others, ...authorities];
  const hasEnded = ({ validTo }: X509Certificate): boolean => Date.parse(validTo) <= Date.now();
  const longest = (one: X509Certificate, below: readonly X509Certificate[]): Path | undefined => {
    const ends = Date.parse(one.validTo);
    const itself = { until: ends, ...(one !== own && { above: calledBy(one.subject) }) };
    if (isTrusted(one)) return { ...itself, path: [one] };
    const issuers = pool.filter(
      (each) => !below.includes(each) && one.checkIssued(each) && one.verify(each.publicKey),
    );
    const valid = issuers.filter((each) => !hasEnded(each));
    const above = (valid.length > 0 ? valid : issuers)
      .flatMap((each) => longest(each, [...below, one]) ?? [])
      .reduce<Path | undefined>((best, each) => (best && best.until >= each.until ? best : each), undefined);
    if (!above) return undefined;
    // The connection was accepted: another certificate of the same name was sent too, which Node does not show.
    const isReplaced = one !== own && hasEnded(one);
    return { ...(isReplaced || above.until < ends ? above : itself), path: [one, ...above.path] };
  };
  return longest(own, []);
}

/** Whole days a certificate is still valid. */
export const daysLeft = (until: number, now: number): number => Math.floor((until - now) / dayInMs);

/** Limits of days left where a check sets none: automatic renewal happens about thirty days before the end. */
export const usualDays = { warn: 21, error: 7 };

/** Compares the days a certificate is still valid with their limits. */
export function judgeCertificate(
  { until, above }: Validity,
  now: number,
  limits: { warn?: number; error?: number },
): Found {
  const left = daysLeft(until, now);
  const day = new Date(until).toISOString().slice(0, 10);
  const measured = { certificateDays: left };
  const below = (limit: number | undefined): limit is number => limit !== undefined && left < limit;
  const crossed = below(limits.error) ? limits.error : below(limits.warn) ? limits.warn : undefined;
  const by: Text =
    above === undefined
      ? { sv: '', en: '' }
      : { sv: `, då "${above}" i dess kedja går ut`, en: `, when "${above}" in its chain ends` };
  if (crossed === undefined)
    return {
      outcome: 'ok',
      message: {
        sv: `certifikatet gäller i ${left} dygn till, till ${day}${by.sv}`,
        en: `the certificate is valid for ${left} more days, until ${day}${by.en}`,
      },
      measured,
    };
  const wrong = expectedFound(
    { sv: `minst ${crossed} dygn kvar`, en: `at least ${crossed} days left` },
    { sv: `${left} (gäller till ${day}${by.sv})`, en: `${left} (valid until ${day}${by.en})` },
  );
  return {
    outcome: below(limits.error) ? 'down' : 'warning',
    message: { sv: `certifikatet: ${wrong.sv}`, en: `the certificate: ${wrong.en}` },
    measured,
  };
}
