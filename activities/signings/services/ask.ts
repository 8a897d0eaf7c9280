/** Asking a signing service over HTTP: within bounds of time and size, and never led elsewhere with our credentials. */
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'undici';
import { parseExactJson } from '../../../rules/engine/reading/exact-json';
import { ServiceError } from '../service-api';

const mostJson = 2_000_000;
const mostPdf = 25_000_000;
/** Most bytes read of an error's answer, of which only the code is used. */
const mostError = 20_000;

/** How a service is asked. */
export interface Asker {
  /** Names it in errors. */
  service: string;
  agent: Agent;
}

export const openAsker = (service: string): Asker => ({
  service,
  agent: new Agent({ connections: 8 }),
});

export interface Question {
  url: URL;
  /** Names what is asked for in errors. */
  what: string;
  headers?: Record<string, string>;
  /** A form; makes it a POST. */
  form?: URLSearchParams;
  /** Ends the question. */
  signal: AbortSignal;
}

/** A refusal, with what the caller may want to look at. */
export class RefusedError extends ServiceError {
  constructor(
    message: string,
    permanent: boolean,
    readonly status: number,
    /** The service's own word for it. */
    readonly code: string | undefined,
    options?: ErrorOptions & { retryAfter?: number | undefined },
  ) {
    super(message, permanent, options);
  }
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const header = (headers: IncomingHttpHeaders, name: string): string =>
  [headers[name] ?? ''].flat().join(', ');

/** A service asked about something. @throws ServiceError */
async function ask({ service, agent }: Asker, question: Question, most: number): Promise<Answer> {
  const { url, what, headers, form, signal } = question;
  try {
    const {
      statusCode,
      headers: given,
      body,
    } = await request(url, {
      dispatcher: agent,
      method: form ? 'POST' : 'GET',
      signal,
      headers: {
        'user-agent': 'serviceavtal',
        // A packed answer could be small on the way and large in memory.
        'accept-encoding': 'identity',
        ...headers,
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form && { body: form.toString() }),
    });
    const good = statusCode >= 200 && statusCode <= 299;
    const read = await readAtMost(body, good ? most : mostError);
    if (good && read.cut)
      throw new ServiceError(`${service}: ${what}: expected at most ${most} bytes, found more`, false);
    return { status: statusCode, headers: given, body: read.bytes };
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw noAnswer(service, what, error, signal);
  }
}

/** Reads at most `most` bytes; leaving the loop drops the rest, however much it is. */
async function readAtMost(
  source: AsyncIterable<Buffer>,
  most: number,
): Promise<{ bytes: Buffer; cut: boolean }> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of source) {
    parts.push(part.subarray(0, most - size));
    size += part.length;
    if (size > most) return { bytes: Buffer.concat(parts), cut: true };
  }
  return { bytes: Buffer.concat(parts), cut: false };
}

