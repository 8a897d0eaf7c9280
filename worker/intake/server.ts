/** The intake: the HTTP server. It only writes to PostgreSQL; other processes act on what it wrote. */
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { inWords } from '../basics/spoken';
import type { IncomingMessage } from 'node:http';
import rateLimit from '@fastify/rate-limit';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastify from 'fastify';
import type { Db } from '../../activities/db';
import { isPermanentDbError } from '../../activities/db';
import type { CodeMailDeps } from '../../activities/mail/page-code';
import { addressesIn } from '../../activities/monitors/checks/address-policy';
import { onceInAWhile } from '../basics/once-in-a-while';
import type { Secret } from '../settings/secret';
import { aboutRoute } from './about';
import { clientOf, limitClients } from './clients';
import type { Need } from './health';
import { healthRoutes } from './health';
import { heartbeatRoutes } from './heartbeats';
import { sendSorry } from './html-page';
import type { RecordFigures } from './metrics';
import { createIntakeMetrics, metricsRoute } from './metrics';
import type { OpenApi } from './openapi';
import { describeRoutes, openApiRoute } from './openapi';
import { pageSchemas } from './pages/operations';
import { pageRoutes } from './pages/routes';
import { pictureWithin, receiveWithin } from './receive-within';
import { signingSchemas } from './signing-operations';
import type { SigningKeys } from './signings';
import { signingRoutes } from './signings';

export interface IntakeOptions {
  /** A pool of its own: a flood of requests must not keep the worker from its work. */
  db: Db;
  host: string;
  /** 0 takes a free port. */
  port: number;
  /** Secret that links in mails are signed with. */
  linkKey: string;
  /** How codes are mailed that personal pages ask for; without it none can be asked for. */
  mail?: CodeMailDeps | undefined;
  /** The address under which browsers reach it. */
  publicUrl?: string | undefined;
  /** Most milliseconds that a page waits for a workflow's answer. */
  answerWithin?: number | undefined;
  /** Keys of the signing services; without them none is set up. */
  signing?: SigningKeys | undefined;
  /** Most bytes of refused deliveries that are kept in an hour. */
  refusedBytesPerHour?: number;
  /** Gives the token required to read `/metrics`; without one nobody may. */
  metricsToken?: Secret | undefined;
  /** The record outside of the database, for its metrics. */
  record?: RecordFigures;
  /** Addresses and ranges of proxies whose `X-Forwarded-For` is believed. */
  proxies?: readonly string[];
  /** What has to be well for `/readyz`, besides the database. */
  needs?: readonly Need[];
  /** Gives milliseconds since 1970; tests pass a clock of their own. */
  now?: () => number;
  /** Gets a line for each failure, never with a token in it. */
  log: (line: string) => void;
  /** Gets a line of JSON for each request, for instance standard error; without it nothing is written. */
  requestLog?: { write(line: string): void } | undefined;
  /** Most milliseconds for receiving a whole request without pictures, and for a connection's silence. */
  receiveWithin?: number;
}

export interface IntakeRoute {
  method: string;
  /** `/heartbeats/:token` */
  url: string;
}

export interface Intake {
  /** Where it listens, `http://127.0.0.1:8080`. */
  url: string;
  /** Every pattern of addresses with each method that it takes. */
  routes: readonly IntakeRoute[];
  /** The content of `/openapi.json`. */
  description: OpenApi;
  /** Answers the requests under way, takes no more, and ends within seconds. */
  stop(): Promise<void>;
}

/** Most connections at the same time, those of one client, and the milliseconds that a stop waits for requests under way. */
const mostConnections = 1_000;
const mostOfOneClient = 400;
const stopWithin = 4_000;
const largestBody = 10 * 1024;
const noKeys: SigningKeys = { docusign: () => [], scrive: () => [], oneflow: () => [], signed: () => [] };

