import fc from 'fast-check';
import { formatReason, mapSigning } from '../../../rules/engine/signing/map-signing';
import { readDocument } from '../../../rules/engine/signing/read-document';
import type { SigningService } from '../../../rules/engine/signing/signing';
import { signingServices } from '../../../rules/engine/signing/signing';
import { documentOf, mappingOf, payload } from './documents';

type Json = Record<string, unknown>;

/** Reasons in English. */
function reasonsOf(service: SigningService, value: unknown): string[] {
  const read = readDocument(service, value);
  return 'reasons' in read ? read.reasons.map((reason) => formatReason(reason).en) : [];
}

function read(service: SigningService, value: unknown) {
  const result = readDocument(service, value);
  if ('reasons' in result) throw new Error(JSON.stringify(result.reasons));
  return result.value;
}

describe.each(signingServices)('a document of %s', (service) => {
  test('is completed, by both who signed', () => {
    const { outcome, title, completedAt, signers } = documentOf(service);
    expect({ outcome, title }).toEqual({ outcome: 'completed', title: 'Serviceavtal Guld, Testbolaget AB' });
    expect(completedAt).toMatch(/^2026-12-01T14:21:07\.\d{3}Z$/);
    expect(signers.map(({ email }) => email).sort()).toEqual([
      'erik.holm@pector.example',
      'karin.ek@testbolaget.example.com',
    ]);
    expect(signers.map(({ name }) => name).sort()).toEqual(['Erik Holm', 'Karin Ek']);
    expect(signers.map(({ signedAt }) => signedAt?.slice(0, 19)).sort()).toEqual([
      '2026-12-01T14:15:41',
      '2026-12-01T14:21:07',
    ]);
  });

  test('has its fields, filled in or not', () => {
    const fields = new Map(documentOf(service).fields.map(({ name, value }) => [name, value]));
    expect(fields.get('Timmar per år')).toMatch(/^120( timmar)?$/);
    expect(fields.get('Nivå')).toBe('Guld');
    expect(fields.get('Rabatt')).toBe('');
  });

  test('that is not JSON of the kind is told, never thrown', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const result = readDocument(service, value);
        if (!('reasons' in result)) expect(result.value.document).not.toBe('');
        else expect(result.reasons).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('with any part of it replaced is read or told, and so is what it gives', () => {
    const mapping = mappingOf(service);
    const paths = pathsOf(payload(service));
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.oneof(
          fc.jsonValue({ maxDepth: 2 }),
          fc.constantFrom('\0', '\ud800', '9'.repeat(600), '__proto__', 'constructor'),
        ),
        (path, value) => {
          const result = readDocument(service, replaced(payload(service), path, value));
          if ('reasons' in result)
            return expect(
              result.reasons.every(({ message }) => /^expected .*, found ./s.test(message.en)),
            ).toBe(true);
          expect(['completed', 'declined', 'voided', 'expired', 'other']).toContain(result.value.outcome);
          expect(JSON.stringify(result.value)).not.toMatch(/\\u0000|\\ud[89a-f]../i);
          const given = mapSigning(mapping, result.value);
          if ('reasons' in given) expect(given.reasons).not.toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))];
}

function replaced(value: unknown, [name, ...rest]: string[], by: unknown): unknown {
  if (name === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as Json) }) as Json;
  copy[name] = replaced(copy[name], rest, by);
  return copy;
}

