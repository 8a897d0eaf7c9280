import fc from 'fast-check';
import { readContract } from '../../../rules/engine/contract/read-contract';
import { doubtfulOrgNumbers, formatReason, mapSigning } from '../../../rules/engine/signing/map-signing';
import type { SigningMapping } from '../../../rules/engine/signing/mapping';
import { readDocument } from '../../../rules/engine/signing/read-document';
import type { SigningDocument } from '../../../rules/engine/signing/signing';
import { signingServices } from '../../../rules/engine/signing/signing';
import { unusedFields } from '../../../rules/engine/signing/unused-fields';
import { exampleContract } from '../../helpers/example';
import { documentOf, filled, mappingOf, payload } from './documents';

const mapping = mappingOf('docusign');
const document = documentOf('docusign');

function contractOf(of: SigningMapping, from: SigningDocument) {
  const given = mapSigning(of, from);
  if (!('value' in given)) throw new Error(JSON.stringify(given));
  return given.value.contract;
}

/** Reasons in English, or in Swedish. */
function reasonsOf(of: SigningMapping, from: SigningDocument, language: 'sv' | 'en' = 'en'): string[] {
  const given = mapSigning(of, from);
  return 'reasons' in given ? given.reasons.map((reason) => formatReason(reason)[language]) : [];
}

/** The mapping with a part of its contract replaced. */
function mappedOtherwise(contract: Record<string, unknown>): SigningMapping {
  return { ...mapping, contract: { ...(mapping.contract as object), ...contract } };
}

describe.each(signingServices)('the example of %s', (service) => {
  test('gives a contract that can be signed', () => {
    const contract = contractOf(mappingOf(service), documentOf(service));
    expect(readContract(JSON.stringify(contract), 'contract').findings).toEqual([]);
    expect(contract).toMatchObject({
      agreement: 'testbolaget-2027',
      level: 'guld',
      customer: { id: 'testbolaget-ab', name: 'Testbolaget AB', orgNumber: '556000-0001', language: 'sv' },
      signedOn: '2026-12-01',
      startsOn: '2027-01-01',
      hourBank: { hours: 120, hourlyRate: 1450, currency: 'SEK' },
      systems: { 'visma-business': { version: '17.0' }, 'pector-import': { version: '5.2' } },
    });
    expect(contract.hourBank).not.toHaveProperty('discountPercent');
    expect(contract.contacts.customer.map(({ roles }) => roles)).toEqual([
      ['management'],
      ['system-owner'],
      ['finance'],
    ]);
    expect(contract.integrations.map(({ id, owner }) => [id, owner])).toEqual([
      ['order-fran-webshop', 'supplier'],
      ['verifikationer-fran-lonesystemet', 'partner'],
    ]);
  });
});

test('everything that is missing or wrong is told at once, each with its field', () => {
  const wrong = filled(document, {
    Avtalsnummer: undefined,
    'Timmar per år': 'hundra',
    Timpris: '1 450 EUR',
    Startdatum: '1/2/2027',
    Konsult: 'Bo Ek',
    'Avtalsansvarig e-post': '',
    'Integration 2 ansvar': '',
  });
  expect(
    reasonsOf(mapping, { ...wrong, fields: [...wrong.fields, { name: 'Avtalsnumer', value: 'x' }] }),
  ).toEqual([
    'contract.agreement: expected a value, found no such field; did you mean "Avtalsnumer"? (field "Avtalsnummer")',
    'contract.startsOn: expected a date as 2027-01-31, 31/1 2027 or 31 January 2027, found "1/2/2027" (field "Startdatum")',
    'contract.contacts.customer[0].email: expected a value, found an empty field (field "Avtalsansvarig e-post")',
    'contract.contacts.consultant: expected one of "Anna Berg", "Lars Nyman", found "Bo Ek" (field "Konsult")',
    'contract.hourBank.hours: expected a number as 1 200,50, with or without timmar, tim, h, found "hundra" (field "Timmar per år")',
    'contract.hourBank.hourlyRate: expected a number as 1 200,50, with or without kr, kr/tim, found "1 450 EUR" (field "Timpris")',
    'contract.integrations[1].owner: expected a value, found an empty field (field "Integration 2 ansvar")',
  ]);
});

