/** Checks that a web server answers as it should. */
import type { IncomingHttpHeaders } from 'node:http';
import { errors } from 'undici';
import type { Check } from '../../../rules/engine/contract/monitor';
import type { WatchedCheck } from '../../../rules/engine/monitoring/watched';
import type { Text } from '../../../rules/engine/basics/text';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import { daysLeft, judgeCertificate, trusting, usualDays } from './certificate';
import type { Validity } from './certificate';
import type { CheckDeps, Checker, Found } from './checker';
import { NotMade, NotWell, answerText, secretOf, worst } from './checker';
import { notMet, readBody, statusWanted, versionInJson } from './http-answer';
import type { Body } from './http-answer';
import { HttpConnections } from './http-connections';
import type { HttpConnection } from './http-connections';
import { hiding } from './redact';
import { CookieJar } from './cookies';
import { leadsTo } from './meta-refresh';
import { printedText } from './decode-text';

/** Redirects that are followed. */
const mostRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/** One request: to the origin the check names, or to where a redirect led. */
interface Request {
  url: URL;
  method: 'GET' | 'HEAD' | 'POST';
  headers: Record<string, string>;
  body?: string;
  /** Names of the secrets it carries. */
  secrets: string[];
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Body;
  /** https: how long the certificate is accepted. */
  validity?: Validity;
}

/** The context of one run of a check. */
interface Run {
  connections: HttpConnections;
  deps: CheckDeps;
  signal: AbortSignal;
  hide: (text: string) => string;
  /** Whether a certificate valid until then is far from every limit. */
  farFromLimits: (until: number) => boolean;
}

/** Headers meant for one server; they are not sent to another one after a redirect. */
const personal = new Set(['authorization', 'cookie', 'host', 'proxy-authorization']);

/** A header's value, from a text or a secret. @throws NotMade if no header can hold it */
function headerValue(name: string, value: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw new NotMade({
    sv: `rubriken ${name} har tecken som ingen rubrik kan ha, kanske en radbrytning`,
    en: `the header ${name} has characters no header can have, perhaps a line break`,
  });
}

function firstRequest(
  url: URL,
  { check, customer }: WatchedCheck,
  deps: CheckDeps,
): Request & { values: string[] } {
  const headers: Record<string, string> = {
    'user-agent': 'serviceavtal-monitor',
    accept: '*/*',
    'accept-encoding': 'identity',
  };
  const values: string[] = [];
  const secrets: string[] = [];
  for (const [name, given] of Object.entries(check.headers ?? {})) {
    const value = typeof given === 'string' ? given : secretOf(deps, customer, given);
    if (typeof given !== 'string') {
      values.push(value);
      secrets.push(given.secret);
    }
    headers[name.toLowerCase()] = headerValue(name, value);
  }
  const { method = 'GET', body } = check;
  return { url, method, headers, ...(body !== undefined && { body }), secrets, values };
}

/** The request a redirect leads to. @throws NotWell if it leads nowhere */
function redirected(first: Request, last: Request, check: Check, status: number, bytes: string): Request {
  // A header is read as a byte a character; browsers take bytes beyond ASCII as they are.
  const escaped = bytes.replaceAll(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
  const location = printedText(Buffer.from(bytes, 'latin1'));
  const url = URL.canParse(escaped, last.url.href) ? new URL(escaped, last.url.href) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new NotWell(
      joined(
        { sv: 'omdirigering: ', en: 'redirect: ' },
        expectedFound(
          { sv: 'en adress med http eller https', en: 'an address with http or https' },
          `"${location}"`,
        ),
      ),
    );
  const secretHeaders = Object.entries(check.headers ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [] : [name.toLowerCase()],
  );
  const home = url.origin === first.url.origin;
  const own = new Set([...personal, ...secretHeaders]);
  const headers = home
    ? first.headers
    : Object.fromEntries(Object.entries(first.headers).filter(([name]) => !own.has(name)));
  const asGet = last.method === 'POST' && status !== 307 && status !== 308;
  const method = asGet ? 'GET' : last.method;
  return {
    url,
    method,
    headers,
    ...(method === 'POST' && last.body !== undefined && { body: last.body }),
    secrets: home ? first.secrets : [],
  };
}

/** Codes of undici for a request that cannot be made as the check wants it. */
const unusable = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
]);

