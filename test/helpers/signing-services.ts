/**
 * Local servers that behave like DocuSign, Oneflow and Scrive: an API that requires credentials and serves documents
 * and papers, and a sender that delivers signed documents to our address until it gets a good answer.
 *
 * @example
 * const oneflow = await startOneflow();
 * const id = oneflow.sign({ title: 'Serviceavtal Guld', fields: { level: 'guld' } });
 * const apis = openSigningApis({ ...noServices, oneflow: oneflow.settings });
 * const [answer] = await oneflow.deliver(`${intake}/signings/oneflow`, id);
 */
import {
  createHash,
  createHmac,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { SigningApiSettings } from '../../activities/signings/open-apis';

/** A document as tests describe it; each service gives it in a form of its own. */
export interface SignedInput {
  /** The service's own id; by default one is made. */
  id?: string;
  title?: string;
  /** Values of the fields, by name. */
  fields?: Record<string, string>;
  signers?: { name: string; email: string; signedAt?: string }[];
  /** The service's own word for the status; by default that of a document that everybody signed. */
  status?: string;
  completedAt?: string;
  /** The signed PDF; by default a small one is made; null if none is ready. */
  contract?: Buffer | null;
  /** The certificate; by default made for DocuSign, and absent for the others. */
  certificate?: Buffer | null;
  /** Changes the finished form, if a test needs another shape. */
  change?: (form: Record<string, unknown>) => Record<string, unknown>;
}

type Doc = Required<Omit<SignedInput, 'change'>> & Pick<SignedInput, 'change'>;

/** How a server misbehaves. */
export interface Misbehaviour {
  /**
   * - `slow`: answers only after `milliseconds`
   * - `status`: answers `status`, with `Retry-After: retryAfter` and `body` where they are given
   * - `garbage`: answers 200 with something that is neither JSON nor a PDF, whatever its content type says
   * - `redirect`: redirects to `to`
   * - `endless`: a good beginning that never ends
   * - `stall`: a good beginning, then silence
   * - `hang up`: closes the connection in the middle of the answer
   */
  how: 'slow' | 'status' | 'garbage' | 'redirect' | 'endless' | 'stall' | 'hang up';
  /** Number of times after which it behaves again; by default never. */
  times?: number;
  /** Only requests whose path matches. */
  at?: RegExp;
  milliseconds?: number;
  status?: number;
  retryAfter?: string | number;
  body?: string;
  to?: string;
}

/** A request that was received. */
export interface ServedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  status: number;
}

/** How a delivery is made. */
export interface DeliverOptions {
  /** Number of sendings, whatever the answers; by default one. */
  times?: number;
  /** Number of retries after an answer that does not satisfy the service, or none; by default zero. */
  retries?: number;
  /** Milliseconds between two sendings. */
  wait?: number;
  wrongSignature?: boolean;
  /** Changes the body after it was signed. */
  changedBody?: (body: string) => string;
  /** Keys to sign with instead of the server's own; several give several signatures if the service supports that. */
  keys?: string[];
  headers?: Record<string, string>;
}

/** The answer to one sending; without a status if there was no answer. */
export interface Delivered {
  status: number | undefined;
  body: string;
}

interface Served<Name extends keyof SigningApiSettings> {
  /** Its origin, such as `http://127.0.0.1:1234`. */
  url: string;
  /** Settings for `openSigningApis`. */
  settings: SigningApiSettings[Name];
  /** The requests to its API so far. */
  requests: ServedRequest[];
  /** Documents by id; changes here appear in the API from then on. */
  documents: Map<string, Doc>;
  /** Adds a document, by default one that everybody signed. @returns its id */
  sign(input?: SignedInput): string;
  /** A document in the form that the API gives. */
  formOf(id: string): Record<string, unknown>;
  /** Makes it misbehave from now on; without an argument it behaves again. */
  misbehave(how?: Misbehaviour): void;
  close(): Promise<void>;
}