test('what only the contract as a whole refuses is told with the field it came from, in Swedish too', () => {
  const wrong = filled(document, {
    'Timmar per år': '120,5555',
    'Systemägare e-post': 'karin.ek@testbolaget.example.com',
    'Integration 2': 'Order från webshop',
  });
  expect(reasonsOf(mapping, wrong, 'sv')).toEqual([
    'contract.hourBank.hours: förväntade timmar med högst två decimaler, hittade 120.5555 (fältet "Timmar per år")',
    'contract.contacts.customer[1].email: förväntade varje email en gång, hittade "karin.ek@testbolaget.example.com" igen; en person med flera roller heter lika överallt (fältet "Systemägare e-post")',
    'contract.integrations[1].id: förväntade varje id en gång, hittade "order-fran-webshop" igen (fältet "Integration 2")',
  ]);
});

test('a person in two roles is one contact with both', () => {
  const both = filled(document, {
    Ekonomi: 'karin  ek',
    'Ekonomi e-post': 'Karin.Ek@testbolaget.example.com',
    Testare: 'Eva Berg',
    'Testare e-post': 'eva@åkeri.se',
  });
  expect(contractOf(mapping, both).contacts.customer.map(({ name, roles }) => [name, roles])).toEqual([
    ['Karin Ek', ['management', 'finance']],
    ['Johan Lind', ['system-owner']],
    ['Eva Berg', ['tester']],
  ]);
});

test('a mapping from before, with one role of a contact, still gives one', () => {
  const text = JSON.stringify(mapping).replaceAll(/"roles":\[("[a-z-]+")\]/g, '"role":$1');
  expect(contractOf(JSON.parse(text) as typeof mapping, document)).toEqual(contractOf(mapping, document));
});

describe('two companies on the other side', () => {
  const mother = {
    type: 'company',
    name: 'Moderbolaget AB',
    identification_number: '5560000019',
    participants: [],
  };

  /** Oneflow's example with another company, and perhaps a field that says which one is the customer. */
  function withMother(customer?: string): SigningDocument {
    const example = payload('oneflow') as { parties: object[]; data_fields: object[] };
    const data_fields = [
      ...example.data_fields,
      ...(customer === undefined ? [] : [{ name: 'Kund', value: customer }]),
    ];
    const read = readDocument('oneflow', { ...example, data_fields, parties: [mother, ...example.parties] });
    if (!('value' in read)) throw new Error(JSON.stringify(read));
    return read.value;
  }

  test.each(['testbolaget  AB', '556000-0001', '165560000001'])('the field "Kund" says "%s"', (customer) => {
    expect(contractOf(mappingOf('oneflow'), withMother(customer)).customer).toEqual(
      contractOf(mappingOf('oneflow'), documentOf('oneflow')).customer,
    );
  });

  test.each([undefined, 'Dotterbolaget AB'])(
    'if the field says %p, it is asked once, in words that say what to do',
    (customer) => {
      expect(reasonsOf(mappingOf('oneflow'), withMother(customer), 'sv')).toEqual([
        'contract.customer: förväntade ett företag på andra sidan, eller vilket av dem som är kunden: namn eller organisationsnummer i fältet "Kund", eller för ett redan undertecknat dokument som default i mappningens counterpart, hittade Moderbolaget AB 5560000019; Testbolaget AB 556000-0001',
      ]);
    },
  );

  test('a document that is signed already gets its customer by a default', () => {
    const mapping = { ...mappingOf('oneflow'), counterpart: { field: 'Kund', default: '556000-0019' } };
    expect(contractOf(mapping, withMother()).customer).toMatchObject({
      name: 'Moderbolaget AB',
      orgNumber: '556000-0019',
    });
  });

  test('a mapping that looks up nothing of them needs no answer', () => {
    const { counterpart: _, ...oneflow } = mappingOf('oneflow');
    const contract = oneflow.contract as { customer: object };
    const customer = { id: 'x', name: 'X AB', orgNumber: '556000-0001', language: 'sv' };
    expect(contractOf({ ...oneflow, contract: { ...contract, customer } }, withMother()).customer).toEqual(
      customer,
    );
  });
});

