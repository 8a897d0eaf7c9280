/** TLS over a connection, and what its certificate says. */
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect, createSecureContext, rootCertificates } from 'node:tls';
import type { PeerCertificate, SecureContext, TLSSocket } from 'node:tls';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import type { Text } from '../../../rules/engine/basics/text';
import { NotWell } from './checker';
import type { Found } from './checker';

/** What was trusted before: to read the usual authorities takes 30 ms and some megabytes. */
const trusted = new Map<string, SecureContext>();

/**
 * Authorities whose certificates are trusted: the usual ones, and others given.
 *
 * @param others certificates as PEM
 */
export function trusting(others: readonly string[] = []): SecureContext {
  const key = others.join();
  const known = trusted.get(key);
  if (known !== undefined) return known;
  const context = createSecureContext(others.length > 0 ? { ca: [...rootCertificates, ...others] } : {});
  trusted.set(key, context);
  return context;
}

/** Cuts a name for a message: a certificate can hold a name of any length. */
const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

const dayOf = (time: string): string => new Date(time).toISOString().slice(0, 10);

/** Why a certificate is not accepted, by the code OpenSSL or Node gives. */
function refusal(code: string, name: string, certificate: PeerCertificate): Text {
  const issuer = short([certificate.issuer?.CN ?? certificate.issuer?.O ?? '?'].flat().join(', '));
  const untrusted = {
    sv: `certifikatet för ${name} är utfärdat av "${issuer}", som inte är betrodd, eller så skickar servern inte hela kedjan (${code})`,
    en: `the certificate of ${name} was issued by "${issuer}", which is not trusted, or the server does not send the whole chain (${code})`,
  };
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return Date.parse(certificate.valid_to) < Date.now()
        ? {
            sv: `certifikatet för ${name} gick ut ${dayOf(certificate.valid_to)}`,
            en: `the certificate of ${name} expired on ${dayOf(certificate.valid_to)}`,
          }
        : {
            sv: `ett certifikat i kedjan för ${name} har gått ut`,
            en: `a certificate in the chain of ${name} has expired`,
          };
    case 'CERT_NOT_YET_VALID':
      return {
        sv: `certifikatet för ${name} gäller först från ${dayOf(certificate.valid_from)}`,
        en: `the certificate of ${name} is not valid until ${dayOf(certificate.valid_from)}`,
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return joined(
        { sv: 'certifikatet: ', en: 'the certificate: ' },
        expectedFound(name, short(certificate.subjectaltname ?? certificate.subject?.CN?.toString() ?? '?')),
      );
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return {
        sv: `certifikatet för ${name} är självsignerat`,
        en: `the certificate of ${name} is self-signed`,
      };
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return untrusted;
    default:
      return {
        sv: `certifikatet för ${name} godkänns inte (${code})`,
        en: `the certificate of ${name} is not accepted (${code})`,
      };
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

/**
 * Starts TLS on a connection and checks the certificate's chain, dates and name; no data is sent before that. Revocation
 * is not looked up. The socket is closed if it throws.
 *
 * @param name name or address the certificate has to be for
 * @throws NotWell
 */
export function secured(
  socket: Socket,
  options: { name: string; trust: SecureContext; signal: AbortSignal; protocols?: string[] },
): Promise<TLSSocket> {
  const { name, trust, signal, protocols } = options;
  return new Promise((resolve, reject) => {
    const secure = connect({
      socket,
      host: name,
      secureContext: trust,
      // A refused certificate is still read, to say why; `authorized` holds the verdict on chain, time and name.
      rejectUnauthorized: false,
      ...(isIP(name) === 0 && { servername: name }),
      ...(protocols && { ALPNProtocols: protocols }),
    });
    // Without a handshake the connection below would stay open.
    secure.once('close', () => socket.destroy());
    const fail = (error: NotWell): void => {
      signal.removeEventListener('abort', calledOff);
      secure.destroy();
      reject(error);
    };
    const calledOff = (): void =>
      fail(new NotWell({ sv: `inget TLS-svar från ${name}`, en: `no TLS answer from ${name}` }));
    signal.addEventListener('abort', calledOff, { once: true });
    // Stays: an error between two owners of the socket must not end the process; `close` tells them.
    secure.on('error', (error) => fail(handshakeFailed(error, name)));
    secure.once('secureConnect', () => {
      signal.removeEventListener('abort', calledOff);
      if (secure.authorized) return resolve(secure);
      return fail(new NotWell(refusal(String(secure.authorizationError), name, secure.getPeerCertificate())));
    });
    if (signal.aborted) calledOff();
  });
}

/** Until when the certificate of a connection is valid, in milliseconds since 1970. */
export const validUntil = (socket: TLSSocket): number => Date.parse(socket.getPeerCertificate().valid_to);

const dayInMs = 86_400_000;

/** Whole days a certificate is still valid. */
export const daysLeft = (until: number, now: number): number => Math.floor((until - now) / dayInMs);

/**
 * Compares the days a certificate is still valid with their limits.
 *
 * @param until milliseconds since 1970
 */
export function judgeCertificate(
  until: number,
  now: number,
  limits: { warn?: number; error?: number },
): Found {
  const left = daysLeft(until, now);
  const day = new Date(until).toISOString().slice(0, 10);
  const measured = { certificateDays: left };
  const below = (limit: number | undefined): limit is number => limit !== undefined && left < limit;
  const crossed = below(limits.error) ? limits.error : below(limits.warn) ? limits.warn : undefined;
  if (crossed === undefined)
    return {
      outcome: 'ok',
      message: {
        sv: `certifikatet gäller i ${left} dygn till, till ${day}`,
        en: `the certificate is valid for ${left} more days, until ${day}`,
      },
      measured,
    };
  const wrong = expectedFound(
    { sv: `minst ${crossed} dygn kvar`, en: `at least ${crossed} days left` },
    { sv: `${left} (gäller till ${day})`, en: `${left} (valid until ${day})` },
  );
  return {
    outcome: below(limits.error) ? 'down' : 'warning',
    message: { sv: `certifikatet: ${wrong.sv}`, en: `the certificate: ${wrong.en}` },
    measured,
  };
}