describe('DocuSign', () => {
  const told = (event: string, summary: Json = {}): unknown => {
    const whole = payload('docusign') as { data: { envelopeSummary: Json } };
    return {
      ...whole,
      event,
      data: { ...whole.data, envelopeSummary: { ...whole.data.envelopeSummary, ...summary } },
    };
  };

  test.each([
    ['envelope-completed', 'completed', undefined, 'completed'],
    ['envelope-declined', 'declined', undefined, 'declined'],
    ['envelope-voided', 'voided', 'Fel kund', 'voided'],
    ['envelope-voided', 'voided', 'Envelope has expired.', 'expired'],
    ['envelope-sent', 'sent', undefined, 'other'],
    ['envelope-delivered', 'completed', undefined, 'other'],
    ['envelope-purge', 'completed', undefined, 'other'],
    ['recipient-completed', 'completed', undefined, 'other'],
    ['recipient-declined', 'declined', undefined, 'other'],
  ])('%s of an envelope that is %s (%s) is %s', (event, status, voidedReason, outcome) => {
    const document = read('docusign', told(event, { status, voidedReason }));
    expect(document).toMatchObject({ outcome, status: event });
    expect(document.completedAt === undefined).toBe(outcome !== 'completed');
  });

  test('a completion that the summary denies waits for a person', () => {
    expect(reasonsOf('docusign', told('envelope-completed', { status: 'voided' }))).toEqual([
      'data.envelopeSummary.status: expected "completed", found "voided"',
    ]);
  });

  test('boxes and radio buttons are what is ticked; signatures are no fields', () => {
    const fields = documentOf('docusign').fields;
    expect(fields).toContainEqual({ name: 'Villkoren är lästa', value: 'true' });
    expect(fields).toContainEqual({ name: 'Dokumenttyp', value: 'Serviceavtal' });
    expect(fields.filter(({ name }) => name === 'Avtalsnummer')).toHaveLength(2);
    expect(fields.some(({ name }) => name === 'Signatur')).toBe(false);
  });

  test('the certificate is told from the signed document', () => {
    const files = documentOf('docusign').files.map(({ kind, name, mediaType }) => ({
      kind,
      name,
      mediaType,
    }));
    expect(files).toEqual([
      { kind: 'contract', name: 'Serviceavtal.pdf', mediaType: 'application/pdf' },
      { kind: 'certificate', name: 'Summary.pdf', mediaType: 'application/pdf' },
    ]);
  });

  test('what is missing or of the wrong kind is told all at once', () => {
    const body = {
      event: 7.5,
      data: { envelopeSummary: { recipients: { signers: [{ name: ['Karin'] }] } } },
    };
    expect(reasonsOf('docusign', body)).toEqual([
      "data.envelopeId: expected the envelope's id, found nothing",
      'data.envelopeSummary.recipients.signers[0].name: expected a text, found a list of 1',
    ]);
    expect(reasonsOf('docusign', [])).toContain('expected an object, found an empty list');
    expect(reasonsOf('docusign', null)).toEqual(['expected a document, found null']);
  });
});

test.each([
  ['closed', 'completed'],
  ['rejected', 'declined'],
  ['canceled', 'voided'],
  ['timedout', 'expired'],
  ['pending', 'other'],
  ['document_error', 'other'],
])('Scrive: %s is %s', (status, outcome) => {
  expect(read('scrive', { ...(payload('scrive') as Json), status }).outcome).toBe(outcome);
});

test('Scrive: of the other side its company is known, of ours nothing, and nobody’s personal number', () => {
  const { fields } = documentOf('scrive');
  expect(fields.filter(({ name }) => name.startsWith('counterpart'))).toEqual([
    { name: 'counterpart.name', value: 'Testbolaget AB' },
    { name: 'counterpart.number', value: '556000-0001' },
  ]);
});

interface ScriveParty {
  is_author?: boolean;
  is_signatory?: boolean;
  fields: { type: string; value?: string | undefined }[];
}

const scriveParty = (values: Record<string, string>, roles: Partial<ScriveParty> = {}): ScriveParty => ({
  is_author: false,
  is_signatory: true,
  ...roles,
  fields: Object.entries(values).map(([type, value]) => ({ type, value })),
});