describe('a private person as the counterparty in Oneflow', () => {
  const signed = (type: string) => {
    const given = payload('oneflow') as { parties: { my_party?: boolean }[] };
    const parties = given.parties.map((party) =>
      party.my_party
        ? party
        : { type, name: 'Karin Ek', participant: { name: 'Karin Ek', email: 'karin@example.com' } },
    );
    const read = readDocument('oneflow', { ...given, parties });
    if ('reasons' in read) throw new Error(JSON.stringify(read.reasons));
    return read.value;
  };

  test('is told once, in words that say what to do', () => {
    expect(reasonsOf(mappingOf('oneflow'), signed('individual'), 'sv')).toEqual([
      'contract.customer: förväntade ett företag på andra sidan, hittade en privatperson; gör avtalet på nytt med kundens företag som motpart (typen Företag, inte Privatperson) och personen som dess undertecknare, eller låt mappningen ta customer ur fält i avtalet',
    ]);
    expect(reasonsOf(mappingOf('oneflow'), signed('individual'))).toEqual([
      expect.stringMatching(
        /^contract\.customer: expected a company on the other side, found a private person; /,
      ),
    ]);
  });

  test('does nothing where the mapping takes the customer from fields', () => {
    const oneflow = mappingOf('oneflow');
    const customer = { id: 'x', name: 'X AB', orgNumber: '556000-0001', language: 'sv' };
    const other = { ...oneflow, contract: { ...(oneflow.contract as object), customer } };
    expect(contractOf(other, signed('individual')).customer).toEqual(customer);
  });
});

test('the level and the check digit are told with all else', () => {
  const wrong = filled(document, { Timpris: '1 450 EUR', Organisationsnummer: '556000-0002' });
  const about = (given: ReturnType<typeof mapSigning>) =>
    'reasons' in given ? given.reasons.map((reason) => formatReason(reason).en.split(':')[0]) : given;
  expect(about(mapSigning(mapping, wrong, { levels: ['silver'] }))).toEqual([
    'contract.hourBank.hourlyRate',
    'contract.level',
    'contract.customer.orgNumber',
  ]);
  expect(
    about(mapSigning(mapping, wrong, { levels: ['guld'], orgNumbers: doubtfulOrgNumbers(wrong) })),
  ).toEqual(['contract.hourBank.hourlyRate']);
});

test('a field on several pages says the same, whatever its capitals; otherwise it is told', () => {
  const twice = (value: string): SigningDocument => ({
    ...document,
    fields: [...document.fields, { name: ' KONSULT', value }],
  });
  expect(contractOf(mapping, twice('anna  berg')).contacts.consultant.id).toBe('konsult-1');
  expect(contractOf(mapping, twice('')).contacts.consultant.id).toBe('konsult-1');
  expect(reasonsOf(mapping, twice('Lars Nyman'))).toEqual([
    'contract.contacts.consultant: expected the same value everywhere in the field, found "Anna Berg" and "Lars Nyman" (field "Konsult")',
  ]);
});

test('names of fields are the same however å is written', () => {
  const decomposed = document.fields.map(({ name, value }) => ({ name: name.normalize('NFD'), value }));
  expect(contractOf(mapping, { ...document, fields: decomposed })).toEqual(contractOf(mapping, document));
});

test('a field may go by the key that its service gives it', () => {
  const oneflow = documentOf('oneflow');
  const byKey = mappedOtherwise({
    agreement: { field: 'avtalsnummer' },
    hourBank: { hours: { field: 'timmar-per-ar', units: ['timmar'] }, currency: 'SEK' },
  });
  const given = contractOf(
    {
      ...mappingOf('oneflow'),
      contract: {
        ...(mappingOf('oneflow').contract as object),
        hourBank: (byKey.contract as { hourBank: object }).hourBank,
      },
    },
    oneflow,
  );
  expect(given.hourBank).toEqual({ hours: 120, currency: 'SEK' });
});

