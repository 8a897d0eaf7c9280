import fc from 'fast-check';
import type { Contract } from '../../rules/engine/contract/contract';
import { readContract } from '../../rules/engine/contract/read-contract';
import { formatFinding } from '../../rules/engine/reading/format-finding';
import { exampleContract, fileText } from './fixtures';

const example = fileText('examples/testbolaget.json');
const findingsIn = (text: string) =>
  readContract(text, 'c.json').findings.map((finding) => formatFinding(finding));

/** The example with one value changed. */
function changed(change: (contract: Contract) => void): string {
  const contract = exampleContract();
  change(contract);
  return JSON.stringify(contract, null, 2);
}

const messagesIn = (text: string) => readContract(text, 'c.json').findings.map(({ message }) => message);

describe('a contract file', () => {
  test('both examples are read, without their $schema', () => {
    expect(exampleContract()).toMatchObject({ agreement: 'testbolaget-2027', startsOn: '2027-01-01' });
    expect(exampleContract('english-customer')).toMatchObject({
      ...{ startsOn: '2028-02-29', contacts: { consultant: { phone: '+46 8 465 004 11' } } },
    });
    expect(exampleContract()).not.toHaveProperty('$schema');
  });

  test.each([
    ['08-465 004 00', true],
    ['+46 (0)8 465 004 00', true],
    ['ring växeln', false],
    ['08', false],
  ])('a telephone number of ours: %s', (phone, isTaken) => {
    const text = example.replace('"email": "erik.holm@pector.example"', `$&, "phone": "${phone}"`);
    expect(messagesIn(text)).toEqual(
      isTaken
        ? []
        : [
            `contacts.manager.phone: expected a telephone number as 08-465 004 00 or +46 8 465 004 00, found "${phone}"`,
          ],
    );
  });

  test('a level that no rule gives is told with all else that is wrong, in the order of the file', () => {
    const text = example
      .replace('"level": "guld"', '"level": "gudl"')
      .replace('"2027-01-01"', '"2027-02-30"');
    const { contract, findings } = readContract(text, 'c.json', { levels: ['guld', 'silver'] });
    expect(contract).toBeUndefined();
    expect(findings.map((finding) => formatFinding(finding))).toEqual([
      expect.stringMatching(
        /^c\.json:4:12 level: the rules give no terms .* one of guld, silver, found "gudl"; did/,
      ),
      expect.stringMatching(/^c\.json:15:15 startsOn: expected a calendar date/),
    ]);
    expect(readContract(example, 'c.json', { levels: ['guld'] }).findings).toEqual([]);
  });

  test('a byte order mark is tolerated', () => {
    expect(findingsIn(`\uFEFF${example}`)).toEqual([]);
  });

  test('all that is wrong is found at once, each at its place', () => {
    const text = example
      .replace('"level": "guld"', '"levle": "guld"')
      .replace('"2027-01-01"', '"2027-02-30"')
      .replace('120', '120.125')
      .replace('"finance"', '"finanse"');
    expect(findingsIn(text)).toEqual([
      'c.json:4:3 levle: expected property "level", found "levle"',
      'c.json:15:15 startsOn: expected a calendar date as 2027-01-31, years 2000–2099, found "2027-02-30"',
      'c.json:20:92 contacts.customer[2].roles[0]: expected one of management, system-owner, finance, tester, found "finanse"; did you mean "finance"?',
      'c.json:26:26 hourBank.hours: expected hours with at most two decimals, found 120.125',
    ]);
  });

  test.each([
    ['address', 'tcp', 'host, port, contains, timeoutSeconds, slowSeconds, integration'],
    ['url', 'tcp', 'host, port, contains, timeoutSeconds, slowSeconds, integration'],
    ['hots', 'tls', 'host, port, serverName, certificateDays, timeoutSeconds, slowSeconds, integration'],
  ])('"%s" in a %s check is told once, with what this kind takes', (name, kind, takes) => {
    const text = changed((c) => {
      const check = { id: 'shop', kind, name: 'x', [name]: 'x' };
      c.monitors = [check as unknown as Contract['monitors'][number]];
    });
    const [said, ...more] = messagesIn(text);
    expect(more).toEqual([]);
    expect(said).toMatch(new RegExp(`^monitors\\[0\\]\\.${name}: expected one of id, kind, name, `));
    expect(said).toContain(`${takes}, found "${name}"`);
  });

  test('a name written for one that a check needs is one mistake', () => {
    const text = changed((c) => {
      const check = { id: 'shop', kind: 'tcp', name: 'x', address: '127.0.0.1', port: 80 };
      c.monitors = [check as unknown as Contract['monitors'][number]];
    });
    expect(messagesIn(text)).toEqual(['monitors[0].address: expected property "host", found "address"']);
  });

  test('an unknown name in a check of no known kind is told once, beside the kind', () => {
    const text = changed((c) => {
      const check = { id: 'shop', kind: 'tpc', name: 'x', address: 'x' };
      c.monitors = [check as unknown as Contract['monitors'][number]];
    });
    expect(messagesIn(text)).toEqual([
      expect.stringMatching(/^monitors\[0\]\.kind: expected one of http, .*, found "tpc"$/),
      expect.stringMatching(/^monitors\[0\]\.address: .*found unknown property "address"$/),
    ]);
  });

  test.each<[string, (contract: Contract) => void, string]>([
    ['an agreement id with capitals', (c) => (c.agreement = 'A-1'), 'found "A-1"'],
    [
      'an id longer than 40',
      (c) => (c.customer.id = 'a'.repeat(41)),
      'customer.id: expected an id of 1 to 40',
    ],
    ['an organisation number of nine digits', (c) => (c.customer.orgNumber = '556000-001'), 'as 556000-0001'],
    [
      'a cron line with an hour too late',
      (c) => c.monitors.push({ id: 'job', name: 'x', kind: 'heartbeat', cron: '15 24 * * *' }),
      'monitors[2].cron: expected a cron line of minute, hour, day, month and weekday, as 15 2 * * 1-5, found "15 24 * * *"',
    ],
    [
      'a time zone nobody knows',
      (c) => c.monitors.push({ id: 'job', name: 'x', kind: 'heartbeat', zone: 'Europe/Stokholm' }),
      'monitors[2].zone: expected a time zone as Europe/Stockholm, found "Europe/Stokholm"',
    ],
    [
      'a time of day that is none',
      (c) => c.monitors.push({ id: 'job', name: 'x', kind: 'heartbeat', dailyAt: '24:00' }),
      'monitors[2].dailyAt: expected a time of day as 08:30, found "24:00"',
    ],
    [
      'a version of something that the contract has not',
      (c) => (c.monitors[1]!.reportsVersion = { of: 'visma-busines', file: 'D:\\Visma\\about.txt' }),
      'monitors[1].reportsVersion.of: expected a system, component or integration of the contract (visma-business, pector-import, webshop-orders, payroll-vouchers), found "visma-busines"; did you mean "visma-business"?',
    ],
    [
      'a check of an integration that the contract has not',
      (c) => (c.monitors[0]!.integration = 'webshop-order'),
      'monitors[0].integration: expected one of the contract\'s integrations (webshop-orders, payroll-vouchers), found "webshop-order"; did you mean "webshop-orders"?',
    ],
    [
      'an integration of a job that cannot be asked',
      (c) =>
        c.monitors.push({
          ...{ id: 'job', name: 'x', kind: 'heartbeat', dailyAt: '03:00' },
          integration: 'webshop-orders',
        }),
      'monitors[2].integration:',
    ],
    [
      'a version without the place where it stands',
      (c) => (c.monitors[1]!.reportsVersion = { of: 'visma-business' }),
      'monitors[1].reportsVersion: expected property "file", found none',
    ],
    [
      'a version in a place of another kind of check',
      (c) => (c.monitors[1]!.reportsVersion = { of: 'visma-business', file: 'x', query: 'select 1' }),
      'monitors[1].reportsVersion.query: expected one of of, file, after, found "query"',
    ],
    [
      'a component without version',
      (c) => (c.systems['visma-business']!.components = { client: '' }),
      'systems.visma-business.components.client: expected one line of text',
    ],
    ['a date before 2000', (c) => (c.signedOn = '1999-12-31'), 'signedOn: expected a calendar date'],
    ['29 February of another year', (c) => (c.startsOn = '2027-02-29'), 'found "2027-02-29"'],
    ['a line break in a name', (c) => (c.customer.name = 'A\r\nBcc: x'), 'expected one line of text'],
    ['a name of blanks', (c) => (c.customer.name = '  '), 'expected one line of text'],
    ['a line break in an address', (c) => (c.contacts.manager.email = 'a@b.se\n'), 'expected a mail address'],
    ['two @ in an address', (c) => (c.contacts.manager.email = 'a@b@c.se'), 'expected a mail address'],
    ['an address with a name', (c) => (c.contacts.manager.email = 'A <a@b.se>'), 'expected a mail address'],
    ['an address without domain', (c) => (c.contacts.manager.email = 'a@b'), 'expected a mail address'],
    [
      'no customer contact',
      (c) => (c.contacts.customer = []),
      'expected at least 1 in the list, found an empty list',
    ],
    ['negative hours', (c) => (c.hourBank.hours = -1), 'hourBank.hours: expected at least 0, found -1'],
    ['a discount above 100', (c) => (c.hourBank.discountPercent = 101), 'expected at most 100, found 101'],
    [
      'hours as text',
      (c) => Object.assign(c.hourBank, { hours: '120' }),
      'expected hours with at most two decimals, found "120"',
    ],
    [
      'a system key with a space',
      (c) => (c.systems['visma business'] = { version: '1' }),
      'found "visma business"',
    ],
    [
      'an integration twice',
      (c) => c.integrations.push({ id: 'webshop-orders', name: 'x', owner: 'partner' }),
      'integrations[2].id: expected each id once, found "webshop-orders" again',
    ],
    [
      'a partner’s contact for an integration of our own',
      (c) => (c.integrations[0]!.contact = { name: 'Petra', email: 'petra@partner.example', language: 'sv' }),
      'integrations[0].owner: expected partner where there is a contact, found "supplier"',
    ],
    [
      'a monitor twice',
      (c) => c.monitors.push({ id: 'order-import', name: 'x', kind: 'tcp' }),
      'monitors[2].id: expected each id once',
    ],
    [
      'an address twice',
      (c) =>
        c.contacts.customer.push({ name: 'K', email: 'Karin.Ek@testbolaget.example.com', roles: ['tester'] }),
      'contacts.customer[3].email: expected each email once, found "Karin.Ek@testbolaget.example.com" again; one person with several roles has the same name everywhere',
    ],
    [
      'a contact id twice',
      (c) => c.contacts.customer.forEach((contact) => (contact.id = 'contact-1')),
      'expected each id once, found "contact-1" again',
    ],
  ])('%s is refused', (_, change, message) => {
    expect(messagesIn(changed(change)).join('\n')).toContain(message);
  });

  test.each([
    ['0.07', true],
    ['4.35', true],
    ['1.15', true],
    ['99999.99', true],
    ['1.2e1', true],
    ['0.001', false],
    ['1.005', false],
    ['1e-7', false],
    ['12.50000000000000000001', false],
    ['1e400', false],
  ])('%s hours are exact in hundredths: %s', (hours, exact) => {
    expect(findingsIn(example.replace('120', hours)).length === 0).toBe(exact);
  });

  test('signing after the start is allowed', () => {
    expect(messagesIn(changed((c) => (c.signedOn = '2027-03-01')))).toEqual([]);
  });

  test.each([
    ['a comment', '{ // x\n}', '1:3 expected JSON without comments, found // x'],
    ['a trailing comma', '{ "a": 1, }', '1:11 expected a property name in double quotes, found }'],
    ['an unclosed object', '{ "a": 1', '1:9 expected "}", found the end of the text'],
    ['an empty file', '', '1:1 expected a value, found the end of the text'],
    ['a key twice', '{ "a": 1,\n  "a": 2 }', '2:3 expected each property once, found "a" again'],
    ['a reserved key', '{ "__proto__": {} }', '1:3 expected a property name, found the reserved "__proto__"'],
    [
      'too deep',
      `{ "a": ${'['.repeat(60)}${']'.repeat(60)} }`,
      '1:57 expected at most 50 levels of nesting, found more',
    ],
    ['too large', `"${'x'.repeat(1_000_000)}"`, '1:1 expected at most 1000000 bytes, found 1000002'],
    ['far too deep to parse', '['.repeat(900_000), '1:51 expected at most 50 levels of nesting, found more'],
    ['no object', '[]', "1:1 expected a service agreement's contract, found an empty list"],
  ])('%s is refused with its place', (_, text, finding) => {
    expect(findingsIn(text)).toContain(`c.json:${finding}`);
  });

  test('no text makes the reader throw', () => {
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (text) => findingsIn(text).length > 0));
  });
});