/** The error that reports a failed exchange. */
function exchangeFailed(error: unknown, status: number | undefined): Error {
  if (error instanceof NotMade || error instanceof NotWell) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason = code === '' ? message : code;
  if (unusable.has(code))
    return new NotMade(
      { sv: `frågan går inte att ställa: ${message}`, en: `the request cannot be made: ${message}` },
      { cause: error },
    );
  const why: Text =
    error instanceof errors.HTTPParserError
      ? { sv: `svaret är inte HTTP (${reason})`, en: `the answer is not HTTP (${reason})` }
      : code === 'UND_ERR_HEADERS_OVERFLOW'
        ? { sv: 'svarets rubriker är för långa', en: "the answer's headers are too long" }
        : status === undefined
          ? {
              sv: `anslutningen stängdes innan svaret började (${reason})`,
              en: `the connection was closed before the answer began (${reason})`,
            }
          : {
              sv: `svaret började (${status}) men anslutningen stängdes innan det var färdigt (${reason})`,
              en: `the answer began (${status}) but the connection was closed before it was complete (${reason})`,
            };
  return new NotWell(why, undefined, { cause: error });
}

/** A connection that was left open turned out to be closed: nothing has been asked yet. */
class Stale extends Error {}

/** Asks over one connection. @throws Stale, NotMade, NotWell, or the signal's reason */
async function ask(connection: HttpConnection, request: Request, { signal, hide }: Run): Promise<Answer> {
  const { url, method, headers, body } = request;
  const before = connection.socket.bytesRead;
  const parts: Buffer[] = [];
  let status: number | undefined;
  try {
    const answer = await connection.client.request({
      path: url.pathname + url.search,
      method,
      headers,
      body: body ?? null,
      signal,
    });
    status = answer.statusCode;
    const read = await readBody(answer.body, answer.headers, parts);
    const { validity } = connection;
    return { status, headers: answer.headers, body: read, ...(validity && { validity }) };
  } catch (error) {
    if (signal.aborted && status === undefined) throw signal.reason;
    const came = answerText(hide(printedText(Buffer.concat(parts))));
    if (signal.aborted)
      throw new NotWell(
        {
          sv: `svaret började (${status}) men var inte färdigt`,
          en: `the answer began (${status}) but was not complete`,
        },
        came,
        { cause: error },
      );
    if (connection.used && connection.socket.bytesRead === before)
      throw new Stale('closed', { cause: error });
    const failed = exchangeFailed(error, status);
    if (failed instanceof NotWell && came !== '') throw new NotWell(failed.text, came, { cause: error });
    throw failed;
  }
}

/** Whether a request may be sent again. A POST may not, so it never uses a kept connection. */
const mayRepeat = ({ method }: Request): boolean => method !== 'POST';