test.each([
  ['', false],
  ['nej', false],
  ['false', false],
  ['https://shop.example.com/', true],
])('an item whose field says "%s" is there: %p', (value, isThere) => {
  const contract = contractOf(mapping, filled(document, { 'Övervakad webbplats': value }));
  expect(contract.monitors).toHaveLength(isThere ? 1 : 0);
});

test('an item may hang on what a field says', () => {
  const conditioned = mappedOtherwise({
    systems: {
      'visma-business': { when: { field: 'Version Visma Business', is: ['16.*', '17.*'] }, version: '17.0' },
    },
  });
  expect(contractOf(conditioned, document).systems).toEqual({ 'visma-business': { version: '17.0' } });
  expect(contractOf(conditioned, filled(document, { 'Version Visma Business': '18.0' })).systems).toEqual({});
});

test('what cannot be read within a list does not move what follows it', () => {
  const wrong = filled(document, { 'Integration 1 ansvar': 'vi', 'Integration 2': 'x'.repeat(300) });
  expect(reasonsOf(mapping, wrong).map((reason) => reason.split(':')[0])).toEqual([
    'contract.integrations[0].owner',
    'contract.integrations[1].id',
    'contract.integrations[1].name',
  ]);
});

test('without a default, an empty field is missing; with one it is not', () => {
  expect(contractOf(mapping, filled(document, { Valuta: '', Språk: undefined }))).toMatchObject({
    customer: { language: 'sv' },
    hourBank: { currency: 'SEK' },
  });
});

test('the signers and the document itself can be looked up', () => {
  const fromSigning = mappedOtherwise({
    agreement: { signing: 'document' },
    contacts: {
      ...(mapping.contract as { contacts: object }).contacts,
      customer: [
        { name: { signing: 'signer.1.name' }, email: { signing: 'signer.1.email' }, roles: ['management'] },
      ],
    },
  });
  const contract = contractOf(fromSigning, document);
  expect(contract.agreement).toBe('93be49ab-afa0-4adf-933c-f752070d71ec');
  expect(contract.contacts.customer).toEqual([
    { name: 'Karin Ek', email: 'karin.ek@testbolaget.example.com', roles: ['management'] },
  ]);
  expect(reasonsOf(fromSigning, { ...document, signers: [] })).toEqual([
    'contract.contacts.customer[0].name: expected a value from the service, found none (signing signer.1.name)',
    'contract.contacts.customer[0].email: expected a value from the service, found none (signing signer.1.email)',
  ]);
});

test('the day of signing is that in Sweden', () => {
  const late = { ...document, completedAt: '2026-12-31T23:30:00.000Z' };
  expect(contractOf(mapping, late).signedOn).toBe('2027-01-01');
});

test('a document that meets not every condition is none of ours', () => {
  const given = mapSigning(mapping, filled(document, { Dokumenttyp: 'Offert' }));
  expect(given).toEqual({
    notOurs: {
      sv: 'fältet "Dokumenttyp": förväntade ett av "Serviceavtal", "Tilläggsavtal", hittade "Offert"',
      en: 'field "Dokumenttyp": expected one of "Serviceavtal", "Tilläggsavtal", found "Offert"',
    },
  });
  expect(mapSigning(mapping, filled(document, { Dokumenttyp: undefined }))).toHaveProperty('notOurs');
});

test.each([
  ['Serviceavtal*', 'serviceavtal guld', true],
  ['*guld*', 'Serviceavtal Guld, Testbolaget', true],
  ['Service*tal', 'Serviceavtal', true],
  ['Serviceavtal', 'Serviceavtal Guld', false],
  ['*avtal', 'Serviceavtal Guld', false],
  ['a*a', 'a', false],
  ['*', 'vad som helst', true],
])('"%s" takes in the title "%s": %p', (pattern, title, isOurs) => {
  const given = mapSigning(
    { ...mapping, document: { when: [{ signing: 'title', is: [pattern] }] } },
    { ...document, title },
  );
  expect('notOurs' in given).toBe(!isOurs);
});

