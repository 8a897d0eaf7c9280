/** OpenAPI descriptions of the addresses below `/signings`. */
import type { Operation, Responses } from './openapi';
import { always, early, inHeader, ofDatabase, parameter, ref, text } from './openapi';

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
const unreadable = {
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

/** Completes an operation with the parts that all of them share. */
const taken = (operation: Omit<Operation, 'tags' | 'security'> & Partial<Operation>): Operation => ({
  tags: ['signings'],
  security: [],
  ...operation,
});

export const docusignOperation = taken({
  operationId: 'postDocusign',
  summary: 'What DocuSign Connect tells of an envelope',
  security: [{ docusign: [] }],
  requestBody: bodyOf(
    'application/json',
    'DocusignMessage',
    'At most 10 MB. Taken as it is once its signature is genuine; what is wrong in it is found out later.',
    { event: 'envelope-completed', data: { envelopeId: '8a1f6c0e-1111-4222-8333-444455556666' } },
  ),
  responses: delivered,
});

export const oneflowOperation = taken({
  operationId: 'postOneflow',
  summary: 'What Oneflow tells of a contract',
  description:
    'Its signature stands in the body and covers `callback_id` alone: the contract is fetched from Oneflow before anything is believed.',
  requestBody: bodyOf('application/json', 'OneflowCallback', 'At most 1 MB.', {
    callback_id: 'c2b5b8a4',
    signature: '0f4a1d1b8c6f8a7a6d1e2f3a4b5c6d7e8f9a0b1c',
    contract: { id: 1842733 },
    events: [{ type: 'contract:sign' }],
  }),
  responses: { ...delivered, '400': unreadable },
});

const { '200': _received, ...neverTaken } = delivered;
export const scriveWithoutSecretOperation = taken({
  operationId: 'postScriveWithoutSecret',
  summary: 'Nothing: a secret belongs at the end of this address',
  requestBody: scriveBody,
  responses: neverTaken,
});

export const scriveOperation = taken({
  operationId: 'postScrive',
  summary: 'What Scrive tells of a document',
  parameters: [parameter('secret', 'The secret that only Scrive and we know.')],
  requestBody: scriveBody,
  responses: { ...delivered, '400': unreadable },
});

export const signedOperation = taken({
  operationId: 'postSigned',
  summary: 'A signed contract from any other system, in our own form',
  security: [{ signed: [] }],
  requestBody: bodyOf('application/json', 'SignedMessage', 'At most 10 MB.', {
    event: 'completed',
    document: { id: 'A-1017', title: 'Serviceavtal', completedAt: '2027-03-10T09:00:00Z' },
    fields: { Kund: 'Testbolaget AB' },
  }),
  responses: delivered,
});

const anyObject = (description: string, required: string[], properties: object) => ({
  type: 'object',
  description,
  required,
  properties,
  additionalProperties: true,
});

const id = { type: ['string', 'integer'], minLength: 1 };
/** Schemas of the bodies, by the names that the operations refer to. */
export const signingSchemas = {
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
};
