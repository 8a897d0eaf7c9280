/**
 * `POST /signings/<service>`: deliveries of signing services. A delivery is stored as it came before it is answered,
 * and processed later. One that is not genuine is stored, too, so that somebody can see what went wrong.
 */
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '../../activities/db';
import { keepDelivery } from '../../activities/signings/inbox';
import type { SigningService } from '../../rules/engine/signing/signing';
import { boundBytes, boundBytesPerHour } from './bytes-in-flight';
import type { Share } from './bytes-in-flight';
import type { DeliveryAnswer, IntakeMetrics } from './metrics';
import { allowMethods } from './allow-methods';
import type { Operation } from './openapi';
import { NoRoom, readBody, tooLarge } from './read-body';
import * as operations from './signing-operations';
import { docusign } from './signatures/docusign';
import { oneflow } from './signatures/oneflow';
import { scrive } from './signatures/scrive';
import { signed } from './signatures/signed';
import type { Refusal, Verifier } from './signatures/verify';
import { megabytes } from './signatures/verify';
import { within } from './within';

/** Gives the current keys of each service; a service without keys is not set up. */
export type SigningKeys = Record<SigningService, () => readonly string[]>;

export interface SigningOptions {
  db: Db;
  now: () => number;
  metrics: IntakeMetrics;
  signing: SigningKeys;
  /** Most bytes of refused bodies that are kept in an hour. */
  refusedBytesPerHour?: number | undefined;
}

/** Milliseconds for the database: no service waits longer than five seconds for an answer. */
const databaseWithin = 4_000;
/** Most refused deliveries a minute of one address that are kept. */
const refusalsPerMinute = 60;
/** For all senders together: forgeries must not fill the database. */
const mostRefusedBytesPerHour = megabytes(256);
/** Most bytes of the bodies of all deliveries at the same time. */
export const mostInFlight = megabytes(64);

const verifiers: Record<SigningService, Verifier> = { docusign, scrive, oneflow, signed };
const addresses: { service: SigningService; url: string; operation: Operation }[] = [
  { service: 'docusign', url: '/signings/docusign', operation: operations.docusignOperation },
  { service: 'oneflow', url: '/signings/oneflow', operation: operations.oneflowOperation },
  { service: 'scrive', url: '/signings/scrive', operation: operations.scriveWithoutSecretOperation },
  { service: 'scrive', url: '/signings/scrive/:secret', operation: operations.scriveOperation },
  { service: 'signed', url: '/signings/signed', operation: operations.signedOperation },
];

/** A delivery that is being received. */
interface OnItsWay {
  service: SigningService;
  keys: readonly string[];
  /** The headers that are kept. */
  headers: Record<string, string>;
  /** The bytes of its body in memory. */
  held: Share;
  /** What was wrong before the body was read. */
  refusal?: Refusal | undefined;
  /** Resolves when the database has stored it or failed, which may be after the answer. */
  kept?: Promise<unknown>;
  answer?: DeliveryAnswer;
}

declare module 'fastify' {
  interface FastifyRequest {
    delivery?: OnItsWay;
  }
}