test('the day from which an amendment holds is read where there is one', () => {
  const given = mapSigning(mapping, filled(document, { 'Gäller från': '1 juli 2027' }));
  expect(given).toMatchObject({ value: { from: '2027-07-01' } });
  expect(mapSigning(mapping, document)).not.toHaveProperty('value.from');
  expect(reasonsOf(mapping, filled(document, { 'Gäller från': 'snart' }))).toEqual([
    'from: expected a date as 2027-01-31, 31/1 2027 or 31 January 2027, found "snart" (field "Gäller från")',
  ]);
});

describe('a body with a whole contract', () => {
  const signed = documentOf('signed', 'signed-contract');
  const given = (contract: unknown) => mapSigning(mappingOf('signed'), { ...signed, contract });

  test('gives that contract', () => {
    expect(given(exampleContract())).toEqual({ value: { contract: exampleContract() } });
    expect(given({ $schema: 'contract.schema.json', ...exampleContract() })).toEqual({
      value: { contract: exampleContract() },
    });
  });

  test('is told what is wrong with it', () => {
    const { agreement: _, ...rest } = exampleContract();
    const wrong = { ...rest, level: 'Guld', hourBank: { hours: '120', currency: 'SEK' } };
    const reasons =
      'reasons' in given(wrong) ? (given(wrong) as { reasons: { about?: string }[] }).reasons : [];
    expect(reasons.map(({ about }) => about).sort()).toEqual([
      'contract.agreement',
      'contract.hourBank.hours',
      'contract.level',
    ]);
  });

  test.each([
    ['a text that cannot be kept', { ...exampleContract(), agreement: 'a\0b' }, 'contract'],
    ['a level that no stack takes', nested(20_000), 'contract'],
    ['more than a contract can be', Array.from({ length: 200_000 }, () => 0), 'contract'],
    ['a reserved name', JSON.parse('{"__proto__": {}}') as unknown, undefined],
    ['something else', 'Serviceavtal', 'contract'],
  ])('that is %s is told', (_, contract, about) => {
    const result = given(contract);
    expect(result).toHaveProperty('reasons');
    if ('reasons' in result && about !== undefined) expect(result.reasons[0]?.about).toBe(about);
  });

  test('is told whatever it is', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }).filter((value) => value !== null),
        (contract) => {
          expect(given(contract)).toHaveProperty('reasons');
        },
      ),
    );
  });
});

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

test('what people write in a document comes back as the contract, or is told with its field', () => {
  fc.assert(
    fc.property(
      fc.record({
        hours: fc.integer({ min: 0, max: 10_000_000 }),
        rate: fc.option(fc.integer({ min: 0, max: 100_000_000 }), { nil: undefined }),
        name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
        consultant: fc.constantFrom('Anna Berg', 'LARS NYMAN', 'Ingen'),
      }),
      ({ hours, rate, name, consultant }) => {
        const swedish = (hundredths: number): string =>
          (hundredths / 100).toLocaleString('sv-SE', { minimumFractionDigits: 2 });
        const changed = filled(document, {
          'Timmar per år': swedish(hours),
          Timpris: rate === undefined ? '' : `${swedish(rate)} kr`,
          Systemägare: name,
          Konsult: consultant,
        });
        const given = mapSigning(mapping, changed);
        if ('value' in given) {
          const { contract } = given.value;
          expect(contract.hourBank.hours).toBe(hours / 100);
          expect(contract.hourBank.hourlyRate).toBe(rate === undefined ? undefined : rate / 100);
          expect(contract.contacts.consultant.name.toLowerCase()).toBe(consultant.toLowerCase());
          expect(readContract(JSON.stringify(contract), 'contract').findings).toEqual([]);
        } else {
          const wrong = 'reasons' in given ? given.reasons.map(({ about }) => about) : [];
          expect(wrong).not.toEqual([]);
          for (const about of wrong)
            expect(['contract.contacts.consultant', 'contract.contacts.customer[1].name']).toContain(about);
          if (consultant !== 'Ingen') expect(wrong).not.toContain('contract.contacts.consultant');
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('the fields that a mapping has no use for are named once', () => {
  expect(unusedFields(mapping, document)).toEqual(['Datum', 'Villkoren är lästa']);
  const again = { ...document, fields: [...document.fields, { name: 'DATUM', value: '' }] };
  expect(unusedFields(mapping, again)).toHaveLength(2);
});