/** Starts listening. @throws if the port is taken */
export async function startIntake(options: IntakeOptions): Promise<Intake> {
  const {
    db,
    host,
    port,
    linkKey,
    metricsToken,
    now = Date.now,
    receiveWithin: milliseconds = 15_000,
  } = options;
  const { signing = noKeys, refusedBytesPerHour, proxies = [], needs = [] } = options;
  const isProxy = addressesIn(proxies);
  const log = onceInAWhile(options.log);
  const metrics = createIntakeMetrics(db, now, options.record);
  const app = fastify({
    logger: options.requestLog === undefined ? false : jsonLog(options.requestLog),
    bodyLimit: largestBody,
    trustProxy: isProxy,
    connectionTimeout: milliseconds,
    requestTimeout: Math.max(milliseconds, pictureWithin),
    keepAliveTimeout: 10_000,
    http: { headersTimeout: milliseconds, connectionsCheckingInterval: 1_000, maxHeaderSize: 16 * 1024 },
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 4_000, ignoreTrailingSlash: true },
    // A malformed address may hold a token, so the answer does not repeat it.
    frameworkErrors: (_error, _request, reply) => void plain(reply, 400, 'bad request'),
  });
  app.server.maxConnections = mostConnections;
  limitClients(app, { most: mostOfOneClient, isProxy, log });
  const routes: IntakeRoute[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.allows) return;
    for (const each of [method].flat()) routes.push({ method: each, url });
  });
  const describe = describeRoutes(app, { ...signingSchemas, ...pageSchemas });

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
  });
  app.addHook('onResponse', async (request, reply) => {
    metrics.answered(routeOf(request), methodOf(request), reply.statusCode, reply.elapsedTime / 1_000);
  });
  receiveWithin(app, milliseconds);
  continueOnceAdmitted(app);
  // Each group of routes adds its own parsers of bodies; without one a body is not read.
  app.removeAllContentTypeParsers();
  app.setNotFoundHandler(async (_request, reply) => plain(reply, 404, 'not found'));
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status === 413) reply.header('connection', 'close');
    if (status < 500) return plain(reply, status, shortly[status] ?? 'bad request');
    // The client has hung up: there is nobody to answer, and nothing to log.
    if (request.socket.destroyed) return plain(reply, 400, 'bad request');

    const what = `${methodOf(request)} ${routeOf(request)}: ${error.message}`;
    log(
      inWords({
        sv: `intaget kunde inte svara på ${what}`,
        en: `the intake could not answer ${what}`,
      }),
    );
    const ours = isPermanentDbError(error) || error instanceof TypeError;
    reply.header('retry-after', 10);
    if (request.routeOptions.config.speaksHtml) return sendSorry(request, reply, ours ? 500 : 503);
    return plain(reply, ours ? 500 : 503, 'not now, try again');
  });

  await app.register(rateLimit, { global: false, cache: 20_000, keyGenerator: clientOf });
  await app.register(heartbeatRoutes, { db, now, metrics });
  const { mail, publicUrl, answerWithin } = options;
  await app.register(pageRoutes, { db, linkKey, now, mail, publicUrl, answerWithin });
  await app.register(signingRoutes, { db, now, metrics, signing, refusedBytesPerHour });
  aboutRoute(app);
  metricsRoute(app, { metrics, token: metricsToken });
  healthRoutes(app, { db, needs });
  openApiRoute(app, describe);
  const url = await listen(app, host, port);
  return { url, routes, description: describe(), stop: () => stop(app) };
}

/** Answers `Expect: 100-continue` when the body is about to be read; a refused request gets its answer at once. */
function continueOnceAdmitted(app: FastifyInstance): void {
  const asked = new WeakSet<IncomingMessage>();
  app.server.on('checkContinue', (request, response) => {
    asked.add(request);
    app.server.emit('request', request, response);
  });
  app.addHook('preParsing', async ({ raw, is404 }, reply) => {
    if (asked.has(raw) && !is404) reply.raw.writeContinue();
  });
}

const shortly: Record<number, string> = { 413: 'too large', 415: 'unsupported content', 408: 'too slow' };

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain').send(`${text}\n`);
}

/** The pattern of a request's address, for logs and metrics: the address itself may hold a secret. */
const routeOf = ({ routeOptions }: FastifyRequest): string => routeOptions.url ?? 'none';

/** The method if it is a usual one, else `other`: invented methods must not add series to the metrics. */
const methodOf = ({ method }: FastifyRequest): string =>
  ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'other';

function jsonLog(stream: { write(line: string): void }) {
  return {
    level: 'info',
    stream,
    serializers: {
      req: (request: FastifyRequest) => ({
        method: request.method,
        route: routeOf(request),
        remoteAddress: request.ip,
      }),
      err: (error: Error) => ({ type: error.name, message: error.message, stack: '' }),
    },
  };
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new BilingualError(
      {
        sv: `förväntade att port ${port} på ${host} är ledig för intaget, hittade ett annat program på den; SERVICEAVTAL_PORT_INTAKE anger en annan`,
        en: `expected port ${port} on ${host} to be free for the intake, found another program on it; SERVICEAVTAL_PORT_INTAKE names another`,
      },
      { cause: error },
    );
  }
}

async function stop(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), stopWithin);
  await app.close();
  clearTimeout(timer);
}