export interface OneflowServer extends Served<'oneflow'> {
  signKey: string;
  /** Accepts only this token from now on. */
  changeToken(token: string): void;
  /** The store of its files, at another origin, which must never get the token. */
  store: { url: string; requests: ServedRequest[] };
  /** Delivers as a webhook does: the `callback_id` is the same in every retry, and only 200 satisfies it. */
  deliver(
    url: string,
    id: string,
    options?: DeliverOptions & { event?: string; callbackId?: string },
  ): Promise<Delivered[]>;
}

export interface ScriveServer extends Served<'scrive'> {
  /** Delivers as a callback does, form-encoded and unsigned; `sealed: false` before the document is sealed. */
  deliver(url: string, id: string, options?: DeliverOptions & { sealed?: boolean }): Promise<Delivered[]>;
  /** Delivers the second callback, weeks later: the PDF has another seal, the document the same id. */
  deliverSealedAgain(url: string, id: string, options?: DeliverOptions): Promise<Delivered[]>;
}

export interface DocusignServer extends Served<'docusign'> {
  /** Keys of Connect. */
  keys: string[];
  /** Tokens given so far. */
  tokensGiven: () => number;
  /** Revokes every token that was given. */
  revokeTokens(): void;
  /** Sets the lifetime of the next tokens. */
  tokensLive(seconds: number): void;
  /** Sets whether the user has consented to the integration. */
  consent(given: boolean): void;
  /** Delivers as Connect does: a signature for each key, again after anything but 200 to 299. */
  deliver(
    url: string,
    id: string,
    options?: DeliverOptions & { event?: string; includeDocuments?: boolean },
  ): Promise<Delivered[]>;
}

/** Settings without any service; tests replace those that they start. */
export const noServices: SigningApiSettings = {
  docusign: {
    auth: 'http://127.0.0.1:9',
    api: undefined,
    account: undefined,
    client: undefined,
    user: undefined,
    privateKey: () => undefined,
  },
  scrive: { api: 'http://127.0.0.1:9', credentials: () => undefined },
  oneflow: { api: 'http://127.0.0.1:9', token: () => undefined, user: undefined },
};

