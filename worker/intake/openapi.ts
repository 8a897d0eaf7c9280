/**
 * `/openapi.json`: everything the intake takes and answers, in OpenAPI 3.1. Each route describes itself in
 * `config.operation` where it is registered; this file holds the parts that they share.
 */
import type { FastifyInstance } from 'fastify';
import { allowMethods } from './allow-methods';

export interface Described {
  description: string;
  [more: string]: unknown;
}
export type Responses = Record<string, Described | { $ref: string }>;

export interface Parameter {
  name: string;
  in: 'path';
  required: true;
  description: string;
  schema: object;
}

/** OpenAPI's description of one method of an address. */
export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security: object[];
  requestBody?: { description?: string; required: boolean; content: Record<string, object> };
  responses: Responses;
  /** Parameters in the address: the same for each method. */
  parameters?: Parameter[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation;
    /** People have its answers before them: also what went wrong is told as a page. */
    speaksHtml?: boolean;
  }
}

export const ref = (name: string): { $ref: string } => ({ $ref: `#/components/${name}` });
export const text = (description: string, example: string): Described => ({
  description,
  content: { 'text/plain': { schema: { type: 'string' }, example: `${example}\n` } },
});
/** Body of an answer to a malformed request: text before any route, or JSON by the framework. */
export const early = {
  'text/plain': { schema: { type: 'string' } },
  'application/json': { schema: { type: 'object' } },
};
export const inHeader = (description: string, schema: object): Described => ({ description, schema });

/** Answers of Node or the framework, before any route is reached. */
export const always: Responses = {
  '400': ref('responses/BadRequest'),
  '408': ref('responses/TooSlow'),
  '417': ref('responses/ExpectationFailed'),
  '429': ref('responses/TooManyRequests'),
  '431': ref('responses/HeadersTooLarge'),
};
/** Answers of every route that uses the database. */
export const ofDatabase: Responses = { '500': ref('responses/Broken'), '503': ref('responses/NotNow') };

export const parameter = (name: string, description: string, schema: object = {}): Parameter => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string', minLength: 1, ...schema },
});

export const htmlPage = (description: string): Described => ({
  description,
  content: { 'text/html': { schema: { type: 'string' } } },
});
const retryAfter = { 'retry-after': inHeader('Seconds to wait.', { type: 'integer', minimum: 0 }) };
const components = {
  responses: {
    BadRequest: { description: 'It is no request that can be understood.', content: early },
    TooSlow: { description: 'It took too long to come in; the connection is closed.', content: early },
    ExpectationFailed: { description: 'It expects something else than `100-continue`.' },
    HeadersTooLarge: {
      description: 'Its headers are more than 16 KB; the connection is closed.',
      content: early,
    },
    NotAccepted: text(
      'It is not shown to be genuine. The reason is kept with the delivery, for us: `npx serviceavtal intake list`.',
      'not accepted',
    ),
    NotSetUp: text('No keys are set for this service.', 'not set up here'),
    MethodNotAllowed: {
      ...text('Every other method of an address that is described here.', 'method not allowed'),
      headers: { allow: inHeader('Methods that it takes.', { type: 'string' }) },
    },
    TooLarge: text('The body is too large; the connection is closed.', 'too large'),
    UnsupportedContent: text(
      'The content is of a kind that is not read.',
      'expected application/json in UTF-8',
    ),
    TooManyRequests: {
      ...text('Too many tries, or too many at the same time; this one is not kept.', 'too many requests'),
      headers: retryAfter,
    },
    NotNow: {
      ...text('It could not be kept just now: try again.', 'not now, try again'),
      headers: retryAfter,
    },
    Broken: { ...text('A fault of ours, which is logged.', 'not now, try again'), headers: retryAfter },
  },
  securitySchemes: {
    docusign: {
      type: 'apiKey',
      in: 'header',
      name: 'X-DocuSign-Signature-1',
      description:
        'HMAC-SHA256 of the body in base64; one header, numbered on, for each key that is active at DocuSign.',
    },
    signed: {
      type: 'apiKey',
      in: 'header',
      name: 'Serviceavtal-Signature',
      description:
        '`t=<unix seconds>,v1=<hex>[,v1=<hex>]`: HMAC-SHA256 of `<t>.<body>` by each of the sender’s keys, good for 300 s.',
    },
    metrics: { type: 'http', scheme: 'bearer', description: 'Needed where a token is set.' },
  },
};

type PathItem = Record<string, string | Parameter[] | Omit<Operation, 'parameters'>> & {
  description: string;
};

/**
 * Collects the descriptions of the routes that are registered from now on.
 * @param schemas schemas that the routes' bodies refer to, by name
 * @returns a function that gives the description, to be called once all routes are registered
 */
export function describeRoutes(app: FastifyInstance, schemas: Record<string, object>) {
  const paths: Record<string, PathItem> = {};
  app.addHook('onRoute', ({ method, url, config = {} }) => {
    const item = (paths[url.replace(/:(\w+)/g, '{$1}')] ??= { description: '' });
    if (config.allows)
      item.description = `Other methods are answered 405, with \`Allow: ${config.allows.join(', ')}\`.`;
    if (!config.operation) return;
    const { parameters, ...operation } = config.operation;
    if (parameters) item.parameters = parameters;
    item[String(method).toLowerCase()] = method === 'HEAD' ? withoutBody(operation) : operation;
  });
  return () => ({
    openapi: '3.1.0',
    info: {
      title: 'serviceavtal: the intake',
      version: '1.0.0',
      description:
        'What comes in over HTTP: signed contracts, reports of jobs, what people do on the pages behind links in mails.',
    },
    // Relative to where this was read: the intake does not know how it is reached from outside.
    servers: [{ url: './' }],
    tags: [
      { name: 'signings', description: 'Contracts that were signed' },
      { name: 'heartbeats', description: "Customers' jobs that report in" },
      { name: 'pages', description: 'Personal links in mails' },
      { name: 'alerts', description: 'Links in mails to support of before 0.3.0' },
      { name: 'the intake', description: 'How it is' },
    ],
    paths,
    components: { ...components, schemas },
  });
}

/** What is described of an address's GET, for its HEAD. */
function withoutBody({ operationId, responses, ...operation }: Omit<Operation, 'parameters'>) {
  const headers = Object.entries(responses).map(([status, answer]) => {
    if ('$ref' in answer) return [status, answer];
    const { content: _, ...head } = answer;
    return [status, head];
  });
  return {
    ...operation,
    operationId: operationId.replace(/^get/, 'head'),
    summary: 'As GET, without the body',
    responses: Object.fromEntries(headers) as Responses,
  };
}

export type OpenApi = ReturnType<ReturnType<typeof describeRoutes>>;

/** The operation of a route that reports on the intake itself. */
export const asked = (
  summary: string,
  operationId: string,
  responses: Responses,
  security: object[] = [],
): Operation => ({
  operationId,
  summary,
  tags: ['the intake'],
  security,
  responses: { ...always, ...responses },
});

export function openApiRoute(app: FastifyInstance, describe: () => OpenApi): void {
  const operation = asked('This description', 'getDescription', {
    '200': { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
  });
  app.get('/openapi.json', { config: { operation } }, async (_request, reply) =>
    reply.type('application/json').send(JSON.stringify(describe())),
  );
  allowMethods(app, '/openapi.json', 'GET');
}