/** Sends the request over a connection and keeps the connection for the next check, if possible. */
async function askOver(connection: HttpConnection, request: Request, run: Run): Promise<Answer> {
  try {
    const answer = await ask(connection, request, run);
    if (answer.body.whole && mayRepeat(request)) run.connections.giveBack(connection);
    else connection.close();
    return answer;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Sends the request over a kept connection, if there is one; where that is stale, over a new one. */
async function exchange(request: Request, run: Run): Promise<Answer> {
  const { connections, deps, signal, farFromLimits } = run;
  const kept = mayRepeat(request) ? connections.take(request.url, deps, farFromLimits) : undefined;
  if (kept) {
    const answer = await askOver(kept, request, run).catch((error: unknown) => {
      if (error instanceof Stale) return undefined;
      throw error;
    });
    if (answer) return answer;
  }
  return askOver(await connections.open(request.url, deps, signal), request, run);
}

/** Where an answer leads on to, as a header or a page names it. A check may expect the redirect itself as its answer. */
function placeOf({ status, headers, body }: Answer, url: URL, check: Check): string | undefined {
  if (redirects.has(status) && headers.location !== undefined)
    return check.status && statusWanted(check, status) ? undefined : headers.location;
  if (!statusWanted(check, status)) return undefined;
  return leadsTo({ ...body, url, refresh: [headers.refresh].flat()[0] })?.href;
}

/** The answer after all redirects, with the earliest end of the certificates on the way. */
async function finalAnswer(
  first: Request,
  check: Check,
  run: Run,
): Promise<{ answer: Answer; request: Request; soonest?: Validity }> {
  let request = first;
  let soonest: Validity | undefined;
  const cookies = new CookieJar();
  for (let followed = 0; ; followed += 1) {
    const { url, headers } = request;
    const answer = await exchange({ ...request, headers: cookies.addTo(headers, url) }, run);
    cookies.keep(answer.headers['set-cookie'], url);
    const { validity } = answer;
    if (validity && !(soonest && soonest.until <= validity.until)) soonest = validity;
    const location = placeOf(answer, url, check);
    if (location === undefined) return { answer, request, ...(soonest && { soonest }) };
    if (followed === mostRedirects)
      throw new NotWell(
        expectedFound(
          { sv: `högst ${mostRedirects} omdirigeringar`, en: `at most ${mostRedirects} redirects` },
          { sv: `en till, till ${location}`, en: `one more, to ${location}` },
        ),
      );
    request = redirected(first, request, check, answer.status, location);
  }
}

/** @throws NotMade if a server refuses the secrets it was sent */
function refuseWrongSecrets({ status }: Answer, { secrets }: Request, check: Check): void {
  if ((status !== 401 && status !== 403) || secrets.length === 0 || check.status?.includes(status)) return;
  const names = secrets.join(', ');
  throw new NotMade({
    sv: `servern svarade ${status}: den godtar inte hemligheten ${names}`,
    en: `the server answered ${status}: it does not accept the secret ${names}`,
  });
}

async function found(first: Request, check: Check, run: Run): Promise<Found> {
  const { answer, request, soonest } = await finalAnswer(first, check, run);
  refuseWrongSecrets(answer, request, check);
  const wrong = notMet(check, answer.status, answer.body, run.hide);
  const said: Found =
    wrong.length > 0
      ? { outcome: 'down', message: wrong.reduce((all, line) => joined(all, '\n', line)) }
      : { outcome: 'ok', message: { sv: `svarade ${answer.status}`, en: `answered ${answer.status}` } };
  const now = run.deps.now();
  const { certificateDays = usualDays } = check;
  const all = soonest ? [said, judgeCertificate(soonest, now, certificateDays)] : [said];
  return {
    ...worst(all),
    answer: answerText(run.hide(answer.body.text)),
    ...(soonest && { measured: { certificateDays: daysLeft(soonest.until, now) } }),
    ...(check.reportsVersion && { version: versionInJson(check.reportsVersion, answer.body) }),
  };
}

/** Hides secrets in whatever a check found or threw. */
const hidingIn = (hide: (text: string) => string, error: unknown): unknown => {
  const both = ({ sv, en }: Text): Text => ({ sv: hide(sv), en: hide(en) });
  if (error instanceof NotMade) return new NotMade(both(error.text), { cause: error.cause });
  if (error instanceof NotWell) return new NotWell(both(error.text), error.answer, { cause: error.cause });
  return error;
};

/** A check of kind `http`, and the end of the connections it keeps. */
export interface HttpCheck {
  check: Checker;
  /** Closes connections that wait for the next check. */
  close: () => void;
}

/**
 * A check of kind `http`: connections are kept for the next check of the same server.
 *
 * @param trusted certificates, as PEM, of authorities trusted besides the usual ones
 */
export function createHttpCheck({ trusted }: { trusted?: readonly string[] } = {}): HttpCheck {
  const connections = new HttpConnections(() => trusting(trusted));
  const check: Checker = async (watched, deps, signal) => {
    const url = new URL(watched.check.url ?? '');
    const { values, ...first } = firstRequest(url, watched, deps);
    const hide = hiding(values);
    const { warn = 0, error = 0 } = watched.check.certificateDays ?? usualDays;
    const farFromLimits = (until: number): boolean => daysLeft(until, deps.now()) > Math.max(warn, error);
    const run: Run = { connections, deps, signal, hide, farFromLimits };
    try {
      return await found(first, watched.check, run);
    } catch (failure) {
      throw hidingIn(hide, failure);
    }
  };
  return { check, close: () => connections.close() };
}