/** The smallest readable PDF of one page with `text`. */
export function smallPdf(text: string): Buffer {
  const shown = `BT /F1 18 Tf 72 720 Td (${text.replace(/[^\x20-\x7e]/g, '?').replace(/[\\()]/g, '\\$&')}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${shown.length} >>\nstream\n${shown}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let pdf = '%PDF-1.4\n';
  const starts = objects.map((object, index) => {
    const start = pdf.length;
    pdf += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return start;
  });
  const table = starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  return Buffer.from(
    `${pdf}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${pdf.length}\n%%EOF\n`,
    'latin1',
  );
}

const secret = (): string => randomBytes(16).toString('hex');
/** An id like those of Oneflow and Scrive: a number. */
const numericId = (): string => String(100_000 + (randomBytes(4).readUInt32BE() % 2_000_000_000));

const karin = { name: 'Karin Ek', email: 'karin.ek@testbolaget.example.com' };
const anna = { name: 'Anna Berg', email: 'anna.berg@pector.example' };

function docOf(
  input: SignedInput,
  own: { id: string; status: string; certificate: (id: string) => Buffer | null },
): Doc {
  const { id = own.id, completedAt = '2026-12-01T10:00:00.000Z' } = input;
  return {
    id,
    completedAt,
    title: 'Serviceavtal',
    fields: {},
    signers: [karin, anna].map((signer) => ({ ...signer, signedAt: completedAt })),
    status: own.status,
    contract: smallPdf(`Signed contract ${id}`),
    certificate: own.certificate(id),
    ...input,
  };
}

const changed = (doc: Doc, form: Record<string, unknown>): Record<string, unknown> =>
  doc.change ? doc.change(form) : form;

/** An answer of a server: JSON, a PDF, a redirect or a status alone. */
type Answer =
  | { json: unknown; status?: number }
  | { pdf: Buffer; headers?: Record<string, string> }
  | { location: string };
type Answering = (request: IncomingMessage, path: string, query: URLSearchParams, body: string) => Answer;

/** A dangerous file name: a paper must not be saved under the name that its sender gives it. */
const evil = { 'content-disposition': 'attachment; filename="../../../etc/cron.d/evil"' };

const refusal = (status: number, json: unknown = {}): Answer => ({ status, json });

interface Listening {
  url: string;
  requests: ServedRequest[];
  misbehave: (how?: Misbehaviour) => void;
  close: () => Promise<void>;
}

async function listen(answering: (url: () => string) => Answering): Promise<Listening> {
  const requests: ServedRequest[] = [];
  let bad: { how: Misbehaviour; left: number } | undefined;
  let url = '';
  const answer = answering(() => url);
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://served');
    const body = (await buffer(request)).toString();
    const note = (status: number): void =>
      void requests.push({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        status,
      });
    const wrong = bad && bad.left > 0 && (bad.how.at?.test(pathname) ?? true) ? bad : undefined;
    if (wrong) wrong.left -= 1;
    if (wrong && wrong.how.how !== 'slow') {
      note(wrong.how.status ?? 200);
      return misbehaving(response, wrong.how, isPdfPath(pathname));
    }
    if (wrong) await new Promise((resolve) => setTimeout(resolve, wrong.how.milliseconds ?? 1_000));
    const given = answer(request, pathname, searchParams, body);
    note('json' in given ? (given.status ?? 200) : 'pdf' in given ? 200 : 302);
    return send(response, given);
  };
  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    misbehave: (how) => {
      bad = how && { how, left: how.times ?? Infinity };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const isPdfPath = (path: string): boolean =>
  /\/files\/\w+\/?|\/documents\/(combined|certificate)$/.test(path);

function send(response: ServerResponse, given: Answer): void {
  if ('location' in given) response.writeHead(302, { location: given.location }).end();
  else if ('pdf' in given)
    response.writeHead(200, { 'content-type': 'application/pdf', ...given.headers }).end(given.pdf);
  else
    response
      .writeHead(given.status ?? 200, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify(given.json));
}

function misbehaving(response: ServerResponse, bad: Misbehaviour, pdf: boolean): void {
  const type = { 'content-type': pdf ? 'application/pdf' : 'application/json' };
  const beginning = pdf ? '%PDF-1.4\n' : '{"id": 1, "name": "';
  const { retryAfter } = bad;
  switch (bad.how) {
    case 'status':
      return void response
        .writeHead(bad.status ?? 500, {
          ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
          'content-type': 'application/json',
        })
        .end(bad.body ?? '{}');
    case 'garbage':
      return void response.writeHead(200, type).end(bad.body ?? '<html>Välkommen</html>');
    case 'redirect':
      return void response.writeHead(bad.status ?? 302, { location: bad.to ?? '/' }).end();
    case 'endless': {
      response.writeHead(200, type);
      response.write(beginning);
      const part = Buffer.alloc(64 * 1024, 'a');
      const more = (): void => {
        while (!response.destroyed && response.write(part));
      };
      response.on('drain', more);
      return more();
    }
    case 'stall':
      return void response.writeHead(200, type).write(beginning);
    default:
      response.writeHead(200, { ...type, 'content-length': '1000' });
      return void response.write(beginning, () => response.destroy());
  }
}

/** Sends a delivery as often as the options say; `satisfied` ends the retries. */
async function sendAll(
  url: string,
  { times = 1, retries = 0, wait = 0 }: DeliverOptions,
  satisfied: (status: number) => boolean,
  made: () => { headers: Record<string, string>; body: string },
): Promise<Delivered[]> {
  const answers: Delivered[] = [];
  for (let sent = 0, failed = 0; sent < times; sent += 1) {
    if (answers.length > 0 && wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const answer = await sendOnce(url, made());
    answers.push(answer);
    const good = answer.status !== undefined && satisfied(answer.status);
    if (!good && failed < retries) {
      failed += 1;
      sent -= 1;
    }
  }
  return answers;
}

async function sendOnce(
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string },
): Promise<Delivered> {
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return { status: undefined, body: '' };
  }
}

const is2xx = (status: number): boolean => status >= 200 && status <= 299;
const unchanged = (body: string): string => body;

/** Starts Oneflow on free ports of 127.0.0.1. */
export async function startOneflow(): Promise<OneflowServer> {
  const given = secret();
  let token = given;
  const user = 'integration@pector.example';
  const signKey = secret();
  const documents = new Map<string, Doc>();
  const store = await listen(() => (request, path, query) => {
    const [, id, kind] = path.split('/');
    const content = documents.get(id ?? '')?.[kind === 'contract' ? 'contract' : 'certificate'];
    // The store refuses a request with two kinds of credentials, as real ones do.
    if (request.headers['x-oneflow-api-token'] !== undefined) return refusal(400);
    if (query.get('signature') !== 'short-lived' || !content) return refusal(403);
    return { pdf: content, headers: evil };
  });
  const formOf = (id: string): Record<string, unknown> => {
    const doc = documents.get(id);
    if (!doc) throw new Error(`expected a document at Oneflow, found none with id ${id}`);
    return oneflowForm(doc);
  };
  const api = await listen((url) => (request, path) => {
    if (request.headers['x-oneflow-api-token'] !== token)
      return refusal(401, { api_error_code: 1001, api_error_message: 'Unauthorized', status_code: 401 });
    const [, , , id = '', files, file] = path.split('/');
    const doc = path.startsWith('/v1/contracts/') ? documents.get(id) : undefined;
    if (!doc) return refusal(404, { api_error_message: 'Not found', status_code: 404 });
    if (files === undefined) return { json: oneflowForm(doc) };
    const papers = [
      { id: 1, type: 'contract', content: doc.contract },
      { id: 2, type: 'verification', content: doc.certificate },
      { id: 4711, type: 'attachment', content: smallPdf('Attachment') },
    ].filter(({ content }) => content !== null);
    if (file === undefined)
      return {
        json: {
          count: papers.length,
          data: papers.map((paper) => ({
            _links: { self: { href: `${url()}${path}/${paper.id}` } },
            extension: 'pdf',
            id: paper.id,
            name: '../../etc/passwd',
            type: paper.type,
          })),
        },
      };
    const found = papers.find((paper) => String(paper.id) === file);
    if (!found) return refusal(404);
    return {
      location: `${store.url}/${id}/${found.type === 'contract' ? 'contract' : 'certificate'}?signature=short-lived`,
    };
  });
  return {
    url: api.url,
    settings: { api: `${api.url}/v1`, token: () => given, user },
    requests: api.requests,
    documents,
    signKey,
    store: { url: store.url, requests: store.requests },
    changeToken: (other) => {
      token = other;
    },
    sign: (input = {}) => {
      const doc = docOf(input, { id: numericId(), status: 'signed', certificate: () => null });
      documents.set(doc.id, doc);
      return doc.id;
    },
    formOf,
    misbehave: api.misbehave,
    deliver: (url, id, options = {}) => {
      const { keys: [key = signKey] = [], wrongSignature, changedBody = unchanged } = options;
      const callbackId = options.callbackId ?? `${id}-${randomUUID()}`;
      const signature = createHash('sha1')
        .update(`${callbackId}${wrongSignature ? 'wrong' : key}`)
        .digest('hex');
      const body = JSON.stringify({
        callback_id: callbackId,
        contract: { id: Number(id) },
        events: [
          { created_time: '2026-12-01T10:00:01+00:00', id: 77, type: options.event ?? 'contract:sign' },
        ],
        signature,
      });
      return sendAll(
        url,
        options,
        (status) => status === 200,
        () => ({
          headers: { 'content-type': 'application/json', ...options.headers },
          body: changedBody(body),
        }),
      );
    },
    close: async () => {
      await Promise.all([api.close(), store.close()]);
    },
  };
}

/** A contract in the form of `GET /contracts/{id}`. */
function oneflowForm(doc: Doc): Record<string, unknown> {
  const { id, title, status, fields, signers, completedAt } = doc;
  const when = completedAt.replace(/\.\d+Z$/, '+00:00');
  return changed(doc, {
    _links: { self: { href: `https://api.oneflow.com/v1/contracts/${id}` } },
    id: Number(id),
    name: title,
    state: status,
    lifecycle_state: status === 'signed' ? 'active' : 'none',
    created_time: '2026-11-20T08:00:00+00:00',
    updated_time: when,
    state_updated_time: when,
    published_time: '2026-11-20T08:30:00+00:00',
    data_fields: Object.entries(fields).map(([name, value], index) => ({
      _private_ownerside: { custom_id: name },
      active: true,
      custom_id: name,
      description: '',
      id: 9_000 + index,
      name,
      placeholder: '',
      source: 'Custom',
      value,
    })),
    parties: signers.map(({ name, email, signedAt }, index) => ({
      id: 500 + index,
      my_party: index > 0,
      name: index > 0 ? 'Pector' : 'Testbolaget AB',
      type: 'company',
      identification_number: '',
      participants: [
        {
          id: 600 + index,
          name,
          email,
          signatory: true,
          sign_method: 'electronic_id',
          sign_state: signedAt === undefined ? 'undecided' : 'signed',
          sign_state_updated_time: (signedAt ?? completedAt).replace(/\.\d+Z$/, '+00:00'),
        },
      ],
    })),
  });
}

