/** What the intake's description says of the personal pages. */
import type { Operation, Responses } from '../openapi';
import { always, early, htmlPage, ofDatabase, parameter, ref } from '../openapi';

const sorry = htmlPage('It could not be done just now, and nothing was changed: try again.');
const answers: Responses = {
  ...always,
  ...ofDatabase,
  '400': {
    description: 'What was asked for cannot be done, or is no request that can be understood.',
    content: { ...early, 'text/html': { schema: { type: 'string' } } },
  },
  '403': htmlPage('The link is not one of ours, or it takes a code.'),
  '410': htmlPage('The link has expired or was revoked, its holder has left, or what it is about is gone.'),
  '429': htmlPage('Too many tries.'),
  '500': sorry,
  '503': sorry,
};
const shared = {
  security: [],
  parameters: [parameter('token', 'What a link in a mail ends with.')],
};

/** The two operations of an address. @param name of the page in the operations' ids */
export function pageOperations(name: string, tag: string): { page: Operation; form: Operation } {
  return {
    page: {
      ...shared,
      tags: [tag],
      operationId: `get${name}`,
      summary: 'The page that a link opens; it changes nothing',
      responses: {
        ...answers,
        '200': {
          description:
            'The page, with a form that does what it is for; a calendar, or a document that is kept.',
          content: Object.fromEntries(
            ['text/html', 'text/calendar', 'application/pdf'].map((type) => [
              type,
              { schema: { type: 'string' } },
            ]),
          ),
        },
        '304': { description: 'The calendar or the document is the one that is known already.' },
      },
    },
    form: {
      ...shared,
      tags: [tag],
      operationId: `post${name}`,
      summary: 'Does what the page is for',
      requestBody: {
        required: false,
        content: {
          'application/x-www-form-urlencoded': { schema: ref('schemas/PageForm') },
          ...(tag === 'pages' && { 'multipart/form-data': { schema: ref('schemas/PageFormWithPictures') } }),
        },
      },
      responses: {
        ...answers,
        '200': htmlPage('It is done.'),
        '303': {
          description:
            'Back to the page: with a session, where a code was right, or with what came of the form.',
        },
        '413': ref('responses/TooLarge'),
        '415': ref('responses/UnsupportedContent'),
      },
    },
  };
}

/** A picture that a page shows. */
export const pictureOperation: Operation = {
  ...shared,
  parameters: [...shared.parameters, parameter('hash', 'SHA-256 of the picture, in hexadecimal.')],
  tags: ['pages'],
  operationId: 'getPagePicture',
  summary: 'A picture that was sent with a test case, to whom a link of the same agreement shows it',
  responses: {
    ...answers,
    '200': {
      description: 'The picture, as it was sent.',
      content: Object.fromEntries(
        ['jpeg', 'png', 'webp', 'gif'].map((type) => [`image/${type}`, { schema: {} }]),
      ),
    },
    '404': htmlPage('The agreement has no such picture, or the page shows none.'),
  },
};

/** Schemas of the forms, by the name that the operations refer to. */
export const pageSchemas = {
  PageForm: {
    type: 'object',
    description:
      'What is done, the token that the page was shown with, and the fields that the page asks for.',
    properties: Object.fromEntries(['do', 'form', 'code'].map((name) => [name, { type: 'string' }])),
    additionalProperties: { type: 'string' },
  },
  PageFormWithPictures: {
    type: 'object',
    description: 'The same of a test case, with up to four pictures of at most ten megabytes each.',
    properties: { picture: { type: 'array', items: { type: 'string', format: 'binary' } } },
    additionalProperties: { type: 'string' },
  },
};
