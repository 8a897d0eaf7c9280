/** An identity provider as companies have one: signs tokens, publishes its key, logs people in by OpenID Connect. */
import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The Web UI's client id at the provider. */
export const clientId = 'serviceavtal-web-ui';

export interface IdentityProvider {
  /** The issuer, described at `<url>/.well-known/openid-configuration`. */
  url: string;
  /** Address of the public key. */
  keysUrl: string;
  /** A token for somebody with these permissions, each `<namespace>:<role>`. `spoilt`: signed with another key. */
  token(name: string, permissions: string[], more?: { spoilt?: boolean; expired?: boolean }): string;
  /** Sets the person who logs in next in a browser. */
  logsIn(name: string, permissions: string[]): void;
  close(): Promise<void>;
}

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Starts the provider on a free port of 127.0.0.1. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const otherKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let person = { name: '', permissions: [] as string[] };
  const logins = new Map<string, { name: string; permissions: string[]; nonce: string }>();
  let url = '';

  const sign = (claims: object, { spoilt = false, expired = false } = {}): string => {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now - 7200, exp: expired ? now - 3600 : now + 3600 };
    const signed = `${base64({ alg: 'RS256', kid: 'key-1', typ: 'JWT' })}.${base64({ iss: url, ...times, ...claims })}`;
    const signature = createSign('RSA-SHA256').update(signed);
    return `${signed}.${signature.sign((spoilt ? otherKeys : keys).privateKey).toString('base64url')}`;
  };
  const token: IdentityProvider['token'] = (name, permissions, more) =>
    sign({ sub: name, aud: 'temporal', permissions }, more);

  const answers: Record<string, (query: URLSearchParams, body: URLSearchParams) => object | string> = {
    '/.well-known/openid-configuration': () => ({
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    '/keys': () => ({
      keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256', use: 'sig' }],
    }),
    '/authorize': (query) => {
      const code = randomBytes(8).toString('hex');
      logins.set(code, { ...person, nonce: query.get('nonce') ?? '' });
      return `${query.get('redirect_uri')}?code=${code}&state=${encodeURIComponent(query.get('state') ?? '')}`;
    },
    '/token': (_, body) => {
      const login = logins.get(body.get('code') ?? '');
      if (login === undefined) return { error: 'invalid_grant' };
      const { name, permissions, nonce } = login;
      const email = `${name}@pector.example`;
      return {
        token_type: 'Bearer',
        expires_in: 3600,
        access_token: token(name, permissions),
        id_token: sign({ sub: name, aud: clientId, nonce, name, email }),
      };
    },
  };

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    void text(request).then((body) => {
      const answer = answers[pathname]?.(searchParams, new URLSearchParams(body));
      if (answer === undefined) return response.writeHead(404).end();
      if (typeof answer === 'string') return response.writeHead(302, { location: answer }).end();
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    keysUrl: `${url}/keys`,
    token,
    logsIn: (name, permissions) => {
      person = { name, permissions };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