/** Starts Scrive on a free port of 127.0.0.1. */
export async function startScrive(): Promise<ScriveServer> {
  const words = [`${secret()}_1`, secret(), `${secret()}_2`, secret()];
  const [client, clientSecret, token, tokenSecret] = words;
  const documents = new Map<string, Doc>();
  const accepted = (header: string): boolean => {
    const given = new Map(
      header.split(',').map((part): [string, string] => {
        const [, name = '', value = ''] = /^\s*(\w+)="([^"]*)"\s*$/.exec(part) ?? [];
        return [name, value];
      }),
    );
    return (
      given.get('oauth_signature_method') === 'PLAINTEXT' &&
      given.get('oauth_consumer_key') === client &&
      given.get('oauth_token') === token &&
      given.get('oauth_signature') === `${clientSecret}&${tokenSecret}`
    );
  };
  const formOf = (id: string): Record<string, unknown> => {
    const doc = documents.get(id);
    if (!doc) throw new Error(`expected a document at Scrive, found none with id ${id}`);
    return scriveForm(doc);
  };
  const api = await listen(() => (request, path) => {
    if (!accepted(request.headers.authorization ?? ''))
      return refusal(401, {
        error_type: 'invalid_authorisation',
        error_message: 'No valid access credentials',
        http_code: 401,
      });
    const [, id = '', rest = ''] = /^\/api\/v2\/documents\/([^/]+)\/(.+)$/.exec(path) ?? [];
    const doc = documents.get(id);
    if (!doc)
      return refusal(404, { error_type: 'resource_not_found', error_message: 'Not found', http_code: 404 });
    if (rest === 'get') return { json: scriveForm(doc) };
    if (!/^files\/main\/[^/]+\.pdf$/.test(rest)) return refusal(404, { error_type: 'endpoint_not_found' });
    if (doc.contract === null)
      return refusal(503, {
        error_type: 'document_state_error',
        error_message: 'The sealed PDF for the document is not ready yet, please wait and try again.',
        http_code: 503,
      });
    return { pdf: doc.contract, headers: evil };
  });
  const deliver: ScriveServer['deliver'] = (url, id, options = {}) => {
    const { changedBody = unchanged, sealed = true } = options;
    const form = new URLSearchParams({
      document_id: id,
      document_json: JSON.stringify(formOf(id)),
      document_signed_and_sealed: String(sealed && formOf(id).status === 'closed'),
    });
    // The secret is the end of the address: a wrong signature is a wrong end.
    const to = options.wrongSignature ? `${url}x` : url;
    return sendAll(to, options, is2xx, () => ({
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...options.headers },
      body: changedBody(form.toString()),
    }));
  };
  return {
    url: api.url,
    settings: { api: `${api.url}/api/v2`, credentials: () => words.join(' ') },
    requests: api.requests,
    documents,
    sign: (input = {}) => {
      const id = `822211555${randomBytes(4).readUInt32BE()}`;
      const doc = docOf(input, { id, status: 'closed', certificate: () => null });
      documents.set(doc.id, doc);
      return doc.id;
    },
    formOf,
    misbehave: api.misbehave,
    deliver,
    deliverSealedAgain: (url, id, options) => {
      const doc = documents.get(id);
      if (doc) documents.set(id, { ...doc, contract: smallPdf(`Contract ${id}, sealed anew`) });
      return deliver(url, id, options);
    },
    close: api.close,
  };
}