/** The cause's own message may hold the address; its code does not. */
function noAnswer(service: string, what: string, error: unknown, signal: AbortSignal): ServiceError {
  const { code, name } = error as { code?: string; name: string };
  const why = signal.aborted ? 'no whole answer in time' : `no answer (${code ?? name})`;
  return new ServiceError(`${service}: ${what}: ${why}`, false, { cause: error });
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

/** What a status other than 200 to 299 means. */
function refused({ service }: Asker, what: string, { status, headers, body }: Answer): RefusedError {
  const code = codeOf(body);
  const told = (meaning: string, permanent: boolean): RefusedError =>
    new RefusedError(
      `${service}: ${what}: ${meaning} (${status}${code === undefined ? '' : ` ${code}`})`,
      permanent,
      status,
      code,
      { retryAfter: retryAfterOf(headers) },
    );
  if (isRedirect(status)) return told('expected an answer, found a redirect, which is not followed', false);
  if (status === 401) return told('our credentials are not accepted', false);
  if (status === 403) return told('we may not see it', true);
  if (status === 404 || status === 410) return told('it is not there', true);
  if (status === 409) return told('it is not ready yet', false);
  if (status === 429) return told('asked too often', false);
  return told(status >= 500 ? 'the service fails' : 'the service refuses the question', false);
}

/** The service's word for an error, if it is a mere word: nothing that could hold a secret of ours. */
function codeOf(body: Buffer): string | undefined {
  try {
    const answer = JSON.parse(body.toString('utf8')) as Record<string, unknown> | null;
    const found = [answer?.errorCode, answer?.error_type, answer?.error_code, answer?.error];
    return found.find((each): each is string => typeof each === 'string' && /^[\w-]{1,60}$/.test(each));
  } catch {
    return undefined;
  }
}

const longestWait = 86_400;

/** Seconds to wait, by `Retry-After` or, as DocuSign tells it, the time at which its limits begin anew. */
function retryAfterOf(headers: IncomingHttpHeaders): number | undefined {
  const told = header(headers, 'retry-after');
  const reset = header(headers, 'x-ratelimit-reset');
  const seconds = /^\d{1,9}$/.test(told)
    ? Number(told)
    : told !== ''
      ? (Date.parse(told) - Date.now()) / 1000
      : header(headers, 'x-ratelimit-remaining') === '0' && /^\d{9,11}$/.test(reset)
        ? Number(reset) - Date.now() / 1000
        : NaN;
  return Number.isFinite(seconds) ? Math.min(longestWait, Math.max(0, Math.ceil(seconds))) : undefined;
}

/**
 * An answer that is a JSON object.
 * @returns it as it came, and as it reads
 * @throws ServiceError
 */
export async function askJson(
  asker: Asker,
  question: Question,
): Promise<{ bytes: Buffer; value: Record<string, unknown> }> {
  const { what, headers } = question;
  const answer = await ask(
    asker,
    { ...question, headers: { accept: 'application/json', ...headers } },
    mostJson,
  );
  if (answer.status < 200 || answer.status > 299) throw refused(asker, what, answer);
  const value = objectIn(answer);
  if (value) return { bytes: answer.body, value };
  const type = header(answer.headers, 'content-type').slice(0, 60) || 'no content type';
  throw new ServiceError(
    `${asker.service}: ${what}: expected a JSON object, found ${answer.body.length} bytes of ${type}`,
    false,
  );
}

function objectIn({ headers, body }: Answer): Record<string, unknown> | undefined {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(header(headers, 'content-type'))) return undefined;
  try {
    const value = parseExactJson(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the content begins as a PDF does; what a service or a sender calls it proves nothing. */
export const isPdf = (content: Buffer): boolean => content.subarray(0, 5).toString('latin1') === '%PDF-';

/**
 * An answer that is a PDF.
 * @param question `handedOn`: the service may lead to where it stores its files; there we go once, without our headers
 * @throws ServiceError
 */
export async function askPdf(asker: Asker, question: Question & { handedOn?: boolean }): Promise<Buffer> {
  const { what, url, headers, handedOn = false, signal } = question;
  const first = await ask(
    asker,
    { ...question, headers: { accept: 'application/pdf', ...headers } },
    mostPdf,
  );
  const store = handedOn ? storeOf(url, first) : undefined;
  const answer = store ? await ask(asker, { url: store, what, signal }, mostPdf) : first;
  if (answer.status < 200 || answer.status > 299) {
    const failure = refused(asker, what, answer);
    // A refusal by the store is not the service's: the store's addresses are valid for a short time.
    if (!store || !failure.permanent) throw failure;
    throw new ServiceError(`${failure.message}, where the service keeps its files`, false, {
      cause: failure,
    });
  }
  if (isPdf(answer.body)) return answer.body;
  const type = header(answer.headers, 'content-type').slice(0, 60) || 'no content type';
  throw new ServiceError(
    `${asker.service}: ${what}: expected a PDF, found ${answer.body.length} bytes of ${type}`,
    false,
  );
}

/** Where an answer leads, if it is as safe as where it came from. */
function storeOf(from: URL, { status, headers }: Answer): URL | undefined {
  const location = header(headers, 'location');
  if (!isRedirect(status) || !URL.canParse(location, from.href)) return undefined;
  const to = new URL(location, from);
  return to.protocol === from.protocol ? to : undefined;
}

/** An address below the base, each part encoded. */
export function below(base: string, parts: readonly string[], query: Record<string, string> = {}): URL {
  const url = new URL(`${base.replace(/\/+$/, '')}/${parts.map(encodeURIComponent).join('/')}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** The document's id if it can be one of the service's; deliveries name whatever they like. @throws ServiceError */
export function checkedId(service: string, document: string, pattern: RegExp): string {
  if (pattern.test(document)) return document;
  throw new ServiceError(
    `${service}: expected a document's id, found ${JSON.stringify(document.slice(0, 60))}`,
    true,
  );
}

/** Checks that an answer is about the document that was asked for. @throws ServiceError */
export function aboutThat(service: string, document: string, found: unknown): void {
  if (String(found).toLowerCase() === document.toLowerCase()) return;
  throw new ServiceError(`${service}: expected an answer about document ${document}, found another`, false);
}

/** Ends a question after so many seconds, however many calls it takes. */
export const withinSeconds = (seconds: number): AbortSignal => AbortSignal.timeout(1000 * seconds);

/** The secret, which has to be there now. @throws ServiceError */
export function needed(service: string, what: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value;
  throw new ServiceError(`${service}: expected ${what}, found none`, false);
}

/** Our own name of a paper's file: one that the service gives could point anywhere once it is saved. */
export const nameOf = (service: string, document: string, kind: 'contract' | 'certificate'): string =>
  `${service}-${document.replace(/[^\w-]/g, '_').slice(0, 60)}-${kind}.pdf`;
