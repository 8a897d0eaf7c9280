/** `/openapi.json`: everything the intake takes and answers, as OpenAPI 3.1 describes it. */
import type { FastifyInstance } from 'fastify';
import { allowMethods } from './allow-methods';

interface Described {
  description: string;
  [more: string]: unknown;
}
type Responses = Record<string, Described | { $ref: string }>;

const ref = (name: string): { $ref: string } => ({ $ref: `#/components/${name}` });
const text = (description: string, example: string): Described => ({
  description,
  content: { 'text/plain': { schema: { type: 'string' }, example: `${example}\n` } },
});
/** A request that cannot be made out is answered before any route, or by the framework, as JSON. */
const early = {
  'text/plain': { schema: { type: 'string' } },
  'application/json': { schema: { type: 'object' } },
};
const inHeader = (description: string, schema: object) => ({ description, schema });

/** What Node or the framework answers by itself, before any route has a say. */
const always: Responses = {
  '400': ref('responses/BadRequest'),
  '408': ref('responses/TooSlow'),
  '417': ref('responses/ExpectationFailed'),
  '431': ref('responses/HeadersTooLarge'),
};
/** What every route answers that asks the database. */
const ofDatabase: Responses = { '500': ref('responses/Broken'), '503': ref('responses/NotNow') };

const parameter = (name: string, description: string, schema: object = {}) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string', minLength: 1, ...schema },
});

const delivered: Responses = {
  ...always,
  ...ofDatabase,
  '200': {
    ...text('It is kept: `received` the first time, `known` when the same bytes came before.', 'received'),
    headers: {
      'serviceavtal-delivery': inHeader('Number of the delivery in the inbox.', {
        type: 'integer',
        minimum: 1,
      }),
    },
  },
  '401': ref('responses/NotAccepted'),
  '404': ref('responses/NotSetUp'),
  '413': ref('responses/TooLarge'),
  '415': ref('responses/UnsupportedContent'),
  '429': ref('responses/TooManyRequests'),
};
const unreadable: Described = {
  description: 'It does not say which document it is about, or is no request that can be understood.',
  content: {
    ...early,
    'text/plain': { schema: { type: 'string' }, example: 'expected document_id, found none\n' },
  },
};

const bodyOf = (mediaType: string, schema: string, description: string, example: unknown) => ({
  description,
  required: true,
  content: { [mediaType]: { schema: ref(`schemas/${schema}`), example } },
});

const scriveBody = bodyOf(
  'application/x-www-form-urlencoded',
  'ScriveCallback',
  'At most 1 MB. What it says of the document is believed only once that is fetched from Scrive.',
  { document_id: '8222115557375013942', document_signed_and_sealed: 'true' },
);

const heartbeatAnswers: Responses = {
  ...always,
  ...ofDatabase,
  '200': text('The report is kept.', 'ok'),
  '404': text('Nobody knows the token, or what stands after it says nothing.', 'unknown token'),
  '410': text('The check is not watched now.', 'this check is not watched now'),
  '413': ref('responses/TooLarge'),
  '429': ref('responses/TooManyRequests'),
};
const jobToken = parameter('token', "The job's token.");
const jobOutput = {
  description: 'What the job has to say; the beginning is kept. Any content, at most 1 MB.',
  required: false,
  content: { '*/*': { schema: {} } },
};
/** GET is for clients that know nothing else. */
const heartbeat = (summary: string, id: string, parameters: ReturnType<typeof parameter>[]) => ({
  ...refusingOthers('GET, POST'),
  parameters,
  get: { operationId: `get${id}`, summary, tags: ['heartbeats'], security: [], responses: heartbeatAnswers },
  post: {
    operationId: `post${id}`,
    summary,
    tags: ['heartbeats'],
    security: [],
    requestBody: jobOutput,
    responses: heartbeatAnswers,
  },
});

/** What the other methods of an address are answered. */
function refusingOthers(allow: string) {
  return { description: `Other methods are answered 405, with \`Allow: ${allow}\`.` };
}

const page = (description: string): Described => ({
  description,
  content: { 'text/html': { schema: { type: 'string' } } },
});
const alertAnswers: Responses = {
  ...always,
  ...ofDatabase,
  '400': {
    description: 'What was asked for cannot be done, or is no request that can be understood.',
    content: { ...early, 'text/html': { schema: { type: 'string' } } },
  },
  '403': page('The link is not one of ours.'),
  '410': page('The link has expired, or what it is about is gone.'),
  '429': page('Too many tries with links that are not ours.'),
};
const asked = (summary: string, id: string, responses: Responses, more: object = {}) => ({
  ...refusingOthers('GET'),
  get: {
    operationId: id,
    summary,
    tags: ['the intake'],
    security: [],
    responses: { ...always, ...responses },
    ...more,
  },
});