/** A document in the form of `GET /documents/{id}/get`. */
function scriveForm(doc: Doc): Record<string, unknown> {
  const { id, title, status, fields, signers, completedAt, contract } = doc;
  const time = completedAt.replace(/\.\d+Z$/, 'Z');
  const field = (type: string, value: string, more: object = {}): object => ({
    type,
    value,
    is_obligatory: true,
    should_be_filled_by_sender: false,
    editable_by_signatory: false,
    placements: [],
    ...more,
  });
  return changed(doc, {
    id,
    title,
    status,
    parties: signers.map(({ name, email, signedAt }, index) => {
      const [first = '', ...last] = name.split(' ');
      return {
        id: `${id.slice(0, -3)}${100 + index}`,
        is_author: index > 0,
        is_signatory: true,
        signatory_role: 'signing_party',
        fields: [
          field('name', first, { order: 1 }),
          field('name', last.join(' '), { order: 2 }),
          field('email', email),
          field('company', index > 0 ? 'Pector' : 'Testbolaget AB'),
          field('company_number', ''),
          field('signature', '', { name: 'Signature 1', signature: null }),
          // What was typed stands with the customer.
          ...(index > 0
            ? []
            : Object.entries(fields).map(([each, value]) => field('text', value, { name: each }))),
        ],
        sign_order: index + 1,
        sign_time: signedAt === undefined ? null : signedAt.replace(/\.\d+Z$/, 'Z'),
        seen_time: signedAt === undefined ? null : signedAt.replace(/\.\d+Z$/, 'Z'),
        rejected_time: null,
        rejection_reason: null,
        delivery_method: 'email',
        authentication_method_to_sign: 'se_bankid',
      };
    }),
    file: { id: '4711', name: 'serviceavtal.pdf' },
    sealed_file: contract === null || status !== 'closed' ? null : { id: '4712', name: 'serviceavtal.pdf' },
    author_attachments: [],
    ctime: '2026-11-20T08:00:00Z',
    mtime: time,
    timeout_time: '2027-02-20T22:59:59Z',
    is_template: false,
    days_to_sign: 90,
    lang: 'sv',
    tags: [],
    object_version: 12,
    access_token: '0123456789abcdef',
    timezone: 'Europe/Stockholm',
  });
}

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** The key of the integration, the same at every start: to make one takes longer than most tests. */
const integrationKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