/** What is known of the other side of Scrive's example when these sign as well, or in place of its author. */
function otherSide(more: ScriveParty[], author?: ScriveParty): [string, string, number?][] {
  const example = payload('scrive') as { parties: ScriveParty[] };
  const parties = [author ?? example.parties[0], example.parties[1], ...more];
  const { fields } = read('scrive', { ...example, parties });
  return fields
    .filter(({ name }) => name.startsWith('counterpart'))
    .map(
      ({ name, value, company }) =>
        [name, value, ...(company === undefined ? [] : [company])] as [string, string],
    );
}

const testbolaget = [
  ['counterpart.name', 'Testbolaget AB'],
  ['counterpart.number', '556000-0001'],
];

test.each<[string, ScriveParty]>([
  ['with her company', scriveParty({ company: 'PECTOR  AB', email: 'anna@other.example' })],
  ['with its number alone', scriveParty({ company: 'Pector', company_number: '5560000068' })],
  ['with her address alone', scriveParty({ company: 'Pector Sverige', email: 'Anna@PECTOR.example' })],
  ['with nothing', scriveParty({ company: '' })],
])('Scrive: a colleague of the author who signs %s is on our side', (_, colleague) => {
  expect(otherSide([colleague])).toEqual(testbolaget);
  const author = scriveParty(
    { company: 'Pector AB', company_number: '556000-0068', email: 'erik@pector.example' },
    { is_author: true, is_signatory: false },
  );
  expect(otherSide([colleague], author)).toEqual(testbolaget);
});

test('Scrive: two who sign for one company are one, two companies are told apart', () => {
  const johan = scriveParty({ company: 'Testbolaget Aktiebolag', company_number: '165560000001' });
  expect(otherSide([johan])).toEqual(testbolaget);
  const mother = scriveParty({ company: 'Moderbolaget AB', company_number: '556000-0019' });
  expect(otherSide([johan, mother])).toEqual([
    ['counterpart.name', 'Testbolaget AB', 1],
    ['counterpart.number', '556000-0001', 1],
    ['counterpart.name', 'Moderbolaget AB', 2],
    ['counterpart.number', '556000-0019', 2],
  ]);
});

test.each([
  ['signed', 'completed'],
  ['declined', 'declined'],
  ['overdue', 'expired'],
  ['canceled', 'voided'],
  ['pending', 'other'],
  ['draft', 'other'],
])('Oneflow: %s is %s', (state, outcome) => {
  expect(read('oneflow', { ...(payload('oneflow') as Json), state }).outcome).toBe(outcome);
});

test('Oneflow: a private person signs alone, and a field without a name goes by its key', () => {
  const document = read('oneflow', {
    id: 7,
    state: 'signed',
    state_updated_time: '2026-12-01T14:21:08+00:00',
    data_fields: [{ _private_ownerside: { custom_id: 'avtalsnummer' }, value: 'a-1' }],
    parties: [
      { type: 'individual', name: 'Karin Ek', participant: { name: 'Karin Ek', email: 'k@example.com' } },
    ],
  });
  expect(document).toMatchObject({
    document: '7',
    completedAt: '2026-12-01T14:21:08.000Z',
    fields: [{ name: 'avtalsnummer', value: 'a-1' }],
    signers: [{ name: 'Karin Ek', email: 'k@example.com' }],
  });
});

test('our own form: what is wrong is told with its path', () => {
  const body = {
    event: 'completed',
    document: {
      id: 'd-1',
      completedAt: '2026-12-01 14:21',
      files: [
        { kind: 'letter', base64: 'JVBERg==' },
        { kind: 'contract', base64: 'JVBERg' },
      ],
    },
    fields: { Nivå: { value: 'Guld' } },
  };
  expect(reasonsOf('signed', body)).toEqual([
    'document.completedAt: expected a time with its zone as 2027-01-31T09:00:00Z, found "2026-12-01 14:21"',
    'document.files[0].kind: expected contract or certificate, found "letter"',
    'document.files[1].base64: expected content in base64, found something else',
    'fields.Nivå: expected a text, found an object with value',
  ]);
});
