import { formatFinding } from '../../../rules/engine/reading/format-finding';
import { readMapping } from '../../../rules/engine/signing/read-mapping';
import { signingServices } from '../../../rules/engine/signing/signing';
import { fileText } from '../fixtures';

const file = 'rules/signing/docusign.json';
const shipped = fileText(file);

/** Findings in English, or in Swedish. */
const found = (text: string, language: 'sv' | 'en' = 'en'): string[] =>
  readMapping(text, file).findings.map((finding) => formatFinding(finding, language));

/** The shipped mapping with one place in its text written otherwise. */
function changed(from: string | RegExp, to: string): string {
  const text = shipped.replace(from, to);
  expect(text).not.toBe(shipped);
  return text;
}

/** Line and column of a place in a text, as editors count them. */
function placeOf(text: string, part: string): string {
  const at = text.indexOf(part);
  expect(at).toBeGreaterThan(0);
  const before = text.slice(0, at).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

test.each(signingServices)('the mapping of %s is without fault', (service) => {
  const read = readMapping(fileText(`rules/signing/${service}.json`), `rules/signing/${service}.json`);
  expect(read.findings).toEqual([]);
  expect(read.mapping).toMatchObject({ service, manager: { email: 'erik.holm@pector.example' } });
  expect(read.mapping).not.toHaveProperty('$schema');
});

test.each([
  [
    'a misspelled member of a lookup',
    '"optional": true',
    '"optionel": true',
    '"optionel"',
    'contract.hourBank.hourlyRate.optionel: expected one of field, signing, as, units, choices, default, optional, found unknown property "optionel"; did you mean "optional"?',
  ],
  [
    'a misspelled lookup',
    '"agreement": { "field": "Avtalsnummer" }',
    '"agreement": { "feild": "Avtalsnummer" }',
    '"feild"',
    'contract.agreement.feild: expected a value, or a lookup with field or signing, found "feild"; did you mean "field"?',
  ],
  [
    'a place that the contract does not know',
    '"startsOn":',
    '"startOn":',
    '"startOn"',
    'contract.startOn: expected one of $schema, agreement, level, customer, billTo, signedOn, startsOn, contacts, hourBank, systems, integrations, monitors, found unknown property "startOn"; did you mean "startsOn"?',
  ],
  [
    'a value that the contract does not take',
    '"roles": ["management"]',
    '"roles": ["manager"]',
    '"manager"]\n        }',
    'contract.contacts.customer[0].roles[0]: expected one of management, system-owner, finance, tester, found "manager"',
  ],
  [
    'a kind that does not fit',
    '"as": "number", "units": ["timmar", "tim", "h"]',
    '"as": "date"',
    '"date"',
    'contract.hourBank.hours.as: expected "number", found "date"',
  ],
  [
    'an unknown kind',
    '"as": "number", "units": ["timmar", "tim", "h"]',
    '"as": "numbr"',
    '"numbr"',
    'contract.hourBank.hours.as: expected one of text, id, date, number, orgNumber, email, yesNo, found "numbr"; did you mean "number"?',
  ],
  [
    'a choice that the contract does not take',
    '"Guld": "guld"',
    '"Guld": "Guld!"',
    '"Guld!"',
    'contract.level.choices.Guld: expected an id of 1 to 40 characters a–z, 0–9 and hyphen, found "Guld!"',
  ],
  [
    'a default that the contract does not take',
    '"default": "SEK"',
    '"default": "kr"',
    '"kr" }',
    'contract.hourBank.currency.default: expected one of SEK, NOK, DKK, EUR, GBP, USD, CHF, PLN, found "kr"',
  ],
  [
    'something optional that the contract needs',
    '"startsOn": { "field": "Startdatum" }',
    '"startsOn": { "field": "Startdatum", "optional": true }',
    '"optional": true },\n    "contacts"',
    'contract.startsOn.optional: expected default, since the contract needs a value here, found optional',
  ],
  [
    'a value that the service does not give',
    '"completedOn"',
    '"signedOn"',
    '"signedOn" }',
    'contract.signedOn.signing: expected completedOn, document, title, or signer.1.name and signer.1.email, found "signedOn"',
  ],
  [
    'a lookup in two places',
    '"signing": "completedOn"',
    '"signing": "completedOn", "field": "Datum"',
    '{ "signing": "completedOn", "field"',
    'contract.signedOn: expected either field or signing, found both',
  ],
  [
    'units of what is no number',
    '"agreement": { "field": "Avtalsnummer" }',
    '"agreement": { "field": "Avtalsnummer", "units": ["st"] }',
    '"units": ["st"]',
    'contract.agreement.units: expected units with numbers only, found a list of 1',
  ],
  [
    'a text where more stands',
    '"support": { "name": "Pector Support", "email": "support@pector.example" }',
    '"support": { "field": "Support" }',
    '{ "field": "Support" }',
    'contract.contacts.support: expected choices, since the contract has more than a text here, found a lookup without',
  ],
  [
    'a when that says nothing',
    '"when": "Ekonomi"',
    '"when": { "field": "Ekonomi" }',
    '{ "field": "Ekonomi" },',
    'contract.contacts.customer[2].when: expected property "is", found none',
  ],
  [
    'a when where nothing can be left out',
    '"hourBank": {',
    '"hourBank": { "when": "Timbank",',
    '"when": "Timbank"',
    'contract.hourBank.when: expected one of hours, hourlyRate, currency, discountPercent, found unknown property "when"',
  ],
  [
    'a system by a name that is none',
    '"pector-import": {',
    '"Pector Import": {',
    '"Pector Import"',
    'contract.systems.Pector Import: expected an id of 1 to 40 characters a–z, 0–9 and hyphen, found "Pector Import"',
  ],
  [
    'the service of another file',
    '"service": "docusign"',
    '"service": "scrive"',
    '"scrive"',
    'service: expected "docusign", as the file\'s name says, found "scrive"',
  ],
  [
    'an address that is none',
    '"email": "erik.holm@pector.example" },\n  "document"',
    '"email": "erik.holm" },\n  "document"',
    '"erik.holm"',
    'manager.email: expected a mail address as name@example.com, found "erik.holm"',
  ],
])('%s is found where it stands', (_, from, to, place, message) => {
  const text = changed(from, to);
  expect(found(text)).toContain(`${file}:${placeOf(text, place)} ${message}`);
});

test('what is missing is found, all of it, in the order of the file, in Swedish too', () => {
  const text = '{\n  "service": "docusign",\n  "contract": { "agreement": { "field": "Avtalsnummer" } }\n}';
  const findings = found(text, 'sv');
  expect(findings[0]).toBe(`${file}:1:1 förväntade egenskapen "manager", hittade ingen`);
  expect(findings).toContain(`${file}:3:15 contract: förväntade egenskapen "hourBank", hittade ingen`);
  expect(findings).toHaveLength(10);
});

test('a monitor without any lookup is checked as a whole', () => {
  const text = changed('"url": { "field": "Övervakad webbplats" }', '"port": 80');
  // Its `when` alone does not make it depend on the document.
  expect(found(text).join()).toContain('contract.monitors[0]');
});

test('what is no JSON is told as that', () => {
  expect(found('{ "service": "docusign" "manager": {} }')).toEqual([
    `${file}:1:25 expected "," before the next one, found "manager"`,
  ]);
  expect(found('[]').join()).toContain('expected a mapping with service, manager and contract');
});