/** Starts DocuSign, its API and token endpoint, on a free port of 127.0.0.1. */
export async function startDocusign(): Promise<DocusignServer> {
  const [account, client, user] = [randomUUID(), randomUUID(), randomUUID()];
  const keys = [secret()];
  const documents = new Map<string, Doc>();
  const tokens = new Map<string, number>();
  let [given, lives, consented] = [0, 3600, true];

  const formOf = (id: string): Record<string, unknown> => {
    const doc = documents.get(id.toLowerCase());
    if (!doc) throw new Error(`expected an envelope at DocuSign, found none with id ${id}`);
    return docusignForm(doc);
  };
  const grant = (url: string, form: URLSearchParams): Answer => {
    const wrong = wrongAssertion(form.get('assertion') ?? '', {
      publicKey: integrationKey.publicKey,
      iss: client,
      sub: user,
      aud: new URL(url).host,
    });
    if (form.get('grant_type') !== jwtBearer) return refusal(400, { error: 'unsupported_grant_type' });
    if (wrong !== undefined) return refusal(400, { error: 'invalid_grant', error_description: wrong });
    if (!consented) return refusal(400, { error: 'consent_required' });
    const token = `eyJ${secret()}`;
    tokens.set(token, Date.now() + 1000 * lives);
    given += 1;
    return {
      json: {
        access_token: token,
        token_type: 'Bearer',
        expires_in: lives,
        scope: 'signature impersonation',
      },
    };
  };
  const api = await listen((url) => (request, path, query, body) => {
    if (request.method === 'POST' && path === '/oauth/token') return grant(url(), new URLSearchParams(body));
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    if ((tokens.get(token) ?? 0) < Date.now())
      return refusal(401, {
        errorCode: 'AUTHORIZATION_INVALID_TOKEN',
        message: `The token ${token} is not valid.`,
      });
    const [, id = '', rest = ''] =
      new RegExp(`^/restapi/v2\\.1/accounts/${account}/envelopes/([^/]+)(/.+)?$`).exec(path) ?? [];
    const doc = documents.get(id.toLowerCase());
    if (!doc) return refusal(404, { errorCode: 'ENVELOPE_DOES_NOT_EXIST', message: 'It does not exist.' });
    if (rest === '') return { json: docusignForm(doc, query.get('include')?.split(',') ?? []) };
    const content =
      rest === '/documents/combined'
        ? doc.contract
        : rest === '/documents/certificate'
          ? doc.certificate
          : null;
    return content === null
      ? refusal(404, { errorCode: 'DOCUMENT_DOES_NOT_EXIST', message: 'It does not exist.' })
      : { pdf: content, headers: evil };
  });
  return {
    url: api.url,
    settings: {
      api: `${api.url}/restapi`,
      auth: api.url,
      account,
      client,
      user,
      privateKey: () => integrationKey.privateKey,
    },
    requests: api.requests,
    documents,
    keys,
    tokensGiven: () => given,
    revokeTokens: () => tokens.clear(),
    tokensLive: (seconds) => {
      lives = seconds;
    },
    consent: (is) => {
      consented = is;
    },
    sign: (input = {}) => {
      const doc = docOf(input, {
        id: randomUUID(),
        status: 'completed',
        certificate: (id) => smallPdf(`Certificate of completion ${id}`),
      });
      documents.set(doc.id.toLowerCase(), doc);
      return doc.id;
    },
    formOf,
    misbehave: api.misbehave,
    deliver: (url, id, options = {}) => {
      const { wrongSignature, changedBody = unchanged, includeDocuments = false } = options;
      const doc = documents.get(id.toLowerCase());
      const summary = formOf(id);
      const body = JSON.stringify({
        event: options.event ?? `envelope-${String(summary.status)}`,
        apiVersion: 'v2.1',
        uri: `/restapi/v2.1/accounts/${account}/envelopes/${id}`,
        retryCount: 0,
        configurationId: 10_000_001,
        generatedDateTime: '2026-12-01T10:00:02.0000000Z',
        data: {
          accountId: account,
          userId: user,
          envelopeId: id,
          envelopeSummary: {
            ...summary,
            ...(includeDocuments && doc && { envelopeDocuments: enclosed(doc) }),
          },
        },
      });
      const signatures = (options.keys ?? keys).map((key, index) => [
        `x-docusign-signature-${index + 1}`,
        createHmac('sha256', wrongSignature ? `${key}x` : key)
          .update(body)
          .digest('base64'),
      ]);
      return sendAll(url, options, is2xx, () => ({
        headers: {
          'content-type': 'application/json',
          ...(Object.fromEntries(signatures) as Record<string, string>),
          ...options.headers,
        },
        body: changedBody(body),
      }));
    },
    close: api.close,
  };
}

