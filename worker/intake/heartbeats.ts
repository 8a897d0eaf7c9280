/** `POST /heartbeats/<token>[/start|/fail|/<exit code>]`: reports of customers' jobs. */
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '../../activities/db';
import { answerText, lastText } from '../../activities/monitors/checks/checker';
import type { Heartbeat } from '../../activities/monitors/heartbeats';
import { heartbeatOf, recordReport } from '../../activities/monitors/heartbeats';
import type { HeartbeatReport } from '../../rules/engine/monitoring/heartbeat';
import { kindOfExitCode } from '../../rules/engine/monitoring/heartbeat';
import type { IntakeMetrics } from './metrics';
import { allowMethods } from './allow-methods';
import type { Operation, Responses } from './openapi';
import { always, ofDatabase, parameter, ref, text } from './openapi';
import { within } from './within';

/** Last bytes of a body that are kept, and the most that are accepted; those before them are read and dropped. */
const lookedAt = 10 * 1024;
const mostBytes = 1024 * 1024;
/** Most reports a minute of one job, and most attempts a minute of one address with unknown tokens. */
const reportsPerMinute = 60;
const triesPerMinute = 30;
const databaseWithin = 8_000;

export interface HeartbeatOptions {
  db: Db;
  now: () => number;
  metrics: IntakeMetrics;
}

interface Params {
  token: string;
  what?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What the sender says the body is. */
    bodyType?: string;
    /** The check that the request's token belongs to. */
    heartbeat?: Heartbeat;
  }
}

const answers: Responses = {
  ...always,
  ...ofDatabase,
  '200': text('The report is kept.', 'ok'),
  '404': text('Nobody knows the token, or what stands after it says nothing.', 'unknown token'),
  '410': text('The check is not watched now.', 'this check is not watched now'),
  '413': ref('responses/TooLarge'),
  '429': ref('responses/TooManyRequests'),
};
const output = {
  description: 'What the job has to say; the end is kept. Any content, at most 1 MB.',
  required: false,
  content: { '*/*': { schema: {} } },
};
const job = parameter('token', "The job's token.");
const state = parameter('what', '`start`, `fail`, or the exit code.', {
  pattern: '^(start|fail|0|-?[1-9][0-9]{0,9})$',
});
const addresses = [
  { url: '/heartbeats/:token', id: 'Heartbeat', summary: 'A job ran well', parameters: [job] },
  {
    url: '/heartbeats/:token/:what',
    id: 'HeartbeatOf',
    summary: 'How a job goes',
    parameters: [job, state],
  },
];
/** GET is for clients that cannot POST. */
const methods = ['GET', 'POST'] as const;

/** Registers the routes. They accept a body of any content type, and keep its end. */
export async function heartbeatRoutes(app: FastifyInstance, options: HeartbeatOptions): Promise<void> {
  const { db, now, metrics } = options;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request: FastifyRequest, payload: Readable) => endOf(payload));
  const jobs = app.createRateLimit({
    max: reportsPerMinute,
    timeWindow: 60_000,
    keyGenerator: ({ heartbeat }) => `${heartbeat?.agreement}/${heartbeat?.monitor}`,
  });
  const tries = app.createRateLimit({ max: triesPerMinute, timeWindow: 60_000 });

  /** Finds the job by the token before the body is read. */
  const identify = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> => {
    const { token, what } = request.params as Params;
    const kind = kindOf(what);
    const known = await within(databaseWithin, 'the database', heartbeatOf(db, token));
    const limit = known ? jobs : tries;
    if (known) request.heartbeat = known;
    const allowed = await limit(request);
    if (!allowed.isAllowed && allowed.isExceeded)
      return plain(reply.header('retry-after', allowed.ttlInSeconds), 429, 'too many requests');
    if (!known) return plain(reply, 404, 'unknown token');
    if (!kind) return plain(reply, 404, 'expected nothing, start, fail or an exit code after the token');
    // The content type is ignored, so that a wrong one does no harm.
    request.bodyType = request.headers['content-type'] ?? '';
    request.headers['content-type'] = 'application/octet-stream';
    if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge();
  };

  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const kind = kindOf((request.params as Params).what);
    const { heartbeat } = request;
    if (!heartbeat || !kind) throw new Error('expected a known job and report, found none');
    const body = Buffer.isBuffer(request.body) ? lastText(request.body, request.bodyType) : '';
    const run = runIn(request.query);
    const report: HeartbeatReport = {
      ...kind,
      at: now(),
      ...(run !== '' && { run }),
      ...(body !== '' && { body }),
    };
    const taken = await within(databaseWithin, 'the database', recordReport(db, heartbeat, report));
    if (taken === 'unwatched') return plain(reply, 410, 'this check is not watched now');
    metrics.report(kind.kind);
    return plain(reply, 200, 'ok');
  };
  for (const { url, id, summary, parameters } of addresses) {
    for (const method of methods) {
      const operation: Operation = {
        operationId: `${method.toLowerCase()}${id}`,
        summary,
        description: 'Where runs overlap, `?run=NAME` at the start and at the end names one.',
        tags: ['heartbeats'],
        security: [],
        parameters,
        ...(method === 'POST' && { requestBody: output }),
        responses: answers,
      };
      app.route({ method, url, onRequest: identify, config: { operation }, handler });
    }
    allowMethods(app, url, ...methods);
  }
}

