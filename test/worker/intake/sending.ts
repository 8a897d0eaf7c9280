/** What signing services send, byte for byte, and an intake that knows their keys. */
import { createHash, createHmac } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import type { Db } from '../../../activities/db';
import type { IntakeOptions } from '../../../worker/intake/server';
import type { SigningKeys } from '../../../worker/intake/signings';
import type { Listening } from './listening';
import { clock, listen, withToken } from './listening';

export const keys = {
  docusign: ['KFuk4U5wh3V9mN0tR2yQ6sX8bZ1cE7aLdG+iOpJvTnw=', 'the next one of docusign'],
  scrive: ['5f0e1d2c3b4a59687766554433221100', 'another-secret-of-scrive'],
  oneflow: ['a sign key of oneflow'],
  signed: ['a key that only we and they know', 'their next key'],
};

export const allKeys: SigningKeys = {
  docusign: () => keys.docusign,
  scrive: () => keys.scrive,
  oneflow: () => keys.oneflow,
  signed: () => keys.signed,
};

export const listenToServices = (db: Db, changed: Partial<IntakeOptions> = {}): Promise<Listening> =>
  listen(db, { signing: allKeys, ...changed });

export interface Sent {
  path: string;
  method?: string;
  headers: Record<string, string | string[]>;
  body: string | Buffer;
}

export interface Answer {
  status: number;
  text: string;
  headers: http.IncomingHttpHeaders;
}

const json = { 'content-type': 'application/json; charset=utf-8' };

/** As DocuSign Connect signs: one header for each of its active keys. */
export function fromDocusign(body: string | Buffer, by: readonly string[] = keys.docusign): Sent {
  const signatures = by.map((key, index) => [
    `X-DocuSign-Signature-${index + 1}`,
    createHmac('sha256', key).update(body).digest('base64'),
  ]);
  return { path: '/signings/docusign', headers: { ...json, ...Object.fromEntries(signatures) }, body };
}

export const envelope = (id: string, more: object = {}): string =>
  JSON.stringify({ event: 'envelope-completed', data: { envelopeId: id }, ...more });

/** In our own form; `at` is in milliseconds since 1970. */
export function fromOthers(
  body: string | Buffer,
  by: readonly string[] = keys.signed.slice(0, 1),
  at = clock.now,
): Sent {
  const t = Math.floor(at / 1_000);
  const signatures = by.map(
    (key) =>
      `v1=${createHmac('sha256', key)
        .update(Buffer.concat([Buffer.from(`${t}.`), Buffer.from(body)]))
        .digest('hex')}`,
  );
  const header = [`t=${t}`, ...signatures].join(',');
  return { path: '/signings/signed', headers: { ...json, 'Serviceavtal-Signature': header }, body };
}

export function fromOneflow(
  contract: unknown,
  by = keys.oneflow[0],
  callback: string | number = 'a-callback',
  more: object = {},
): Sent {
  const signature = createHash('sha1').update(`${callback}${by}`).digest('hex');
  const body = JSON.stringify({ callback_id: callback, signature, contract, events: [], ...more });
  return { path: '/signings/oneflow', headers: { ...json }, body };
}

export const fromScrive = (
  document: string,
  secret = keys.scrive[0]!,
  more: Record<string, string> = {},
): Sent => ({
  path: `/signings/scrive/${secret}`,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({ document_id: document, ...more }).toString(),
});

/** Sends it with exactly these headers, saying how long it is unless it says otherwise itself. */
export function send(url: string, { path, method = 'POST', headers, body }: Sent): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const length = 'transfer-encoding' in headers ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    let answered = false;
    const request = http.request(
      { hostname, port, path, method, headers: { ...length, ...headers } },
      (answer) => {
        answered = true;
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            text: Buffer.concat(chunks).toString().trim(),
            headers: answer.headers,
          }),
        );
      },
    );
    // Whoever goes on sending after the answer is hung up on.
    request.on('error', (error) => (answered ? undefined : reject(error)));
    request.end(body);
  });
}

/** Writes to a bare connection. @returns everything that came back until it was closed */
export function converse(
  url: string,
  first: string | Buffer,
  { drop, everyMs = 100, end = false }: { drop?: string; everyMs?: number; end?: boolean } = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = net.connect(Number(port), hostname, () => (end ? socket.end(first) : socket.write(first)));
    const timer = drop === undefined ? undefined : setInterval(() => socket.write(drop), everyMs);
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      resolve(answer);
    });
  });
}

/** A figure of `/metrics`, by its name with labels. */
export async function figure(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, withToken)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  if (line === undefined) throw new Error(`expected ${name} among the figures, found none`);
  return Number(line.slice(name.length + 1));
}