/** Checks an assertion as the token endpoint does. @returns what is wrong with it */
function wrongAssertion(
  assertion: string,
  wanted: { publicKey: string; iss: string; sub: string; aud: string },
): string | undefined {
  const [head = '', body = '', signature = ''] = assertion.split('.');
  try {
    const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg?: string };
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    const good = verify(
      'sha256',
      Buffer.from(`${head}.${body}`),
      wanted.publicKey,
      Buffer.from(signature, 'base64url'),
    );
    if (alg !== 'RS256' || !good) return 'invalid_signature';
    const now = Date.now() / 1000;
    const [iat, exp] = [Number(claims.iat), Number(claims.exp)];
    if (!(iat <= now + 60 && exp > now && exp - iat <= 3600)) return 'expired_or_too_long';
    const scopes = String(claims.scope).split(' ');
    if (!scopes.includes('signature') || !scopes.includes('impersonation')) return 'missing_scope';
    const names = ['iss', 'sub', 'aud'] as const;
    return (
      names.find((name) => !same(String(claims[name]), wanted[name])) && 'unknown_issuer_subject_or_audience'
    );
  } catch {
    return 'unreadable';
  }
}

const same = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** The documents of an envelope in the form of Connect. */
const enclosed = ({ contract, certificate }: Doc): object[] => [
  ...(contract === null
    ? []
    : [
        {
          documentId: '1',
          documentIdGuid: randomUUID(),
          name: 'Serviceavtal.pdf',
          type: 'content',
          order: '1',
          PDFBytes: contract.toString('base64'),
        },
      ]),
  ...(certificate === null
    ? []
    : [
        {
          documentId: 'certificate',
          documentIdGuid: randomUUID(),
          name: 'Summary',
          type: 'summary',
          order: '999',
          PDFBytes: certificate.toString('base64'),
        },
      ]),
];