/** The kind of report that an address stands for. Exit codes have 32 bits, with or without a sign; kept is the one with. */
function kindOf(what: string | undefined): Pick<HeartbeatReport, 'kind' | 'exitCode'> | undefined {
  if (what === undefined || what === '') return { kind: 'success' };
  if (what === 'start' || what === 'fail') return { kind: what };
  if (!/^(0|-?[1-9]\d{0,9})$/.test(what)) return undefined;
  const exitCode = Number(what);
  if (exitCode !== (exitCode | 0) && exitCode !== exitCode >>> 0) return undefined;
  return { kind: kindOfExitCode(exitCode), exitCode: exitCode | 0 };
}

/** The name of the run, cut to what is kept; none if it has none. */
function runIn(query: unknown): string {
  const { run = '' } = query as { run?: string | string[] };
  return answerText([run].flat().join().slice(0, 64));
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain').send(`${text}\n`);
}

const tooLarge = (): Error =>
  Object.assign(new Error(`expected at most ${mostBytes} bytes, found more`), { statusCode: 413 });

/** Bytes that the longest character has in any charset: cut by so many, UTF-16 stays whole. */
const longestCharacter = 4;

/**
 * The last bytes of a body, behind its byte order mark; those before them are read, up to a bound, so that the job's output
 * never stops its report.
 */
async function endOf(payload: Readable): Promise<Buffer> {
  let pieces: Buffer[] = [];
  let [size, bytes] = [0, 0];
  let mark: Buffer = Buffer.alloc(0);
  for await (const chunk of payload as AsyncIterable<Buffer>) {
    pieces.push(chunk);
    size += chunk.length;
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge();
    if (size < 2 * lookedAt) continue;
    const all = Buffer.concat(pieces);
    if (size === bytes) mark = markOf(all);
    const kept = fromCharacter(all, size - lookedAt);
    [pieces, size] = [[kept], kept.length];
  }
  return Buffer.concat([mark, ...pieces]);
}

/** The byte order mark that bytes begin with; empty if they have none. */
function markOf(bytes: Buffer): Buffer {
  const start = bytes.toString('latin1', 0, 3);
  const length = start === '\xef\xbb\xbf' ? 3 : /^(\xff\xfe|\xfe\xff)/.test(start) ? 2 : 0;
  return Buffer.from(bytes.subarray(0, length));
}

/** Bytes from about a place on. What may be the rest of a character of UTF-8 becomes blanks: it would hide that it is UTF-8. */
function fromCharacter(bytes: Buffer, at: number): Buffer {
  const from = at - (at % longestCharacter);
  const rest = bytes.subarray(from);
  for (let index = 0; index < longestCharacter - 1 && ((rest[index] ?? 0) & 0xc0) === 0x80; index += 1)
    rest[index] = 0x20;
  return rest;
}