const paths = {
  '/signings/docusign': {
    ...refusingOthers('POST'),
    post: {
      operationId: 'postDocusign',
      summary: 'What DocuSign Connect tells of an envelope',
      tags: ['signings'],
      security: [{ docusign: [] }],
      requestBody: bodyOf(
        'application/json',
        'DocusignMessage',
        'At most 10 MB. Taken as it is once its signature is genuine; what is wrong in it is found out later.',
        { event: 'envelope-completed', data: { envelopeId: '8a1f6c0e-1111-4222-8333-444455556666' } },
      ),
      responses: delivered,
    },
  },
  '/signings/oneflow': {
    ...refusingOthers('POST'),
    post: {
      operationId: 'postOneflow',
      summary: 'What Oneflow tells of a contract',
      description:
        'Its signature stands in the body and covers `callback_id` alone: the contract is fetched from Oneflow before anything is believed.',
      tags: ['signings'],
      security: [],
      requestBody: bodyOf('application/json', 'OneflowCallback', 'At most 1 MB.', {
        callback_id: 'c2b5b8a4',
        signature: '0f4a1d1b8c6f8a7a6d1e2f3a4b5c6d7e8f9a0b1c',
        contract: { id: 1842733 },
        events: [{ type: 'contract:sign' }],
      }),
      responses: { ...delivered, '400': unreadable },
    },
  },
  '/signings/scrive': {
    ...refusingOthers('POST'),
    post: {
      operationId: 'postScriveWithoutSecret',
      summary: 'Nothing: a secret belongs at the end of this address',
      tags: ['signings'],
      security: [],
      requestBody: scriveBody,
      responses: without(delivered, '200'),
    },
  },
  '/signings/scrive/{secret}': {
    ...refusingOthers('POST'),
    parameters: [parameter('secret', 'The secret that only Scrive and we know.')],
    post: {
      operationId: 'postScrive',
      summary: 'What Scrive tells of a document',
      tags: ['signings'],
      security: [],
      requestBody: scriveBody,
      responses: { ...delivered, '400': unreadable },
    },
  },
  '/signings/signed': {
    ...refusingOthers('POST'),
    post: {
      operationId: 'postSigned',
      summary: 'A signed contract from any other system, in our own form',
      tags: ['signings'],
      security: [{ signed: [] }],
      requestBody: bodyOf('application/json', 'SignedMessage', 'At most 10 MB.', {
        event: 'completed',
        document: { id: 'A-1017', title: 'Serviceavtal', completedAt: '2027-03-10T09:00:00Z' },
        fields: { Kund: 'Testbolaget AB' },
      }),
      responses: delivered,
    },
  },
  '/heartbeats/{token}': heartbeat('A job ran well', 'Heartbeat', [jobToken]),
  '/heartbeats/{token}/{what}': heartbeat('How a job goes', 'HeartbeatOf', [
    jobToken,
    parameter('what', '`start`, `fail`, or the exit code.', {
      pattern: '^(start|fail|0|-?[1-9][0-9]{0,9})$',
    }),
  ]),
  '/alerts/{token}': {
    ...refusingOthers('GET, POST'),
    parameters: [parameter('token', 'What a link in a mail to support ends with.')],
    get: {
      operationId: 'getAlert',
      summary: 'The page that says what a link does',
      tags: ['alerts'],
      security: [],
      responses: { ...alertAnswers, '200': page('The page, with a button that does it.') },
    },
    post: {
      operationId: 'postAlert',
      summary: 'Does what the link is for',
      tags: ['alerts'],
      security: [],
      requestBody: {
        required: false,
        content: { 'application/x-www-form-urlencoded': { schema: ref('schemas/AlertForm') } },
      },
      responses: {
        ...alertAnswers,
        '200': page('It is done.'),
        '413': ref('responses/TooLarge'),
        '415': ref('responses/UnsupportedContent'),
      },
    },
  },
  '/metrics': asked(
    'Figures for Prometheus',
    'getMetrics',
    {
      '200': {
        description: "Prometheus' text format.",
        content: { 'text/plain': { schema: { type: 'string' } } },
      },
      '401': text('A token is set, and this is not it.', 'expected a bearer token'),
      '403': text(
        'No token is set, and this is not our own machine.',
        'only from this machine, or with a token',
      ),
    },
    { security: [{}, { metrics: [] }] },
  ),
  '/healthz': asked('Whether the process lives', 'getHealth', { '200': text('It does.', 'ok') }),
  '/readyz': asked('Whether it can do its work', 'getReadiness', {
    '200': text('It can.', 'ready'),
    '503': text('It cannot, and why.', 'not ready: the database does not answer'),
  }),
  '/openapi.json': asked('This description', 'getDescription', {
    '200': { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
  }),
};

function without(responses: Responses, status: string): Responses {
  return Object.fromEntries(Object.entries(responses).filter(([each]) => each !== status));
}

const anyObject = (description: string, required: string[], properties: object) => ({
  type: 'object',
  description,
  required,
  properties,
  additionalProperties: true,
});

const id = { type: ['string', 'integer'], minLength: 1 };
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
      ...text('Too many tries; this one is not kept.', 'too many requests'),
      headers: retryAfter,
    },
    NotNow: {
      ...text('It could not be kept just now: try again.', 'not now, try again'),
      headers: retryAfter,
    },
    Broken: { ...text('A fault of ours, which is logged.', 'not now, try again'), headers: retryAfter },
  },
  schemas: {
    DocusignMessage: anyObject('A message of DocuSign Connect, format JSON.', ['event', 'data'], {
      event: { type: 'string' },
      data: anyObject('', ['envelopeId'], {
        envelopeId: { type: 'string' },
        envelopeSummary: { type: 'object' },
      }),
    }),
    OneflowCallback: anyObject('A callback of Oneflow.', ['callback_id', 'signature', 'contract'], {
      callback_id: id,
      signature: { type: 'string', pattern: '^[0-9a-f]{40}$' },
      contract: anyObject('', ['id'], { id }),
      events: { type: 'array', items: { type: 'object' } },
    }),
    ScriveCallback: anyObject('A callback of Scrive.', ['document_id'], {
      document_id: { type: 'string', minLength: 1 },
      document_json: { type: 'string' },
      document_signed_and_sealed: { type: 'string', enum: ['true', 'false'] },
    }),
    SignedMessage: anyObject('What happened to a document.', ['event', 'document'], {
      event: {
        type: 'string',
        description: '`completed` starts an agreement; `declined`, `voided`, `expired` and others are noted.',
      },
      document: anyObject('', ['id'], {
        id: { type: 'string', minLength: 1 },
        title: { type: 'string' },
        completedAt: { type: 'string', format: 'date-time' },
        signers: {
          type: 'array',
          items: anyObject('', ['name', 'email'], {
            name: { type: 'string' },
            email: { type: 'string' },
            signedAt: { type: 'string', format: 'date-time' },
          }),
        },
        files: {
          type: 'array',
          items: anyObject('', ['kind', 'name', 'mediaType', 'base64'], {
            kind: { enum: ['contract', 'certificate'] },
            name: { type: 'string' },
            mediaType: { type: 'string' },
            base64: { type: 'string', contentEncoding: 'base64' },
          }),
        },
      }),
      contract: { type: 'object', description: 'Our contract, as a contract file holds it.' },
      fields: { type: 'object', additionalProperties: { type: 'string' } },
    }),
    AlertForm: {
      type: 'object',
      properties: Object.fromEntries(
        ['do', 'by', 'note', 'reason', 'for', 'day'].map((name) => [name, { type: 'string' }]),
      ),
    },
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

export const openApi = {
  openapi: '3.1.0',
  info: {
    title: 'serviceavtal: the intake',
    version: '1.0.0',
    description: 'What comes in over HTTP: signed contracts, reports of jobs, answers to alerts.',
  },
  // Relative to where this was read: the intake does not know how it is reached from outside.
  servers: [{ url: './' }],
  tags: [
    { name: 'signings', description: 'Contracts that were signed' },
    { name: 'heartbeats', description: "Customers' jobs that report in" },
    { name: 'alerts', description: 'Links in mails to support' },
    { name: 'the intake', description: 'How it is' },
  ],
  paths,
  components,
};

export function openApiRoute(app: FastifyInstance): void {
  const written = JSON.stringify(openApi);
  app.get('/openapi.json', async (_request, reply) => reply.type('application/json').send(written));
  allowMethods(app, '/openapi.json', 'GET');
}