/** An envelope in the form of `GET …/envelopes/{id}`, and of Connect's `envelopeSummary`. */
function docusignForm(doc: Doc, include = ['recipients', 'tabs', 'custom_fields']): Record<string, unknown> {
  const { id, title, status, fields, signers, completedAt } = doc;
  const time = (instant: string): string => instant.replace(/Z$/, '0000Z');
  const tabs = Object.entries(fields).map(([tabLabel, value]) => ({
    tabId: randomUUID(),
    tabLabel,
    name: tabLabel,
    value,
    documentId: '1',
    recipientId: '1',
    pageNumber: '1',
    tabType: 'text',
  }));
  const recipients = signers.map(({ name, email, signedAt }, index) => ({
    recipientId: String(index + 1),
    recipientIdGuid: randomUUID(),
    routingOrder: String(index + 1),
    name,
    email,
    status: signedAt === undefined ? 'sent' : 'completed',
    roleName: index > 0 ? 'Pector' : 'Customer',
    ...(signedAt !== undefined && { signedDateTime: time(signedAt) }),
    ...(include.includes('tabs') && {
      tabs: {
        signHereTabs: [{ tabLabel: 'Sign Here', status: 'signed', tabType: 'signhere' }],
        // What was typed stands with the customer.
        ...(index === 0 && { textTabs: tabs }),
      },
    }),
  }));
  return changed(doc, {
    envelopeId: id,
    status,
    emailSubject: title,
    createdDateTime: '2026-11-20T08:00:00.0000000Z',
    sentDateTime: '2026-11-20T08:30:00.0000000Z',
    statusChangedDateTime: time(completedAt),
    ...(status === 'completed' && { completedDateTime: time(completedAt) }),
    ...(status === 'declined' && { declinedDateTime: time(completedAt) }),
    ...(status === 'voided' && { voidedDateTime: time(completedAt), voidedReason: 'No longer wanted' }),
    ...(include.includes('recipients') && {
      recipients: {
        signers: recipients,
        agents: [],
        editors: [],
        carbonCopies: [],
        recipientCount: String(recipients.length),
      },
    }),
    ...(include.includes('custom_fields') && {
      customFields: { textCustomFields: [], listCustomFields: [] },
    }),
  });
}