export async function signingRoutes(app: FastifyInstance, options: SigningOptions): Promise<void> {
  const { db, now, metrics, signing, refusedBytesPerHour = mostRefusedBytesPerHour } = options;
  const inFlight = boundBytes(mostInFlight);
  metrics.watchBytes(inFlight.held);
  const refusals = app.createRateLimit({ max: refusalsPerMinute, timeWindow: 60_000 });
  const refusedBytes = boundBytesPerHour(refusedBytesPerHour, now);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async ({ delivery }: FastifyRequest, payload: Readable) => {
    if (!delivery) throw new Error('expected a delivery that was admitted, found none');
    return readBody(payload, verifiers[delivery.service].mostBytes, delivery.held).catch((error: unknown) => {
      if (error instanceof NoRoom) delivery.answer = 'busy';
      throw error;
    });
  });

  /** Whether one more refusal of this address is answered and kept. */
  const mayRefuse = async (request: FastifyRequest): Promise<boolean> => {
    const allowed = await refusals(request);
    return allowed.isAllowed || !allowed.isExceeded;
  };
  const limited = (reply: FastifyReply): FastifyReply =>
    plain(reply.header('retry-after', 60), 429, 'too many requests');

  /** Refuses before the body is read whatever can be refused by then. */
  const admit =
    (service: SigningService) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> => {
      const verifier = verifiers[service];
      const keys = signing[service]();
      const headers = keptHeaders(request, verifier);
      const delivery: OnItsWay = { service, keys, headers, held: inFlight.open() };
      request.delivery = delivery;
      reply.raw.once('close', () => {
        metrics.delivery(service, delivery.answer ?? answerOf(reply));
        void (delivery.kept ?? Promise.resolve()).finally(delivery.held.release);
      });
      if (keys.length === 0) return plain(reply, 404, 'not set up here');
      const unsupported = unsupportedIn(request, verifier);
      if (unsupported !== undefined) return plain(reply, 415, unsupported);
      if (Number(request.headers['content-length'] ?? 0) > verifier.mostBytes)
        throw tooLarge(verifier.mostBytes);
      delivery.refusal = verifier.refuseEarly(arrivingOf(request, delivery, now()));
      if (delivery.refusal && !(await mayRefuse(request))) return limited(reply);
      // The content type has been checked: from here on the body is bytes.
      request.headers['content-type'] = 'application/octet-stream';
    };

  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { delivery } = request;
    if (!delivery) throw new Error('expected a delivery that was admitted, found none');
    const { service, headers } = delivery;
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const early = delivery.refusal;
    const refusal = early ?? verifiers[service].refuse({ ...arrivingOf(request, delivery, now()), body });
    if (refusal && !early && !(await mayRefuse(request))) return limited(reply);
    if (refusal && !refusedBytes.take(body.length)) return limited(reply);
    const keeping = keepDelivery(db, {
      service,
      headers,
      body,
      ...(refusal && { refused: refusal.reason }),
    });
    delivery.kept = keeping.catch(() => undefined);
    const { id, repeat } = await within(databaseWithin, 'the database', keeping);
    if (refusal) return plain(reply, refusal.status, refusal.told ?? 'not accepted');
    delivery.answer = repeat ? 'known' : 'received';
    return plain(reply.header('serviceavtal-delivery', id), 200, delivery.answer);
  };

  for (const { service, url, operation } of addresses) {
    app.post(url, { onRequest: admit(service), config: { operation } }, handler);
    allowMethods(app, url, 'POST');
  }
}

function arrivingOf(request: FastifyRequest, { keys }: OnItsWay, now: number) {
  const { secret } = request.params as { secret?: string };
  return { headers: request.headers, keys, now, secret };
}

/** The headers to keep: those that prove it genuine, say how to read it, or name the sender. */
function keptHeaders({ headers }: FastifyRequest, verifier: Verifier): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name]) => name === 'content-type' || name === 'user-agent' || verifier.isSignature(name),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

/** Checks the content type and encoding. @returns the text of a refusal, if they are not supported */
function unsupportedIn({ headers }: FastifyRequest, { mediaType }: Verifier): string | undefined {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity')
    return 'expected no content-encoding';
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const charsets = parameters.flatMap((each) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(each)?.[1] ?? []);
  if (type.trim() === mediaType && charsets.every((charset) => /^utf-?8$/.test(charset))) return undefined;
  return `expected ${mediaType} in UTF-8`;
}

const byStatus: Record<number, DeliveryAnswer> = {
  400: 'unreadable',
  401: 'refused',
  404: 'notSetUp',
  413: 'tooLarge',
  415: 'unsupported',
  429: 'limited',
};

/** The outcome that an answer's status stands for; without an answer the sender hung up or was too slow. */
function answerOf({ raw, statusCode }: FastifyReply): DeliveryAnswer {
  return raw.writableFinished ? (byStatus[statusCode] ?? 'failed') : 'aborted';
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain').send(`${text}\n`);
}
