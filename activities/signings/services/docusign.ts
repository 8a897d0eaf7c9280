/** DocuSign's eSignature API, with tokens that are granted for a signed statement (JWT grant). */
import { createPrivateKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ServiceError } from '../service-api';
import type { SigningApi } from '../service-api';
import type { Asker } from './ask';
import {
  RefusedError,
  aboutThat,
  askJson,
  askPdf,
  below,
  checkedId,
  nameOf,
  needed,
  openAsker,
  withinSeconds,
} from './ask';

export interface DocusignSettings {
  /** Base address of the account's API, `https://…/restapi`. */
  api: string;
  /** Where tokens are given. */
  auth: string;
  account: string;
  /** Integration key. */
  client: string;
  /** The user that the integration acts for. */
  user: string;
  /** RSA, PEM. */
  privateKey: () => string | undefined;
}

const service = 'docusign';
const isId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Names of the papers: all documents in one file, and the certificate of completion. */
const papers = { contract: 'combined', certificate: 'certificate' } as const;
/** Seconds before its end at which a token is not used any more. */
const endsEarly = 60;

/** @param seconds that a question may take, all its calls together */
export function docusignApi(settings: DocusignSettings, seconds: number): SigningApi {
  const { api, account } = settings;
  const asker = openAsker(service);
  const token = tokens(asker, settings);
  /** A token may be revoked before its end: a refused question is asked once more with a new one. */
  const withToken = async <T>(
    signal: AbortSignal,
    work: (headers: Record<string, string>) => Promise<T>,
  ): Promise<T> => {
    const used = await token.get(signal);
    try {
      return await work({ authorization: `Bearer ${used}` });
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status !== 401) throw error;
      token.drop(used);
      return work({ authorization: `Bearer ${await token.get(signal)}` });
    }
  };
  const envelope = (id: string, ...more: string[]): string[] => [
    ...['v2.1', 'accounts', account, 'envelopes', id],
    ...more,
  ];
  return {
    /** Wrapped as a delivery's body is. */
    async fetchDocument(document) {
      const id = checkedId(service, document, isId);
      const signal = withinSeconds(seconds);
      const url = below(api, envelope(id), { include: 'recipients,tabs,custom_fields' });
      const { value } = await withToken(signal, (headers) =>
        askJson(asker, { url, what: `envelope ${id}`, headers, signal }),
      );
      aboutThat(service, id, value.envelopeId);
      const event = `envelope-${String(value.status)}`;
      return Buffer.from(
        JSON.stringify({
          event,
          data: { accountId: account, envelopeId: value.envelopeId, envelopeSummary: value },
        }),
      );
    },
    async fetchFile(document, kind) {
      const id = checkedId(service, document, isId);
      const signal = withinSeconds(seconds);
      const url = below(api, envelope(id, 'documents', papers[kind]));
      const content = await withToken(signal, (headers) =>
        askPdf(asker, { url, what: `${kind} of envelope ${id}`, headers, signal }),
      );
      return { name: nameOf(service, id, kind), mediaType: 'application/pdf', content };
    },
  };
}

interface Tokens {
  get(signal: AbortSignal): Promise<string>;
  /** Forgets this very token; one that was got meanwhile stays. */
  drop(token: string): void;
}

/** One token for everybody, until shortly before its end. */
function tokens(asker: Asker, settings: DocusignSettings): Tokens {
  let kept: { token: string; until: number } | undefined;
  let underWay: Promise<string> | undefined;
  const grant = async (signal: AbortSignal): Promise<string> => {
    const { token, lives } = await ask(asker, settings, signal);
    kept = { token, until: Date.now() + 1000 * Math.max(0, lives - endsEarly) };
    return token;
  };
  return {
    async get(signal) {
      if (kept && Date.now() < kept.until) return kept.token;
      underWay ??= grant(signal).finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    drop(token) {
      if (kept?.token === token) kept = undefined;
    },
  };
}

/** @returns a token and the seconds it lives */
async function ask(
  asker: Asker,
  settings: DocusignSettings,
  signal: AbortSignal,
): Promise<{ token: string; lives: number }> {
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: assertion(settings, Math.floor(Date.now() / 1000)),
  });
  const { value } = await askJson(asker, {
    url: below(settings.auth, ['oauth', 'token']),
    what: 'a token',
    form,
    signal,
  }).catch((error: unknown) => Promise.reject(notGranted(error)));
  const { access_token: token, expires_in: lives } = value;
  if (typeof token !== 'string' || token === '' || !/^[\x21-\x7e]+$/.test(token))
    throw new ServiceError(`${service}: a token: expected one, found none in the answer`, false);
  return { token, lives: typeof lives === 'number' ? lives : 0 };
}

/** Without a token nothing is known of a document: no refusal is for good. */
function notGranted(error: unknown): unknown {
  if (!(error instanceof RefusedError)) return error;
  const { code, message, retryAfter } = error;
  const hint =
    code === 'consent_required'
      ? '; the user has to consent once to the integration acting for them (scopes signature and impersonation)'
      : error.status < 500 && error.status !== 429
        ? '; check the integration key, the user and the private key'
        : '';
  return new ServiceError(`${message}${hint}`, false, { cause: error, retryAfter });
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The statement that the integration acts for the user, valid for an hour. @param now in seconds since 1970 */
function assertion({ auth, client, user, privateKey }: DocusignSettings, now: number): string {
  const key = keyFrom(needed(service, 'a private key', privateKey()));
  const claims = {
    iss: client,
    sub: user,
    aud: new URL(auth).host,
    iat: now,
    exp: now + 3600,
    scope: 'signature impersonation',
  };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

/** @param pem its line breaks may be written as `\n`, as settings of one line have them */
function keyFrom(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem.replace(/\\n/g, '\n'));
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // Told below: what the library says could quote the key.
  }
  throw new ServiceError(`${service}: expected an RSA private key as PEM, found something else`, false);
}
